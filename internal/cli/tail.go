package cli

// hfhook tail: what happens, line by line. Events are followed in the store, whichever process
// records them; deliveries and rejected requests are those of the running hfhook dev.

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hfhook/event"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/local"
	"hfhook/internal/visible"
	"hfhook/store/sqlite"
)

// tailParts are what tail prints.
var tailParts = []string{local.PartEvents, local.PartDeliveries, local.PartRejected}

func tailCommand(p *program) *cobra.Command {
	var n int
	var only []string
	var as output.Format
	cmd := &cobra.Command{
		Use:   "tail [FILTER]",
		Short: "Print events, deliveries and rejected requests as they come",
		Long: `Prints each new event, whichever process records it, until it is interrupted; while
hfhook dev runs in this folder, also its deliveries and rejected requests. --only prints
some of these. With FILTER, see hfhook help filter, it prints only matching events and
their deliveries; filters on the delivery are applied when the delivery finishes.`,
		Example: "  hfhook tail -n 10\n  hfhook tail --json status:5xx\n  hfhook tail --only deliveries,rejected",
		Args:    cobra.ArbitraryArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			if n < 0 {
				return exit.Usagef("invalid -n %d: want a number of events", n)
			}
			for _, part := range only {
				if !slices.Contains(tailParts, part) {
					return exit.Usagef("invalid --only %q: want %s", part, strings.Join(tailParts, ", "))
				}
			}
			x, err := parseFilter(args)
			if err != nil {
				return err
			}
			return p.makeStore(cmd.Context(), func(ctx context.Context, events *sqlite.Store) error {
				ctx, stop := context.WithCancel(ctx)
				defer stop()
				t := &tail{program: p, events: events, as: as, parts: only}
				if len(only) == 0 {
					t.parts = tailParts
					if as.IDs {
						t.parts = []string{local.PartEvents}
					} else if x != nil {
						t.parts = []string{local.PartEvents, local.PartDeliveries}
					}
				}
				lines, err := t.open(ctx, strings.Join(args, " "), len(only) > 0)
				if err != nil {
					return err
				}
				f, err := follow(ctx, events, x)
				if err != nil {
					return err
				}
				var rows []event.Row
				if err := newest(ctx, events, x, n, func(row *event.Row) error { rows = append(rows, *row); return nil }); err != nil {
					return err
				}
				if n > 0 && len(rows) == 0 {
					fmt.Fprintln(p.err, visible.Line(noneText(args))+": waiting for one")
				}
				for _, row := range slices.Backward(rows) {
					f.found[row.ID] = true
					if err := printRow(ctx, p, events, &row, as, gapsOf(ctx, events)); err != nil {
						return err
					}
				}
				return t.run(ctx, f, lines)
			})
		},
	}
	cmd.Flags().IntVarP(&n, "number", "n", 0, "start with the newest `N` matching events")
	cmd.Flags().StringSliceVar(&only, "only", nil, "print only `events`, deliveries or rejected; several with commas (default: all)")
	_ = cmd.RegisterFlagCompletionFunc("only", cobra.FixedCompletions(tailParts, cobra.ShellCompDirectiveNoFileComp))
	addDevFlag(p, cmd.Flags())
	as.Flags(cmd, "ids only")
	return cmd
}

// A tail is a hfhook tail that runs.
type tail struct {
	*program
	events *sqlite.Store
	as     output.Format
	parts  []string
	held   [][]byte // lines of deliveries whose events were not looked at yet
}

func (t *tail) wants(part string) bool { return slices.Contains(t.parts, part) }

// open follows the hfhook dev of the folder. demanded says that the user wants what it alone tells.
// The channel is nil if there is none, and is closed when it ends.
func (t *tail) open(ctx context.Context, filter string, demanded bool) (<-chan []byte, error) {
	parts := slices.DeleteFunc(slices.Clone(t.parts), func(part string) bool { return part == local.PartEvents })
	if len(parts) == 0 {
		return nil, nil
	}
	c, err := findStoreDev(ctx, t.program)
	if err != nil {
		return nil, err
	}
	if c == nil {
		if demanded {
			return nil, noDev()
		}
		if t.as == (output.Format{}) {
			fmt.Fprintln(t.err, "note: no hfhook dev is running in this folder: only events are printed")
		}
		return nil, nil
	}
	stream, err := c.Stream(ctx, filter, strings.Join(parts, ","))
	if err != nil {
		return nil, err
	}
	lines := make(chan []byte, tailAhead)
	go func() {
		defer close(lines)
		defer stream.Close()
		for r := bufio.NewReader(stream); ; {
			line, err := r.ReadBytes('\n')
			if err != nil {
				if !errors.Is(err, io.EOF) && ctx.Err() == nil {
					fmt.Fprintln(t.err, "note: the running hfhook dev cannot be followed any more:", err)
				}
				return
			}
			select {
			case lines <- line:
			case <-ctx.Done():
				return
			}
		}
	}()
	return lines, nil
}

// tailAhead is how many lines are read before they are printed.
const tailAhead = 64

// run prints until ctx ends. A delivery is printed behind its event.
func (t *tail) run(ctx context.Context, f *follower, lines <-chan []byte) error {
	changed := t.events.Watch(ctx)
	following := lines != nil
	for {
		if _, err := f.look(ctx, t.event); err != nil {
			return err
		}
		if err := t.release(f.seen); err != nil {
			return err
		}
		select {
		case line, open := <-lines:
			if !open {
				lines = nil
				break
			}
			if err := t.line(line); err != nil {
				return err
			}
		case _, open := <-changed:
			if !open {
				return context.Cause(ctx)
			}
		}
		if following && lines == nil {
			following = false
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if !t.wants(local.PartEvents) {
				return t.release(lastID)
			}
			if !t.as.IDs {
				fmt.Fprintln(t.err, "note: hfhook dev has ended: only events are printed from now on")
			}
		}
	}
}

// lastID is that of no event: it is newer than all.
const lastID event.ID = "7ZZZZZZZZZZZZZZZZZZZZZZZZZ"

func (t *tail) event(row *event.Row) (enough bool, err error) {
	if !t.wants(local.PartEvents) {
		return false, nil
	}
	return false, printRow(context.Background(), t.program, t.events, row, t.as, gapsOf(context.Background(), t.events))
}

// A tailLine is what tail has to know of a line of the stream.
type tailLine struct {
	local.Rejection
	Type   string              `json:"type"`
	Event  event.ID            `json:"event"`
	State  event.DeliveryState `json:"state"`
	Target string              `json:"target"`
	Exit   *int                `json:"exit"`
	MS     float64             `json:"ms"`
	Error  string              `json:"error"`
	SameAs event.ID            `json:"same_as"`
	Send   string              `json:"send"`
	Lost   int                 `json:"lost"`
}

// line prints a line of the stream, or holds it until its event was printed.
func (t *tail) line(raw []byte) error {
	var l tailLine
	if err := json.Unmarshal(raw, &l); err != nil {
		return fmt.Errorf("read events of the running hfhook dev: %w", err)
	}
	if l.Type == "delivery" {
		t.held = append(t.held, raw)
		return nil
	}
	return t.print(raw, &l)
}

// release prints the deliveries of events up to one.
func (t *tail) release(through event.ID) error {
	kept := t.held[:0]
	for i, raw := range t.held {
		var l tailLine
		if err := json.Unmarshal(raw, &l); err != nil {
			return fmt.Errorf("read events of the running hfhook dev: %w", err)
		}
		if l.Event > through {
			kept = append(kept, raw)
			continue
		}
		if err := t.print(t.held[i], &l); err != nil {
			return err
		}
	}
	t.held = kept
	return nil
}

func (t *tail) print(raw []byte, l *tailLine) (err error) {
	switch {
	case t.as.JSON:
		_, err = t.out.Write(raw)
	case l.Type == "lost":
		_, err = fmt.Fprintf(t.out, "lost       %s: this reader was too slow\n", output.Plural(l.Lost, "line"))
	case t.as.IDs && l.Type == "delivery":
		_, err = fmt.Fprintln(t.out, l.Event)
	case t.as.IDs:
		_, err = fmt.Fprintln(t.out, l.Status)
	case l.Type == "delivery":
		d := event.Delivery{Event: l.Event, State: l.State, URL: l.Target, Status: l.Status, Err: l.Error, SameAs: l.SameAs, Took: time.Duration(l.MS * float64(time.Millisecond))}
		if l.Exit != nil {
			d.Exited, d.Exit = true, *l.Exit
		}
		_, err = fmt.Fprintln(t.out, visible.Line(deliveryText(&d, l.Send)))
	case l.Type == "rejected":
		_, err = fmt.Fprintln(t.out, visible.Line("rejected   "+rejectedText(&l.Rejection)))
	}
	return err
}
