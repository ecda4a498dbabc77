package cli

// hfhook status: every hfhook dev that runs, and how it is.

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/local"
	"hfhook/internal/plainerr"
	"hfhook/internal/visible"
)

// statusWithin is how long a hfhook dev may take to say how it is.
const statusWithin = 5 * time.Second

func statusCommand(p *program) *cobra.Command {
	var as output.Format
	cmd := &cobra.Command{
		Use:   "status",
		Short: "Show every running hfhook dev",
		Long: `Shows each of your hfhook dev on this machine: its folder, its URL, its targets and their
waiting events, its webhooks on the Hub, and its store.`,
		Example: "  hfhook status\n  hfhook status --json",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, cancel := context.WithTimeout(cmd.Context(), statusWithin)
			defer cancel()
			all, err := runningDevs(ctx, p, func(local.Note) bool { return true })
			if err != nil {
				return err
			}
			if len(all) == 0 && as == (output.Format{}) {
				_, err := fmt.Fprintln(p.out, "no hfhook dev is running")
				return err
			}
			var failed error
			for _, c := range all {
				failed = errors.Join(failed, showStatus(ctx, p, c, as))
			}
			return failed
		},
	}
	as.Flags(cmd, "only the process ids")
	return cmd
}

// showStatus prints how one hfhook dev is.
func showStatus(ctx context.Context, p *program, c *local.Client, as output.Format) error {
	defer c.Close()
	if as.IDs {
		_, err := fmt.Fprintln(p.out, c.PID)
		return err
	}
	st, err := c.State(ctx)
	if errors.Is(err, local.ErrLayout) {
		return &exit.Error{Code: exit.CodeFailure, Err: err}
	}
	if err != nil {
		return fmt.Errorf("ask the hfhook dev of %s (process %d): %s", c.Folder, c.PID, plainerr.Text(err))
	}
	if as.JSON {
		return output.WriteLine(p.out, st)
	}
	return writeStatus(p.out, &st)
}

// writeStatus writes the lines for people.
func writeStatus(w io.Writer, st *local.Running) error {
	var b strings.Builder
	line := func(what, format string, args ...any) {
		fmt.Fprintf(&b, "  %-8s %s\n", what, visible.Line(fmt.Sprintf(format, args...)))
	}
	started := st.Started
	if at, err := time.Parse(time.RFC3339, st.Started); err == nil {
		started = at.Local().Format("2006-01-02 15:04:05")
	}
	fmt.Fprintf(&b, "%s\n", visible.Line(fmt.Sprintf("%s  process %d, since %s", st.Folder, st.PID, started)))
	tunnel := st.Tunnel.Provider + ", " + st.Tunnel.State
	if st.Tunnel.Error != "" {
		tunnel += ": " + st.Tunnel.Error
	}
	switch {
	case st.URL != "":
		line("url", "%s  (%s)", st.URL, tunnel)
	case st.Tunnel.Provider == "none":
		line("url", "none: only this machine can reach it")
	default:
		line("url", "none yet  (%s)", tunnel)
	}
	line("local", "%s", st.LocalURL)
	for _, h := range st.Webhooks {
		line("webhook", "%s  %s  %s", h.ID, h.State, h.URL)
	}
	for _, t := range st.Targets {
		line("target", "%s", targetText(&t))
	}
	if len(st.Targets) == 0 {
		line("target", "none: events are recorded but not forwarded")
	}
	text := fmt.Sprintf("%s  %s, %s", st.Store.Path, output.Plural(int(st.Store.Events), "event"), output.Size(st.Store.Bytes))
	if st.Store.Error != "" {
		text += "  " + st.Store.Error
	}
	line("store", "%s", text)
	line("so far", "%d received, %d failed, %d rejected", st.Received, st.Failed, st.Rejected)
	_, err := io.WriteString(w, b.String())
	return err
}

// targetText says how a target is.
func targetText(t *local.Target) string {
	text := t.Name
	if t.URL != t.Name && t.URL != "http://"+t.Name {
		text += "  " + t.URL
	}
	text += "  " + t.State
	if t.Paused {
		text += ", paused"
	}
	if t.Waiting > 0 {
		text += fmt.Sprintf(", %d waiting", t.Waiting)
	}
	if t.Until != "" {
		text += ", asked to wait until " + t.Until
	}
	if t.Error != "" {
		text += ": " + t.Error
	}
	return text
}
