package delivery

// The options of a target: its name, the events that it gets, and how they are sent.

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/net/http/httpguts"

	"hfhook/event"
	"hfhook/filter"
)

// MaxConcurrency is the maximum of attempts that may be under way at once.
const MaxConcurrency = 1000

// optionNames are the options that Set accepts.
var optionNames = []string{"name", "when", "timeout", "concurrency", "header", "insecure", "env"}

func (t *Target) parseOptions(s string) error {
	return EachOption(s, func(option, value string, given bool) error {
		if option == "insecure" && !given {
			value = "true"
		}
		return t.Set(option, value)
	})
}

// EachOption calls set with each option of a text such as name=api,when="a, b". given is false
// for one without a value. The first error ends it.
func EachOption(s string, set func(option, value string, given bool) error) error {
	for s != "" {
		key, rest, given := strings.Cut(s, "=")
		value := ""
		if end := strings.IndexByte(key, ','); end >= 0 || !given {
			if end < 0 {
				end = len(key)
			}
			key, rest, given = key[:end], strings.TrimPrefix(s[end:], ","), false
		} else {
			value, rest = cutValue(rest)
		}
		if err := set(strings.TrimSpace(key), value, given); err != nil {
			return err
		}
		s = rest
	}
	return nil
}

// Set sets an option of the target, as [ParseTarget] lists them. The error says what to
// write instead.
func (t *Target) Set(option, value string) (err error) {
	switch option {
	case "name":
		if t.Name != "" {
			return errors.New("a target can have only one name")
		}
		t.Name = strings.TrimSpace(value)
		if t.Name == "" || strings.ContainsFunc(t.Name, func(r rune) bool { return !unicode.IsPrint(r) }) {
			return errors.New("invalid name=: want visible characters, for example 8000,name=api")
		}
	case "when":
		return t.setWhen(value)
	case "timeout":
		t.Timeout, err = time.ParseDuration(strings.TrimSpace(value))
		if err != nil || t.Timeout <= 0 {
			return fmt.Errorf("invalid timeout=%s: want a duration such as timeout=5s", value)
		}
	case "concurrency":
		t.Concurrency, err = strconv.Atoi(strings.TrimSpace(value))
		if err != nil || t.Concurrency < 1 || t.Concurrency > MaxConcurrency {
			return fmt.Errorf("invalid concurrency=%s: want 1 to %d (1 keeps the order of the events)", value, MaxConcurrency)
		}
	case "header":
		if t.Command != nil {
			return errors.New("a command gets no headers: use env= to set a variable")
		}
		field, err := ParseHeader(unquoted(value))
		if err != nil {
			return err
		}
		t.Header = append(t.Header, field)
	case "insecure":
		if t.Insecure, err = strconv.ParseBool(strings.TrimSpace(value)); err != nil {
			return fmt.Errorf("invalid insecure=%s: want insecure or insecure=false", value)
		}
		if t.Insecure && (t.Command != nil || t.URL.Scheme != "https" || !t.Loopback()) {
			return errors.New("insecure works only for https targets on this machine")
		}
	case "env":
		if t.Command == nil {
			return errors.New("env= works only for commands: use header= for an address, for example 8000,header=X-Mode: test")
		}
		value = unquoted(value)
		if name, _, _ := strings.Cut(value, "="); !isVariable(name) || strings.ContainsRune(value, 0) {
			return fmt.Errorf("invalid env=%s: want NAME=VALUE, or NAME to pass on hfhook's own", name)
		}
		t.Command.Env = append(t.Command.Env, value)
	default:
		return fmt.Errorf("unknown target option %q: want name=, when=, timeout=, concurrency=, header=, insecure and, for a command, env=, for example 8000,name=api,when=scope:discussion "+
			"(write a comma in the URL as %%2C, and put quotes around a value that has one)", option)
	}
	return nil
}

// ParseHeader parses a header that is sent to targets, for example "X-Mode: test". It rejects
// headers that hfhook itself sets for each request.
func ParseHeader(s string) (event.Field, error) {
	name, value, found := strings.Cut(s, ":")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	switch {
	case !found || !httpguts.ValidHeaderFieldName(name) || !httpguts.ValidHeaderFieldValue(value):
		return event.Field{}, errors.New("want a header such as X-Mode: test")
	case event.Reserved(name):
		return event.Field{}, fmt.Errorf("hfhook itself sends %s", name)
	}
	return event.Field{Name: name, Value: value}, nil
}

// isVariable reports whether a text can be the name of an environment variable.
func isVariable(name string) bool {
	return name != "" && !strings.ContainsFunc(name, func(r rune) bool {
		return r != '_' && (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z')
	})
}

func (t *Target) setWhen(text string) (err error) {
	if t.When != nil {
		return errors.New("a target can have only one when=: combine its terms, for example when=scope:repo type:dataset")
	}
	t.When, err = ParseWhen(text)
	return err
}

// ParseWhen reads the filter of when=, which is applied to events that were not sent anywhere
// yet.
func ParseWhen(text string) (filter.Expr, error) {
	x, err := filter.Parse(text, time.Now())
	switch {
	case err != nil:
		return nil, fmt.Errorf("when=%s: %w", text, err)
	case x == nil:
		return nil, errors.New("when= needs a filter, for example when=scope:discussion")
	case filter.Unsettled(x):
		return nil, fmt.Errorf("when=%s: it is applied before delivery, so it cannot have what is known only later: status:, ms:, target:, answer:, id:, note:, pin:, is:failed, is:replayed, is:pinned and is:missed", text)
	}
	return x, nil
}

// cutValue splits s at the first comma outside of quotation marks, which follow the rules of
// filters.
func cutValue(s string) (text, rest string) {
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

// unquoted returns a value without the quotation marks around it.
func unquoted(s string) string {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return s
	}
	return strings.NewReplacer(`\"`, `"`, `\\`, `\`).Replace(s[1 : len(s)-1])
}

// Wants reports whether the target gets an event that is about to be recorded: one without
// deliveries, which repeats no earlier event.
func (t Target) Wants(e *event.Event) bool { return Takes(t.When, e) }

// Takes is Wants for the filter of when=; nil takes every event.
func Takes(when filter.Expr, e *event.Event) bool {
	if when == nil {
		return true
	}
	row := e.Row()
	ok, _ := filter.Compile(when)(&row, filter.RestOf(e)) // which never fails
	return ok
}

// Equal reports whether both targets are the same in every way.
func (t Target) Equal(o Target) bool {
	filterText := func(x filter.Expr) string {
		if x == nil {
			return ""
		}
		return x.String()
	}
	return t.Name == o.Name && t.sameAddress(o) && t.Bare == o.Bare && t.timeout() == o.timeout() && max(t.Concurrency, 1) == max(o.Concurrency, 1) &&
		filterText(t.When) == filterText(o.When) && slices.Equal(t.Header, o.Header) && t.Insecure == o.Insecure &&
		(t.Command == nil) == (o.Command == nil) && (t.Command == nil || slices.Equal(t.Command.Env, o.Command.Env))
}
