package payload

import (
	"cmp"
	"fmt"
	"strings"
)

// A Fault is one reason why a body is not a payload. Its JSON is an element of
// "detail" in the server's answer, as FastAPI gives it, except for the key "input".
//
// The faults of a body are in the order of the fields in the WebhookPayload model
// of huggingface_hub. A body that is not JSON has one: its Loc ends with the byte at
// which it goes wrong, counted from 0, and Ctx has an "error". At most 100 faults
// are given of one list.
type Fault struct {
	Type string         `json:"type"` // as in pydantic: missing, string_type, json_invalid …
	Loc  []any          `json:"loc"`  // strings and ints, the first of them "body"
	Msg  string         `json:"msg"`
	Ctx  map[string]any `json:"ctx,omitempty"`
}

// String returns the fault in one line: "repo.id: Field required". It holds no
// text of the body.
func (f Fault) String() string {
	if f.syntax() {
		return f.reason()
	}
	var names []string
	for _, l := range f.Loc {
		names = append(names, fmt.Sprint(l))
	}
	if len(names) > 1 {
		names = names[1:] // "body" goes without saying
	}
	return strings.Join(names, ".") + ": " + f.Msg
}

// syntax reports whether the body is not JSON.
func (f Fault) syntax() bool {
	_, ok := f.Ctx["error"]
	return ok && len(f.Loc) == 2
}

// reason is the fault without its place, or with the byte at which JSON ends.
func (f Fault) reason() string {
	if f.syntax() {
		return fmt.Sprintf("%s at byte %v: %v", f.Msg, f.Loc[1], f.Ctx["error"])
	}
	return f.Msg
}

// path is the place of the fault as a warning has it: .updatedRefs[0].ref, or . for
// the body as a whole.
func (f Fault) path() string {
	var path strings.Builder
	if !f.syntax() {
		for _, l := range f.Loc[1:] {
			if name, ok := l.(string); ok {
				path.WriteString(member(name))
			} else {
				fmt.Fprintf(&path, "[%v]", l)
			}
		}
	}
	return cmp.Or(path.String(), ".")
}

// An InvalidError is the error of Parse: every fault of the body.
type InvalidError struct{ Faults []Fault }

// Error names the first fault and counts the others.
func (e *InvalidError) Error() string {
	switch len(e.Faults) {
	case 0:
		return "not a Hub payload"
	case 1:
		return fmt.Sprintf("not a Hub payload: %s", e.Faults[0])
	}
	return fmt.Sprintf("not a Hub payload: %s, and %d more", e.Faults[0], len(e.Faults)-1)
}

// A Warning is something about a payload that is not documented, or no longer, and
// that was accepted all the same.
type Warning struct {
	Path string `json:"path"` // for example .event.scope
	Text string `json:"text"` // one line for people
}
