package eventlist

// What the list's rows show at their left: the time, the day, how long ago it was, or
// the id.

import (
	"fmt"
	"time"

	"hfhook/event"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

type Columns int

const (
	ColumnTime Columns = iota
	columnDay
	columnAge
	columnID
	ColumnCount
)

func (c Columns) String() string {
	return [...]string{"the time", "day and time", "how long ago", "the event's id"}[c]
}

// when is the left column of something that happened at a time. Compact leaves out
// seconds.
func (c Columns) when(f screen.Frame, at time.Time, id event.ID, compact bool) string {
	switch c {
	case columnDay:
		return f.At(at).Format("Jan _2 15:04")
	case columnAge:
		return f.Theme.Right(age(f.Now.Sub(at)), 5)
	case columnID:
		return f.Theme.Fit(id.Short(), 10)
	}
	text := f.At(at).Format(time.TimeOnly)
	if compact {
		text = text[:len("15:04")]
	}
	return text
}

// none is the column where there is nothing to say.
func (c Columns) none(compact bool) string {
	w := [...]int{len(time.TimeOnly), len("Jan _2 15:04"), 5, 10}[c]
	if compact && c == ColumnTime {
		w = len("15:04")
	}
	return style.Spaces(w)
}

// age writes how long ago something was, in at most five cells.
func age(d time.Duration) string {
	switch d = max(d, 0); {
	case d < time.Minute:
		return fmt.Sprintf("%ds", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%dm", d/time.Minute)
	case d < 100*time.Hour:
		return fmt.Sprintf("%dh", d/time.Hour)
	}
	return fmt.Sprintf("%dd", d/(24*time.Hour))
}
