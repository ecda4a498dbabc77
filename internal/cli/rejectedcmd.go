package cli

// hfhook rejected: the requests that the running hfhook dev has refused, which it alone remembers.

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/local"
	"hfhook/internal/visible"
)

func rejectedCommand(p *program) *cobra.Command {
	var as output.Format
	var forget, all bool
	cmd := &cobra.Command{
		Use:   "rejected [N]",
		Short: "List the requests that were refused, and why",
		Long: `Lists the requests that the running hfhook dev of this folder has rejected, newest first.
With N, a number in the list, it shows one. They are kept in memory only.`,
		Example: "  hfhook rejected\n  hfhook rejected 1\n  hfhook rejected 1 --forget",
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case len(args) > 1:
				return exit.Usagef("rejected takes one number, but got %q", args)
			case len(args) == 0 && forget:
				return exit.Usagef("--forget needs the number of a request; --forget-all forgets all of them")
			case len(args) == 1 && all:
				return exit.Usagef("--forget-all takes no number")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			return withDev(p, func(ctx context.Context, c *local.Client) error {
				if all {
					return c.ForgetRejected(ctx, "")
				}
				lines, err := c.Rejected(ctx)
				if err != nil {
					return err
				}
				slices.Reverse(lines)
				if len(args) == 0 {
					return listRejected(p, lines, as)
				}
				n, err := strconv.Atoi(args[0])
				if err != nil || n < 1 {
					return exit.Usagef("invalid number %q: want a number of the list (1 is the newest)", args[0])
				}
				if n > len(lines) {
					return &exit.Error{Code: exit.CodeNotFound, Err: fmt.Errorf("no rejected request %d: there are %d", n, len(lines)), Try: "hfhook rejected"}
				}
				r, err := readRejection(lines[n-1])
				switch {
				case err != nil:
					return err
				case forget:
					return c.ForgetRejected(ctx, r.At)
				case as.JSON:
					return output.WriteLine(p.out, lines[n-1])
				}
				return reportRejected(p, &r)
			})(cmd, args)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&forget, "forget", false, "forget this one")
	f.BoolVar(&all, "forget-all", false, "forget all of them")
	cmd.MarkFlagsMutuallyExclusive("forget", "forget-all")
	addDevFlag(p, f)
	as.Flags(cmd, "only the statuses")
	return cmd
}

func readRejection(line json.RawMessage) (r local.Rejection, err error) {
	if err := json.Unmarshal(line, &r); err != nil {
		return r, fmt.Errorf("read a rejected request: %w", err)
	}
	return r, nil
}

func listRejected(p *program, lines []json.RawMessage, as output.Format) error {
	if len(lines) == 0 && as == (output.Format{}) {
		_, err := fmt.Fprintln(p.out, "no request was rejected")
		return err
	}
	for i, line := range lines {
		r, err := readRejection(line)
		if err != nil {
			return err
		}
		switch {
		case as.JSON:
			err = output.WriteLine(p.out, line)
		case as.IDs:
			_, err = fmt.Fprintln(p.out, r.Status)
		default:
			_, err = fmt.Fprintf(p.out, "%3d  %s  %s\n", i+1, clock(r.At), visible.Line(rejectedText(&r)))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// rejectedText is a rejected request in a line.
func rejectedText(r *local.Rejection) string {
	return fmt.Sprintf("%d %s  %s %s  %s  %s", r.Status, r.Reason, r.Method, r.Path, output.Size(r.Bytes), r.Detail)
}

// clock is the time of day of a stamp.
func clock(stamp string) string {
	at, err := time.Parse(time.RFC3339, stamp)
	if err != nil {
		return stamp
	}
	return at.Local().Format(time.TimeOnly)
}

// reportRejected prints all that is known of a rejected request.
func reportRejected(p *program, r *local.Rejection) error {
	_, err := fmt.Fprintf(p.out, "%s\n%s %s, %s, at %s\n", visible.Line(fmt.Sprintf("%d %s: %s", r.Status, r.Reason, r.Detail)), visible.Line(r.Method), visible.Line(r.Path), output.Size(r.Bytes), r.At)
	for _, f := range r.Faults {
		_, lineErr := fmt.Fprintf(p.out, "fault    %s\n", visible.Line(f.String()))
		err = errors.Join(err, lineErr)
	}
	return err
}
