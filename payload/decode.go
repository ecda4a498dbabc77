package payload

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
)

// A decoder reads JSON into the types of this package and notes every fault on
// the way. It does not use encoding/json, whose struct decoding does not tell
// "ID" from "id" and stops at the first fault.
type decoder struct {
	reader
	path   []step  // to the value that is being read
	steps  [4]step // the room of path, which no documented field goes beyond
	faults []fault
	copied string // of a text that is not long: what the strings of the payload are parts of
}

// maxCopied is the length up to which a text is copied as a whole, in bytes: one
// allocation is cheaper than one for each string, but not for a long text.
const maxCopied = 16 << 10

// maxList is how many elements of a list are kept: a body of some megabytes can hold
// millions of empty strings, and each takes more memory than it has in the body.
const maxList = 100_000

// A fault is a Fault that may be none: one that is lenient is a warning.
type fault struct {
	Fault
	lenient bool
	cut     bool // and nothing is wrong: the end of a list was not kept
}

// A step goes to a member of an object or, where name is empty, of a list.
type step struct {
	name  string
	index int
}

// maxListFaults is how many faults are noted of one list: a body of some
// megabytes can hold a million.
const maxListFaults = 100

func (d *decoder) fault(typ, msg string) {
	loc := make([]any, 1, len(d.path)+1)
	loc[0] = "body"
	for _, s := range d.path {
		if s.name == "" {
			loc = append(loc, s.index)
		} else {
			loc = append(loc, s.name)
		}
	}
	d.faults = append(d.faults, fault{Fault: Fault{Type: typ, Loc: loc, Msg: msg}})
}

// wrong notes that the next value is of a wrong type, and goes past it.
func (d *decoder) wrong(typ, msg string) {
	d.fault(typ, msg)
	d.value()
}

// The functions from here on read one value each. Whatever dst was, it is
// afterwards what was read, or zero if that has a wrong type. Objects and lists keep
// what is right in them.

func readString[S ~string](d *decoder, dst *S) {
	*dst = ""
	if d.peek() != '"' {
		d.wrong("string_type", "Input should be a valid string")
		return
	}
	start := d.pos
	text, escaped := d.quoted()
	switch {
	case d.bad != "":
	case escaped:
		*dst = S(unescape(text))
	case len(d.text) > maxCopied:
		*dst = S(text[1 : len(text)-1])
	default:
		if d.copied == "" {
			d.copied = string(d.text)
		}
		*dst = S(d.copied[start+1 : d.pos-1])
	}
}

func readBool(d *decoder, dst *bool) {
	*dst = false
	switch d.peek() {
	case 't':
		d.literal("true")
		*dst = true
	case 'f':
		d.literal("false")
	default:
		d.wrong("bool_type", "Input should be a valid boolean")
	}
}

// readInt takes no fraction and no exponent, not even in 19.0.
func readInt(d *decoder, dst *int64) {
	*dst = 0
	c := d.peek()
	if c != '-' && (c < '0' || c > '9') {
		d.wrong("int_type", "Input should be a valid integer")
		return
	}
	text, integer := d.number()
	if !integer {
		d.fault("int_type", "Input should be a valid integer")
		return
	}
	n, err := strconv.ParseInt(string(text), 10, 64)
	if err != nil {
		d.fault("int_parsing_size", "Unable to parse input string as an integer, exceeded maximum size")
		return
	}
	*dst = n
}

func readPointer[T any](d *decoder, dst **T, read func(*decoder, *T)) {
	*dst = nil
	if d.peek() == 'n' {
		d.literal("null")
		return
	}
	*dst = new(T)
	read(d, *dst)
}

func readList[T any](d *decoder, dst *[]T, read func(*decoder, *T)) {
	*dst = nil
	if d.peek() != '[' {
		d.wrong("list_type", "Input should be a valid list")
		return
	}
	list := []T{}
	before := len(d.faults)
	n := 0
	var spare T // for what is read and not kept
	for more := d.open(']'); more; more = d.another(']') {
		element := &spare
		if n < maxList {
			list = append(list, *new(T))
			element = &list[len(list)-1]
		}
		d.path = append(d.path, step{index: n})
		n++
		found := len(d.faults)
		read(d, element)
		d.path = d.path[:len(d.path)-1]
		if len(d.faults) > found && found == before+maxListFaults && element != &spare { // no more are noted or kept
			list = list[:len(list)-1]
		}
		if len(d.faults) > before+maxListFaults {
			d.faults = d.faults[:before+maxListFaults]
		}
	}
	if n > maxList {
		d.fault("too_long", fmt.Sprintf("only the first %d of %d elements are read", maxList, n))
		last := &d.faults[len(d.faults)-1]
		last.lenient, last.cut = true, true
	}
	*dst = list
}

func readMap(d *decoder, dst *map[string]json.RawMessage) {
	*dst = nil
	if d.peek() != '{' {
		d.wrong("dict_type", "Input should be a valid dictionary")
		return
	}
	m := map[string]json.RawMessage{}
	for more := d.open('}'); more; more = d.another('}') {
		name := d.key()
		if _, known := m[string(name)]; known || len(m) < maxUnknown {
			m[string(name)] = d.value()
		} else {
			d.value()
		}
	}
	*dst = m
}

// A field is a documented member of an object of type T.
type field[T any] struct {
	name string
	need need
	read func(*decoder, *T)
}

// maxFields is the most fields that a type has.
const maxFields = 10

// maxUnknown is how many members of an object are kept that are not documented: a body
// of some megabytes can have a million.
const maxUnknown = 10_000

// readObject reads the fields of an object into dst, and its other members into
// *unknown, which is a part of dst. Of members with equal names the last one
// counts, with its faults; the faults are in the order of fields.
func readObject[T any](d *decoder, dst *T, unknown *map[string]json.RawMessage, fields []field[T]) {
	*dst = *new(T)
	if d.peek() != '{' {
		d.wrong("model_attributes_type", "Input should be a valid dictionary or object to extract fields from")
		return
	}
	var members [maxFields]struct {
		found  bool
		faults []fault
	}
	for more := d.open('}'); more; more = d.another('}') {
		name := d.key()
		i := slices.IndexFunc(fields, func(f field[T]) bool { return string(name) == f.name })
		if i < 0 {
			if *unknown == nil {
				*unknown = map[string]json.RawMessage{}
			}
			if _, known := (*unknown)[string(name)]; known || len(*unknown) < maxUnknown {
				(*unknown)[string(name)] = d.value()
			} else {
				d.value()
			}
			continue
		}
		f, m := &fields[i], &members[i]
		before := len(d.faults)
		absent := f.need != required && d.peek() == 'n' // read all the same, to be zero
		d.path = append(d.path, step{name: f.name})
		f.read(d, dst)
		d.path = d.path[:len(d.path)-1]
		m.found, m.faults = true, nil
		if !absent {
			m.faults = slices.Clone(d.faults[before:])
		}
		if f.need == lenient {
			for i := range m.faults {
				m.faults[i].lenient = true
			}
		}
		d.faults = d.faults[:before]
	}

	for i := range fields {
		f, m := &fields[i], &members[i]
		switch {
		case m.found:
			d.faults = append(d.faults, m.faults...)
		case f.need == required:
			d.path = append(d.path, step{name: f.name})
			d.fault("missing", "Field required")
			d.path = d.path[:len(d.path)-1]
		}
	}
}
