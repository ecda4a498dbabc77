package detail

// The payload where there is room for a few lines only, and nobody is in it: what the event
// is about, and below it the sections that there are.

import (
	"strings"

	"hfhook/internal/visible"
	"hfhook/payload"
	"hfhook/tui/screen"
)

// shortBelow is the height below which the payload is not drawn as a tree.
const shortBelow = 7

// short draws the payload on at most h lines of w cells; nil: it is not a Hub payload.
func (d *Pane) short(f screen.Frame, w, h int) []string {
	t, p := f.Theme, d.Payload()
	if p == nil || h <= 0 || d.Sought() != "" || len(d.Matchers) > 0 {
		return nil
	}
	if h == 1 {
		return t.Wrap(" "+saidIn(p), w-1, 1)
	}
	var lines []string
	for _, line := range t.Wrap(saidIn(p), w-2, h-1) {
		if line != "" {
			lines = append(lines, " "+t.Text.Paint(line))
		}
	}
	below, beside := []string(nil), ""
	for _, n := range d.Tree.Nodes {
		if n.Depth > 0 || n.Name == "comment" {
			continue
		}
		name, meaning := visible.Line(n.Name), t.Mark.Say(d.remarks(f).Section(n))
		below = append(below, t.Cut(" "+t.Mark.Closed+" "+t.Name.Paint(t.Fit(name, 10))+" "+t.Dim.Paint(meaning), w))
		switch {
		case meaning == "":
		case n.Name == "discussion" && meaning[0] == '#':
			name += " " + meaning
		case n.Name == "discussion" || n.Name == "repo":
			name = meaning
		}
		beside += " " + t.Mark.Closed + " " + name + " "
	}
	if len(lines)+len(below) <= h {
		return append(lines, below...)
	}
	return append(lines, t.Cut(t.Dim.Paint(beside), w))
}

// saidIn is what is new in an event, on one line.
func saidIn(p *payload.Payload) string {
	switch {
	case p.Comment != nil && p.Comment.Content != nil && *p.Comment.Content != "":
		content := *p.Comment.Content
		if len(content) > 4<<10 {
			content = strings.ToValidUTF8(content[:4<<10], "") + "…"
		}
		return visible.Line(strings.Join(strings.Fields(content), " "))
	case p.Discussion != nil:
		return visible.Line(p.Discussion.Title)
	}
	return visible.Line(p.Meaning().Subject)
}
