package tui

// Events in other forms, to a file or to the clipboard, and what was left out of them.

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/export"
	"hfhook/internal/visible"
)

// maxExport is how many bytes are written from the screen; more is for a shell.
const maxExport = 64 << 20

// exportForms say of each format what it is, and how a file of it is called.
var exportForms = map[export.Format]struct{ about, file string }{
	export.Curl:   {"a command for sh, exact to the byte", "%s.sh"},
	export.HTTPie: {"the same for the program http", "%s.sh"},
	export.Raw:    {"the bytes of an HTTP/1.1 request", "%s.http"},
	export.HAR:    {"HTTP Archive 1.2, an entry for each attempt", "%s.har"},
	export.JSON:   {"the event whole; hfhook import reads it", "%s.json"},
	export.NDJSON: {"events whole, one a line; hfhook import reads them", "%s.ndjson"},
	export.Pytest: {"a test for pytest", "test_%s.py"},
	export.Go:     {"a test for go test", "webhook_%s_test.go"},
	export.TS:     {"a test for node --test", "%s.test.ts"},
}

const (
	toFile      = "a file"
	toClipboard = "the clipboard"
)

// exporting is the screen that asks for what is written, and where.
type exporting struct {
	ask  *asks
	what [][]event.ID // the choices of the field What
	form form
	own  string // the name of the file that was offered last
}

// newExport asks how to write the selected events, or the one under the cursor.
func newExport(a *asks, selected []event.ID, cursor event.ID) *exporting {
	p := &exporting{ask: a}
	var names []string
	add := func(name string, ids []event.ID) {
		names, p.what = append(names, name), append(p.what, ids)
	}
	if len(selected) > 0 {
		add(plural(int64(len(selected)), "selected event"), selected)
	}
	if cursor != "" {
		add("this one: "+cursor.Short(), []event.ID{cursor})
	}
	var formats []string
	for _, f := range export.Formats() {
		formats = append(formats, string(f))
	}
	p.form.fields = []field{{name: "What", choose: names}, {name: "As", choose: formats}, {name: "To", choose: []string{toFile, toClipboard}}, textField("File", "", 300)}
	p.form.at = 1
	p.offer()
	return p
}

func (p *exporting) ids() []event.ID { return p.what[p.form.fields[0].chosen] }

func (p *exporting) format() export.Format { return export.Format(p.form.value("As")) }

// offer writes a name for the file, as long as there is none of the user's own.
func (p *exporting) offer() {
	in := &p.form.fields[3].input
	if in.Value() != p.own {
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
	in.SetValue(p.own)
	in.CursorEnd()
}

// command does the same from a shell.
func (p *exporting) command() string {
	words := []string{"hfhook export"}
	for _, id := range p.ids() {
		words = append(words, string(id))
	}
	words = append(words, "--as "+string(p.format()))
	if p.form.value("To") == toFile {
		words = append(words, "-o "+shellWord(p.form.value("File")))
	}
	return strings.Join(words, " ")
}

func (p *exporting) Name() string { return "export" }

// writing tells whether letters belong to the name of the file.
func (p *exporting) writing() bool { return p.form.at == 3 }

func (p *exporting) Keys(frame) []binding {
	write, down, up, cancel := keys(actChoose)[0].as("export"), keys(actDown)[0].as("field"), keys(actUp)[0], keys(actBack)[0].as("cancel")
	down.quiet, down.label = false, "↑↓"
	bindings := []binding{write, down, up}
	if p.writing() {
		bindings[1].keys, bindings[2].keys = []string{"down"}, []string{"up"}
		return append(bindings, cancel)
	}
	if len(p.form.fields[p.form.at].choose) > 1 {
		left, right := keys(actFold)[0].as("choice"), keys(actUnfold)[0].as("choice")
		right.label, left.quiet = "←→", true
		bindings = append(bindings, right, left)
	}
	return append(append(bindings, keys(actCopyCommand)...), append([]binding{cancel}, keys(actHelp, actQuit)...)...)
}

// fields are how many there are: a clipboard needs no name.
func (p *exporting) fields() int {
	if p.form.value("To") == toClipboard {
		return 3
	}
	return 4
}

func (p *exporting) Do(a action, _ frame) (step, tea.Cmd) {
	n := p.fields()
	switch a {
	case actUp:
		p.form.at = (p.form.at + n - 1) % n
	case actDown:
		p.form.at = (p.form.at + 1) % n
	case actFold:
		p.form.edit(tea.KeyPressMsg{Code: tea.KeyLeft})
	case actUnfold:
		p.form.edit(tea.KeyPressMsg{Code: tea.KeyRight})
	case actCopyCommand:
		command := p.command()
		return step{}, p.ask.copy("the command", plainText(command))
	case actBack:
		return step{pop: true}, nil
	case actChoose:
		ids, as := p.ids(), p.format()
		if len(ids) > 1 && !as.Many() {
			return step{}, resultCmd(fmt.Sprintf("not written: %s holds one event, and these are %d: ndjson, har and curl hold many", as, len(ids)), false)
		}
		path := ""
		if p.form.value("To") == toFile {
			if path = p.form.value("File"); path == "" {
				return step{}, resultCmd("not written: the file has no name", false)
			}
		}
		return step{pop: true}, p.ask.export(ids, as, path, p.command())
	}
	p.offer()
	return step{}, nil
}

func (p *exporting) Type(key tea.KeyPressMsg, _ frame) (step, tea.Cmd) {
	if p.writing() {
		p.form.edit(key)
	}
	return step{}, nil
}

func (p *exporting) Update(msg tea.Msg, _ frame) tea.Cmd {
	if paste, ok := msg.(tea.PasteMsg); ok && p.writing() {
		p.form.edit(paste)
	}
	return nil
}

func (p *exporting) Moves(frame) time.Duration { return 0 }

func (p *exporting) Idle(f frame) (left, right string) {
	return f.theme.cut("As a command:  "+visible.Line(p.command()), f.w-2), ""
}

func (p *exporting) View(f frame) []string {
	t := f.theme
	lines := f.header(arrange(f.w, f.h, noBanner))
	lines = append(lines, t.lead(" "+t.bold.paint("Export"), t.dim.paint("never with the secret")+" ", f.w), t.line(f.w, ""))
	n := p.fields()
	room := max(f.h-len(lines)-1, 1)
	for i := max(p.form.at-room+1, 0); i < max(min(n, p.form.at+room), 0) && len(lines) < f.h; i++ {
		field := &p.form.fields[i]
		mark, look := " ", style{}
		if i == p.form.at {
			mark, look = t.mark.cursor, t.bold
		}
		text := t.mark.back + " " + visible.Line(field.value()) + " " + t.mark.arrow
		switch {
		case len(field.choose) == 0 && i == p.form.at:
			text = t.caret(&field.input, f.w-14)
		case len(field.choose) < 2:
			text = visible.Line(field.value())
		}
		if field.name == "As" {
			text += "   " + exportForms[p.format()].about
		}
		lines = append(lines, t.cut(mark+" "+t.dim.paint(t.fit(field.name, 6))+" "+look.paint(text), f.w))
	}
	return append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
}

// errTooLarge ends an export that nobody wants on a screen.
var errTooLarge = errors.New("it would be more than 64 MB: the command writes any size")

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
	left, err := export.Write(&w, as, items, export.Options{Version: a.version})
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
			item.URL = d.URL
		}
	}
	return item, nil
}

// leftOut says what is not in an export, as in ", without the secret and 3 headers of
// the tunnel".
func leftOut(as export.Format, left export.Left) string {
	var parts []string
	if left.Secret {
		parts = append(parts, "the secret")
	}
	if n := len(left.Headers); n > 0 {
		parts = append(parts, fmt.Sprintf("%s of tunnels and credentials", plural(int64(n), "header")))
	}
	text := ""
	if len(parts) > 0 {
		text = ", without " + strings.Join(parts, " and ")
	}
	if left.Secret && as != export.Raw && as != export.HAR {
		text += " (it is taken from WEBHOOK_SECRET)"
	}
	for _, id := range left.Tokens {
		text += fmt.Sprintf("; %s seems to hold an access token of the Hub, which is in it", id.Short())
	}
	return text
}

// export writes events to a new file or, without a path, to the clipboard.
func (a *asks) export(ids []event.ID, as export.Format, path, command string) tea.Cmd {
	return a.cmd(func() tea.Msg {
		data, left, err := a.exported(a.ctx, ids, as)
		if err != nil {
			return resultMsg{text: fmt.Sprintf("export: %v", err)}
		}
		what := fmt.Sprintf("%s as %s%s", plural(int64(len(ids)), "event"), as, leftOut(as, left))
		if path == "" {
			return a.copyBy(what, command, plainText(string(data)))()
		}
		return a.saveAs(path, data, what, command)()
	})
}

// exportChoice is an export in the copy menu.
func exportChoice(a *asks, key, what string, id event.ID, as export.Format) copyChoice {
	return copyChoice{key: key, what: what, command: "hfhook export " + string(id) + " --as " + string(as), note: "with $WEBHOOK_SECRET, never the secret itself", text: func(ctx context.Context) (string, error) {
		data, _, err := a.exported(ctx, []event.ID{id}, as)
		return string(data), err
	}}
}
