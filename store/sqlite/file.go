package sqlite

// The files of a store: their modes, and the connections to them.

import (
	"context"
	"database/sql"
	sqldriver "database/sql/driver"
	"errors"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	driver "modernc.org/sqlite"
)

const maxReaders = 4

// idleReader is how long a read connection is kept while it is not used. All connections of a
// process share one page cache in this build of SQLite: after a search, idle readers would
// occupy all of it, and the writer would drop each page that it has used. Captures were a third
// slower then, for as long as hfhook ran.
const idleReader = 2 * time.Second

// Settings of every connection. The writer itself waits for other processes, see retryBusy.
// Sync is full: a commit is on the disk when it returns, with the extra step that macOS needs
// for it. The WAL is brought into the file every 1,000 pages, which is SQLite's default, and
// shrinks to 64 MiB after it has been larger. The caches are small, since each connection has
// one, its pages take twice their size here, and the system's cache holds the file anyway.
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
	return openPool(newConnector(path, pragmas, url.Values{"mode": {"rw"}}), size)
}

func openPool(connector sqldriver.Connector, size int) *sql.DB {
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db
}

// searchers returns connections for occasional readers.
func (s *Store) searchers(path string) *sql.DB {
	db := s.readers(path, maxReaders)
	db.SetConnMaxIdleTime(idleReader)
	return db
}

// readers returns connections for reading the store's file.
func (s *Store) readers(path string, size int) *sql.DB {
	return openPool(faithful{newConnector(path, readerPragmas, url.Values{"mode": {"rw"}}), s}, size)
}

// faithful makes connections to the files that the store has open, and none if their names
// refer to other files by now: SQLite would use a -wal of this name together with the -shm that
// is open.
type faithful struct {
	sqldriver.Connector
	store *Store
}

func (f faithful) Connect(ctx context.Context) (sqldriver.Conn, error) {
	if err := f.store.unmoved(); err != nil {
		return nil, err
	}
	conn, err := f.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	if err := f.store.unmoved(); err != nil { // nothing was read yet
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// newConnector returns a connector with parameters in SQLite's file name.
func newConnector(path string, pragmas []string, query url.Values) sqldriver.Connector {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // as of C:/Users
	}
	query.Add("_error_rc", "1")
	query["_pragma"] = pragmas
	name := url.URL{Scheme: "file", Path: path, RawQuery: query.Encode()}
	connector, err := driver.NewConnector(name.String())
	if err != nil {
		panic(err) // only for a name with an invalid encoding
	}
	return connector
}

// hasModes is set if mode bits say who may read a file. On Windows they only say whether it can
// be written; who may read it depends on its directory.
const hasModes = runtime.GOOS != "windows"

// tighten removes the permissions of others from the file and those beside it. New ones get the
// file's mode from SQLite. Errors are ignored, for example on a file system without modes.
func tighten(path string, log *slog.Logger) {
	if !hasModes {
		return
	}
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

// create creates an empty file with mode 0600, and its directory. The file gets its name after
// it is closed: SQLite's locks belong to the process, and closing a file that SQLite has open
// releases them.
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
