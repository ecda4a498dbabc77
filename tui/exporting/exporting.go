// Package exporting is the dialog that writes events to a file or to the clipboard.
package exporting

// Events in other forms, to a file or to the clipboard, and what was left out of them.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/export"
	"hfhook/internal/visible"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// maxExport is how many bytes are written from the screen; more is for a shell.
const maxExport = 64 << 20

// exportForms say of each format what it is, and how a file of it is called.
var exportForms = map[export.Format]struct{ about, file string }{
	export.Curl:   {"shell command, byte-exact", "%s.sh"},
	export.HTTPie: {"the same, for HTTPie", "%s.sh"},
	export.Raw:    {"the bytes of an HTTP/1.1 request", "%s.http"},
	export.HAR:    {"HTTP Archive 1.2, one entry per attempt", "%s.har"},
	export.JSON:   {"full event, can be imported", "%s.json"},
	export.NDJSON: {"full events, one per line, can be imported", "%s.ndjson"},
	export.Pytest: {"a test for pytest", "test_%s.py"},
	export.Go:     {"a test for go test", "webhook_%s_test.go"},
	export.TS:     {"a test for node --test", "%s.test.ts"},
}

const (
	toFile      = "a file"
	toClipboard = "the clipboard"
)

// Dialog is the screen that asks for what is written, and where.
type Dialog struct {
	screen.FormPage
	ask  *asks
	what [][]event.ID // the choices of the field What
	own  string       // the name of the file that was offered last
}

// New asks how to write the selected events, or the one under the cursor.
func New(r *screen.Runner, s Session, selected []event.ID, cursor event.ID) *Dialog {
	a := &asks{r, s}

	p := &Dialog{ask: a}
	var names []string
	add := func(name string, ids []event.ID) {
		names, p.what = append(names, name), append(p.what, ids)
	}
	if len(selected) > 0 {
		add(style.Plural(int64(len(selected)), "selected event"), selected)
	}
	if cursor != "" {
		add("this one: "+cursor.Short(), []event.ID{cursor})
	}
	var formats []string
	for _, f := range export.Formats() {
		formats = append(formats, string(f))
	}
	as := screen.ChoiceField("As", formats...)
	for _, f := range formats {
		as.Notes = append(as.Notes, exportForms[export.Format(f)].about)
	}
	p.Form = screen.Form{Fields: []screen.Field{screen.ChoiceField("What", names...), as, screen.ChoiceField("To", toFile, toClipboard), screen.TextField("File", "", 300)}, At: 1}
	p.offer()
	return p
}

func (p *Dialog) ids() []event.ID { return p.what[p.Form.Fields[0].Chosen] }

func (p *Dialog) format() export.Format { return export.Format(p.Form.Value("As")) }

// offer writes a name for the file, as long as there is none of the user's own. A clipboard
// needs none.
func (p *Dialog) offer() {
	file := &p.Form.Fields[:4][3] // also while it is not shown
	if file.Input.Value() != p.own {
		return
	}
	name := "events"
	if ids := p.ids(); len(ids) == 1 {
		name = ids[0].Short()
	}
	if p.format() == export.Go || p.format() == export.Pytest {
		name = strings.ToLower(name)
	}
	p.own = fmt.Sprintf(exportForms[p.format()].file, name)
	file.Set(p.own)
}

// Command does the same from a shell.
func (p *Dialog) Command() string {
	words := []string{"hfhook export"}
	for _, id := range p.ids() {
		words = append(words, string(id))
	}
	words = append(words, "--as "+string(p.format()))
	if p.format().Test() {
		words = append(words, "--allow-new")
	}
	if p.Form.Value("To") == toFile {
		words = append(words, "-o "+screen.ShellWord(p.Form.Value("File")))
	}
	return strings.Join(words, " ")
}

func (p *Dialog) Name() string { return "export" }

func (p *Dialog) Keys(screen.Frame) []keymap.Binding {
	return p.Form.Keys("export", "cancel", keymap.Keys(keymap.ActCopyCommand)...)
}

func (p *Dialog) Do(a keymap.Action, _ screen.Frame) (screen.Step, tea.Cmd) {
	p.Form.Do(a)
	switch a {
	case keymap.ActCopyCommand:
		command := p.Command()
		return screen.Step{}, p.ask.Copy("the command", screen.PlainText(command))
	case keymap.ActBack:
		return screen.Step{Pop: true}, nil
	case keymap.ActChoose:
		ids, as := p.ids(), p.format()
		if len(ids) > 1 && !as.Many() {
			return screen.Step{}, screen.ResultCmd(fmt.Sprintf("not written: %s holds one event, but %d are selected: use ndjson, har or curl", as, len(ids)), false)
		}
		path := ""
		if p.Form.Value("To") == toFile {
			if path = p.Form.Value("File"); path == "" {
				return screen.Step{}, screen.ResultCmd("not written: the file has no name", false)
			}
		}
		return screen.Step{Pop: true}, p.ask.export(ids, as, path, p.Command())
	}
	p.offer()
	p.Form.Fields = p.Form.Fields[:4]
	if p.Form.Value("To") == toClipboard {
		p.Form.Fields = p.Form.Fields[:3]
	}
	return screen.Step{}, nil
}

func (p *Dialog) Idle(f screen.Frame) (left, right string) {
	return f.Theme.Cut("As a command:  "+visible.Line(p.Command()), f.W-2), ""
}

func (p *Dialog) View(f screen.Frame) []string { return p.Page(f, "Export", "secret left out") }

// errTooLarge ends an export that nobody wants on a screen.
var errTooLarge = errors.New("it would be over 64 MB: use the command for any size")

// written is a buffer with an end.
type written struct{ bytes.Buffer }

func (w *written) Write(b []byte) (int, error) {
	if w.Len()+len(b) > maxExport {
		return 0, errTooLarge
	}
	return w.Buffer.Write(b)
}

// exported writes events in a format, with what was left out of them.
func (a *asks) exported(ctx context.Context, ids []event.ID, as export.Format) ([]byte, export.Left, error) {
	var items iter.Seq2[export.Item, error] = func(yield func(export.Item, error) bool) {
		for _, id := range ids {
			item, err := a.exportItem(ctx, id)
			if !yield(item, err) || err != nil {
				return
			}
		}
	}
	var w written
	left, err := export.Write(&w, as, items, export.Options{Version: a.Version, AllowNew: true})
	return w.Bytes(), left, err
}

// exportItem is an event that goes where it went last, or to this session.
func (a *asks) exportItem(ctx context.Context, id event.ID) (export.Item, error) {
	e, err := a.session.Event(ctx, id)
	if err != nil {
		return export.Item{}, err
	}
	sent, err := a.session.Deliveries(ctx, id)
	if err != nil {
		return export.Item{}, err
	}
	item := export.Item{Event: e, Deliveries: sent, URL: a.session.State().LocalURL}
	for _, d := range sent {
		if strings.HasPrefix(d.URL, "http") {
			item.URL, item.Target = d.URL, d.Target
		}
	}
	return item, nil
}

// leftOut says what is not in an export, for example ", without the secret and 3 headers of
// the tunnel".
func leftOut(as export.Format, left export.Left) string {
	var parts []string
	if left.Secret {
		parts = append(parts, "the secret")
	}
	if n := len(left.Headers); n > 0 {
		parts = append(parts, fmt.Sprintf("%s of tunnels and credentials", style.Plural(int64(n), "header")))
	}
	text := ""
	if len(parts) > 0 {
		text = ", without " + strings.Join(parts, " and ")
	}
	if left.Secret && as != export.Raw && as != export.HAR {
		text += " (it is taken from WEBHOOK_SECRET)"
	}
	for _, id := range left.Tokens {
		text += fmt.Sprintf("; %s seems to contain a Hub access token", id.Short())
	}
	return text
}

// export writes events to a new file or, without a path, to the clipboard.
func (a *asks) export(ids []event.ID, as export.Format, path, command string) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		data, left, err := a.exported(a.Ctx, ids, as)
		if err != nil {
			return screen.ResultMsg{Text: fmt.Sprintf("export: %s", screen.Plain(err))}
		}
		what := fmt.Sprintf("%s as %s%s", style.Plural(int64(len(ids)), "event"), as, leftOut(as, left))
		if path == "" {
			return a.CopyBy(what, command, screen.PlainText(string(data)))()
		}
		return a.SaveAs(path, data, what, command)()
	})
}

// CopyChoice is an export in the copy menu.
func CopyChoice(r *screen.Runner, s Session, key, what string, id event.ID, as export.Format) screen.CopyChoice {
	a := &asks{r, s}

	command := "hfhook export " + string(id) + " --as " + string(as)
	if as.Test() {
		command += " --allow-new"
	}
	return screen.CopyChoice{Key: key, What: what, Command: command, Note: "with $WEBHOOK_SECRET, never the secret itself", Text: func(ctx context.Context) (string, error) {
		data, _, err := a.exported(ctx, []event.ID{id}, as)
		return string(data), err
	}}
}
