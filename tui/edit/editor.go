package edit

// The payload in the user's editor: a file of its own, which is gone when what came of it
// was taken or given up.

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os/exec"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/drafts"
	"hfhook/internal/editor"
	"hfhook/internal/jsondiff"
	"hfhook/internal/jsonedit"
	"hfhook/internal/jsontree"
	"hfhook/internal/visible"
	"hfhook/tui/screen"
)

// An editorFile is what is in the editor.
type editorFile struct {
	Draft  *drafts.Draft
	given  []byte // as it was written
	before []byte // the body that it was made of
	isJSON bool
}

func (e *editorFile) remove() { _ = e.Draft.Remove() }

// EditorMsg says that the editor has ended.
type EditorMsg struct {
	Of   *Screen
	File *editorFile
	Err  error
}

// An editorFault is a text that is not JSON, in a file that is still there.
type editorFault struct {
	file *editorFile
	at   *jsontree.SyntaxError
	text []byte
}

func (e *editorFault) Error() string { return "the saved text is not JSON: " + e.at.Error() }

// openEditor gives the body, indented, to the user's editor.
func (p *Screen) openEditor() tea.Cmd {
	body := p.Now.Body
	return p.ask.Cmd(func() tea.Msg {
		file, err := NewEditorFile(p.ask.Drafts, p.Parent, p.Title, body)
		if err != nil {
			return screen.ResultMsg{Text: screen.Plain(err)}
		}
		return p.ask.runEditor(p, file, 0)
	})
}

// NewEditorFile puts the body of an event, or of none yet, into a file for an editor.
func NewEditorFile(dir drafts.Dir, of event.ID, name string, body []byte) (*editorFile, error) {
	file := &editorFile{before: body}
	file.given, file.isJSON = forEditor(body)
	var err error
	file.Draft, err = dir.New(name+".json", file.given, drafts.About{Event: string(of), JSON: file.isJSON})
	return file, err
}

// runEditor is the message that makes the program run the editor.
func (a *asks) runEditor(p *Screen, file *editorFile, line int) tea.Msg {
	name := editor.Of(a.Env.Get)
	cmd := editor.Command(a.Ctx, name, file.Draft.Path(), line)
	cmd.Env = a.Env
	return screen.Exclusive(cmd, func(err error) tea.Msg {
		if err != nil {
			err = EditorFailed(name, err)
		}
		return EditorMsg{Of: p, File: file, Err: err}
	})()
}

// EditorFailed says what to do about an editor that could not be run, or that was left
// with an error, as by :cq.
func EditorFailed(name string, err error) error {
	exit, ended := errors.AsType[*exec.ExitError](err)
	if ended && exit.ExitCode() != 127 && exit.ExitCode() != 126 {
		return fmt.Errorf("no changes: the editor %s exited with %w", name, err)
	}
	return fmt.Errorf("editor %q not found: set VISUAL or EDITOR to a command that waits until the file is closed, for example VISUAL='code --wait'", name)
}

// takeEditor takes what was saved.
func (p *Screen) takeEditor(msg EditorMsg) tea.Cmd {
	if msg.Err != nil {
		return p.ask.Cmd(func() tea.Msg {
			if !msg.File.Draft.Changed() {
				msg.File.remove()
				return screen.ResultMsg{Text: screen.Plain(msg.Err)}
			}
			if _, err := msg.File.Draft.PutAside(); err != nil {
				return screen.ResultMsg{Text: screen.Plain(err)}
			}
			return screen.ResultMsg{Text: "the saved text was put aside: " + screen.Plain(msg.Err), Command: "hfhook edit --resume", Stays: true}
		})
	}
	return p.do(job{
		apply: func([]byte) ([]byte, error) { return msg.File.read() },
		then:  func() tea.Cmd { return nil },
	})
}

// read is the body that was made of the file.
func (e *editorFile) read() ([]byte, error) {
	text, err := e.Draft.Text()
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.remove()
		return nil, errors.New("no changes: the editor removed the file")
	case err != nil:
		e.remove()
		return nil, fmt.Errorf("no changes: read the saved file: %w", err)
	case bytes.Equal(text, e.given):
		e.remove()
		return nil, errors.New("no changes in the editor")
	case !e.isJSON:
		e.remove()
		return jsonedit.SameEnd(text, e.before), nil
	}
	if _, err := jsontree.Parse(text); err != nil {
		if at, ok := errors.AsType[*jsontree.SyntaxError](err); ok {
			return nil, &editorFault{file: e, at: at, text: text}
		}
		return nil, err
	}
	e.remove()
	body := likeBefore(e.before, text)
	if bytes.Equal(body, e.before) {
		return nil, errors.New("only white space was changed in the editor")
	}
	return body, nil
}

// likeBefore is the text in the layout of the body that it was made of: with all bytes of
// that except for what differs, where they then differ in white space alone.
func likeBefore(before, text []byte) []byte {
	if sameButSpace(before, text) {
		return before
	}
	if _, made := replayFlags(before, text, jsondiff.Compare(before, text)); made != nil && sameButSpace(made, text) {
		return made
	}
	return jsonedit.LaidOutAs(text, before)
}

// sameButSpace reports whether two JSON texts are the same to the byte except for the white
// space between their parts, and a byte-order mark.
func sameButSpace(a, b []byte) bool {
	var one, other bytes.Buffer
	bom := []byte("\xef\xbb\xbf")
	return json.Compact(&one, bytes.TrimPrefix(a, bom)) == nil && json.Compact(&other, bytes.TrimPrefix(b, bom)) == nil && bytes.Equal(one.Bytes(), other.Bytes())
}

// giveUp removes what the editor was given.
func (p *Screen) giveUp(file *editorFile) tea.Cmd {
	return p.ask.Cmd(func() tea.Msg {
		file.remove()
		return screen.ResultMsg{Text: "discarded: the payload is unchanged", Ok: true}
	})
}

// afterEditor asks what to do with a text that is not JSON.
func (p *Screen) afterEditor(fault *editorFault) *screen.Menu {
	return &screen.Menu{
		HelpName: "no JSON", Title: "The saved text is not JSON", About: visible.Line(fault.at.Error()), Verb: "choose",
		Choices: []screen.Choice{
			{Key: "e", Text: fmt.Sprintf("edit again, at line %d", fault.at.Line), Note: visible.Line(fault.at.Msg)},
			{Key: "t", Text: "use it anyway", Note: "to test how your handler copes"},
			{Key: "g", Text: "discard it", Note: "the payload is unchanged"},
		},
		Take: func(i int) tea.Cmd {
			switch i {
			case 0:
				return p.ask.Cmd(func() tea.Msg { return p.ask.runEditor(p, fault.file, fault.at.Line) })
			case 1:
				return p.do(job{apply: func([]byte) ([]byte, error) {
					fault.file.remove()
					return jsonedit.SameEnd(fault.text, fault.file.before), nil
				}})
			}
			return p.giveUp(fault.file)
		},
		Leave: func() tea.Cmd { return p.giveUp(fault.file) },
	}
}
