package eventlist

// What the list's rows show at their left: the time, the day, how long ago it was, or
// the id.

import (
	"time"

	"hfhook/event"
	"hfhook/internal/duration"
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
		return f.Theme.Right(duration.Age(f.Now.Sub(at)), 5)
	case columnID:
		return f.Theme.Fit(id.Short(), 10)
	}
	text := f.At(at).Format(time.TimeOnly)
	if compact {
		text = text[:len("15:04")]
	}
	return text
}

// none is the column if there is nothing to say.
func (c Columns) none(compact bool) string {
	w := [...]int{len(time.TimeOnly), len("Jan _2 15:04"), 5, 10}[c]
	if compact && c == ColumnTime {
		w = len("15:04")
	}
	return style.Spaces(w)
}
