package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// statements keeps the statements of this package prepared, by their text.
type statements struct {
	on interface { // *sql.DB or *sql.Conn
		PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
		Close() error
	}
	mu     sync.Mutex
	byText map[string]*sql.Stmt
}

func (s *statements) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stmt, ok := s.byText[query]; ok {
		return stmt, nil
	}
	stmt, err := s.on.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	if s.byText == nil {
		s.byText = make(map[string]*sql.Stmt)
	}
	s.byText[query] = stmt
	return stmt, nil
}

// close ends the statements and then the connections, which database/sql would keep
// open for the sake of a statement.
func (s *statements) close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	var errs []error
	for _, stmt := range s.byText {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(append(errs, s.on.Close())...)
}

// exec returns the key of the row that was inserted last.
func (s *statements) exec(ctx context.Context, query string, args ...any) (key int64, err error) {
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

// row reads the first row of the answer; sql.ErrNoRows.
func (s *statements) row(ctx context.Context, query string, args []any, dest ...any) error {
	stmt, err := s.prepare(ctx, query)
	if err != nil {
		return err
	}
	return stmt.QueryRowContext(ctx, args...).Scan(dest...)
}

// each calls f after it has read a row into dest, until f fails or no row is left.
func (s *statements) each(ctx context.Context, query string, args []any, dest []any, f func() error) error {
	stmt, err := s.prepare(ctx, query)
	if err != nil {
		return err
	}
	return each(ctx, stmt, args, dest, f)
}

// eachOnce is each for one of the many queries that differ from call to call: it is
// not kept.
func (s *statements) eachOnce(ctx context.Context, query string, args []any, dest []any, f func() error) error {
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
