package output

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/itchyny/gojq"

	"hfhook/internal/cli/exit"
	"hfhook/internal/visible"
)

// jqLimit is how long an expression may take for one line.
const jqLimit = 10 * time.Second

// errHalt ends the output without an error, as the expression wants it.
var errHalt = errors.New("halted")

// A jq applies the expression of --jq to lines. The expression comes from whoever runs the
// command, but may be one that was copied: it reads no variable, no file and no other line.
type jq struct {
	ctx      context.Context
	w        io.Writer
	text     string
	code     *gojq.Code
	terminal bool
	limit    time.Duration
}

func newJQ(ctx context.Context, w io.Writer, text string, terminal bool) (*jq, error) {
	q := &jq{ctx: ctx, w: w, text: text, terminal: terminal, limit: jqLimit}
	query, err := gojq.Parse(text)
	if err != nil {
		if at, ok := errors.AsType[*gojq.ParseError](err); ok {
			err = fmt.Errorf("%s at byte %d", strings.Replace(err.Error(), "EOF", "end", 1), at.Offset)
		}
		return nil, q.refuse(err)
	}
	if len(query.Imports) > 0 || query.Meta != nil {
		return nil, q.refuse(errors.New("modules are not available: no import, include or module"))
	}
	env := false
	q.code, err = gojq.Compile(query, gojq.WithEnvironLoader(func() []string { env = true; return nil }))
	if env {
		err = errors.New("env and $ENV are not available: let the shell put the value into the expression")
	}
	if err != nil {
		return nil, q.refuse(err)
	}
	return q, nil
}

func (q *jq) refuse(err error) error {
	return &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("invalid --jq '%s': %w", q.text, err), Try: "an expression of jq, for example --jq '.id'; hfhook help json shows the keys"}
}

func (q *jq) line(line []byte) error {
	dec := json.NewDecoder(bytes.NewReader(line))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return q.fail(line, errors.New("the line is not JSON"), "leave out --jq or the flag that prints something else")
	}
	ctx, cancel := context.WithCancel(q.ctx)
	defer cancel()
	// In a goroutine of its own, since a single step may take long: numbers have any size.
	values := make(chan any)
	go func() {
		defer close(values)
		for made := q.code.RunWithContext(ctx, v); ; {
			value, ok := made.Next()
			if !ok {
				return
			}
			select {
			case values <- value:
			case <-ctx.Done():
				return
			}
		}
	}()
	// Only what the expression takes counts, not what the reader of w takes.
	for left := q.limit; ; {
		begun := time.Now()
		timer := time.NewTimer(left)
		select {
		case value, ok := <-values:
			timer.Stop()
			if !ok {
				return nil
			}
			left -= time.Since(begun)
			if err := q.write(line, value); err != nil {
				return err
			}
		case <-timer.C:
			return q.fail(line, fmt.Errorf("it has not ended after %s", q.limit), "an expression that ends for each line: repeat, range and recurse may not")
		case <-q.ctx.Done():
			return context.Cause(q.ctx)
		}
	}
}

// write writes one value of what the expression makes of a line.
func (q *jq) write(line []byte, value any) error {
	switch value := value.(type) {
	case *gojq.HaltError:
		if value.Value() == nil {
			return errHalt
		}
		return q.fail(line, errors.New(gojq.Preview(value.Value())), "an expression without halt_error prints what it makes of the line")
	case error:
		if q.ctx.Err() != nil {
			return context.Cause(q.ctx)
		}
		return q.fail(line, value, `put ? behind what does not fit each line, or select(.type == "event") before it; hfhook help json shows the keys`)
	case string:
		if q.terminal {
			value = visible.Line(value)
		}
		_, err := io.WriteString(q.w, value+"\n")
		return err
	}
	text, err := gojq.Marshal(value)
	if err != nil {
		return err
	}
	_, err = q.w.Write(append(visible.JSON(text), '\n'))
	return err
}

// fail says on which line the expression has failed, and how.
func (q *jq) fail(line []byte, err error, try string) error {
	return &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("--jq '%s' failed on a line of type %s: %w", q.text, typeOf(line), err), Try: try}
}
