package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"sync"
	"time"

	"hfhook/store"
)

// waitGone is how long a query waits for the store to come back.
const waitGone = 5 * time.Second

// connections are a pool, or one connection.
type connections interface { // *sql.DB or soleConn
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
	Close() error
}

// statements keeps the statements of this package prepared, by their text. The connections
// under it can be closed and replaced. A callback of each must not run queries on the same
// statements.
type statements struct {
	use  sync.RWMutex  // read-locked to query; locked to change the next two
	on   connections   // nil: the file is gone
	back chan struct{} // closed when there are connections again, or never will be; nil while there are

	mu     sync.Mutex
	byText map[string]*sql.Stmt

	direct direct // what exec runs on the one connection that on is, if it is one
}

// enter waits until there are connections. They stay until leave is called.
func (s *statements) enter(ctx context.Context) (leave func(), err error) {
	var late <-chan time.Time
	for {
		s.use.RLock()
		if s.on != nil {
			return s.use.RUnlock, nil
		}
		back := s.back
		s.use.RUnlock()
		if back == nil {
			return nil, fs.ErrClosed
		}
		if late == nil {
			late = time.After(waitGone)
		}
		select {
		case <-back:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-late:
			return nil, fmt.Errorf("%w and did not come back within %s", store.ErrGone, waitGone)
		}
	}
}

// park waits for running queries, and closes the connections. Later queries wait for resume.
func (s *statements) park() error {
	s.use.Lock()
	defer s.use.Unlock()
	if s.on == nil {
		return nil
	}
	err := s.end()
	s.on, s.back = nil, make(chan struct{})
	return err
}

// resume replaces the connections that park has closed.
func (s *statements) resume(on connections) {
	s.use.Lock()
	defer s.use.Unlock()
	s.on = on
	close(s.back)
	s.back = nil
}

// close closes the statements and the connections permanently.
func (s *statements) close() error {
	s.use.Lock()
	defer s.use.Unlock()
	if s.on != nil {
		err := s.end()
		s.on = nil
		return err
	}
	if s.back != nil {
		close(s.back)
		s.back = nil
	}
	return nil
}

// end closes the statements and then the connections, which database/sql would keep open for
// the statements' sake.
func (s *statements) end() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, stmt := range s.byText {
		errs = append(errs, stmt.Close())
	}
	s.byText = nil
	if conn, ok := s.on.(soleConn); ok {
		errs = append(errs, s.direct.close(conn))
	}
	return errors.Join(append(errs, s.on.Close())...)
}

// prepare returns the statement of a text. It waits for a connection, so mu is not held
// meanwhile: who has a prepared statement must not wait behind who has none.
func (s *statements) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt := s.prepared(query); stmt != nil {
		return stmt, nil
	}
	stmt, err := s.on.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if other := s.byText[query]; other != nil { // somebody else was quicker
		return other, stmt.Close()
	}
	if s.byText == nil {
		s.byText = make(map[string]*sql.Stmt)
	}
	s.byText[query] = stmt
	return stmt, nil
}

func (s *statements) prepared(query string) *sql.Stmt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byText[query]
}

// exec returns the key of the row that was inserted last.
func (s *statements) exec(ctx context.Context, query string, args ...any) (key int64, err error) {
	leave, err := s.enter(ctx)
	if err != nil {
		return 0, err
	}
	defer leave()
	if conn, ok := s.on.(soleConn); ok {
		return s.direct.exec(ctx, conn, query, args)
	}
	stmt, err := s.prepare(ctx, query)
	if err != nil {
		return 0, err
	}
	result, err := stmt.ExecContext(ctx, args...)
	if err != nil {
		return 0, err
	}
	return result.LastInsertId()
}

// row reads the first row of the result, or returns sql.ErrNoRows.
func (s *statements) row(ctx context.Context, query string, args []any, dest ...any) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if conn, ok := s.on.(soleConn); ok {
		return s.direct.row(ctx, conn, query, args, dest)
	}
	stmt, err := s.prepare(ctx, query)
	if err != nil {
		return err
	}
	return stmt.QueryRowContext(ctx, args...).Scan(dest...)
}

// each reads rows into dest and calls f after each, until f fails or no row is left.
func (s *statements) each(ctx context.Context, query string, args []any, dest []any, f func() error) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	if conn, ok := s.on.(soleConn); ok {
		return s.direct.each(ctx, conn, query, args, dest, f)
	}
	stmt, err := s.prepare(ctx, query)
	if err != nil {
		return err
	}
	return each(ctx, stmt, args, dest, f)
}

// eachOnce is each for a query that is not used again: its statement is not kept.
func (s *statements) eachOnce(ctx context.Context, query string, args []any, dest []any, f func() error) error {
	leave, err := s.enter(ctx)
	if err != nil {
		return err
	}
	defer leave()
	stmt, err := s.on.PrepareContext(ctx, query)
	if err != nil {
		return err
	}
	defer stmt.Close()
	return each(ctx, stmt, args, dest, f)
}

func each(ctx context.Context, stmt *sql.Stmt, args []any, dest []any, f func() error) error {
	rows, err := stmt.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := rows.Scan(dest...); err != nil {
			return err
		}
		if err := f(); err != nil {
			return err
		}
	}
	return rows.Err()
}
