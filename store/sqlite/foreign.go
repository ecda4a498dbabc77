package sqlite

// Checks whether the -wal beside a file belongs to it. SQLite would apply any -wal, even one of
// a file that had the name before, which damages the file at once. So each commit writes a
// random stamp, and the stamp of the previous commit, into the row of counters. A -wal belongs
// to a file whose stamp is the one before the first commit in the -wal, or one of those in it.

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"io/fs"
	"net/url"
	"os"
	"time"
)

// stamped is what each commit changes in counters besides the counts; its argument is the inode
// of the file.
const stamped = "stamp = CAST(substr(ifnull(stamp, zeroblob(16)), 9) || randomblob(8) AS BLOB), inode = ?"

// The columns of counters that are read from pages of a -wal.
const (
	stampColumn = 3
	inodeColumn = 4
)

// A stamp names a commit.
type stamp [8]byte

const (
	walHeader   = 32
	frameHeader = 24
)

// foreignWAL reports whether the -wal beside the file belongs to another file. In unclear cases
// SQLite decides.
func foreignWAL(ctx context.Context, path string, at fileTriple) (bool, error) {
	if at[1] == nil || at[1].Size() <= walHeader {
		return false, nil
	}
	// A process that writes to both changes them between the two reads.
	var last [2]stamp
	for same := 0; same < 3; {
		base := readBase(ctx, path)
		w, err := readWAL(path+"-wal", base)
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				return false, nil
			}
			return false, err
		}
		if base.fits(w) {
			return w.inode != base.inode && w.inode != 0 && inUse(path+"-shm"), nil
		}
		now := [2]stamp{base.stamp, w.first}
		if now != last {
			last, same = now, 0
		}
		same++
		select {
		case <-ctx.Done():
			return false, context.Cause(ctx)
		case <-time.After(attachPause):
		}
	}
	return true, nil
}

// A base is the file without its -wal, to which a -wal may be applied.
type base struct {
	read   bool // false: nothing is known
	empty  bool // it has no tables
	page   int  // size of a page
	root   uint32
	stamp  stamp
	cookie uint32 // of the schema
	inode  uint64
	newest int64  // newest key that was used
	id     []byte // of the store
}

// readBase reads the file without its -wal. Opening it other than through SQLite would release
// the locks that this process may have on it.
func readBase(ctx context.Context, path string) (b base) {
	info, err := os.Stat(path)
	if err != nil {
		return b
	}
	if info.Size() == 0 {
		return base{read: true, empty: true}
	}
	db := openPool(newConnector(path, readerPragmas, url.Values{"mode": {"ro"}, "immutable": {"1"}}), 1)
	defer db.Close()
	var app, tables int
	var raw []byte
	if err := db.QueryRowContext(ctx, `SELECT a.application_id, p.page_size, s.schema_version, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_application_id a, pragma_page_size p, pragma_schema_version s`).Scan(&app, &b.page, &b.cookie, &tables); err != nil {
		return b
	}
	b.inode = inodeOf(info)
	b.empty = app == 0 && tables == 0
	if b.read = b.empty || app == applicationID; !b.read || b.empty {
		return b
	}
	if err := db.QueryRowContext(ctx, "SELECT rootpage FROM sqlite_schema WHERE name = 'counters'").Scan(&b.root); err != nil {
		b.read = false
		return b
	}
	// An older schema has no stamp, which equals that of no commit.
	if err := db.QueryRowContext(ctx, "SELECT stamp FROM counters").Scan(&raw); err == nil && len(raw) == 2*len(b.stamp) {
		copy(b.stamp[:], raw[len(b.stamp):])
	}
	_ = db.QueryRowContext(ctx, "SELECT newest, store FROM counters").Scan(&b.newest, &b.id)
	return b
}

// A wal is what a -wal shows about its file.
type wal struct {
	commits map[stamp]bool
	first   stamp  // of the commit before the first that has one; zero: none
	any     bool   // it has stamps
	frames  bool   // it has pages
	inode   uint64 // of the file, by the last commit
	page    int    // size of a page
	cookie  uint32 // of the schema, 0: not changed
	others  bool   // it belongs to another program's database
	whole   bool   // it has all pages of the file
}

// fits reports whether the -wal may be applied to the file.
func (b base) fits(w wal) bool {
	switch {
	case !b.read || w.page == 0 || w.others:
		return true
	case b.empty:
		return w.whole
	case w.page != b.page, w.cookie != 0 && b.cookie > w.cookie:
		return false
	case !w.any:
		return true
	}
	return b.stamp == w.first || w.commits[b.stamp]
}

// readWAL reads the frames of a -wal. Frames after the last commit do no harm.
func readWAL(path string, b base) (w wal, err error) {
	f, err := os.Open(path) // SQLite has no locks on it
	if err != nil {
		return w, err
	}
	defer f.Close()
	head := make([]byte, walHeader)
	if _, err := io.ReadFull(f, head); err != nil || binary.BigEndian.Uint32(head)&^1 != 0x377f0682 {
		return w, nil // SQLite does not apply it
	}
	w.page = int(binary.BigEndian.Uint32(head[8:]))
	if w.page < 512 || w.page > 1<<16 {
		return wal{}, nil
	}
	w.commits = make(map[stamp]bool)
	frame := make([]byte, frameHeader+w.page)
	pages, size := make(map[uint32]bool), uint32(0)
	for {
		if _, err := io.ReadFull(f, frame); err != nil || !bytes.Equal(frame[8:16], head[16:24]) {
			break
		}
		number, page := binary.BigEndian.Uint32(frame), frame[frameHeader:]
		if n := binary.BigEndian.Uint32(frame[4:]); n > 0 {
			size = n
		}
		pages[number], w.frames = true, true
		if number == 1 {
			w.cookie = binary.BigEndian.Uint32(page[40:])
			w.others = binary.BigEndian.Uint32(page[68:]) != applicationID
		}
		if number == b.root {
			w.take(page)
		}
	}
	w.whole = size > 0
	for n := uint32(1); n <= size && w.whole; n++ {
		w.whole = pages[n]
	}
	return w, nil
}

// take reads the row of counters on a page.
func (w *wal) take(page []byte) {
	row, ok := onlyRow(page)
	if !ok || len(row) <= inodeColumn {
		return
	}
	pair, _ := row[stampColumn].([]byte)
	inode, _ := row[inodeColumn].(int64)
	if len(pair) != 2*len(stamp{}) {
		return
	}
	if !w.any {
		copy(w.first[:], pair)
	}
	w.any, w.inode = true, uint64(inode)
	w.commits[stamp(pair[len(stamp{}):])] = true
}
