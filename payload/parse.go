package payload

import (
	"bytes"
	"unicode/utf8"
)

// Parse reads the body of a delivery. It refuses a body that is no JSON object in
// UTF-8, and one in which a required field is missing or a known field has a wrong
// type; the error is then an [*Invalid] with every fault, and nothing else is
// returned.
//
// Names are case-sensitive, and of equal names the last one counts. No type is
// turned into another: "19" and 19.0 are no integer, and 1 is no boolean. A null
// counts as absent where the field is optional, and as a wrong type where it is
// required. A UTF-8 byte-order mark is accepted; half of a surrogate pair, written
// as \ud800, is read as U+FFFD.
//
// Parse keeps the body: the caller must not change it.
func Parse(body []byte) (*Payload, []Warning, error) {
	p, faults := decode(body)
	if faults != nil {
		return nil, nil, &Invalid{Faults: faults}
	}
	return p, p.warnings(), nil
}

// Check tells what Parse would say of the body: its faults or, where there are
// none, its warnings.
func Check(body []byte) ([]Fault, []Warning) {
	p, faults := decode(body)
	if faults != nil {
		return faults, nil
	}
	return nil, p.warnings()
}

func decode(body []byte) (*Payload, []Fault) {
	d := &decoder{reader: reader{text: body}}
	d.path = d.steps[:0]
	if bytes.HasPrefix(body, []byte("\ufeff")) {
		d.pos = len("\ufeff")
	}
	p := &Payload{}
	switch {
	case len(body) == 0:
		d.fault("missing", "Field required")
		return nil, d.faults
	case !utf8.Valid(body):
		d.fail(firstInvalid(body), "Invalid UTF-8")
	case d.peek() == 'n': // FastAPI does not tell a null from an empty body
		d.wrong("missing", "Field required")
	default:
		readPayload(d, p)
	}
	if d.peek() != 0 || d.pos < len(body) {
		d.fail(d.pos, "Extra data")
	}
	if d.bad != "" {
		return nil, []Fault{{
			Type: "json_invalid",
			Loc:  []any{"body", d.badAt},
			Msg:  "JSON decode error",
			Ctx:  map[string]any{"error": d.bad},
		}}
	}
	if len(d.faults) > 0 {
		return nil, d.faults
	}
	p.raw = body
	return p, nil
}

// firstInvalid returns where the first byte is that is no UTF-8.
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
