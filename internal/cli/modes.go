package cli

// What --jq and --format agent make of a command's JSON lines, and what else changes where a
// program drives hfhook.

import (
	"context"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
)

// present runs a command with its lines written as its format wants them.
func (p *program) present(cmd *cobra.Command, run func() error) error {
	if p.drivenByAgent() {
		output.ForAgent(cmd)
	}
	as := output.FormatOf(cmd)
	if as == nil {
		return run()
	}
	if as.Agent { // no progress and no question
		p.agent = true
		p.in, p.err = struct{ io.Reader }{p.in}, struct{ io.Writer }{p.err}
	}
	lines, err := as.Through(cmd.Context(), p.out, isTerminal(p.out), lineSchema)
	if err != nil {
		return err
	}
	if lines == nil {
		return run()
	}
	p.out = lines
	return lines.Close(run())
}

// drivenByAgent reports whether an agent that says so runs hfhook and reads what it prints.
func (p *program) drivenByAgent() bool {
	return (p.env("AI_AGENT") != "" || p.env("AGENT") != "") && !isTerminal(p.out)
}

// nextCommand is what to run after an error whose own advice names no command.
func nextCommand(ctx context.Context, root *cobra.Command, args []string, err error) string {
	switch exitCode(ctx, err) {
	case exit.CodeConfig, exit.CodeTunnel, exit.CodeHub, exit.CodeVerify:
		return "hfhook doctor"
	case exit.CodeNotFound:
		return "hfhook ls"
	case exit.CodeHandler:
		return "hfhook show @failed --deliveries"
	case exit.CodeStore:
		return "hfhook store status"
	}
	name := "hfhook"
	if cmd, _, err := root.Find(args); err == nil && cmd != root {
		name += strings.TrimPrefix(cmd.CommandPath(), root.Name())
	}
	return name + " --help"
}

// wantsAgent reports whether --format agent is among the arguments, also of a call that was
// not understood.
func wantsAgent(args []string) bool {
	for i, arg := range args {
		if arg == "--" {
			return false
		}
		if arg == "--format=agent" || arg == "--format" && i+1 < len(args) && args[i+1] == "agent" {
			return true
		}
	}
	return false
}
