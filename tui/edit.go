package tui

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
)

const (
	maxPast      = 64 << 20 // bytes of earlier bodies that u goes back to
	maxPastSteps = 500
)

type edit struct {
	ask      *asks
	putAside func(*edit) // keeps it for the next time that the event is edited

	parent   event.ID // the event that is edited; empty for a synthetic one
	title    string   // what is edited, in a few characters
	command  string   // that sends the original, to which the flags are added
	original []byte   // nil until it was read

	now  *draft // nil until it was made
	live *draft // with the field that is being written; nil while none is
	past []*draft

	field   *fieldEdit // that is being written; nil: the keys are for the tree
	jobs    []job
	working bool
	sending bool // it is being recorded

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
	of       *edit
	job      job
	draft    *draft
	original []byte // where it was read for the first draft
	err      error
}

// newEdit edits the payload of an event. body is nil where it has yet to be read.
func newEdit(a *asks, putAside func(*edit), id event.ID, body []byte, at stance) (*edit, tea.Cmd) {
	p := &edit{ask: a, putAside: putAside, parent: id, title: id.Short(), command: "hfhook replay " + string(id), original: body}
	return p, p.open(at)
}

// newEditOf edits a payload that is no event yet. command sends it as it is.
func newEditOf(a *asks, title, command string, body []byte) (*edit, tea.Cmd) {
	p := &edit{ask: a, title: title, command: command, original: body}
	return p, p.open(firstStance(body))
}

// open makes the first draft.
func (p *edit) open(s stance) tea.Cmd {
	p.working = true
	body := p.original
	return p.ask.cmd(func() tea.Msg {
		if body == nil {
			e, err := p.ask.session.Event(p.ask.ctx, p.parent)
			if err != nil {
				return closeMsg{screen: p, then: resultMsg{text: fmt.Sprintf("edit %s: %v", p.title, err)}}
			}
			body, s = e.Body, firstStance(e.Body)
		}
		return draftMsg{of: p, original: body, draft: newDraft(body, body, s)}
	})
}

// firstStance is that of a payload nobody has moved in.
func firstStance(body []byte) stance {
	t := newTree(body)
	t.unfoldToFit(0, nil)
	s := t.stance()
	s.at = t.gist()
	return s
}

// do adds a job, and begins it where none is under way.
func (p *edit) do(j job) tea.Cmd {
	if n := len(p.jobs); j.live && n > 0 && p.jobs[n-1].live {
		p.jobs[n-1] = j // nobody looks at the one before any more
	} else {
		p.jobs = append(p.jobs, j)
	}
	return p.work()
}

func (p *edit) work() tea.Cmd {
	if !p.working && len(p.jobs) > 0 {
		j := p.jobs[0]
		p.jobs = p.jobs[1:]
		if j.apply == nil {
			return tea.Batch(j.then(), p.work())
		}
		p.working = true
		base, at := p.now, stance{}
		if base.tree != nil {
			at = base.tree.stance()
		}
		if j.at != nil {
			at.at = j.at
		}
		return p.ask.cmd(func() tea.Msg {
			body, err := j.apply(base.body)
			if err != nil {
				return draftMsg{of: p, job: j, err: err}
			}
			return draftMsg{of: p, job: j, draft: newDraft(p.original, body, at)}
		})
	}
	return nil
}

// take takes what a job has made.
func (p *edit) take(msg draftMsg) tea.Cmd {
	p.working = false
	if p.original == nil {
		p.original = msg.original
	}
	var fault *editorFault
	switch {
	case msg.job.live && p.field == nil:
	case msg.job.live:
		p.field.err, p.live = msg.err, msg.draft
	case errors.As(msg.err, &fault):
		return func() tea.Msg { return pushMsg{screen: p.afterEditor(fault)} }
	case msg.err != nil:
		return tea.Batch(resultCmd(msg.err.Error(), false), p.work())
	default:
		if p.now != nil && string(p.now.body) == string(msg.draft.body) {
			break
		}
		if p.now != nil {
			p.past = append(p.past, p.now)
			p.forget()
		}
		p.now, p.live = msg.draft, nil
		if then := msg.job.then; then != nil {
			return tea.Batch(then(), p.work())
		}
	}
	return p.work()
}

// forget drops the oldest drafts where they are too many.
func (p *edit) forget() {
	size := 0
	for i := len(p.past) - 1; i >= 0; i-- {
		if size += len(p.past[i].body); size > maxPast || len(p.past)-i > maxPastSteps {
			p.past = slices.Clone(p.past[i+1:])
			return
		}
	}
}

func (p *edit) Name() string { return "edit and replay" }

// changes is how many places differ from the original.
func (p *edit) changes() int {
	if p.now == nil {
		return 0
	}
	return p.now.changes()
}

// edited tells whether the body is another one, also where that makes no difference in
// JSON.
func (p *edit) edited() bool { return p.now != nil && string(p.now.body) != string(p.original) }

func (p *edit) Do(a action, f frame) (step, tea.Cmd) {
	if p.field != nil {
		return p.doField(a)
	}
	if p.now == nil {
		return step{pop: true}, nil
	}
	const far = 1 << 30
	var cmd tea.Cmd
	tree := p.now.tree
	switch a {
	case actBack:
		return step{pop: true}, p.leave()
	case actChoose:
		return step{}, p.do(job{then: func() tea.Cmd { return p.send(p.shell(f)) }})
	case actFixture:
		return step{push: newFixturePrompt(p, p.fixture)}, nil
	case actEditor:
		return step{}, p.do(job{then: func() tea.Cmd { return p.openEditor() }})
	case actTakeBack:
		cmd = p.do(job{then: p.takeBack})
	case actCopyCommand:
		command := p.shell(f)
		return step{}, p.ask.copy("the command", plainText(command))
	case actSave:
		d := p.now
		return step{push: newPrompt(p, "save", "save to", "save", p.title+".json", func(path string) tea.Cmd {
			p.saved, p.savedAs = d, path
			return p.ask.save(path, d.body)
		})}, nil
	case actPresets:
		return step{push: p.presetMenu()}, nil
	case actSetValue:
		cmd = p.begin(tree.current())
	case actAddField:
		cmd = p.beginAdd()
	case actToggle:
		n := tree.current()
		cmd = p.change(n, func(body []byte, path jsontree.Path) ([]byte, error) {
			value := "true"
			if string(n.raw) == "true" {
				value = "false"
			}
			return jsonedit.Set(body, path, []byte(value))
		})
	case actUnset:
		cmd = p.change(tree.current(), jsonedit.Unset)
	case actUp:
		tree.move(-1)
	case actDown:
		tree.move(1)
	case actPageUp:
		tree.move(-5)
	case actPageDown:
		tree.move(5)
	case actFirst:
		tree.move(-far)
	case actLast:
		tree.move(far)
	case actFold:
		tree.fold()
	case actUnfold:
		if large := tree.unfold(); large != nil {
			cmd = unfoldLarge(p.ask.runner, tree, large)
		}
	}
	return step{}, cmd
}

// change makes a change at a node.
func (p *edit) change(n *node, apply func(body []byte, path jsontree.Path) ([]byte, error)) tea.Cmd {
	path, exact := n.way()
	if !exact {
		return resultCmd(errHidden.Error(), false)
	}
	return p.do(job{apply: func(body []byte) ([]byte, error) { return apply(body, path) }})
}

// takeBack goes back to the draft before.
func (p *edit) takeBack() tea.Cmd {
	if n := len(p.past); n > 0 {
		p.now, p.past = p.past[n-1], p.past[:n-1]
	}
	return nil
}

// Type writes into the field, or takes a preset by its number.
func (p *edit) Type(key tea.KeyPressMsg, _ frame) (step, tea.Cmd) {
	if p.field != nil {
		return step{}, p.input(key)
	}
	if p.now == nil || p.now.tree == nil {
		return step{}, nil
	}
	all := p.now.presets()
	if s := key.String(); len(s) == 1 && s[0] >= '1' && int(s[0]-'1') < len(all) {
		return step{}, p.preset(all[s[0]-'1'])
	}
	return step{}, nil
}

func (p *edit) preset(chosen preset) tea.Cmd {
	if chosen.apply == nil {
		return resultCmd(chosen.name+": this payload has nothing of the kind", false)
	}
	return p.do(job{apply: chosen.apply})
}

func (p *edit) presetMenu() *menu {
	all := p.now.presets()
	m := &menu{name: "presets", title: "Presets", verb: "apply", about: "what a handler should bear", take: func(i int) tea.Cmd { return p.preset(all[i]) }}
	for i, one := range all {
		note := one.about
		if one.apply == nil {
			note = "this payload has nothing of the kind"
		}
		m.choices = append(m.choices, choice{key: fmt.Sprint(i + 1), text: one.name, note: note})
	}
	return m
}

func (p *edit) Update(msg tea.Msg, f frame) tea.Cmd {
	switch msg := msg.(type) {
	case draftMsg:
		if msg.of == p {
			return p.take(msg)
		}
	case editorMsg:
		if msg.of == p {
			return p.takeEditor(msg)
		}
	case tea.PasteMsg:
		if p.field != nil {
			return p.paste(msg)
		}
	}
	return nil
}

func (p *edit) Moves(frame) time.Duration { return 0 }

// shell is the command that sends the same.
func (p *edit) shell(f frame) string {
	d := p.now
	if p.live != nil {
		d = p.live
	}
	command := p.command
	switch {
	case d == nil || string(d.body) == string(p.original):
	case len(d.flags) > 0:
		command += " " + strings.Join(d.flags, " ")
	case p.parent == "" && p.saved == d:
		return "hfhook send " + shellWord(p.savedAs)
	case p.parent == "":
		return "hfhook send FILE, once S has saved it to one"
	case p.saved == d:
		command += " --body " + shellWord("@"+p.savedAs)
	default:
		command = "hfhook edit " + string(p.parent) + " --send"
	}
	if p.parent == "" {
		return command
	}
	for _, t := range f.state.Targets {
		command += " --to " + shellWord(targetText(t))
	}
	return command
}

// Idle counts the changes, and says where the event will go.
func (p *edit) Idle(f frame) (left, right string) {
	t := f.theme
	d := p.now
	if p.live != nil {
		d = p.live
	}
	switch {
	case p.sending:
		left = "recording the copy, then it is sent" + t.mark.busy
	case p.field != nil && p.field.err != nil:
		left = t.warn.paint(t.mark.warn + " " + visible.Line(p.field.err.Error()))
	case d == nil:
		left = "reading the payload"
	case d.changes() > 0:
		left = plural(int64(d.changes()), "change")
	case p.edited():
		left = "other bytes, the same JSON"
	default:
		left = "nothing is changed yet"
	}
	if (p.working || len(p.jobs) > 0) && d != nil && len(d.body) > unfoldAside {
		left += t.mark.busy
	}
	return left, t.destination(f)
}

// destination says where a replay goes, as in "→ http://localhost:8000 ✓ up".
func (t *theme) destination(f frame) string {
	targets := f.state.Targets
	switch len(targets) {
	case 0:
		return "no handler: it is recorded only"
	case 1:
		mark, word, look := t.health(f.state.Health(&targets[0]))
		return t.mark.arrow + " " + visible.Line(targets[0].URL) + " " + look.paint(mark+" "+word)
	}
	return t.mark.arrow + " " + plural(int64(len(targets)), "target")
}
