package sqlite

// The files of a store: their modes, and the connections to them.

import (
	"database/sql"
	"errors"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	driver "modernc.org/sqlite"
)

const maxReaders = 4

// What every connection is set to. The writer waits by itself for other processes,
// see retryBusy. Sync is full: a commit is on the disk when it returns, with the
// extra step that macOS needs for it. The WAL is brought into the file every 1,000
// pages, which is SQLite's default, and shrinks to 64 MiB after it has been larger. The
// caches are small, since each connection has one, its pages take twice their size here,
// and the system's cache holds the file anyway.
var (
	writerPragmas = []string{
		"busy_timeout(0)", "synchronous(FULL)", "fullfsync(1)", "checkpoint_fullfsync(1)",
		"cache_size(-4096)", "temp_store(MEMORY)", "journal_size_limit(67108864)",
	}
	readerPragmas = []string{
		"busy_timeout(5000)", "cache_size(-2048)", "temp_store(MEMORY)", "query_only(1)",
	}
)

// pool returns connections to the file, which are made when they are needed.
func pool(path string, size int, pragmas []string) *sql.DB {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // as of C:/Users
	}
	query := url.Values{"mode": {"rw"}, "_pragma": pragmas, "_error_rc": {"1"}}
	name := url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}
	connector, err := driver.NewConnector(name.String())
	if err != nil {
		panic(err) // which it gives for a name that is badly encoded
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db
}

// tighten takes the mode bits that let others in from the file and those beside it.
// New ones get the mode of the file from SQLite. It goes on where it may not, as on
// a file system that has no modes.
func tighten(path string, log *slog.Logger) {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + suffix)
		if err != nil || !info.Mode().IsRegular() || info.Mode().Perm()&0o177 == 0 {
			continue
		}
		if err := os.Chmod(path+suffix, info.Mode().Perm()&0o600); err != nil {
			log.Warn("others may read the store", "err", err)
		}
	}
}

// create makes an empty file with the mode 0600, and its directory. The file gets
// its name when it is closed: SQLite's locks are those of the process, and closing
// a file that SQLite has open gives them up.
func create(path string) error {
	dir := filepath.Dir(path)
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		if err := os.Chmod(dir, 0o700); err != nil { // whatever the umask
			return err
		}
	}
	f, err := os.CreateTemp(dir, "."+filepath.Base(path)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	if err := errors.Join(f.Chmod(0o600), f.Close()); err != nil {
		return err
	}
	if err := os.Link(f.Name(), path); err == nil || errors.Is(err, fs.ErrExist) {
		return nil
	}
	// A file system without links: nobody in this process has the file open yet.
	f, err = os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}
