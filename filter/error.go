package filter

import "fmt"

// An Error says what is wrong with a filter, and where. Term is user input: make it harmless
// before you show it.
type Error struct {
	Column  int    // where Term begins, from 1, in characters
	Term    string // the unknown key, the bad value
	Msg     string // what is wrong with it
	Nearest string // what was probably meant, or empty
}

func (e *Error) Error() string {
	text := fmt.Sprintf("filter, column %d: %s", e.Column, e.Msg)
	if e.Term != "" {
		text = fmt.Sprintf("filter, column %d: %q: %s", e.Column, e.Term, e.Msg)
	}
	if e.Nearest != "" {
		text += fmt.Sprintf(": did you mean %s?", e.Nearest)
	}
	return text
}
