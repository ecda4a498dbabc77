package sqlite

// Pages of SQLite's file format, for what SQL cannot read: see
// https://www.sqlite.org/fileformat2.html. The code trusts nothing that it reads.

import (
	"encoding/binary"
	"math"
)

// varint reads a number of up to nine bytes, and returns its length; 0 if b is too short.
func varint(b []byte) (v int64, n int) {
	var u uint64
	for i := range min(len(b), 9) {
		if i == 8 {
			return int64(u<<8 | uint64(b[i])), 9
		}
		u = u<<7 | uint64(b[i]&0x7f)
		if b[i] < 0x80 {
			return int64(u), i + 1
		}
	}
	return 0, 0
}

// values reads the values of a row, each an int64, a float64, a string, a []byte or nil.
func values(b []byte) (row []any, ok bool) {
	size, n := varint(b)
	if n == 0 || size < int64(n) || size > int64(len(b)) {
		return nil, false
	}
	types, data := b[n:size], b[size:]
	for len(types) > 0 {
		kind, n := varint(types)
		if n == 0 {
			return nil, false
		}
		types = types[n:]
		v, rest, ok := value(kind, data)
		if !ok {
			return nil, false
		}
		row, data = append(row, v), rest
	}
	return row, true
}

// value reads a value of a serial type.
func value(kind int64, data []byte) (v any, rest []byte, ok bool) {
	if kind >= 12 {
		n := (kind - 12) / 2
		if n > int64(len(data)) {
			return nil, nil, false
		}
		if kind%2 == 0 {
			return data[:n:n], data[n:], true
		}
		return string(data[:n]), data[n:], true
	}
	switch kind {
	case 0:
		return nil, data, true
	case 8, 9:
		return kind - 8, data, true
	case 10, 11:
		return nil, nil, false
	}
	n := []int{1: 1, 2: 2, 3: 3, 4: 4, 5: 6, 6: 8, 7: 8}[kind]
	if n > len(data) {
		return nil, nil, false
	}
	var bits uint64
	for _, c := range data[:n] {
		bits = bits<<8 | uint64(c)
	}
	if kind == 7 {
		return math.Float64frombits(bits), data[n:], true
	}
	shift := 64 - 8*n
	return int64(bits<<shift) >> shift, data[n:], true
}

// tableLeaf is the kind of a page that has rows of a table.
const tableLeaf = 13

// onlyRow reads the row of a table that has one.
func onlyRow(page []byte) (row []any, ok bool) {
	if len(page) < 10 || page[0] != tableLeaf || binary.BigEndian.Uint16(page[3:]) != 1 {
		return nil, false
	}
	at := int(binary.BigEndian.Uint16(page[8:]))
	if at >= len(page) {
		return nil, false
	}
	cell := page[at:]
	size, n := varint(cell)
	if n == 0 {
		return nil, false
	}
	_, m := varint(cell[n:])
	if m == 0 || size < 0 || size > int64(len(cell)-n-m) {
		return nil, false
	}
	return values(cell[n+m : n+m+int(size)])
}
