// Package cli is the command line: commands, flags, configuration, output and exit codes. It is
// the only package that connects the others.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"runtime/debug"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hfhook/internal/cli/config"
	"hfhook/internal/cli/exit"
	"hfhook/internal/plainerr"
	"hfhook/internal/signals"
	"hfhook/internal/version"
	"hfhook/internal/visible"
)

// program has the process's input, output and environment, and the settings of a command.
type program struct {
	in       io.Reader
	out, err io.Writer
	env      func(string) string
	settings flagValues
	origins  map[string]string // of each flag's value
	tables   config.Tables
	typed    authtokenBox
	argv     []string  // without the program's name
	began    bool      // the call was understood, and its command runs
	agent    bool      // the format of agents was chosen
	started  time.Time // of hfhook dev; zero for other commands
}

// Main runs the command that the process was started with, and returns its exit code.
func Main() int {
	ctx, stop := signals.Context(context.Background())
	defer stop()
	// net/http prints invalid answers with the standard logger: they would overwrite the
	// screen, and may contain the secret.
	log.SetOutput(io.Discard)
	p := &program{in: os.Stdin, out: os.Stdout, err: os.Stderr, env: os.Getenv}
	return p.run(ctx, os.Args[1:])
}

func (p *program) run(ctx context.Context, args []string) int {
	p.argv = args
	root := p.rootCommand()
	nameCaller(p, root)
	root.SetArgs(args)
	p.noteBegin(root)
	err := root.ExecuteContext(ctx)
	if err == nil {
		return 0
	}
	if f := (*exit.Error)(nil); !p.began && !errors.As(err, &f) {
		err = exit.Usage(plainUsage(err)) // cobra's own, which have no type
	}
	code := exitCode(ctx, err)
	if !errors.Is(err, exit.ErrSilent) && code < 128 {
		fmt.Fprintf(p.err, "hfhook: %s\n", visible.Block(plainerr.Text(err)))
		help := advice(err)
		if (p.agent || p.drivenByAgent() || wantsAgent(args)) && !strings.Contains(help, "hfhook ") {
			help = strings.TrimPrefix(help+"; "+nextCommand(ctx, root, args, err), "; ")
		}
		if help != "" {
			fmt.Fprintf(p.err, "Try: %s\n", visible.Block(p.inCallersWords(help)))
		}
	}
	return code
}

// noteBegin makes a command and those below it set p.began before they run.
func (p *program) noteBegin(cmd *cobra.Command) {
	if run := cmd.RunE; run != nil {
		cmd.RunE = func(cmd *cobra.Command, args []string) error {
			p.began = true
			if !isDev(cmd) && p.env("GOMEMLIMIT") == "" {
				debug.SetMemoryLimit(softLimit)
			}
			if isReading(cmd) {
				defer endPromptly(cmd.Context())()
			}
			return p.present(cmd, func() error { return run(cmd, args) })
		}
	}
	for _, below := range cmd.Commands() {
		p.noteBegin(below)
	}
}

// rootCommand returns the command hfhook, which runs `hfhook dev` if no command is named.
func (p *program) rootCommand() *cobra.Command {
	root := devCommand(p)
	root.Use = "hfhook [dev] [TARGET…] [-- CMD…]"
	root.Version = version.Get().Version
	root.Short = "Debug Hugging Face webhooks on your own machine"
	root.SilenceUsage, root.SilenceErrors = true, true
	root.SetIn(p.in)
	root.SetOut(p.out)
	root.SetErr(p.err)
	root.SetFlagErrorFunc(flagError)
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error {
		if cmd.Name() == "help" || cmd.Name() == "check" { // are needed most if the configuration is wrong
			return nil
		}
		if err := p.configure(cmd); err != nil {
			return err
		}
		if !p.settings.quiet && !strings.HasPrefix(cmd.Name(), "__complete") {
			printVariables(p, root)
		}
		return nil
	}
	p.fileVar(root.PersistentFlags(), &p.settings.store, "store", "the event store's file (default: events.db in the user's data directory)")

	dev := devCommand(p)
	dev.Aliases = []string{"listen"}
	root.AddCommand(dev,
		replayCommand(p), editCommand(p), triggerCommand(p), sendCommand(p), openCommand(p),
		pauseCommand(p), goOnCommand(p), restartCommand(p), stopCommand(p), heldCommand(p), acceptCommand(p), pinCommand(p), noteCommand(p), rmCommand(p), pruneCommand(p), storeCommand(p), importCommand(p),
		webhooksCommand(p), secretCommand(p), initCommand(p), configCommand(p), filterTopic())
	for _, cmd := range []*cobra.Command{
		statusCommand(p), rejectedCommand(p), lsCommand(p), failuresCommand(p), showCommand(p), tailCommand(p), waitCommand(p), diffCommand(p), verifyCommand(p), exportCommand(p),
		doctorCommand(p), versionCommand(p),
	} {
		root.AddCommand(readsOnly(cmd))
	}
	root.AddCommand(helpTopics(p)...)
	helpUnknown(root)
	addCompletions(p, root)
	return root
}

// flagError improves cobra's error for an unknown flag. If the command takes a filter, the flag
// may be the beginning of one.
func flagError(cmd *cobra.Command, err error) error {
	err = plainFlag(err)
	var unknown *pflag.NotExistError
	if !strings.Contains(cmd.Use, "FILTER") || !errors.As(err, &unknown) || unknown.GetSpecifiedShortnames() == "" {
		return exit.Usage(err)
	}
	word := "-" + unknown.GetSpecifiedShortnames()
	if strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:/._-") != "" {
		word = "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	return &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("%w; put -- before a filter that starts with -", err), Try: fmt.Sprintf("%s -- %s", cmd.CommandPath(), word)}
}

// Commands returns all commands of hfhook, for its manual. They must not be run.
func Commands() *cobra.Command {
	p := &program{in: strings.NewReader(""), out: io.Discard, err: io.Discard, env: func(string) string { return "" }}
	return p.rootCommand()
}
