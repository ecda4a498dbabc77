package replay

// How the replay dialog is drawn: a box with a line for each field, the events that
// are sent, and the command.

import (
	"fmt"
	"strings"

	"hfhook/internal/dev"
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
	p.settle(f)
	fit := screen.Roomy
	if h < tightBox {
		fit = screen.Tight
	}
	lines, at, to := p.form.Lines(t, w, fit)
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

// settle brings what the form shows in line with what is chosen and known.
func (p *Dialog) settle(f screen.Frame) {
	t, fields := f.Theme, p.form.Fields
	what, to, pace := &fields[fieldWhat], &fields[fieldTo], &fields[fieldPace]
	what.Choices, what.Short = nil, nil
	for _, c := range p.what {
		what.Choices = append(what.Choices, visible.Line(c.name))
		what.Short = append(what.Short, shortWhat(visible.Line(c.name)))
	}
	to.Choices, to.Notes = nil, p.targetNotes(f)
	if len(p.to) > 1 {
		to.Choices = append(to.Choices, "every target")
	}
	for i := range p.to {
		to.Choices = append(to.Choices, visible.Line(describe.TargetText(p.to[i])))
	}
	other := "other URL " + t.Mark.Tail
	if last := p.typed(); last != "" {
		other = "other URL " + visible.Line(last)
	}
	to.Choices = append(to.Choices, other)
	recorded, many := t.Mark.Say(fmt.Sprintf("as recorded ×%g", speeds[p.speed])), fmt.Sprintf("%d at a time", batches[p.many])
	pace.Choices = []string{"sequential", recorded, many}
	pace.Short = []string{"one by one", strings.TrimSuffix(recorded, t.Mark.Say(" ×1")), many}
	fields[fieldStop].On = p.stops()
	fields[fieldSecret].On, fields[fieldSecret].Note = p.sends() && f.State.Secret.Verified, p.secretNote(f)
	fields[fieldRequest].Text = request.Summary(p.edit)
}

// shortWhat is the name of a choice in fewer words, for example "3 selected".
func shortWhat(name string) string {
	if strings.HasPrefix(name, "all that match ") {
		return name
	}
	for _, word := range []string{"the ", "all "} {
		name = strings.TrimPrefix(name, word)
	}
	return strings.TrimSuffix(name, " only")
}

// targetNotes say how the targets are; nil: there is none.
func (p *Dialog) targetNotes(f screen.Frame) []string {
	t := f.Theme
	var notes []string
	if len(p.to) == 0 {
		return nil
	}
	if len(p.to) > 1 {
		notes = append(notes, "")
	}
	for _, target := range p.to {
		health := f.State.Health(&target)
		mark, word, look := describe.Health(t, health)
		text := mark + " " + word
		switch {
		case (health == dev.Failing || health == dev.Healthy) && target.Result != "":
			text += ", last " + target.Attempt()
		case health == dev.Away:
			text = mark + " is not listening"
		}
		first, rest, more := strings.Cut(text, ",")
		notes = append(notes, look.Paint(first)+map[bool]string{true: look.Paint("," + rest)}[more])
	}
	return append(notes, "")
}

// secretNote says what it means that the secret is sent, or is not.
func (p *Dialog) secretNote(f screen.Frame) string {
	t := f.Theme
	_, local := p.trusted()
	switch {
	case !f.State.Secret.Verified:
		return t.Dim.Paint("(there is none)")
	case p.sends() && local:
		return t.Dim.Paint("(it stays on this machine)")
	case p.sends():
		return t.Warn.Paint("(it leaves this machine)")
	case local:
		return t.Dim.Paint("(a test: how does it handle that?)")
	}
	return t.Dim.Paint("(not this machine)")
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
		if p.form.Fields[fieldOrder].Chosen == 1 && len(c.rows) == len(c.ids) {
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
		line += t.Fit(visible.Line(r.Label), 18) + " " + visible.Line(r.Subject)
		lines = append(lines, t.Spread(line, " "+t.Dim.Paint(outcome)+"  ", w))
	}
	if left := len(c.ids) - shown; left > 0 {
		lines = append(lines, t.Dim.Paint(fmt.Sprintf("  %s and %s more", t.Mark.Tail, style.Plural(int64(left), "event"))))
	}
	return lines
}
