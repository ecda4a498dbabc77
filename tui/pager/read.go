package pager

// The value of a field on a screen of its own.

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
	"hfhook/tui/jsonview"
	"hfhook/tui/keymap"
	"hfhook/tui/reading"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// About is what there is to know of a value that is read.
type About struct {
	Path    string         // of the field, or its name
	Subject string         // what the whole is about, for example "me/corpus #19, 14:32:18"
	Node    *jsonview.Node // the value; nil: it is Text
	Text    string
	Command string // that prints it; empty: none does
	Page    string // of the Hub, and the command that opens it; empty: none
	Opens   string
	Edit    keymap.Action // with which the screen below changes it; 0: it cannot
}

// laidAtOnce is the size of a text up to which a frame has time to lay it out, in bytes.
const laidAtOnce = 16 << 10

// proseNames are fields whose text is likely to be Markdown.
var proseNames = []string{"content", "description", "body", "readme", "markdown"}

// Read shows a value on a screen of its own, w cells wide, once it was taken apart.
func Read(a *screen.Runner, w int, about About) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		text := about.Text
		if about.Node != nil {
			text = about.Node.Copied()
		}
		p := &Document{ask: a, name: "text", command: about.Command, about: about}
		last := about.Path[strings.LastIndexByte(about.Path, '.')+1:]
		markdown := false
		for _, name := range proseNames {
			markdown = markdown || strings.EqualFold(last, name)
		}
		p.views, p.why = views([]byte(text), false, markdown)
		p.head = p.title
		if v := p.view(); v.doc != nil {
			v.lines = reading.Lay(v.doc, w-2)
		}
		jsonview.GiveBack(len(text))
		return screen.PushMsg{Screen: p}
	})
}

// title is the line above a value.
func (p *Document) title(f screen.Frame) []string {
	t := f.Theme
	left := " " + t.Bold.Paint(visible.Line(Shortened(p.about.Path, max(f.W/2, 20))))
	right := p.inSight(f)
	if about := "   " + visible.Line(p.about.Subject); p.about.Subject != "" && style.Width(left)+style.Width(about)+style.Width(right)+4 <= f.W {
		left += t.Dim.Paint(about)
	}
	return []string{t.Lead(left, t.Dim.Paint(right)+" ", f.W)}
}

// laidMsg answers lay.
type laidMsg struct {
	of    *view
	lines *reading.Lines
}

// take shows the lines, at the text that was in sight before.
func (msg laidMsg) take(p *Document) {
	for _, v := range p.views {
		if v != msg.of {
			continue
		}
		if v.lines != nil {
			v.top = msg.lines.Of(v.lines.At(v.top))
		}
		v.lines, v.asked = msg.lines, 0
	}
}

// lay lays the text that is shown out on the width of a frame, if it is not yet: at once if
// it is short.
func (p *Document) lay(f screen.Frame) tea.Cmd {
	v, w := p.view(), max(f.W-2, 1)
	if v.doc == nil || v.lines != nil && v.lines.W == w || v.asked == w {
		return nil
	}
	if len(v.doc.Text) <= laidAtOnce {
		laidMsg{v, reading.Lay(v.doc, w)}.take(p)
		return nil
	}
	v.asked = w
	return p.ask.Cmd(func() tea.Msg { return laidMsg{v, reading.Lay(v.doc, w)} })
}
