// Package ttyinput reads keys from a terminal, and keeps apart what the terminal itself
// says: its answers to questions, such as the colour of the background. Over a slow line an
// answer comes in parts, and a part alone looks like keys.
//
//	in := ttyinput.New(os.Stdin, func() { program.Send(escapeKey) })
//	in.Expect()
//	program := tea.NewProgram(model, tea.WithInput(in))
//
// A sequence is given on when it is whole. Of control strings (OSC, DCS, APC, PM and SOS)
// only an OSC is, the kind that answers to questions have; of one that is not finished
// nothing is.
package ttyinput

import (
	"os"
	"sync"
	"time"
)

// expectFor is how long after Expect answers may come.
const expectFor = 5 * time.Second

// A Reader is a terminal to read from. Read is for one goroutine at a time, Expect for any.
type Reader struct {
	*os.File
	escape func()

	// A lone escape is the key after this time, as in other programs. While answers are
	// expected it may also be the first byte of one, and is the key after the second.
	alone, amidAnswers time.Duration

	mu       sync.Mutex
	s        splitter
	timer    *time.Timer // until the escape that is held is the key
	expected time.Time   // until when answers are
}

// New reads from f. An escape that stays alone is not read: escape is called then, on a
// goroutine of its own.
func New(f *os.File, escape func()) *Reader {
	return &Reader{File: f, escape: escape, alone: 50 * time.Millisecond, amidAnswers: 500 * time.Millisecond}
}

// Expect says that the terminal is about to be asked something.
func (r *Reader) Expect() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.expected = time.Now().Add(expectFor)
}

// Read returns what has come that is whole, which may be nothing.
func (r *Reader) Read(b []byte) (int, error) {
	if len(b) <= maxHeld {
		return 0, errSmall
	}
	// What is held comes before it.
	chunk := make([]byte, len(b)-maxHeld)
	n, err := r.File.Read(chunk)
	if n <= 0 {
		return n, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.timer != nil {
		r.timer.Stop()
	}
	now := time.Now()
	out, answered := r.s.feed(chunk[:n], now)
	if answered {
		r.expected = time.Time{}
	}
	if r.s.loneEscape() {
		wait := r.alone
		if now.Before(r.expected) {
			wait = r.amidAnswers
		}
		r.timer = time.AfterFunc(wait, r.pressed)
	}
	return copy(b, out), err
}

// pressed takes the escape that is held for the key.
func (r *Reader) pressed() {
	r.mu.Lock()
	was := r.s.loneEscape()
	if was {
		r.s.reset()
	}
	r.mu.Unlock()
	if was {
		r.escape()
	}
}
