package store

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// ErrGone means that the store's open file was removed, moved or replaced.
var ErrGone = errors.New("the store's file is gone")

// A Loss describes what happened to the files of a store while it was open. It is never changed
// after it was published.
type Loss struct {
	N    int       // 1 for the first since the store was opened
	At   time.Time // when it was noticed
	What string    // what happened, for example "events.db was removed"

	Had   int64    // events in the lost file; -1: not known
	Kept  int      // waiting deliveries that are kept in memory and still sent
	Left  int      // waiting deliveries that are not sent
	Aside []string // new names of files that belonged to another store and were renamed

	Back time.Time // when recording continued; zero: it has not yet
	New  bool      // with a new file
	Has  int64     // events in the file in which recording continued
	Why  string    // why recording does not continue yet; empty: not known yet
}

// Text says in one line what happened, to how many events, and how recording continues.
func (l *Loss) Text() string {
	text := l.What
	switch {
	case l.Back.IsZero():
		if l.Had >= 0 {
			text += " with " + count(l.Had, "event")
		}
		text += "; recording stops until the store is back"
		if l.Why != "" {
			text += ": " + l.Why
		}
		return text
	case l.New:
		if l.Had >= 0 {
			text += " with " + count(l.Had, "event")
		}
		text += "; recording continues in a new, empty store"
	case l.Had < 0:
		text += "; recording continues in the store found there, which has " + count(l.Has, "event")
	case l.Has == l.Had:
		text += "; recording continues, and all " + count(l.Had, "event") + " are there"
	default:
		text += fmt.Sprintf("; recording continues with %s of %d", count(l.Has, "event"), l.Had)
	}
	if l.Kept > 0 {
		text += "; " + count(int64(l.Kept), "delivery") + " that waited will still be sent"
	}
	if l.Left > 0 {
		text += "; " + count(int64(l.Left), "delivery") + " that waited will not be sent"
	}
	if len(l.Aside) > 0 {
		text += "; files of the old store were renamed to " + strings.Join(l.Aside, " and ")
	}
	return text
}

// count returns a number of things in words.
func count(n int64, what string) string {
	switch {
	case n == 1:
		return "1 " + what
	case strings.HasSuffix(what, "y"):
		what = strings.TrimSuffix(what, "y") + "ie"
	}
	return fmt.Sprintf("%d %ss", n, what)
}
