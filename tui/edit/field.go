package edit

// A field of the edit screen: its value while it is written, and what it makes of the
// body.

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"hfhook/internal/jsonedit"
	"hfhook/internal/jsontree"
	"hfhook/tui/jsonview"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
)

// A fieldEdit is a value that is being written.
type fieldEdit struct {
	path   jsontree.Path
	add    bool // path and value are written, as PATH=VALUE
	asText bool
	input  textinput.Model
	err    error // why what is written is not a value
}

var errHidden = errors.New("this field has no path of its own: edit it in $EDITOR (e)")

// begin writes the value of a field.
func (p *Screen) begin(n *jsonview.Node) tea.Cmd {
	path, exact := n.Way()
	if !exact {
		return screen.ResultCmd(errHidden.Error(), false)
	}
	in, ok := n.AsInput()
	if !ok {
		return screen.ResultCmd(fmt.Sprintf("%s is too long for one line: e edits it in $EDITOR", path), false)
	}
	p.write(&fieldEdit{path: path, asText: in.AsText}, in.Text)
	return nil
}

// beginAdd writes a new field, beside the one under the cursor or, in an empty or
// unfolded object, within it.
func (p *Screen) beginAdd() tea.Cmd {
	parent := p.Now.Tree.Current()
	if parent == nil {
		parent = p.Now.Tree.Root
	}
	if !parent.Container() || !parent.Open && parent.Size > 0 {
		if parent.Parent == nil {
			return screen.ResultCmd("the body is not an object: nothing can be added to it", false)
		}
		parent = parent.Parent
	}
	path, exact := parent.Way()
	if !exact {
		return screen.ResultCmd(errHidden.Error(), false)
	}
	text := "."
	switch {
	case parent.Raw[0] == '[':
		text = strings.TrimSuffix(path.String(), ".") + fmt.Sprintf("[%d]=", parent.Size)
		if len(path) == 0 {
			text = "." + text
		}
	case len(path) > 0:
		text = path.String() + "."
	}
	p.write(&fieldEdit{add: true}, text)
	return nil
}

func (p *Screen) write(field *fieldEdit, text string) {
	field.input = screen.NewInput(jsonview.MaxInput)
	_ = field.input.Focus()
	field.input.SetValue(text)
	field.input.CursorEnd()
	p.field = field
}

// doField carries out the keys while a field is written.
func (p *Screen) doField(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	switch a {
	case keymap.ActBack:
		p.stopWriting()
		return screen.Step{}, nil
	case keymap.ActComplete:
		p.field.toggle()
		return screen.Step{}, p.look()
	}
	path, apply, err := p.field.apply()
	if err != nil {
		return screen.Step{}, screen.ResultCmd(screen.Plain(err), false)
	}
	was := p.field
	p.stopWriting()
	made := p.do(job{at: path, apply: func(body []byte) ([]byte, error) {
		body, err := apply(body)
		if err != nil && was.add {
			err = fmt.Errorf("not added: %w", err)
		}
		return body, err
	}})
	if a != keymap.ActSend {
		return screen.Step{}, made
	}
	return screen.Step{}, tea.Batch(made, p.do(job{then: func() tea.Cmd { return p.send(p.Shell(f)) }}))
}

func (p *Screen) stopWriting() {
	p.field, p.live = nil, nil
	p.jobs = slices.DeleteFunc(p.jobs, func(j job) bool { return j.live })
}

// toggle turns a text into JSON, and JSON into a text.
func (e *fieldEdit) toggle() {
	text := e.input.Value()
	if e.asText {
		quoted, _ := jsonview.FieldInput{Text: text, AsText: true}.Value() // any text can be quoted
		text = screen.FlagValue(string(quoted))
		if _, err := jsontree.Parse([]byte(text)); err != nil {
			text = string(quoted)
		}
	} else if doc, err := jsontree.Parse([]byte(text)); err == nil && doc.Root.Kind() == jsontree.String {
		line, ok := jsonview.OnOneLine(jsontree.Unquote(doc.Root.Raw()))
		if !ok {
			return // it can be written as JSON alone
		}
		text = line
	}
	e.asText = !e.asText
	e.input.SetValue(text)
	e.input.CursorEnd()
}

// apply is the change that is written, and where.
func (e *fieldEdit) apply() (path jsontree.Path, change func([]byte) ([]byte, error), err error) {
	path = e.path
	var value []byte
	if e.add {
		var rest string
		if path, rest, err = jsontree.CutPath(e.input.Value()); err != nil {
			return nil, nil, err
		}
		text, ok := strings.CutPrefix(rest, "=")
		if !ok {
			return nil, nil, fmt.Errorf("want PATH=VALUE, for example %s=hello", path)
		}
		value = jsonedit.Value(text)
	} else if value, err = (jsonview.FieldInput{Text: e.input.Value(), AsText: e.asText}).Value(); err != nil {
		return nil, nil, err
	}
	return path, func(body []byte) ([]byte, error) { return jsonedit.Set(body, path, value) }, nil
}

// look shows what the field would make of the body.
func (p *Screen) look() tea.Cmd {
	_, apply, err := p.field.apply()
	if p.field.err = err; err != nil {
		p.live = nil
		return nil
	}
	return p.do(job{apply: apply, live: true})
}

func (p *Screen) input(msg tea.Msg) tea.Cmd {
	was := p.field.input.Value()
	screen.EditInput(&p.field.input, msg)
	if p.field.input.Value() == was {
		return nil
	}
	return p.look()
}

// paste puts a text into the field. A field has one line: in a text marks stand for line
// breaks.
func (p *Screen) paste(msg tea.PasteMsg) tea.Cmd {
	if p.field.asText {
		if line, ok := jsonview.OnOneLine(msg.Content); ok {
			msg.Content = line
		} else if strings.ContainsAny(msg.Content, "\n\r\t") {
			text, at := []rune(p.field.input.Value()), p.field.input.Position()
			before, after := string(text[:at]), string(text[at:])
			value := func(text string) string {
				quoted, _ := jsonview.FieldInput{Text: text, AsText: true}.Value()
				return jsontree.Unquote(quoted)
			}
			p.field.asText = false
			p.field.input.SetValue(string(jsontree.Quote(value(before) + msg.Content + value(after))))
			p.field.input.CursorEnd()
			return p.look()
		}
	}
	return p.input(msg)
}
