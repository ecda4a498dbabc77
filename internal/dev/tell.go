package dev

import "time"

// Told is something that the person at the screen should know of, though nobody asked.
type Told struct {
	At   time.Time // zero: nothing was told yet
	What string    // what it is about, as in "configuration"
	Text string
	OK   bool // it is no mistake
}

// Tell tells the person at the screen something.
func (s *Session) Tell(what, text string, ok bool) {
	told := &Told{At: time.Now(), What: what, Text: text, OK: ok}
	s.log.Info(text, "about", what)
	s.told.Store(told)
	s.journal.add(Entry{Told: told})
	s.change()
}
