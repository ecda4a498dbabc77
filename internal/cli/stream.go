package cli

// Output that may be large: written as it is made, and ended at once by a signal.

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"hfhook/internal/cli/output"
	"hfhook/internal/jsondiff"
	"hfhook/internal/signals"
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

// An stdout is the standard output of a command that may write much. Nothing is written
// once ctx has ended.
type stdout struct {
	*bufio.Writer
	ctx context.Context
	w   io.Writer
}

func (p *program) stdout(ctx context.Context) *stdout {
	o := &stdout{ctx: ctx, w: p.out}
	o.Writer = bufio.NewWriterSize(output.WriteFunc(o.write), 64<<10)
	return o
}

func (o *stdout) write(b []byte) (int, error) {
	if err := context.Cause(o.ctx); err != nil {
		return 0, err
	}
	return o.w.Write(b)
}

// printCoarse says on stderr that a difference is not as fine as it could be.
func printCoarse(p *program, d *jsondiff.Diff) {
	if d != nil && d.Left > 0 {
		fmt.Fprintf(p.err, "note: %s more left out of what differs\n", output.Plural(d.Left, "field"))
	}
	if d != nil && d.Coarse {
		fmt.Fprintln(p.err, "note: the bodies are nested too deeply or differ too much to show each value: larger parts are shown as one")
	}
}
