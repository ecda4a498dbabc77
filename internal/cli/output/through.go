package output

import (
	"bytes"
	"context"
	"errors"
	"io"
	"sync"
)

// A Transform takes the lines of --json and writes something else in their place: what the
// expression of --jq makes of them, or the table of --format agent.
type Transform struct {
	mu     sync.Mutex
	part   []byte // of a line that has not ended
	each   func(line []byte) error
	failed error
}

// Through is the transform that a command's format needs before w, or nil. terminal reports
// whether people read w, and schema is the JSON Schema of the lines.
func (f *Format) Through(ctx context.Context, w io.Writer, terminal bool, schema string) (*Transform, error) {
	switch {
	case f.jq != "":
		q, err := newJQ(ctx, w, f.jq, terminal)
		if err != nil {
			return nil, err
		}
		return &Transform{each: q.line}, nil
	case f.Agent:
		return &Transform{each: newTable(w, schema).line}, nil
	}
	return nil, nil
}

func (t *Transform) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for line := range bytes.Lines(b) {
		t.part = append(t.part, line...)
		if line[len(line)-1] != '\n' {
			break
		}
		if err := t.flush(); err != nil {
			return 0, err
		}
	}
	return len(b), nil
}

// flush passes on what is there as a line.
func (t *Transform) flush() error {
	line := bytes.TrimSuffix(t.part, []byte("\n"))
	t.part = t.part[:0]
	if t.failed == nil && len(line) > 0 {
		t.failed = t.each(line)
	}
	return t.failed
}

// Close passes on a last line that has no end. It returns the first error of all, or, if
// there was none, that of the command.
func (t *Transform) Close(command error) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch err := t.flush(); {
	case errors.Is(err, errHalt):
		return nil
	case err != nil:
		return err
	}
	return command
}
