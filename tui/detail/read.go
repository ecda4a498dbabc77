package detail

// The value under the cursor, taken out of the event: to be read, saved, piped or paged.

import (
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/keymap"
	"hfhook/tui/pager"
	"hfhook/tui/screen"
)

// read shows the text under the cursor whole.
func (d *Pane) read(f screen.Frame) tea.Cmd {
	about := pager.About{Subject: d.readSubject(f)}
	if d.Tab == TabHeaders {
		line := d.Field(f)
		if line.Secret {
			return screen.ResultCmd("the secret is stored nowhere, so it cannot be read", false)
		}
		about.Path, about.Text, about.Command = line.Name, line.Value, d.headersCommand()
		return pager.Read(d.ask.Runner, f.W, about)
	}
	n := d.Node()
	if n == nil {
		return nil
	}
	about.Path, about.Node, about.Command = n.Path(), n, valueCommand(d.Event.ID, n)
	if about.Page = d.Link(); about.Page != "" && about.Page == describe.Page(d.Payload(), "") {
		about.Opens = "hfhook open " + string(d.Event.ID)
	}
	if in, ok := n.AsInput(); d.Tree.Valid && ok && len(in.Text) <= screen.MaxPrompt {
		about.Edit = keymap.ActSetValue
	} else if d.Tree.Valid {
		about.Edit = keymap.ActEdit
	}
	return pager.Read(d.ask.Runner, f.W, about)
}

// readSubject is what the event is about, and when it came.
func (d *Pane) readSubject(f screen.Frame) string {
	text := d.Item.Row.Repo
	if p := d.Payload(); p != nil && p.Discussion != nil {
		text += fmt.Sprintf(" #%d", p.Discussion.Num)
	}
	return strings.TrimPrefix(visible.Line(text)+", "+f.Moment(d.Item.Row.Received), ", ")
}

// taken is what is saved, piped and paged: of the payload the value under the cursor, else the
// whole body; with a name for its file, and the command that prints it.
func (d *Pane) taken() (body []byte, name, command string) {
	id := d.Event.ID
	n := d.Node()
	if n == nil {
		return d.Event.Body, id.Short() + ".json", "hfhook show " + string(id) + " --raw"
	}
	name = id.Short() + "-" + strings.Trim(strings.Map(func(r rune) rune {
		if r == '.' || r == '-' || '0' <= r && r <= '9' || 'A' <= r && r <= 'Z' || 'a' <= r && r <= 'z' {
			return r
		}
		return '-'
	}, n.Path()), ".-")
	if n.IsString() {
		return []byte(n.Copied()), name + ".txt", valueCommand(id, n)
	}
	return n.Raw, name + ".json", valueCommand(id, n)
}
