package delivery

// The options of a target: what it is called, and which events it gets.

import (
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"

	"hfhook/event"
	"hfhook/filter"
)

func (t *Target) parseOptions(s string) error {
	for s != "" {
		key, rest, _ := strings.Cut(s, "=")
		if end := strings.IndexByte(key, ','); end >= 0 { // an option without a value
			key, rest = key[:end], s[end:]
		}
		var err error
		switch key = strings.TrimSpace(key); key {
		case "name":
			s, err = t.parseName(rest)
		case "when":
			s, err = t.parseWhen(rest)
		default:
			err = fmt.Errorf("a target has no option %q: there are name= and when=, as in 8000,name=api,when=scope:discussion "+
				"(a comma within the URL is written %%2C, one within a filter stands between quotation marks)", key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *Target) parseName(s string) (rest string, err error) {
	name, rest, _ := strings.Cut(s, ",")
	if t.Name != "" {
		return "", errors.New("a target has one name")
	}
	t.Name = strings.TrimSpace(name)
	if t.Name == "" || strings.ContainsFunc(t.Name, func(r rune) bool { return !unicode.IsPrint(r) }) {
		return "", errors.New("a target's name is one or more visible characters, as in 8000,name=api")
	}
	return rest, nil
}

func (t *Target) parseWhen(s string) (rest string, err error) {
	text, rest := cutFilter(s)
	if t.When != nil {
		return "", errors.New("a target has one when=: its terms stand in one filter, as in when=scope:repo type:dataset")
	}
	if t.When, err = filter.Parse(text, time.Now()); err != nil {
		return "", fmt.Errorf("when=%s: %w", text, err)
	}
	switch {
	case t.When == nil:
		return "", errors.New("when= needs a filter, as in when=scope:discussion")
	case filter.Unsettled(t.When):
		return "", fmt.Errorf("when=%s: it is asked before anything is delivered, so it can't ask for status:, ms:, is:failed, is:replayed or is:pinned", text)
	}
	return rest, nil
}

// cutFilter parts s at the first comma that is not between quotation marks, which are
// read as a filter's are.
func cutFilter(s string) (text, rest string) {
	quoted := false
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted
		case s[i] == '\\' && quoted && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\\'):
			i++
		case s[i] == ',' && !quoted:
			return s[:i], s[i+1:]
		}
	}
	return s, ""
}

// Wants tells whether the target gets an event that is about to be recorded: nothing
// was delivered of it yet, and it is known of no earlier one that it repeats.
func (t Target) Wants(e *event.Event) bool {
	if t.When == nil {
		return true
	}
	row := e.Row()
	ok, _ := filter.Compile(t.When)(&row, func() ([]byte, error) { return e.Body, nil }) // which never fails
	return ok
}
