package tui

// How the replay dialog is drawn: a box with a line for each field, the events that
// are sent, and the command.

import (
	"fmt"
	"strings"

	"hfhook/internal/dev"
	"hfhook/internal/visible"
)

// tightBox is the height of the box below which a field that has not the keys shows its
// choice alone: the events that are sent need the lines.
const tightBox = 16

func (p *replay) View(f frame) []string {
	t := f.theme
	lines := f.header(arrange(f.w, f.h, noBanner))
	title := "Replay"
	if c := p.choice(); c.known {
		title = "Replay " + plural(int64(len(c.ids)), "event")
	}
	h, w, left := f.h-len(lines), f.w, 0
	if f.w >= 100 && h >= 20 {
		head := " " + t.bold.paint("Events") + "  " + count(f.state.Store.Events)
		if n := len(p.of.selected); n > 0 {
			head += "   " + count(int64(n)) + " selected"
		}
		lines = append(lines, head)
		w, left, h = min(f.w-14, 110), 7, h-2
	}
	if h < 9 { // no room for a frame around it
		lines = append(lines, " "+t.bold.paint(title))
		return t.fill(append(lines, p.inner(f, f.w, h-1)...), f.w, f.h)
	}
	for _, line := range t.box(title, p.inner(f, w-2, h-2), w) {
		lines = append(lines, spaces(left)+line)
	}
	return t.fill(lines, f.w, f.h)
}

// box draws lines in a frame of w cells.
func (t *theme) box(title string, lines []string, w int) []string {
	c := t.mark.corners
	head := t.cut(t.mark.rule+" "+title+" ", w-2)
	out := []string{t.dim.paint(c[0]+t.mark.rule+" ") + t.bold.paint(t.cut(title, w-6)) + t.dim.paint(" "+strings.Repeat(t.mark.rule, max(w-2-width(head), 0))+c[1])}
	bar := t.dim.paint(t.mark.bar)
	for _, line := range lines {
		out = append(out, bar+t.fit(line, w-2)+bar)
	}
	return append(out, t.dim.paint(c[2]+strings.Repeat(t.mark.rule, w-2)+c[3]))
}

// inner is what is in the box: w by h cells.
func (p *replay) inner(f frame, w, h int) []string {
	t := f.theme
	var lines []string
	at, to := 0, 0 // lines of the field that has the keys
	for field := range replayFields {
		if field == p.at {
			at = len(lines)
		}
		lines = append(lines, p.fieldLines(f, field, w, h < tightBox && field != p.at)...)
		if field == p.at {
			to = len(lines)
		}
	}
	command := t.wrap(visible.Line("As a command:  "+p.command()), w-4, 2)
	if h < 14 {
		command = []string{"$ " + visible.Line(p.command())}
	}
	// The buttons stand apart where there is room, and close to the command where the
	// events leave them a line.
	buttons, gap := "", spaces(5)
	apart := h >= len(lines)+len(command)+6
	if w < 80 {
		gap = spaces(3)
	}
	if apart || h >= len(lines)+len(command)+3+min(max(len(p.choice().ids), 1), 3) {
		buttons = strings.Join(replayButtons(t), gap)
	}
	tail := []string{}
	if h >= len(lines)+4 {
		tail = append(tail, "")
	}
	for _, line := range command {
		tail = append(tail, "  "+t.cut(line, w-3))
	}
	if buttons != "" {
		if apart {
			tail = append(tail, "")
		}
		tail = append(tail, spaces((w-width(buttons))/2)+t.bold.paint(buttons))
	}
	if h < 4 {
		tail = nil
	}
	room := max(h-len(tail), 1)
	if len(lines) > room { // around the field that has the keys
		from := min(max(to-room, 0), at)
		lines = lines[from:min(from+room, len(lines))]
	} else {
		lines = append(lines, p.eventLines(f, w, room-len(lines))...)
	}
	return append(t.fill(lines, w, room), tail...)
}

// replayButtons are the buttons of the dialog, replayActions what they do.
func replayButtons(t *theme) []string {
	return []string{"[ Replay " + t.mark.say("↵") + " ]", "[ Dry run  d ]", "[ Cancel  esc ]"}
}

var replayActions = []action{actChoose, actDryRun, actBack}

// fieldLines are one field: its choices beside each other where they fit, else below or,
// where lines are few, the one that is chosen.
func (p *replay) fieldLines(f frame, field replayField, w int, tight bool) []string {
	t := f.theme
	const names = 10
	name := map[replayField]string{fieldWhat: "What", fieldTo: "To", fieldOrder: "Order", fieldPace: "Pace", fieldStop: "Stop", fieldSecret: "Secret", fieldAs: "As"}[field]
	here := p.at == field
	head := "  "
	if here {
		head = t.mark.cursor + " "
	}
	head = t.fit(head+name, names)
	if here {
		head = t.bold.paint(head)
	} else {
		head = t.dim.paint(head)
	}
	check := func(on bool, text string, at replayField) string {
		mark := "[ ] "
		if on {
			mark = "[x] "
		}
		if p.at == at {
			return t.bold.paint(mark + text)
		}
		return mark + text
	}
	switch field {
	case fieldStop:
		return []string{head + check(p.stop, "at the first answer that is not 2xx", field)}
	case fieldSecret:
		return []string{head + check(p.sends() && f.state.Secret.Verified, "send X-Webhook-Secret", field) + "  " + p.secretNote(f, w-names-28)}
	}
	options := p.options(field, t)
	notes := make([]string, len(options))
	if field == fieldTo {
		notes = p.targetNotes(f)
	}
	dot := "•"
	if t.mark.words != nil {
		dot = "*"
	}
	parts, total := make([]string, len(options)), names
	for i, option := range options {
		mark, look := "( ) ", style{}
		if i == p.chosen[field] {
			mark = "(" + dot + ") "
			if p.at == field {
				look = t.bold
			}
		}
		text := option
		if field == fieldTo && i == len(options)-1 && p.elsewhere() {
			text = "to " + t.caret(&p.other, max(w-names-12, 4))
			if p.at != fieldTo {
				text = "to " + visible.Line(p.other.Value())
			}
		}
		parts[i] = look.paint(mark + t.cut(text, w-names-6))
		total += width(parts[i]) + 3
	}
	if field == fieldPace && total > w {
		for i, short := range []string{"one by one", strings.TrimSuffix(options[asRecorded], t.mark.say(" ×1")), options[atOnce]} {
			total -= width(parts[i]) + 3
			parts[i] = strings.Replace(parts[i], options[i], short, 1)
			total += width(parts[i]) + 2
		}
		if total-2 <= w {
			return []string{head + strings.Join(parts, "  ")}
		}
	}
	if field == fieldWhat && total > w && !tight {
		// In fewer words they may have room beside each other.
		brief := make([]string, len(parts))
		for i := range parts {
			brief[i] = strings.Replace(parts[i], options[i], briefWhat(options[i]), 1)
		}
		if line := head + strings.Join(brief, "  "); width(line) <= w {
			return []string{line}
		}
	}
	if total <= w && (field != fieldTo || len(p.to) == 0) {
		return []string{head + strings.Join(parts, "   ")}
	}
	var lines []string
	for i, part := range parts {
		if tight && i != p.chosen[field] {
			continue
		}
		note := ""
		if i < len(notes) {
			note = notes[i]
			if brief, _, ok := strings.Cut(note, ","); ok && width(head+part)+width(note)+3 > w {
				note = brief
			}
		}
		lines = append(lines, t.lead(head+part, note+" ", w))
		head = spaces(names)
	}
	return lines
}

// briefWhat is the name of a choice in fewer words, as in "3 selected".
func briefWhat(name string) string {
	if strings.HasPrefix(name, "all that match ") {
		return name
	}
	for _, word := range []string{"the ", "all "} {
		name = strings.TrimPrefix(name, word)
	}
	return strings.TrimSuffix(name, " only")
}

// targetNotes say how the targets are.
func (p *replay) targetNotes(f frame) []string {
	t := f.theme
	var notes []string
	if len(p.to) > 1 {
		notes = append(notes, "")
	}
	for _, target := range p.to {
		health := f.state.Health(&target)
		mark, word, look := t.health(health)
		text := mark + " " + word
		switch {
		case (health == dev.Failing || health == dev.Healthy) && target.Result != "":
			text += fmt.Sprintf(", last %s in %s", visible.Line(target.Result), took(target.Took))
		case health == dev.Away:
			text = mark + " takes no connection"
		}
		first, rest, more := strings.Cut(text, ",")
		notes = append(notes, look.paint(first)+map[bool]string{true: look.paint("," + rest)}[more])
	}
	return append(notes, "")
}

// secretNote says what it means that the secret is sent, or is not.
func (p *replay) secretNote(f frame, w int) string {
	t := f.theme
	_, local := p.trusted()
	switch {
	case !f.state.Secret.Verified:
		return t.dim.paint(t.cut("(there is none)", w))
	case p.sends() && local:
		return t.dim.paint(t.cut("(loopback target, so it is safe)", w))
	case p.sends():
		return t.warn.paint(t.cut("(it leaves this machine)", w))
	case local:
		return t.dim.paint(t.cut("(how does it take one without?)", w))
	}
	return t.dim.paint(t.cut("(not this machine)", w))
}

// eventLines are the events that are sent, in their order.
func (p *replay) eventLines(f frame, w, h int) []string {
	t := f.theme
	c := p.choice()
	switch {
	case h < 2:
		return nil
	case c.err != nil:
		return []string{"", "  " + t.failed.paint(t.cut(visible.Line(c.err.Error()), w-3))}
	case !c.known:
		return []string{"", t.dim.paint("  reading the events" + t.mark.busy)}
	}
	lines := []string{""}
	room := h - 1
	shown := min(len(c.rows), room)
	if shown < len(c.ids) && shown == room {
		shown--
	}
	for i := range shown {
		r := &c.rows[i]
		if p.chosen[fieldOrder] == 1 && len(c.rows) == len(c.ids) {
			r = &c.rows[len(c.rows)-1-i]
		}
		first := "not sent yet"
		if r.row.Deliveries > 0 {
			status, _ := attemptCells(&r.first, f)
			first = "first time " + status
		}
		line := "  "
		if w >= 72 {
			line += t.link.paint(r.row.ID.Short()) + "  "
		}
		line += t.fit(visible.Line(r.row.Label), 14) + " " + visible.Line(r.row.Subject)
		lines = append(lines, t.spread(line, " "+t.dim.paint(first)+"  ", w))
	}
	if left := len(c.ids) - shown; left > 0 {
		lines = append(lines, t.dim.paint(fmt.Sprintf("  %s and %s more", t.mark.tail, plural(int64(left), "event"))))
	}
	return lines
}
