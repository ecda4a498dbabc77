package tui

// The status line: the result of the last action. A failure, and what is to be read,
// stays until a key is pressed, another success for a few seconds.

import (
	"time"

	"hfhook/internal/visible"
)

const successTime = 5 * time.Second

type status struct {
	text    string
	command string // that does what was done; may be empty
	ok      bool
	stays   bool
	until   time.Time // of what does not stay
}

func (s *status) set(text string, ok bool, now time.Time) {
	*s = status{text: text, ok: ok, stays: !ok, until: now.Add(successTime)}
}

// key notes that a key was pressed.
func (s *status) key() {
	if s.stays {
		*s = status{}
	}
}

// expire ends what was shown long enough.
func (s *status) expire(now time.Time) {
	if !s.stays && !now.Before(s.until) {
		*s = status{}
	}
}

// line draws the result, or what the screen says while there is none. whole is said
// beside what stays and has no room: what is to be done often stands at its end.
func (s *status) line(t *theme, left, right, whole string, w int) string {
	switch {
	case s.text == "":
		left = " " + left
	case s.ok:
		left = " " + t.ok.paint(t.mark.ok) + " " + s.text
	default:
		left = " " + t.failed.paint(t.mark.failed+" "+s.text)
	}
	switch room := w - width(left) - 4; {
	case s.stays && room < -3 && w >= 60:
		right = t.dim.paint(whole)
		left = t.cut(left, w-width(right)-4)
	case s.text != "" && s.command != "" && room >= 12:
		right = t.dim.paint(t.cut(visible.Line("$ "+s.command), room))
	}
	if right != "" {
		right += " "
	}
	return t.lead(left, right, w)
}
