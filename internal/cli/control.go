package cli

// Commands that change the running hfhook dev of the folder: pause, resume, restart, stop.

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/dev"
	"hfhook/internal/local"
	"hfhook/internal/visible"
)

// withDev runs f with the hfhook dev of the folder.
func withDev(p *program, f func(ctx context.Context, c *local.Client) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, _ []string) error {
		c, err := needDev(cmd.Context(), p)
		if err != nil {
			return err
		}
		defer c.Close()
		return f(cmd.Context(), c)
	}
}

func pauseCommand(p *program) *cobra.Command {
	return holdCommand(p, &cobra.Command{
		Use:   "pause [TARGET]",
		Short: "Hold events for a target, or for all",
		Long: `Makes the running hfhook dev of this folder hold events for TARGET, the name of one of
its targets, or for all of them. Events are still received and recorded; hfhook resume
sends them, in order.`,
		Example: "  hfhook pause\n  hfhook pause bot",
	}, true)
}

func goOnCommand(p *program) *cobra.Command {
	return holdCommand(p, &cobra.Command{
		Use:   "resume [TARGET]",
		Short: "Send the events held by pause, and continue",
		Long: `Makes the running hfhook dev of this folder send what it holds for TARGET, or for all its
targets, in order, and continue.`,
		Example: "  hfhook resume\n  hfhook resume bot",
	}, false)
}

// holdCommand completes the commands pause and resume.
func holdCommand(p *program, cmd *cobra.Command, pause bool) *cobra.Command {
	cmd.Args = func(_ *cobra.Command, args []string) error {
		if len(args) > 1 {
			return exit.Usagef("%s takes one target, but got %q", cmd.Name(), args)
		}
		return nil
	}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		return withDev(p, func(ctx context.Context, c *local.Client) error {
			name := ""
			if len(args) == 1 {
				st, err := c.State(ctx)
				if err != nil {
					return err
				}
				if name, err = targetNamed(&st, args[0]); err != nil {
					return err
				}
			}
			if err := c.Pause(ctx, name, pause); err != nil {
				return err
			}
			st, err := c.State(ctx)
			if err != nil {
				return err
			}
			done := "resumed"
			if pause {
				done = "paused"
			}
			if len(st.Targets) == 0 {
				fmt.Fprintln(p.err, "note: it has no target")
			}
			for _, t := range st.Targets {
				if name != "" && t.Name != name {
					continue
				}
				if _, err := fmt.Fprintf(p.out, "%s  %s\n", done, visible.Line(t.Name)); err != nil {
					return err
				}
			}
			return nil
		})(cmd, args)
	}
	addDevFlag(p, cmd.Flags())
	return cmd
}

// targetNamed returns the name of a target, given its name or its address.
func targetNamed(st *local.Running, text string) (string, error) {
	names := make([]string, 0, len(st.Targets))
	for _, t := range st.Targets {
		if t.Name == text || t.To == text {
			return t.Name, nil
		}
		names = append(names, t.Name)
	}
	if at := slices.IndexFunc(st.Targets, func(t local.Target) bool { return strings.TrimPrefix(t.URL, "http://") == text }); at >= 0 {
		return names[at], nil
	}
	f := &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("%w of the name %q", dev.ErrUnknownTarget, text), Try: "its targets are " + strings.Join(names, ", ")}
	if len(names) == 0 {
		f.Try = "the running hfhook dev has none"
	}
	return "", f
}

func restartCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "restart",
		Short: "Restart your handler",
		Long: `Makes the running hfhook dev of this folder restart the handler that it runs: the command
after -- of hfhook dev.`,
		Example: "  hfhook restart",
		Args:    noArgs,
		RunE: withDev(p, func(ctx context.Context, c *local.Client) error {
			return c.RestartHandler(ctx)
		}),
	}
	addDevFlag(p, cmd.Flags())
	return cmd
}

// Times of hfhook stop.
const (
	endsWithin = 30 * time.Second      // for hfhook dev to end
	lookAgain  = 20 * time.Millisecond // whether it has
)

func stopCommand(p *program) *cobra.Command {
	var replays bool
	cmd := &cobra.Command{
		Use:   "stop",
		Short: "End the running hfhook dev",
		Long: `Ends the running hfhook dev of this folder, like q on its screen, and waits until it has
ended. --replays stops only its replays, and leaves it running.`,
		Example: "  hfhook stop\n  hfhook stop --dev 4711",
		Args:    noArgs,
		RunE: withDev(p, func(ctx context.Context, c *local.Client) error {
			if replays {
				stopped, err := c.StopReplays(ctx)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(p.out, "stopped", output.Plural(stopped.Replays, "replay"))
				return err
			}
			if err := c.Stop(ctx); err != nil {
				return err
			}
			if err := awaitGone(ctx, p, c); err != nil {
				return err
			}
			_, err := fmt.Fprintf(p.out, "stopped the hfhook dev of %s (process %d)\n", visible.Line(c.Folder), c.PID)
			return err
		}),
	}
	cmd.Flags().BoolVar(&replays, "replays", false, "stop only the replays that it makes")
	addDevFlag(p, cmd.Flags())
	return cmd
}

// awaitGone waits until a hfhook dev accepts no connection any more.
func awaitGone(ctx context.Context, p *program, c *local.Client) error {
	dir, err := noteDir(p)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, endsWithin)
	defer cancel()
	tick := time.NewTicker(lookAgain)
	defer tick.Stop()
	for {
		again, err := local.Dial(ctx, dir, c.Note)
		switch {
		case errors.Is(err, local.ErrGone):
			return nil
		case err == nil:
			again.Close()
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			if errors.Is(ctx.Err(), context.DeadlineExceeded) {
				return &exit.Error{Code: exitTimeout, Err: fmt.Errorf("the hfhook dev of %s (process %d) has not ended within %v", c.Folder, c.PID, endsWithin), Try: "hfhook status"}
			}
			return context.Cause(ctx)
		}
	}
}
