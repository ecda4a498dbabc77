package sqlite

// Reads the pages of a file that SQLite may be unable to read, with those in its -wal. The code
// trusts nothing that it reads.

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
)

// An image is a file, page by page. Pages are counted from 1.
type image struct {
	file, wal *os.File // wal: nil if there is none
	size      int      // of a page
	usable    int      // of it
	pages     uint32
	newer     map[uint32]int64 // offsets in the -wal of the newest version of each page
	seen      []bool           // by page: read, or free
	unread    int              // pages that could not be read from disk
}

// openImage opens the file and, unless it belongs to another one, the -wal beside it.
func openImage(path string, withWAL bool) (*image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	im := &image{file: f, newer: map[uint32]int64{}}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	head := make([]byte, 100)
	_, _ = f.ReadAt(head, 0) // zeros if it is shorter
	im.size = int(binary.BigEndian.Uint16(head[16:]))
	if im.size == 1 {
		im.size = 1 << 16
	}
	if im.size < 512 || im.size&(im.size-1) != 0 {
		im.size = 4096
	}
	im.usable = im.size
	if reserved := int(head[20]); bytes.HasPrefix(head, []byte("SQLite format 3\x00")) && im.size-reserved >= 480 {
		im.usable -= reserved
	}
	im.pages = uint32(info.Size() / int64(im.size))
	if withWAL {
		if err := im.openWAL(path + "-wal"); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, errors.Join(err, im.close())
		}
	}
	im.seen = make([]bool, im.pages+1)
	return im, nil
}

func (im *image) close() error {
	if im.wal != nil {
		return errors.Join(im.file.Close(), im.wal.Close())
	}
	return im.file.Close()
}

// openWAL finds the pages of a -wal up to its last commit whose checksums are right.
func (im *image) openWAL(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	head := make([]byte, walHeader)
	if _, err := io.ReadFull(f, head); err != nil || binary.BigEndian.Uint32(head)&^1 != 0x377f0682 || int(binary.BigEndian.Uint32(head[8:])) != im.size {
		return f.Close()
	}
	im.wal = f
	order := binary.ByteOrder(binary.LittleEndian)
	if head[3]&1 != 0 {
		order = binary.BigEndian
	}
	sum := checksum(order, [2]uint32{}, head[:24])
	frame := make([]byte, frameHeader+im.size)
	uncommitted := map[uint32]int64{}
	for at := int64(walHeader); ; at += int64(len(frame)) {
		if _, err := f.ReadAt(frame, at); err != nil || !bytes.Equal(frame[8:16], head[16:24]) {
			return nil
		}
		sum = checksum(order, checksum(order, sum, frame[:8]), frame[frameHeader:])
		if sum != [2]uint32{binary.BigEndian.Uint32(frame[16:]), binary.BigEndian.Uint32(frame[20:])} {
			return nil
		}
		uncommitted[binary.BigEndian.Uint32(frame)] = at + frameHeader
		if pages := binary.BigEndian.Uint32(frame[4:]); pages > 0 {
			maps.Copy(im.newer, uncommitted)
			clear(uncommitted)
			im.pages = pages
		}
	}
}

// checksum is that of SQLite's -wal.
func checksum(order binary.ByteOrder, s [2]uint32, b []byte) [2]uint32 {
	for ; len(b) >= 8; b = b[8:] {
		s[0] += order.Uint32(b) + s[1]
		s[1] += order.Uint32(b[4:]) + s[0]
	}
	return s
}

// page reads a page.
func (im *image) page(n uint32) ([]byte, bool) {
	if n == 0 || n > im.pages {
		return nil, false
	}
	page := make([]byte, im.size)
	from, at := io.ReaderAt(im.file), int64(n-1)*int64(im.size)
	if newer, ok := im.newer[n]; ok {
		from, at = im.wal, newer
	}
	if _, err := from.ReadAt(page, at); err != nil {
		im.unread++
		return nil, false
	}
	return page, true
}

// Kinds of pages, besides tableLeaf.
const (
	indexInner = 2
	tableInner = 5
	indexLeaf  = 10
)

// A stored is a row, or an entry of an index.
type stored struct {
	key     int64 // of a row
	data    []byte
	missing int // bytes of data that could not be read, and are zero
}

// tree calls f for each record of the tree below a page, as far as it can be read.
func (im *image) tree(root uint32, f func(stored) error) error {
	for todo := []uint32{root}; len(todo) > 0; {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if n == 0 || n > im.pages || im.seen[n] {
			continue
		}
		page, ok := im.page(n)
		if !ok {
			continue
		}
		im.seen[n] = true
		below, err := im.cells(n, page, f)
		if err != nil {
			return err
		}
		todo = append(todo, below...)
	}
	return nil
}

// lost calls f for each row on pages that belong to no tree that was read, and are not free.
func (im *image) lost(f func(stored) error) error {
	im.markFree()
	for n := uint32(1); n <= im.pages; n++ {
		if im.seen[n] {
			continue
		}
		if page, ok := im.page(n); ok && page[im.begin(n)] == tableLeaf {
			if _, err := im.cells(n, page, f); err != nil {
				return err
			}
		}
	}
	return nil
}

// markFree marks the list of free pages, which contain deleted rows.
func (im *image) markFree() {
	first, ok := im.page(1)
	if !ok {
		return
	}
	for n := binary.BigEndian.Uint32(first[32:]); n > 0 && n <= im.pages && !im.seen[n]; {
		page, ok := im.page(n)
		if !ok {
			return
		}
		im.seen[n] = true
		list := page[8:]
		for range min(int(binary.BigEndian.Uint32(page[4:])), len(list)/4) {
			if leaf := binary.BigEndian.Uint32(list); leaf > 0 && leaf <= im.pages {
				im.seen[leaf] = true
			}
			list = list[4:]
		}
		n = binary.BigEndian.Uint32(page)
	}
}

// begin returns the offset of a page's header.
func (im *image) begin(n uint32) int {
	if n == 1 {
		return 100
	}
	return 0
}

// cells calls f for each record of a page, and returns the pages below it.
func (im *image) cells(n uint32, page []byte, f func(stored) error) (below []uint32, err error) {
	head := page[im.begin(n):]
	kind, count, pointers := head[0], int(binary.BigEndian.Uint16(head[3:])), 8
	if kind == tableInner || kind == indexInner {
		pointers = 12
	} else if kind != tableLeaf && kind != indexLeaf {
		return nil, nil
	}
	for i := range min(count, (len(head)-pointers)/2) {
		at := int(binary.BigEndian.Uint16(head[pointers+2*i:]))
		if at+4 > im.usable {
			continue
		}
		cell := page[at:im.usable]
		if kind == tableInner || kind == indexInner {
			below = append(below, binary.BigEndian.Uint32(cell))
			cell = cell[4:]
		}
		if kind == tableInner {
			continue
		}
		if r, ok := im.record(cell, kind == tableLeaf); ok {
			if err := f(r); err != nil {
				return nil, err
			}
		}
	}
	if pointers == 12 {
		below = append(below, binary.BigEndian.Uint32(head[8:]))
	}
	return below, nil
}

// largestRecord is larger than any event.
const largestRecord = 1 << 30

// record reads the contents of a cell, including its overflow pages.
func (im *image) record(cell []byte, isRow bool) (r stored, ok bool) {
	size, n := varint(cell)
	if n == 0 || size <= 0 || size > largestRecord || size > int64(im.pages)*int64(im.size) {
		return r, false
	}
	cell = cell[n:]
	most := (im.usable-12)*64/255 - 23
	if isRow {
		if r.key, n = varint(cell); n == 0 {
			return r, false
		}
		cell, most = cell[n:], im.usable-35
	}
	local := int(size)
	if local > most {
		least := (im.usable-12)*32/255 - 23
		if local = least + (int(size)-least)%(im.usable-4); local > most {
			local = least
		}
	}
	if local > len(cell) || local < int(size) && local+4 > len(cell) {
		return r, false
	}
	r.data = append(make([]byte, 0, size), cell[:local]...)
	next := uint32(0)
	if local < int(size) {
		next = binary.BigEndian.Uint32(cell[local:])
	}
	for len(r.data) < int(size) {
		page, ok := im.page(next)
		if !ok {
			r.missing = int(size) - len(r.data)
			r.data = r.data[:size]
			break
		}
		im.seen[next] = true
		next = binary.BigEndian.Uint32(page)
		r.data = append(r.data, page[4:min(im.usable, 4+int(size)-len(r.data))]...)
	}
	return r, true
}
