package ttyinput

import (
	"bytes"
	"errors"
	"time"
	"unicode/utf8"
)

// maxHeld bounds what is held of a sequence, in bytes. The answers that are of use are
// much shorter; what is longer is read to its end and dropped.
const maxHeld = 1 << 10

var errSmall = errors.New("read from the terminal: the buffer is too small")

// How long the rest of a sequence is waited for.
const (
	// A control string: nothing else is of use meanwhile, but ctrl+c.
	stringWithin = 10 * time.Second

	// A control sequence with parameters, as answers and keys have them.
	sequenceWithin = 5 * time.Second

	// What may be a key with alt held, or an escape that was pressed to get out of a
	// control string.
	keyWithin = time.Second
)

// A kind is what the bytes that are held are the beginning of.
type kind int

const (
	nothing kind = iota
	escape       // ESC
	csi          // a control sequence
	ss3          // ESC O: a key
	control      // a control string
	ending       // the same, after an ESC that may be that of its end
	pasting      // what was pasted, up to its end
)

const (
	bel = 0x07
	can = 0x18
	sub = 0x1a
	esc = 0x1b
	st  = 0x9c

	ctrlC = 0x03
)

var pasteEnd = []byte("\x1b[201~")

// A splitter cuts what comes from a terminal into whole sequences.
type splitter struct {
	kind  kind
	held  []byte    // of the sequence; of a paste what may be the beginning of its end
	since time.Time // when the sequence began; with ending, when its ESC came
	first byte      // of a control string: what says of which kind it is
	short bool      // it was begun by one byte, and so may end by one
	long  bool      // it does not fit
	rest  int       // bytes to come of a character
}

func (s *splitter) reset() { *s = splitter{held: s.held[:0]} }

// loneEscape reports whether all that is held is an escape, which may be a key.
func (s *splitter) loneEscape() bool { return s.kind == escape }

func (s *splitter) begin(k kind, now time.Time, b ...byte) {
	s.kind, s.since, s.long = k, now, false
	s.held = append(s.held[:0], b...)
}

// feed takes what has come at a time, and returns what can be given on. answered says that
// the terminal's colour was in it.
func (s *splitter) feed(in []byte, now time.Time) (out []byte, answered bool) {
	out = s.expire(now)
	for _, b := range in {
		whole, isAnswer := s.take(b, now)
		out = append(out, whole...)
		answered = answered || isAnswer
	}
	return out, answered
}

// expire gives up what was waited for too long. What may have been a key is given on.
func (s *splitter) expire(now time.Time) (out []byte) {
	waited := now.Sub(s.since)
	switch s.kind {
	case csi, ss3:
		if len(s.held) == 2 && waited > keyWithin {
			out = bytes.Clone(s.held)
			s.reset()
		} else if waited > sequenceWithin {
			s.reset()
		}
	case control:
		if waited > stringWithin {
			s.reset()
		}
	case ending:
		if waited > keyWithin {
			s.reset()
		}
	}
	return out
}

// take takes one byte, and returns what is whole by it.
func (s *splitter) take(b byte, now time.Time) (whole []byte, answered bool) {
	switch s.kind {
	case nothing:
		return s.plain(b, now), false
	case escape:
		return s.escaped(b, now), false
	case ss3:
		return s.finish(b), false
	case csi:
		return s.sequence(b, now), false
	case control:
		return s.inString(b, now)
	case ending:
		if b == '\\' {
			return s.endString(b)
		}
		s.reset() // an ESC ends it, whatever it is the beginning of
		return s.restartEscape(b, now), false
	default:
		return s.pasted(b), false
	}
}

// plain takes a byte outside of any sequence.
func (s *splitter) plain(b byte, now time.Time) []byte {
	if s.rest > 0 && b&0xc0 == 0x80 {
		s.rest--
		return []byte{b}
	}
	s.rest = 0
	switch {
	case b == esc:
		s.begin(escape, now, b)
		return nil
	case b == 0x9b:
		s.begin(csi, now, esc, '[')
		return nil
	case b == 0x90, b == 0x98, b == 0x9d, b == 0x9e, b == 0x9f:
		s.string(b-0x40, now, b)
		s.short = true
		return nil
	case b >= utf8.RuneSelf:
		switch {
		case b >= 0xf0:
			s.rest = 3
		case b >= 0xe0:
			s.rest = 2
		case b >= 0xc0:
			s.rest = 1
		}
	}
	return []byte{b}
}

// string begins a control string.
func (s *splitter) string(first byte, now time.Time, held ...byte) {
	s.begin(control, now, held...)
	s.first, s.short = first, false
}

func (s *splitter) escaped(b byte, now time.Time) []byte {
	switch b {
	case esc: // the first one was a key
		s.since = now
		return []byte{esc}
	case '[':
		s.begin(csi, now, esc, b)
	case 'O':
		s.begin(ss3, now, esc, b)
	case ']', 'P', '_', '^', 'X':
		s.string(b, now, esc, b)
	default:
		return s.finish(b)
	}
	return nil
}

// restartEscape is escaped for an ESC that has ended a control string.
func (s *splitter) restartEscape(b byte, now time.Time) []byte {
	s.begin(escape, now, esc)
	return s.escaped(b, now)
}

// finish ends what is held with a byte.
func (s *splitter) finish(b byte) []byte {
	whole := append(bytes.Clone(s.held), b)
	s.reset()
	return whole
}

// sequence takes a byte of a control sequence.
func (s *splitter) sequence(b byte, now time.Time) []byte {
	switch {
	case b >= 0x40 && b <= 0x7e:
		whole := s.finish(b)
		if bytes.Equal(whole, []byte("\x1b[200~")) {
			s.begin(pasting, now)
		}
		return whole
	case b >= 0x20 && b < 0x40 && len(s.held) < maxHeld:
		s.held = append(s.held, b)
		return nil
	}
	s.reset() // it is none: dropped, since a part of it is nothing
	return s.plain(b, now)
}

// inString takes a byte of a control string.
func (s *splitter) inString(b byte, now time.Time) (whole []byte, answered bool) {
	switch {
	case b == bel && s.first == ']', b == st && s.short:
		return s.endString(b)
	case b == esc:
		s.kind, s.since = ending, now
		return nil, false
	case b == can, b == sub:
		s.reset()
		return nil, false
	case b == ctrlC:
		s.reset()
		return []byte{b}, false
	}
	s.hold(b)
	return nil, false
}

func (s *splitter) hold(b byte) {
	if s.long = s.long || len(s.held) >= maxHeld-2; !s.long {
		s.held = append(s.held, b)
	}
}

// endString ends a control string by the last byte of its end.
func (s *splitter) endString(b byte) (whole []byte, answered bool) {
	if s.first != ']' || s.long {
		s.reset()
		return nil, false
	}
	if s.kind == ending {
		s.held = append(s.held, esc)
	}
	answered = bytes.HasPrefix(s.held, []byte("\x1b]11;"))
	return s.finish(b), answered
}

// pasted takes a byte of what was pasted, which is given on except for what may be the
// beginning of its end.
func (s *splitter) pasted(b byte) []byte {
	s.held = append(s.held, b)
	for n := len(s.held); n > 0; n-- { // the longest end of it that may be that
		if bytes.HasPrefix(pasteEnd, s.held[len(s.held)-n:]) {
			whole := bytes.Clone(s.held[:len(s.held)-n])
			s.held = append(s.held[:0], s.held[len(s.held)-n:]...)
			if n == len(pasteEnd) {
				whole = append(whole, s.held...)
				s.reset()
			}
			return whole
		}
	}
	whole := bytes.Clone(s.held)
	s.held = s.held[:0]
	return whole
}
