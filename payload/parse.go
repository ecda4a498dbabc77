package payload

import (
	"bytes"
	"slices"
	"unicode/utf8"
)

// Parse reads the body of a delivery. It refuses a body that is not JSON object in
// UTF-8, and one in which a required field is missing or a known field has a wrong
// type; the error is then an [*InvalidError] with every fault, and nothing else is
// returned.
//
// Names are case-sensitive, and of equal names the last one counts. No type is
// turned into another: "19" and 19.0 are not integers, and 1 is not a boolean. A null
// counts as absent where the field is optional, and as a wrong type where it is
// required. A UTF-8 byte-order mark is accepted; half of a surrogate pair, written
// as \ud800, is read as U+FFFD. Of a list the first 100,000 elements are kept.
//
// A wrong type in headSha, updatedRefs, updatedConfig, updatedFiles or
// updatedFilesTruncated, which the Hub added after the first model of
// huggingface_hub, is a warning. What is of a wrong type there is left out, or zero.
//
// Parse keeps the body: the caller must not change it.
func Parse(body []byte) (*Payload, []Warning, error) {
	p, faults, warnings := read(body)
	if faults != nil {
		return nil, nil, &InvalidError{Faults: faults}
	}
	return p, warnings, nil
}

// ParseLenient reads as much of a body as can be read. The faults for which Parse
// refuses it are warnings, the first ones; what is missing or of a wrong type is zero,
// and so is all behind a syntax error. The payload is nil if not even the beginning of
// an object is there, or the body is not UTF-8.
//
// It is for bodies that a person has written or changed, and keeps the body as Parse
// does.
func ParseLenient(body []byte) (*Payload, []Warning) {
	p, faults, warnings := read(body)
	all := make(warner, 0, min(len(faults)+len(warnings), maxWarnings))
	for _, f := range faults {
		all.add(f.path(), "invalid: "+f.reason())
	}
	for _, w := range warnings {
		all.add(w.Path, w.Text)
	}
	if len(all) == 0 {
		return p, nil
	}
	return p, all
}

// Check returns what Parse would say of the body: its faults or, if there are
// none, its warnings.
func Check(body []byte) ([]Fault, []Warning) {
	_, faults, warnings := read(body)
	if faults != nil {
		return faults, nil
	}
	return nil, warnings
}

// read returns what can be read of a body, for which faults Parse refuses it, and what
// else is to be said of it. The payload is nil if nothing can be read.
func read(body []byte) (*Payload, []Fault, []Warning) {
	p, found := decode(body)
	var faults []Fault
	var warnings warner
	for _, f := range found {
		switch {
		case f.cut:
			warnings.add(f.path(), f.reason())
		case f.lenient:
			warnings.add(f.path(), "ignored: "+f.reason())
		default:
			faults = append(faults, f.Fault)
		}
	}
	if p == nil {
		return nil, faults, nil
	}
	p.raw = body
	p.warn(&warnings, found)
	p.UpdatedRefs = withoutFaulty(p.UpdatedRefs, "updatedRefs", found)
	p.UpdatedFiles = withoutFaulty(p.UpdatedFiles, "updatedFiles", found)
	if len(warnings) == 0 {
		return p, faults, nil
	}
	return p, faults, warnings
}

// withoutFaulty drops the elements of a list, a member of the payload, that are of a
// wrong type.
func withoutFaulty[T any](list []T, name string, faults []fault) []T {
	for _, f := range slices.Backward(faults) {
		if len(f.Loc) == 3 && f.Loc[1] == name {
			if i := f.Loc[2].(int); i < len(list) {
				list = slices.Delete(list, i, i+1)
			}
		}
	}
	return list
}

// decode reads a body into a payload, which is nil if there is nothing to read.
func decode(body []byte) (*Payload, []fault) {
	d := &decoder{reader: reader{text: body}}
	d.path = d.steps[:0]
	if bytes.HasPrefix(body, []byte("\ufeff")) {
		d.pos = len("\ufeff")
	}
	var p *Payload
	switch {
	case len(body) == 0:
		d.fault("missing", "Field required")
		return nil, d.faults
	case !utf8.Valid(body):
		d.fail(firstInvalid(body), "Invalid UTF-8")
	case d.peek() == 'n': // FastAPI does not tell a null from an empty body
		d.wrong("missing", "Field required")
	default:
		var whole Payload
		if d.peek() == '{' {
			p = &whole
		}
		readPayload(d, &whole)
	}
	if d.peek() != 0 || d.pos < len(body) {
		d.fail(d.pos, "Extra data")
	}
	if d.bad != "" {
		return p, []fault{{Fault: Fault{
			Type: "json_invalid",
			Loc:  []any{"body", d.badAt},
			Msg:  "JSON decode error",
			Ctx:  map[string]any{"error": d.bad},
		}}}
	}
	return p, d.faults
}

// firstInvalid returns where the first byte is that is not UTF-8.
func firstInvalid(b []byte) int {
	i := 0
	for i < len(b) {
		r, n := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		i += n
	}
	return i
}
