// Package cli is the command line: commands, flags, configuration, output and exit
// codes. It is the only place that wires the other packages together.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"hfhook/internal/visible"
)

// Version is what `hfhook version` says, and the services that hfhook talks to
// hear.
const Version = "0.1.0"

// program is what a command may use of the world.
type program struct {
	in       io.Reader
	out, err io.Writer
	env      func(string) string
	settings settings
	origins  map[string]string // of each flag's value
}

// Main runs the command that the process was started with, and returns its exit
// code.
func Main() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	// From the second signal on the process ends as programs do by themselves, so
	// that nothing that hangs can keep it.
	context.AfterFunc(ctx, stop)
	p := &program{in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.Getenv}
	return p.run(ctx, os.Args[1:])
}

func (p *program) run(ctx context.Context, args []string) int {
	root := p.rootCommand()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	code := exitCode(ctx, err)
	if !errors.Is(err, errSilent) && code < 128 {
		fmt.Fprintf(p.err, "hfhook: %s\n", visible.Block(err.Error()))
		if help := advice(err); help != "" {
			fmt.Fprintf(p.err, "Try: %s\n", visible.Block(help))
		}
	}
	return code
}

// rootCommand is hfhook itself, which is `hfhook dev` where no command is named.
func (p *program) rootCommand() *cobra.Command {
	root := p.devCommand()
	root.Use = "hfhook [dev] [TARGET…]"
	root.Version = Version
	root.Short = "The place where a person debugs a Hugging Face webhook"
	root.SilenceUsage, root.SilenceErrors = true, true
	root.SetIn(p.in)
	root.SetOut(p.out)
	root.SetErr(p.err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usage(err) })
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return p.configure(cmd) }
	root.PersistentFlags().StringVar(&p.settings.store, "store", "", "the event store's file (default: events.db in the user's data directory)")

	dev := p.devCommand()
	dev.Aliases = []string{"listen"}
	root.AddCommand(dev, p.lsCommand(), p.tailCommand(), p.waitCommand(), filterTopic(), p.showCommand(), p.replayCommand(), p.editCommand(), p.diffCommand(), p.triggerCommand(), p.doctorCommand(), p.versionCommand())
	root.AddCommand(p.exportCommand(), p.importCommand())
	root.AddCommand(p.pinCommand(), p.rmCommand(), p.pruneCommand(), p.verifyCommand(), p.secretCommand(), p.sendCommand(), p.openCommand(), p.configCommand())
	root.AddCommand(topics()...)
	p.completions(root)
	root.AddCommand(p.webhooksCommand())
	return root
}

func (p *program) versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print hfhook's version",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := fmt.Fprintln(p.out, "hfhook "+Version)
			return err
		},
	}
}
