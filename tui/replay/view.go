package replay

// How the replay dialog is drawn: a box with a line for each field, the events that
// are sent, and the command.

import (
	"fmt"
	"strings"

	"hfhook/internal/dev"
	"hfhook/internal/duration"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/eventlist"
	"hfhook/tui/keymap"
	"hfhook/tui/request"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// tightBox is the height of the box below which a field that has not the keys shows its
// choice alone: the events that are sent need the lines.
const tightBox = 16

func (p *Dialog) View(f screen.Frame) []string {
	t := f.Theme
	lines := f.Header(screen.Arrange(f.W, f.H, screen.NoBanner))
	title := "Replay"
	if c := p.choice(); c.known {
		title = "Replay " + style.Plural(int64(len(c.ids)), "event")
	}
	h, w, left := f.H-len(lines), f.W, 0
	if f.W >= 100 && h >= 20 {
		head := " " + t.Bold.Paint("Events") + "  " + style.Count(f.State.Store.Events)
		if n := len(p.of.Selected); n > 0 {
			head += "   " + style.Count(int64(n)) + " selected"
		}
		lines = append(lines, head)
		w, left, h = min(f.W-14, 110), 7, h-2
	}
	if h < 9 { // no room for a frame around it
		lines = append(lines, " "+t.Bold.Paint(title))
		return t.Fill(append(lines, p.inner(f, f.W, h-1)...), f.W, f.H)
	}
	for _, line := range box(t, title, p.inner(f, w-2, h-2), w) {
		lines = append(lines, style.Spaces(left)+line)
	}
	return t.Fill(lines, f.W, f.H)
}

// box draws lines in a frame of w cells.
func box(t *style.Theme, title string, lines []string, w int) []string {
	c := t.Mark.Corners
	head := t.Cut(t.Mark.Rule+" "+title+" ", w-2)
	out := []string{t.Dim.Paint(c[0]+t.Mark.Rule+" ") + t.Bold.Paint(t.Cut(title, w-6)) + t.Dim.Paint(" "+strings.Repeat(t.Mark.Rule, max(w-2-style.Width(head), 0))+c[1])}
	bar := t.Dim.Paint(t.Mark.Bar)
	for _, line := range lines {
		out = append(out, bar+t.Fit(line, w-2)+bar)
	}
	return append(out, t.Dim.Paint(c[2]+strings.Repeat(t.Mark.Rule, w-2)+c[3]))
}

// inner is what is in the box: w by h cells.
func (p *Dialog) inner(f screen.Frame, w, h int) []string {
	t := f.Theme
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
	command := t.Wrap(visible.Line("As a command:  "+p.Command()), w-4, 2)
	if h < 14 {
		command = []string{"$ " + visible.Line(p.Command())}
	}
	// The buttons stand apart where there is room, and close to the command where the
	// events leave them a line.
	buttons, gap := "", style.Spaces(5)
	apart := h >= len(lines)+len(command)+6
	if w < 80 {
		gap = style.Spaces(3)
	}
	if apart || h >= len(lines)+len(command)+3+min(max(len(p.choice().ids), 1), 3) {
		buttons = strings.Join(replayButtons(t), gap)
	}
	tail := []string{}
	if h >= len(lines)+4 {
		tail = append(tail, "")
	}
	for _, line := range command {
		tail = append(tail, "  "+t.Cut(line, w-3))
	}
	if buttons != "" {
		if apart {
			tail = append(tail, "")
		}
		tail = append(tail, style.Spaces((w-style.Width(buttons))/2)+t.Bold.Paint(buttons))
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
	return append(t.Fill(lines, w, room), tail...)
}

// replayButtons are the buttons of the dialog, replayActions what they do.
func replayButtons(t *style.Theme) []string {
	return []string{"[ Replay " + t.Mark.Say("↵") + " ]", "[ Dry run  p ]", "[ Cancel  esc ]"}
}

var replayActions = []keymap.Action{keymap.ActChoose, keymap.ActDryRun, keymap.ActBack}

// fieldLines are one field: its choices beside each other where they fit, else below or,
// where lines are few, the one that is chosen.
func (p *Dialog) fieldLines(f screen.Frame, field replayField, w int, tight bool) []string {
	t := f.Theme
	const names = 10
	name := map[replayField]string{fieldWhat: "What", fieldTo: "To", fieldOrder: "Order", fieldPace: "Pace", fieldStop: "Stop", fieldSecret: "Secret", fieldAs: "As", fieldRequest: "Request"}[field]
	here := p.at == field
	head := "  "
	if here {
		head = t.Mark.Cursor + " "
	}
	head = t.Fit(head+name, names)
	if here {
		head = t.Bold.Paint(head)
	} else {
		head = t.Dim.Paint(head)
	}
	check := func(on bool, text string, at replayField) string {
		mark := "[ ] "
		if on {
			mark = "[x] "
		}
		if p.at == at {
			return t.Bold.Paint(mark + text)
		}
		return mark + text
	}
	switch field {
	case fieldStop:
		return []string{head + check(p.stops(), "at the first answer that is not 2xx", field)}
	case fieldRequest:
		text := request.Summary(p.edit)
		if text == "" && tight {
			return nil // the events that are sent need the line
		}
		if text == "" {
			text = "as received"
		}
		return []string{t.Lead(head+text, t.Dim.Paint(f.Label(keymap.ActRequest)+" method, path, headers")+" ", w)}
	case fieldSecret:
		return []string{head + check(p.sends() && f.State.Secret.Verified, "send X-Webhook-Secret", field) + "  " + p.secretNote(f, w-names-28)}
	}
	options := p.options(field, t)
	notes := make([]string, len(options))
	if field == fieldTo {
		notes = p.targetNotes(f)
	}
	dot := "•"
	if t.Mark.Words != nil {
		dot = "*"
	}
	parts, total := make([]string, len(options)), names
	for i, option := range options {
		mark, look := "( ) ", style.Style{}
		if i == p.chosen[field] {
			mark = "(" + dot + ") "
			if p.at == field {
				look = t.Bold
			}
		}
		text := option
		if field == fieldTo && i == len(options)-1 && p.elsewhere() {
			text = "to " + screen.Caret(t, &p.other, max(w-names-12, 4))
			if p.at != fieldTo {
				text = "to " + visible.Line(p.other.Value())
			}
		}
		parts[i] = look.Paint(mark + t.Cut(text, w-names-6))
		total += style.Width(parts[i]) + 3
	}
	if field == fieldPace && total > w {
		for i, short := range []string{"one by one", strings.TrimSuffix(options[asRecorded], t.Mark.Say(" ×1")), options[atOnce]} {
			total -= style.Width(parts[i]) + 3
			parts[i] = strings.Replace(parts[i], options[i], short, 1)
			total += style.Width(parts[i]) + 2
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
		if line := head + strings.Join(brief, "  "); style.Width(line) <= w {
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
			if brief, _, ok := strings.Cut(note, ","); ok && style.Width(head+part)+style.Width(note)+3 > w {
				note = brief
			}
		}
		lines = append(lines, t.Lead(head+part, note+" ", w))
		head = style.Spaces(names)
	}
	return lines
}

// briefWhat is the name of a choice in fewer words, for example "3 selected".
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
func (p *Dialog) targetNotes(f screen.Frame) []string {
	t := f.Theme
	var notes []string
	if len(p.to) > 1 {
		notes = append(notes, "")
	}
	for _, target := range p.to {
		health := f.State.Health(&target)
		mark, word, look := describe.Health(t, health)
		text := mark + " " + word
		switch {
		case (health == dev.Failing || health == dev.Healthy) && target.Result != "":
			text += fmt.Sprintf(", last %s in %s", visible.Line(target.Result), duration.Text(target.Took))
		case health == dev.Away:
			text = mark + " is not listening"
		}
		first, rest, more := strings.Cut(text, ",")
		notes = append(notes, look.Paint(first)+map[bool]string{true: look.Paint("," + rest)}[more])
	}
	return append(notes, "")
}

// secretNote says what it means that the secret is sent, or is not.
func (p *Dialog) secretNote(f screen.Frame, w int) string {
	t := f.Theme
	_, local := p.trusted()
	switch {
	case !f.State.Secret.Verified:
		return t.Dim.Paint(t.Cut("(there is none)", w))
	case p.sends() && local:
		return t.Dim.Paint(t.Cut("(loopback target, so it is safe)", w))
	case p.sends():
		return t.Warn.Paint(t.Cut("(it leaves this machine)", w))
	case local:
		return t.Dim.Paint(t.Cut("(a test: how does it handle that?)", w))
	}
	return t.Dim.Paint(t.Cut("(not this machine)", w))
}

// eventLines are the events that are sent, in their order.
func (p *Dialog) eventLines(f screen.Frame, w, h int) []string {
	t := f.Theme
	c := p.choice()
	switch {
	case h < 2:
		return nil
	case c.err != nil:
		return []string{"", "  " + t.Failed.Paint(t.Cut(visible.Line(screen.Plain(c.err)), w-3))}
	case !c.known:
		return []string{"", t.Dim.Paint("  reading the events" + t.Mark.Busy)}
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
		outcome := "not sent yet"
		if r.Deliveries > 0 {
			outcome = eventlist.Outcome(r, f)
		}
		line := "  "
		if w >= 72 {
			line += t.Link.Paint(r.ID.Short()) + "  "
		}
		line += t.Fit(visible.Line(r.Label), 14) + " " + visible.Line(r.Subject)
		lines = append(lines, t.Spread(line, " "+t.Dim.Paint(outcome)+"  ", w))
	}
	if left := len(c.ids) - shown; left > 0 {
		lines = append(lines, t.Dim.Paint(fmt.Sprintf("  %s and %s more", t.Mark.Tail, style.Plural(int64(left), "event"))))
	}
	return lines
}
