package screen

// The status line: the result of the last action. A failure, and what is to be read,
// stays until a key is pressed, another success for a few seconds.

import (
	"time"

	"hfhook/internal/visible"
	"hfhook/tui/style"
)

const (
	SuccessTime = 5 * time.Second
	hintTime    = 2 * time.Second
)

type Status struct {
	Text    string
	Command string // that does what was done; may be empty
	Ok      bool
	Stays   bool
	Quiet   bool      // it is neither a success nor a failure
	Until   time.Time // of what does not stay
}

func (s *Status) Set(text string, ok bool, now time.Time) {
	*s = Status{Text: text, Ok: ok, Stays: !ok, Until: now.Add(SuccessTime)}
}

// Hint says something quietly, for a moment.
func (s *Status) Hint(text string, now time.Time) {
	*s = Status{Text: text, Ok: true, Quiet: true, Until: now.Add(hintTime)}
}

// Key notes that a key was pressed.
func (s *Status) Key() {
	if s.Stays {
		*s = Status{}
	}
}

// Expire ends what was shown long enough.
func (s *Status) Expire(now time.Time) {
	if !s.Stays && !now.Before(s.Until) {
		*s = Status{}
	}
}

// Line draws the result, or what the screen says while there is none. whole is said
// beside what stays and has no room: what is to be done often stands at its end.
func (s *Status) Line(t *style.Theme, left, right, whole string, w int) string {
	switch {
	case s.Text == "":
		left = " " + left
	case s.Quiet:
		left = " " + t.Dim.Paint(t.Mark.Say(s.Text))
	case s.Ok:
		left = " " + t.Ok.Paint(t.Mark.Ok) + " " + s.Text
	default:
		left = " " + t.Failed.Paint(t.Mark.Failed+" "+s.Text)
	}
	switch room := w - style.Width(left) - 4; {
	case s.Stays && room < -3 && w >= 60:
		right = t.Dim.Paint(whole)
		left = t.Cut(left, w-style.Width(right)-4)
	case s.Text != "" && s.Command != "" && room >= 12:
		right = t.Dim.Paint(t.Cut(visible.Line("$ "+s.Command), room))
	}
	if right != "" {
		right += " "
	}
	return t.Lead(left, right, w)
}
