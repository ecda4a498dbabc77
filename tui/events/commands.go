package events

// What the words of a command stand for on this screen.

import (
	"hfhook/tui/screen"
)

func (e *Screen) Subject(word string, f screen.Frame) string {
	switch word {
	case "ID":
		return string(e.Detail.Item.Key.ID)
	case "FILTER":
		if e.List.Filter != nil {
			return screen.ShellWord(e.List.Text)
		}
	case "WEBHOOK":
		return e.webhook(f)
	}
	return ""
}

func (p *Opened) Subject(word string, f screen.Frame) string { return p.main.Subject(word, f) }
