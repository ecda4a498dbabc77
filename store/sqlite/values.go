package sqlite

// Conversions between Go values and columns.

import (
	"bytes"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"time"

	"hfhook/event"
	"hfhook/store"
)

// nanos is a time as nanoseconds since 1970; the zero time is 0.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

type scanTime struct{ t *time.Time }

func (s scanTime) Scan(v any) error {
	*s.t = time.Time{}
	if n, ok := v.(int64); ok && n != 0 {
		*s.t = time.Unix(0, n)
	}
	return nil
}

// column returns an ID as a column value: nil, which is NULL, if it is empty.
func column(id event.ID) []byte {
	raw, err := id.Bytes()
	if err != nil {
		return nil
	}
	return raw
}

type scanID struct{ id *event.ID }

func (s scanID) Scan(v any) (err error) {
	*s.id = ""
	if b, ok := v.([]byte); ok {
		if *s.id, err = event.IDFromBytes(b); err != nil {
			return fmt.Errorf("%w: id: %w", store.ErrDamaged, err)
		}
	}
	return nil
}

// scanBody takes a body without a copy. The driver makes a slice for each value and does not
// use it again; the copy that database/sql makes would hold 10 MiB twice.
type scanBody struct{ body *[]byte }

func (s scanBody) Scan(v any) error {
	body, ok := v.([]byte)
	if !ok && v != nil { // nil: it is empty
		return fmt.Errorf("%w: the body is a %T", store.ErrDamaged, v)
	}
	*s.body = body
	return nil
}

// orZero scans a column whose NULL means T's zero value.
func orZero[T any](p *T) sql.Scanner { return scanNull[T]{p} }

type scanNull[T any] struct{ p *T }

func (s scanNull[T]) Scan(v any) error {
	if set(s.p, v) {
		return nil
	}
	var n sql.Null[T]
	err := n.Scan(v)
	*s.p = n.V
	return err
}

// set assigns a column to p if both have one of the types that most columns have, and reports
// whether it did. database/sql converts by way of a text.
func set(p any, v driver.Value) bool {
	switch v := v.(type) {
	case int64:
		switch p := p.(type) {
		case *int64:
			*p = v
		case *int:
			*p = int(v)
		case *time.Duration:
			*p = time.Duration(v)
		default:
			return false
		}
		return true
	case string:
		switch p := p.(type) {
		case *string:
			*p = v
		case *event.DeliveryState:
			*p = event.DeliveryState(v)
		case *event.AttemptKind:
			*p = event.AttemptKind(v)
		default:
			return false
		}
		return true
	}
	return false
}

// A header is stored as text, one line per field, so that every SQLite client can show it.
// Names and values can be any bytes: what would end a line or a name is escaped.

func encodeHeader(fields []event.Field) []byte {
	var b []byte
	for _, f := range fields {
		b = escape(b, f.Name, ':')
		b = append(b, ": "...)
		b = escape(b, f.Value, '\\')
		b = append(b, '\n')
	}
	return b
}

// escape appends s to b, with a backslash before also, too.
func escape(b []byte, s string, also byte) []byte {
	for i := range len(s) {
		switch c := s[i]; c {
		case '\n':
			b = append(b, `\n`...)
		case '\r':
			b = append(b, `\r`...)
		case '\\', also:
			b = append(b, '\\', c)
		default:
			b = append(b, c)
		}
	}
	return b
}

func decodeHeader(b []byte) ([]event.Field, error) {
	var fields []event.Field
	for line := range bytes.Lines(b) {
		name, rest, ok := unescape(line, ':')
		rest, sep := bytes.CutPrefix(rest, []byte(" "))
		value, _, end := unescape(rest, '\n')
		if !ok || !sep || !end {
			return nil, fmt.Errorf("%w: invalid header line %q", store.ErrDamaged, line)
		}
		fields = append(fields, event.Field{Name: name, Value: value})
	}
	return fields, nil
}

// unescape reads up to the first unescaped end, and returns what follows it.
func unescape(b []byte, end byte) (s string, rest []byte, ok bool) {
	var out []byte
	for i := 0; i < len(b); i++ {
		c := b[i]
		if c == end {
			return string(out), b[i+1:], true
		}
		if c == '\\' && i+1 < len(b) {
			i++
			switch c = b[i]; c {
			case 'n':
				c = '\n'
			case 'r':
				c = '\r'
			}
		}
		out = append(out, c)
	}
	return "", nil, false
}

type scanHeader struct{ fields *[]event.Field }

func (s scanHeader) Scan(v any) (err error) {
	b, _ := v.([]byte)
	*s.fields, err = decodeHeader(b)
	return err
}
