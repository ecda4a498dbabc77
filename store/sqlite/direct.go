package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"hfhook/event"
)

// direct runs statements on the driver's own connection: database/sql takes a tenth of the time
// of an insert for features that a single connection of one goroutine does not need.
type direct struct {
	byText map[string]directStmt
	values []driver.NamedValue // parameters of one call
	read   []driver.Value      // columns of one row
}

type directStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// exec returns the key of the row that was inserted last.
func (d *direct) exec(ctx context.Context, conn soleConn, query string, args []any) (key int64, err error) {
	err = d.run(ctx, conn, query, args, func(stmt directStmt) error {
		result, err := stmt.ExecContext(ctx, d.values)
		if err != nil {
			return err
		}
		key, err = result.LastInsertId()
		return err
	})
	return key, err
}

// row reads the first row of the result, or returns sql.ErrNoRows.
func (d *direct) row(ctx context.Context, conn soleConn, query string, args, dest []any) error {
	found := false
	err := d.each(ctx, conn, query, args, dest, func() error {
		found = true
		return errEnough
	})
	switch {
	case found && errors.Is(err, errEnough):
		return nil
	case err == nil:
		return sql.ErrNoRows
	}
	return err
}

// each reads rows into dest and calls f after each, until f fails or no row is left.
func (d *direct) each(ctx context.Context, conn soleConn, query string, args, dest []any, f func() error) error {
	return d.run(ctx, conn, query, args, func(stmt directStmt) (err error) {
		rows, err := stmt.QueryContext(ctx, d.values)
		if err != nil {
			return err
		}
		defer func() {
			if closed := rows.Close(); closed != nil {
				err = closed
			}
		}()
		d.read = slices.Grow(d.read[:0], len(dest))[:len(dest)]
		defer clear(d.read)
		for {
			switch err := rows.Next(d.read); {
			case errors.Is(err, io.EOF):
				return nil
			case err != nil:
				return err
			}
			for i := range dest {
				if err := assign(dest[i], d.read[i]); err != nil {
					return fmt.Errorf("column %d: %w", i+1, err)
				}
			}
			if err := f(); err != nil {
				return err
			}
		}
	})
}

// assign assigns the value of a column to dest.
func assign(dest any, v driver.Value) (err error) {
	if set(dest, v) {
		return nil
	}
	switch dest := dest.(type) {
	case sql.Scanner:
		return dest.Scan(v)
	case *int64:
		*dest, err = converted[int64](v)
	case *int:
		*dest, err = converted[int](v)
	case *bool:
		*dest, err = converted[bool](v)
	case *[]byte:
		*dest, err = converted[[]byte](v)
	case *string:
		*dest, err = converted[string](v)
	case *event.DeliveryState:
		*dest, err = converted[event.DeliveryState](v)
	case *event.AttemptKind:
		*dest, err = converted[event.AttemptKind](v)
	case *time.Duration:
		*dest, err = converted[time.Duration](v)
	default:
		err = fmt.Errorf("no value of a column goes into a %T", dest)
	}
	return err
}

// converted converts a value like database/sql. NULL is an error.
func converted[T any](v driver.Value) (T, error) {
	var n sql.Null[T]
	err := n.Scan(v)
	if err == nil && !n.Valid {
		err = fmt.Errorf("NULL is no %T", n.V)
	}
	return n.V, err
}

// run calls f with the statement of a query, with d.values set to its parameters.
func (d *direct) run(ctx context.Context, conn soleConn, query string, args []any, f func(directStmt) error) error {
	return conn.Raw(func(raw any) error {
		stmt, err := d.prepare(ctx, raw, query)
		if err != nil {
			return err
		}
		d.values = slices.Grow(d.values[:0], len(args))
		for i, arg := range args {
			value, err := driver.DefaultParameterConverter.ConvertValue(arg)
			if err != nil {
				return fmt.Errorf("parameter %d: %w", i+1, err)
			}
			d.values = append(d.values, driver.NamedValue{Ordinal: i + 1, Value: value})
		}
		defer clear(d.values) // release the bodies
		return f(stmt)
	})
}

func (d *direct) prepare(ctx context.Context, raw any, query string) (directStmt, error) {
	if stmt, ok := d.byText[query]; ok {
		return stmt, nil
	}
	prepared, err := raw.(driver.ConnPrepareContext).PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	stmt, ok := prepared.(directStmt)
	if !ok {
		return nil, errors.Join(fmt.Errorf("the driver has statements of type %T, which take no context", prepared), prepared.Close())
	}
	if d.byText == nil {
		d.byText = make(map[string]directStmt)
	}
	d.byText[query] = stmt
	return stmt, nil
}

// close closes the statements. The connection stays open.
func (d *direct) close(conn soleConn) error {
	var errs []error
	err := conn.Raw(func(any) error {
		for _, stmt := range d.byText {
			errs = append(errs, stmt.Close())
		}
		d.byText = nil
		return nil
	})
	return errors.Join(append(errs, err)...)
}
