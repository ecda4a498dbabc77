package cli

// Output that may be large: written as it is made, and ended at once by a signal.

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"hfhook/internal/jsondiff"
	"hfhook/internal/jsontree"
	"hfhook/internal/signals"
	"hfhook/internal/visible"
)

// reading marks a command that only reads: nothing is lost if it ends at any moment.
const reading = "reading"

func isReading(cmd *cobra.Command) bool { return cmd.Annotations[reading] != "" }

// isDev reports whether a command is hfhook dev, by whatever name.
func isDev(cmd *cobra.Command) bool { return cmd.Name() == "hfhook" || cmd.Name() == "dev" }

// readsOnly marks a command.
func readsOnly(cmd *cobra.Command) *cobra.Command {
	cmd.Annotations = map[string]string{reading: "yes"}
	return cmd
}

// patience is how long a command that reads may take to end after a signal, as when it
// works on a large body or waits for whoever reads its output.
const patience = 200 * time.Millisecond

// endPromptly ends the process if a signal comes and the command does not end by itself.
// The command calls stop when it has ended.
func endPromptly(ctx context.Context) (stop func() bool) {
	return context.AfterFunc(ctx, func() {
		if s, ok := signals.Of(ctx); ok {
			time.Sleep(patience)
			os.Exit(signals.ExitCode(s))
		}
	})
}

// softLimit is the memory, in bytes, from which on the garbage of a command is collected
// at once: the commands that read a body may take 150 MiB and ten times its size.
const softLimit = 128 << 20

// An output is the standard output of a command that may write much. Nothing is written
// once ctx has ended.
type output struct {
	*bufio.Writer
	ctx context.Context
	w   io.Writer
}

func (p *program) output(ctx context.Context) *output {
	o := &output{ctx: ctx, w: p.out}
	o.Writer = bufio.NewWriterSize(writeFunc(o.write), 64<<10)
	return o
}

func (o *output) write(b []byte) (int, error) {
	if err := context.Cause(o.ctx); err != nil {
		return 0, err
	}
	return o.w.Write(b)
}

type writeFunc func([]byte) (int, error)

func (f writeFunc) Write(b []byte) (int, error) { return f(b) }

// printVisible writes what print writes, made visible.
func printVisible(w io.Writer, print func(io.Writer) error) error {
	v := visible.NewWriter(w)
	if err := print(v); err != nil {
		return err
	}
	return v.Close()
}

// indented puts white space before each line.
func indented(w io.Writer, space string) io.Writer {
	begin := true
	return writeFunc(func(b []byte) (int, error) {
		for line := range bytes.Lines(b) {
			if begin {
				if _, err := io.WriteString(w, space); err != nil {
					return 0, err
				}
			}
			if _, err := w.Write(line); err != nil {
				return 0, err
			}
			begin = line[len(line)-1] == '\n'
		}
		return len(b), nil
	})
}

// printDifference compares two bodies and prints what they differ in, for people. Errors
// of w come back.
func printDifference(w io.Writer, before, after []byte, ignore ...jsontree.Path) (d *jsondiff.Diff, err error) {
	err = printVisible(w, func(v io.Writer) error {
		if d, err = jsondiff.Each(before, after, ignore, func(f *jsondiff.Field) error { return f.Print(v) }); err != nil {
			return err
		}
		return d.PrintEnd(v)
	})
	return d, err
}

// tellCoarse says on stderr that a difference is not as fine as it could be.
func (p *program) tellCoarse(d *jsondiff.Diff) {
	if d != nil && d.Left > 0 {
		fmt.Fprintf(p.err, "note: %s more left out of what differs\n", plural(d.Left, "field"))
	}
	if d != nil && d.Coarse {
		fmt.Fprintln(p.err, "note: the bodies are nested too deeply or differ too much to show each value: larger parts are shown as one")
	}
}

// writeDifference writes a line of --json about a field, whose values may be large.
func writeDifference(w io.Writer, f *jsondiff.Field) error {
	var head bytes.Buffer
	err := writeLine(&head, struct {
		Schema int             `json:"schema"`
		Type   string          `json:"type"`
		Path   string          `json:"path"`
		Change jsondiff.Change `json:"change"`
	}{1, "difference", f.Path, f.Change})
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w) // keeps the first error
	out.Write(bytes.TrimSuffix(head.Bytes(), []byte("}\n")))
	if f.Old != "" {
		out.WriteString(`,"old":`)
		_ = visible.WriteJSON(out, f.Old)
	}
	if f.New != "" {
		out.WriteString(`,"new":`)
		_ = visible.WriteJSON(out, f.New)
	}
	if f.Shadowed {
		out.WriteString(`,"hidden":true`)
	}
	out.WriteString("}\n")
	return out.Flush()
}
