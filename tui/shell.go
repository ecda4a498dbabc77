package tui

// What a shell has for each action: the command that does the same, in its general form.
// The palette and the help of the keys show it; once an action is carried out, the
// command with its ids and values stands in the status line, and y copies it.

import (
	"fmt"
	"strings"

	"hfhook/internal/visible"
)

// says is the command, or why there is none; empty where nothing is done.
func (c binding) says() string {
	switch {
	case c.command != "":
		return c.command
	case c.none != "":
		return "no command: " + c.none
	}
	return ""
}

// A subject is a screen that knows what a word of a general form stands for there. What
// it does not know is empty.
type subject interface {
	subject(word string, f frame) string
}

// about puts what is selected on a screen into the general form of a command, each
// word once.
func about(top screen, command string, f frame) string {
	words := strings.Fields(command)
	done := map[string]bool{}
	for i, word := range words {
		if done[word] {
			continue
		}
		known := ""
		if s, ok := top.(subject); ok {
			known = s.subject(word, f)
		}
		if known != "" {
			words[i], done[word] = known, true
		}
	}
	return strings.Join(words, " ")
}

func (e *events) subject(word string, f frame) string {
	switch word {
	case "ID":
		return string(e.detail.item.key.id)
	case "FILTER":
		if e.list.filter != nil {
			return shellWord(e.list.text)
		}
	case "WEBHOOK":
		return e.webhook(f)
	}
	return ""
}

func (p *opened) subject(word string, f frame) string { return p.main.subject(word, f) }

func (p *targetList) subject(word string, f frame) string {
	if t := p.current(f); t != nil && word == "TARGET" {
		return shellWord(t.Name)
	}
	return ""
}

func (p *hooks) subject(word string, f frame) string {
	if h := p.current(f); h != nil && word == "WEBHOOK" {
		return shellWord(h.ID)
	}
	return ""
}

// A printed screen shows what a command prints.
type printed interface{ printedBy(f frame) string }

func (p *targetList) printedBy(f frame) string {
	if t := p.current(f); t != nil && t.Waiting > 0 {
		return heldCommand(t.Name)
	}
	return "hfhook held"
}

func (*hooks) printedBy(frame) string { return "hfhook webhooks ls" }

func (*doctor) printedBy(frame) string { return "hfhook doctor" }

func (p *document) printedBy(frame) string { return p.command }

// lastDone is the command of what was done on the screen that is on top, else the one that
// prints what it shows, else that of what was done before.
func (m *model) lastDone() string {
	if top, ok := m.top().(printed); ok && m.didOn != m.top() {
		if command := top.printedBy(m.frame()); command != "" {
			return command
		}
	}
	return m.did
}

// lastCommand is the key that copies that command, on each screen that has none of its
// own: y, where that is for nothing else there.
func (m *model) lastCommand(bindings []binding) []binding {
	_, letters := m.top().(*menu)
	for _, b := range bindings {
		switch b.action {
		case actCopyCommand:
			return nil
		case actCopy, actCopyValue:
			letters = true
		}
	}
	b := keys(actCopyCommand)[0]
	if letters {
		b.keys, b.label, b.quiet = b.keys[1:], b.keys[1], true
	}
	return []binding{b}
}

// logged is a result as the log has it, with its command.
func logged(text, command string) string {
	if command == "" {
		return text
	}
	return fmt.Sprintf("%s  $ %s", text, visible.Line(command))
}
