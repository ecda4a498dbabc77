// Package edit is the screen that changes a payload and sends the changed copy.
package edit

// The screen that edits a payload and sends the edited copy: fields in the tree or the
// whole in the user's editor, with the change, the checks and the command in sight.
//
// A change is a job: one is carried out at a time, beside the screen, and the next
// begins with what it has made. So keys may be faster than a body of some megabytes.

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/jsonedit"
	"hfhook/internal/jsontree"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/jsonview"
	"hfhook/tui/keymap"
	"hfhook/tui/request"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

const (
	maxPast      = 64 << 20 // bytes of earlier bodies that u goes back to
	maxPastSteps = 500
)

type Screen struct {
	ask      *asks
	putAside func(*Screen) // keeps it for the next time that the event is edited

	Parent   event.ID // the event that is edited; empty for a synthetic one
	Title    string   // what is edited, in a few characters
	command  string   // that sends the original, to which the flags are added
	original []byte   // nil until it was read

	request event.Edit // what is changed of it besides the body

	Now  *draft // nil until it was made
	live *draft // with the field that is being written; nil while none is
	past []*draft

	field   *fieldEdit // that is being written; nil: the keys are for the tree
	jobs    []job
	working bool
	Sending bool // it is being recorded

	kept    *keptEdit // on disk; nil: it is not an event yet
	changed int       // number of the newest change

	saved   *draft // that was written to a file last; nil: none
	savedAs string
}

// A job is a change that is to be made.
type job struct {
	apply func(body []byte) ([]byte, error) // nil: only then
	live  bool                              // it is only to be looked at
	at    jsontree.Path                     // where the cursor goes; nil: it stays
	then  func() tea.Cmd                    // once all before it is done
}

// draftMsg answers draft.
type draftMsg struct {
	of       *Screen
	job      job
	draft    *draft
	back     *draft // of an edit that was left or put aside, to go on with; nil: of none
	original []byte // where it was read for the first draft
	err      error
}

// New edits the payload of an event. body is nil where it has yet to be read.
func New(r *screen.Runner, s Session, putAside func(*Screen), id event.ID, body []byte, at jsonview.ViewState) (*Screen, tea.Cmd) {
	a := &asks{r, s}

	p := &Screen{ask: a, putAside: putAside, Parent: id, Title: id.Short(), command: "hfhook replay " + string(id), original: body}
	p.kept = &keptEdit{dir: a.Drafts, event: id}
	return p, p.open(at)
}

// NewOf edits a payload that is not an event yet. command sends it as it is.
func NewOf(r *screen.Runner, s Session, title, command string, body []byte) (*Screen, tea.Cmd) {
	a := &asks{r, s}

	p := &Screen{ask: a, Title: title, command: command, original: body}
	return p, p.open(firstViewState(body))
}

// open makes the first draft.
func (p *Screen) open(s jsonview.ViewState) tea.Cmd {
	p.working = true
	body := p.original
	return p.ask.Cmd(func() tea.Msg {
		if body == nil {
			e, err := p.ask.session.Event(p.ask.Ctx, p.Parent)
			if err != nil {
				return screen.CloseMsg{Screen: p, Then: screen.ResultMsg{Text: fmt.Sprintf("edit %s: %s", p.Title, screen.Plain(err))}}
			}
			body, s = e.Body, firstViewState(e.Body)
		}
		msg := draftMsg{of: p, original: body, draft: newDraft(body, body, s)}
		if back, err := p.kept.takeUp(body); err == nil && back != nil {
			msg.back = newDraft(body, back, s)
		}
		return msg
	})
}

// firstViewState is that of a payload nobody has moved in.
func firstViewState(body []byte) jsonview.ViewState {
	t := jsonview.NewTree(body)
	t.UnfoldToFit(0, nil)
	s := t.ViewState()
	s.At = t.SummaryPath()
	return s
}

// do adds a job, and begins it if none is under way.
func (p *Screen) do(j job) tea.Cmd {
	if n := len(p.jobs); j.live && n > 0 && p.jobs[n-1].live {
		p.jobs[n-1] = j // nobody looks at the one before any more
	} else {
		p.jobs = append(p.jobs, j)
	}
	return p.work()
}

func (p *Screen) work() tea.Cmd {
	if !p.working && len(p.jobs) > 0 {
		j := p.jobs[0]
		p.jobs = p.jobs[1:]
		if j.apply == nil {
			return tea.Batch(j.then(), p.work())
		}
		p.working = true
		base, at := p.Now, jsonview.ViewState{}
		if base.Tree != nil {
			at = base.Tree.ViewState()
		}
		if j.at != nil {
			at.At = j.at
		}
		return p.ask.Cmd(func() tea.Msg {
			body, err := j.apply(base.Body)
			if err != nil {
				return draftMsg{of: p, job: j, err: err}
			}
			return draftMsg{of: p, job: j, draft: newDraft(p.original, body, at)}
		})
	}
	return nil
}

// take takes what a job has made.
func (p *Screen) take(msg draftMsg) tea.Cmd {
	p.working = false
	if p.original == nil {
		p.original = msg.original
	}
	var fault *editorFault
	var cmds []tea.Cmd
	switch {
	case msg.job.live && p.field == nil:
	case msg.job.live:
		p.field.err, p.live = msg.err, msg.draft
	case errors.As(msg.err, &fault):
		return func() tea.Msg { return screen.PushMsg{Screen: p.afterEditor(fault)} }
	case msg.err != nil:
		return tea.Batch(screen.ResultCmd(screen.Plain(msg.err), false), p.work())
	default:
		if p.Now != nil && string(p.Now.Body) == string(msg.draft.Body) {
			break
		}
		first := p.Now == nil // it is the original
		if !first {
			p.past = append(p.past, p.Now)
			p.forget()
		}
		p.Now, p.live = msg.draft, nil
		if msg.back != nil {
			p.past, p.Now = append(p.past, p.Now), msg.back
			return tea.Batch(screen.ResultCmd(p.backText(), true), p.work())
		}
		if !first {
			p.changed++
			cmds = append(cmds, p.keepChange())
		}
		if then := msg.job.then; then != nil {
			cmds = append(cmds, then())
		}
	}
	return tea.Batch(append(cmds, p.work())...)
}

// forget drops the oldest drafts where they are too many.
func (p *Screen) forget() {
	size := 0
	for i := len(p.past) - 1; i >= 0; i-- {
		if size += len(p.past[i].Body); size > maxPast || len(p.past)-i > maxPastSteps {
			p.past = slices.Clone(p.past[i+1:])
			return
		}
	}
}

func (p *Screen) Name() string { return "edit and replay" }

// Changes is how many places differ from the original.
func (p *Screen) Changes() int {
	if p.Now == nil {
		return 0
	}
	return p.Now.changes()
}

// edited reports whether the body is another one, also where that makes no difference in
// JSON.
func (p *Screen) edited() bool { return p.Now != nil && string(p.Now.Body) != string(p.original) }

func (p *Screen) Do(a keymap.Action, f screen.Frame) (screen.Step, tea.Cmd) {
	if p.field != nil {
		return p.doField(a, f)
	}
	if p.Now == nil {
		return screen.Step{Pop: true}, nil
	}
	var cmd tea.Cmd
	tree := p.Now.Tree
	switch a {
	case keymap.ActBack:
		return screen.Step{Pop: true}, p.leave()
	case keymap.ActSend:
		return screen.Step{}, p.do(job{then: func() tea.Cmd { return p.send(p.Shell(f)) }})
	case keymap.ActFixture:
		return screen.Step{Push: screen.NewFixturePrompt(p, p.fixture)}, nil
	case keymap.ActEditor:
		return screen.Step{}, p.do(job{then: func() tea.Cmd { return p.openEditor() }})
	case keymap.ActTakeBack:
		cmd = p.do(job{then: p.takeBack})
	case keymap.ActCopyCommand:
		command := p.Shell(f)
		return screen.Step{}, p.ask.Copy("the command", screen.PlainText(command))
	case keymap.ActSave:
		d := p.Now
		return screen.Step{Push: screen.NewPrompt(p, "save", "save to", "save", p.Title+".json", func(path string) tea.Cmd {
			p.saved, p.savedAs = d, path
			return p.ask.Save(path, d.Body)
		})}, nil
	case keymap.ActRequest:
		return screen.Step{}, p.openRequest()
	case keymap.ActPresets:
		return screen.Step{Push: p.presetMenu()}, nil
	case keymap.ActChoose, keymap.ActSetValue:
		cmd = p.begin(tree.Current())
	case keymap.ActAddField:
		cmd = p.beginAdd()
	case keymap.ActToggle:
		n := tree.Current()
		cmd = p.change(n, func(body []byte, path jsontree.Path) ([]byte, error) {
			value := "true"
			if string(n.Raw) == "true" {
				value = "false"
			}
			return jsonedit.Set(body, path, []byte(value))
		})
	case keymap.ActUnset:
		cmd = p.change(tree.Current(), jsonedit.Unset)
	case keymap.ActFold:
		tree.Fold()
	case keymap.ActUnfold:
		if large := tree.Unfold(); large != nil {
			cmd = jsonview.UnfoldLarge(p.ask.Runner, tree, large)
		}
	default:
		n, _ := a.Lines(f.H / 2)
		tree.Move(n)
	}
	return screen.Step{}, cmd
}

// openRequest shows method, path and headers, and lets them be changed.
func (p *Screen) openRequest() tea.Cmd {
	was, title, shell := p.request, p.Title, p.command
	return p.ask.Cmd(func() tea.Msg {
		e, err := p.ask.session.Event(p.ask.Ctx, p.Parent)
		if err != nil {
			return screen.ResultMsg{Text: fmt.Sprintf("read the request of %s: %s", p.Title, screen.Plain(err))}
		}
		return screen.PushMsg{Screen: request.New(title, shell, e, was, func(edit event.Edit) { p.request = edit })}
	})
}

// change makes a change at a node.
func (p *Screen) change(n *jsonview.Node, apply func(body []byte, path jsontree.Path) ([]byte, error)) tea.Cmd {
	path, exact := n.Way()
	if !exact {
		return screen.ResultCmd(errHidden.Error(), false)
	}
	return p.do(job{apply: func(body []byte) ([]byte, error) { return apply(body, path) }})
}

// takeBack goes back to the draft before.
func (p *Screen) takeBack() tea.Cmd {
	n := len(p.past)
	if n == 0 {
		return nil
	}
	p.Now, p.past = p.past[n-1], p.past[:n-1]
	p.changed++
	return p.keepChange()
}

// keepChange keeps what is there now on disk.
func (p *Screen) keepChange() tea.Cmd {
	if p.kept == nil {
		return nil
	}
	n, original, body := p.changed, p.original, p.Now.Body
	return p.ask.Cmd(func() tea.Msg {
		if err := p.kept.keep(n, original, body); err != nil {
			return screen.ResultMsg{Text: "this edit is not saved and is lost if hfhook exits: " + screen.Plain(err)}
		}
		return nil
	})
}

// Back goes on with what was put aside in this run.
func (p *Screen) Back() tea.Cmd {
	p.changed++
	return tea.Batch(screen.ResultCmd(p.backText(), true), p.keepChange())
}

// backText says that changes of before are back.
func (p *Screen) backText() string {
	return style.Plural(int64(max(p.Changes(), 1)), "change") + " restored; u undoes them"
}

// Type writes into the field, or takes a preset by its number.
func (p *Screen) Type(key tea.KeyPressMsg, _ screen.Frame) (screen.Step, tea.Cmd) {
	if p.field != nil {
		return screen.Step{}, p.input(key)
	}
	if p.Now == nil || p.Now.Tree == nil {
		return screen.Step{}, nil
	}
	all := p.Now.presets()
	if s := key.String(); len(s) == 1 && s[0] >= '1' && int(s[0]-'1') < len(all) {
		return screen.Step{}, p.preset(all[s[0]-'1'])
	}
	return screen.Step{}, nil
}

func (p *Screen) preset(chosen preset) tea.Cmd {
	if chosen.Apply == nil {
		return screen.ResultCmd(chosen.Name+": not available for this payload", false)
	}
	return p.do(job{apply: chosen.Apply})
}

func (p *Screen) presetMenu() *screen.Menu {
	all := p.Now.presets()
	m := &screen.Menu{HelpName: "presets", Title: "Presets", Verb: "apply", About: "presets: edge cases to test", Take: func(i int) tea.Cmd { return p.preset(all[i]) }}
	for i, one := range all {
		note := one.about
		if one.Apply == nil {
			note = "not available for this payload"
		}
		m.Choices = append(m.Choices, screen.Choice{Key: fmt.Sprint(i + 1), Text: one.Name, Note: note})
	}
	return m
}

func (p *Screen) Update(msg tea.Msg, f screen.Frame) tea.Cmd {
	switch msg := msg.(type) {
	case draftMsg:
		if msg.of == p {
			return p.take(msg)
		}
	case EditorMsg:
		if msg.Of == p {
			return p.takeEditor(msg)
		}
	case tea.PasteMsg:
		if p.field != nil {
			return p.paste(msg)
		}
	}
	return nil
}

func (p *Screen) Moves(screen.Frame) time.Duration { return 0 }

// Shell is the command that sends the same.
func (p *Screen) Shell(f screen.Frame) string {
	d := p.Now
	if p.live != nil {
		d = p.live
	}
	command, words := p.command, request.Flags(p.request)
	switch {
	case d == nil || string(d.Body) == string(p.original):
	case len(d.flags) > 0:
		command += " " + strings.Join(d.flags, " ")
	case p.Parent == "" && p.saved == d:
		return "hfhook send " + screen.ShellWord(p.savedAs)
	case p.Parent == "":
		return "hfhook send FILE, once S has saved it to one"
	case p.saved == d:
		command += " --body " + screen.ShellWord("@"+p.savedAs)
	case len(words) > 0:
		command += " --body @FILE, once S has saved it to one"
	default:
		command = "hfhook edit " + string(p.Parent) + " --send"
	}
	if p.Parent == "" {
		return command
	}
	command = strings.Join(append([]string{command}, words...), " ")
	for _, t := range f.State.Targets {
		command += " --to " + screen.ShellWord(describe.TargetText(t))
	}
	return command
}

// Idle counts the changes, and says where the event will go.
func (p *Screen) Idle(f screen.Frame) (left, right string) {
	t := f.Theme
	d := p.Now
	if p.live != nil {
		d = p.live
	}
	switch {
	case p.Sending:
		left = "recording and sending the copy" + t.Mark.Busy
	case p.field != nil && p.field.err != nil:
		left = t.Warn.Paint(t.Mark.Warn + " " + visible.Line(screen.Plain(p.field.err)))
	case d == nil:
		left = "reading the payload"
	case d.changes() > 0:
		left = style.Plural(int64(d.changes()), "change")
	case p.edited():
		left = "same JSON, other bytes"
	case !p.request.Empty():
		left = "the request was changed"
	default:
		left = "no changes yet"
	}
	if (p.working || len(p.jobs) > 0) && d != nil && len(d.Body) > jsonview.UnfoldAside {
		left += t.Mark.Busy
	}
	return left, describe.Destination(f)
}
