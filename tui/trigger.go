package tui

// The screen of synthetic events: which one, and what it is to be about.

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/visible"
	"hfhook/payload"
	"hfhook/payload/sample"
)

// maxTimes is how often one event can be sent at once.
const maxTimes = 100

type trigger struct {
	ask    *asks
	kinds  []sample.Kind
	cursor int
	form   form
}

func newTrigger(a *asks) *trigger {
	p := &trigger{ask: a, kinds: sample.Kinds()}
	p.form = form{at: -1, fields: []field{
		textField("repo", "me/corpus", 100), {name: "type"}, textField("number", "any", 9), textField("content", "some text", 300), textField("times", "1", 3),
	}}
	p.settle()
	return p
}

// settle offers the types that the kind under the cursor has.
func (p *trigger) settle() {
	p.cursor = min(max(p.cursor, 0), len(p.kinds)-1)
	types := make([]string, len(p.kinds[p.cursor].RepoTypes))
	for i, t := range p.kinds[p.cursor].RepoTypes {
		types[i] = string(t)
	}
	field := &p.form.fields[1]
	was := ""
	if len(field.choose) > 0 {
		was = field.value()
	}
	field.choose, field.chosen = types, max(slices.Index(types, was), 0)
}

func (p *trigger) Name() string { return "new event" }

func (p *trigger) Keys(frame) []binding {
	send, tab, cancel := keys(actChoose)[0].as("send"), keys(actOtherPane)[0].as("fields"), keys(actBack)[0].as("cancel")
	if p.form.at >= 0 {
		cancel = cancel.as("to the list")
		return []binding{send, tab, cancel}
	}
	bindings := append([]binding{send, tab}, keys(actPrint, actCopyCommand, actUp, actDown, actPageUp, actPageDown, actFirst, actLast)...)
	return append(append(bindings, cancel), keys(actHelp, actQuit)...)
}

func (p *trigger) Do(a action, f frame) (step, tea.Cmd) {
	page := max(f.h-8, 1)
	switch a {
	case actUp:
		p.cursor--
	case actDown:
		p.cursor++
	case actPageUp:
		p.cursor -= page
	case actPageDown:
		p.cursor += page
	case actFirst:
		p.cursor = 0
	case actLast:
		p.cursor = len(p.kinds) - 1
	case actOtherPane:
		p.form.next()
	case actBack:
		if p.form.at < 0 {
			return step{pop: true}, nil
		}
		p.form.at = -1
	case actCopyCommand:
		command := p.command()
		return step{}, p.ask.copy("the command", plainText(command))
	case actChoose, actPrint:
		name, opts, times, err := p.wanted()
		if err != nil {
			return step{}, resultCmd(err.Error(), false)
		}
		if a == actPrint {
			return step{}, p.ask.sample(name, opts)
		}
		return step{pop: true}, p.ask.trigger(name, opts, times)
	}
	p.settle()
	return step{}, nil
}

func (p *trigger) Type(key tea.KeyPressMsg, _ frame) (step, tea.Cmd) {
	p.form.edit(key)
	return step{}, nil
}

func (p *trigger) Update(msg tea.Msg, _ frame) tea.Cmd {
	if paste, ok := msg.(tea.PasteMsg); ok {
		p.form.edit(paste)
	}
	return nil
}

// wanted is what the form says.
func (p *trigger) wanted() (name string, opts sample.Options, times int, err error) {
	times = 1
	opts = sample.Options{Repo: p.form.value("repo"), RepoType: payload.RepoType(p.form.value("type")), Content: p.form.value("content")}
	if text := p.form.value("number"); text != "" {
		if opts.Num, err = strconv.ParseInt(text, 10, 64); err != nil || opts.Num < 1 {
			return "", opts, 0, fmt.Errorf("number %q is no number of a discussion: write it as in 19", text)
		}
	}
	if text := p.form.value("times"); text != "" {
		if times, err = strconv.Atoi(text); err != nil || times < 1 || times > maxTimes {
			return "", opts, 0, fmt.Errorf("times %q is no number from 1 to %d", text, maxTimes)
		}
	}
	return p.kinds[p.cursor].Name, opts, times, nil
}

// command sends the same kind of event for the same repository.
func (p *trigger) command() string {
	k := p.kinds[p.cursor]
	command := "hfhook trigger " + k.Name
	repo, kind := p.form.value("repo"), p.form.value("type")
	if repo != "" || kind != string(k.RepoTypes[0]) {
		if repo == "" {
			repo = "me/corpus"
		}
		command += " --repo " + shellWord(kind+":"+repo)
	}
	return command
}

// shellWord quotes a word of a command where a shell would take it apart.
func shellWord(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@,+=") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

func (p *trigger) Moves(frame) time.Duration { return 0 }

func (p *trigger) Idle(frame) (left, right string) {
	return "As a command:  " + visible.Line(p.command()), ""
}

func (p *trigger) View(f frame) []string {
	t := f.theme
	lines := header(f, arrange(f.w, f.h, noBanner))
	lines = append(lines, t.lead(" "+t.bold.paint("New synthetic event"), t.dim.paint("no Hub call, no tunnel: made here, verified and stored like a real one")+" ", f.w), t.line(f.w, ""))
	fields := append([]string{t.line(f.w, "")}, p.form.lines(t, f.w)...)
	if f.h-len(lines)-len(fields) < 4 {
		fields = p.form.current(t, f.w) // there is room for one
	}
	room := max(f.h-len(lines)-len(fields)-1, 1)
	abouts, names := 0, 0
	for _, k := range p.kinds {
		abouts, names = max(abouts, width(k.About)), max(names, width(k.Name))
	}
	abouts = min(abouts, max(f.w-names-6, f.w/2))
	top := min(max(p.cursor-room+1, 0), max(len(p.kinds)-room, 0))
	list := make([]string, room)
	for i := range min(room, len(p.kinds)) {
		k := p.kinds[top+i]
		about, name := t.fit(k.About, abouts), k.Name
		if top+i == p.cursor {
			list[i] = t.mark.cursor + "  " + about + "  " + name
			look := t.selected
			if p.form.at >= 0 {
				look = t.marked
			}
			list[i] = look.paint(t.fit(list[i], f.w))
			continue
		}
		list[i] = "   " + about + "  " + t.dim.paint(name)
	}
	lines = append(append(lines, list...), fields...)
	return append(t.fill(lines, f.w, f.h-1), t.line(f.w, ""))
}

// trigger sends synthetic events, one after another.
func (a *asks) trigger(name string, opts sample.Options, times int) tea.Cmd {
	return a.cmd(func() tea.Msg {
		var last event.ID
		for i := range times {
			e, err := a.session.TriggerAs(a.ctx, name, opts)
			if err != nil {
				return resultMsg{text: fmt.Sprintf("synthetic %s, %d of %d: %v", name, i+1, times, err)}
			}
			last = e.ID
		}
		text := fmt.Sprintf("sent %s as %s", name, last.Short())
		if times > 1 {
			text = fmt.Sprintf("sent %s %d times, at last as %s", name, times, last.Short())
		}
		return resultMsg{text: text, ok: true}
	})
}

// sample makes a body and shows it, without sending it.
func (a *asks) sample(name string, opts sample.Options) tea.Cmd {
	return a.cmd(func() tea.Msg {
		body, err := sample.New(name, opts)
		if err != nil {
			return resultMsg{text: fmt.Sprintf("make %s: %v", name, err)}
		}
		return pushMsg{newDocument(a, "sample", func(f frame) []string {
			return []string{" " + f.theme.mark.back + " " + name + "  " + f.theme.dim.paint("as it would be sent, "+plural(int64(len(body)), "byte"))}
		}, nil, body)}
	})
}
