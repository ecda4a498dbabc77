package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/dev"
	"hfhook/internal/jsontree"
	"hfhook/internal/plainerr"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// replayFlags say which events are sent, and how.
type replayFlags struct {
	targetFlags
	edits        edits
	filter       string
	newestFirst  bool
	concurrency  int
	pace         string
	stopOnFail   bool
	failOnChange bool
	allowNew     bool
	ignore       []string
	junit        string
	dryRun       bool
	resume       bool
	replayAs     delivery.ReplayAs
	as           output.Format
}

func replayCommand(p *program) *cobra.Command {
	var flags replayFlags
	cmd := &cobra.Command{
		Use:   "replay ID…",
		Short: "Send recorded events to targets again, edited or not",
		Long: `Sends the exact bytes of recorded events again and records each attempt: named events in
the given order, those of a --filter oldest first. It exits with 6 if any answer is not 2xx.

A replay of several events that was stopped, by ctrl+c, --stop-on-fail or the end of the
process, continues with --resume: it sends what was not sent yet or failed, to the same
targets. Give the other flags again; they are not remembered.

Without --to, events go to the targets of the hfhook dev that runs in this directory, else
to the configured ones, else to where they went last. A last target on another host must
be named.

--body, --patch, --json-patch, --set and --unset, applied in this order, change the body.
The result is recorded as a new event, a copy of the original, which never changes. A VALUE
that is JSON is used as such, any other as a string; --set creates missing parents.
--method, --path and --drop-header change the rest of the request, also in a copy.

A handler that remembers Webhook-Ids ignores a replay. --as-new sends a new Webhook-Id and
a new event id; hfhook show finds the event by both. --exact sends what the Hub sent: its
headers in their order, the secret, and no headers of hfhook.

With --fail-on-change, and for --junit, each answer is compared with the expected one: the
answer marked by hfhook accept, else the newest 2xx that was equal to the one before it
and was not made for a comparison itself. Status and body are compared, the body as JSON
if both are, without the paths of --ignore and without fields that differ between accepted
answers. It exits with 6 if an answer differs, could not be compared or is missing. If
there is nothing to compare with it exits with 6, too; with --allow-new any 2xx passes.`,
		Example: `  hfhook replay @last --to 8000
  hfhook replay @last --set .comment.content='@bot again' --set .repo.private=true
  hfhook replay --filter 'scope:discussion since:2h' --concurrency 8
  hfhook replay --resume --to 8000
  hfhook replay --filter is:pinned --fail-on-change --ignore .took --junit report.xml`,
		Args: func(cmd *cobra.Command, args []string) error {
			filtered := cmd.Flags().Changed("filter")
			switch {
			case flags.resume && (len(args) > 0 || filtered || flags.newestFirst):
				return exit.Usagef("--resume continues the last replay: leave out ids, --filter and --newest-first")
			case flags.resume:
			case len(args) == 0 && !filtered:
				return exit.Usagef("replay takes at least one id, for example hfhook replay @last --to 8000, or a --filter")
			case len(args) > 0 && flags.newestFirst:
				return exit.Usagef("--newest-first requires --filter: ids are sent in the given order")
			case len(args) > 0 && filtered:
				return exit.Usagef("replay takes ids or a --filter, and not both")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return runReplay(p, cmd, args, &flags) },
	}
	f := cmd.Flags()
	addTargetFlags(p, cmd, &flags.targetFlags)
	flags.edits.flags(f)
	flags.edits.requestFlags(f)
	f.StringVar(&flags.filter, "filter", "", "send the events that match this `filter`: see hfhook help filter")
	f.BoolVar(&flags.newestFirst, "newest-first", false, "send matching events newest first")
	f.BoolVar(&flags.resume, "resume", false, "continue the last replay of several: send what was not sent and what failed")
	f.IntVar(&flags.concurrency, "concurrency", 1, "number of events to send in parallel (1 keeps the order)")
	f.StringVar(&flags.pace, "pace", "", "keep the time between the events: `1x` as recorded, 10x ten times as fast (default: no delay)")
	f.BoolVar(&flags.stopOnFail, "stop-on-fail", false, "stop after the first failure")
	f.BoolVar(&flags.failOnChange, "fail-on-change", false, "compare each answer with the accepted one (see hfhook accept) and fail if it differs")
	f.BoolVar(&flags.allowNew, "allow-new", false, "accept any 2xx if there is no answer to compare with")
	f.StringArrayVar(&flags.ignore, "ignore", nil, "ignore this `PATH` of an answer, such as .id or .items[].at; may be repeated")
	p.fileVar(f, &flags.junit, "junit", "write a JUnit report to this `file`")
	f.BoolVar(&flags.dryRun, "dry-run", false, "show what would be sent, without sending or recording")
	f.BoolVar(&flags.replayAs.New, "as-new", false, "send a new Webhook-Id and X-Hfhook-Event-Id, so that handlers see a new event")
	f.BoolVar(&flags.replayAs.Exact, "exact", false, "send exactly what the Hub sent, without hfhook's headers")
	f.BoolVar(&flags.replayAs.Unmarked, "unmarked", false, "send no X-Hfhook-Replay: replaced by --exact")
	f.BoolVar(&flags.replayAs.NewEventID, "new-event-id", false, "send another X-Hfhook-Event-Id: replaced by --as-new")
	for name := range replacedFlags {
		_ = f.MarkHidden(name)
	}
	flags.as.Flags(cmd, "print only the ids of the events sent")
	return cmd
}

// sender sends events with the present secret.
func (p *program) sender(events *sqlite.Store) (*delivery.Dispatcher, error) {
	secret, err := p.secrets()
	if err != nil {
		return nil, err
	}
	return delivery.New(events, delivery.Options{
		Secret:       func(string) (string, bool) { return secret.present().Reveal(), !secret.present().IsZero() },
		SendSecretTo: p.settings.sendSecretTo, Proxy: http.ProxyFromEnvironment,
	}), nil
}

// runReplay reads the flags and carries them out.
func runReplay(p *program, cmd *cobra.Command, args []string, flags *replayFlags) error {
	pace, err := parsePace(flags.pace)
	if err != nil {
		return err
	}
	if err := checkReplayAs(p, cmd, flags); err != nil {
		return err
	}
	if flags.concurrency < 1 || flags.concurrency > maxConcurrency {
		return exit.Usagef("invalid --concurrency %d: want 1 to %d", flags.concurrency, maxConcurrency)
	}
	compare := flags.failOnChange || flags.junit != ""
	if !compare && (len(flags.ignore) > 0 || flags.allowNew) {
		return exit.Usagef("--ignore and --allow-new require --fail-on-change or --junit")
	}
	ignore, err := ignored(flags.ignore)
	if err != nil {
		return err
	}
	flags.replayAs.ForComparison = compare
	recipe, err := flags.edits.read(p)
	if err != nil {
		return err
	}
	request, err := flags.edits.request()
	if err != nil {
		return err
	}
	var wanted filter.Expr
	if len(args) == 0 && !flags.resume {
		if wanted, err = filter.Parse(flags.filter, time.Now()); err != nil {
			return &exit.Error{Code: exit.CodeUsage, Err: err, Try: "hfhook help filter"}
		}
	}
	to, err := chooseDestination(cmd.Context(), p, cmd, &flags.targetFlags)
	if err != nil && (flags.resume || !errors.Is(err, dev.ErrNoTarget)) {
		return err
	}
	defer to.close()
	return p.withStore(cmd.Context(), func(ctx context.Context, events *sqlite.Store) error {
		sender, err := to.sender(p, events)
		if err != nil {
			return err
		}
		r := &replaying{
			program: p, events: events, sender: sender, targets: to.targets, recipe: recipe, request: request,
			as: flags.as, pace: pace, concurrency: flags.concurrency, stopOnFail: flags.stopOnFail,
			compare: compare, allowNew: flags.allowNew, ignore: ignore, junit: flags.junit,
		}
		path, err := absoluteStore(p)
		if err != nil {
			return err
		}
		stop := endPromptly(ctx) // until something is sent
		defer func() { stop() }()
		switch {
		case flags.resume:
			err = r.resume(path, !flags.dryRun)
		case len(args) > 0:
			err = r.named(ctx, args)
		default:
			err = r.matching(ctx, wanted)
			if flags.newestFirst {
				slices.Reverse(r.ids)
			}
		}
		if err == nil && len(r.targets) == 0 {
			err = to.atLast(ctx, p, events, r.ids)
			r.targets = to.targets
		}
		for i := range r.targets {
			r.targets[i].ReplayAs = flags.replayAs
		}
		if err == nil {
			err = r.checkRecipe(ctx, !flags.dryRun && flags.as == (output.Format{}))
		}
		switch {
		case err != nil:
			return err
		case flags.dryRun:
			return r.dryRun(ctx)
		default:
			if len(recipe) > 0 {
				noteUnsigned(p, flags.as)
			}
			if err := r.keepRemaining(path); err != nil {
				fmt.Fprintln(p.err, "warning: if this replay is stopped, hfhook replay --resume will not know of it:", plainerr.Text(err))
			}
			r.again = resumeCommand(p, cmd)
			stop()
			return r.run(ctx)
		}
	})
}

const maxConcurrency = 1000

// parsePace reads 10x; the empty text is 0, which means no pace.
func parsePace(text string) (float64, error) {
	if text == "" {
		return 0, nil
	}
	pace, err := strconv.ParseFloat(strings.TrimSuffix(text, "x"), 64)
	if err != nil || !(pace > 0) || math.IsInf(pace, 0) {
		return 0, exit.Usagef("invalid --pace %q: want 1x for the recorded delays, 10x for ten times as fast", text)
	}
	return pace, nil
}

// named takes the events that the refs name.
func (r *replaying) named(ctx context.Context, refs []string) error {
	for _, ref := range refs {
		id, err := r.events.Resolve(ctx, ref)
		if err != nil {
			return err
		}
		r.ids = append(r.ids, id)
	}
	return nil
}

// matching takes the events that match, the oldest first.
func (r *replaying) matching(ctx context.Context, x filter.Expr) error {
	for q := (store.Query{Filter: x, Limit: lsPage}); ; {
		page, err := r.events.List(ctx, q)
		if err != nil {
			return err
		}
		for i := range page.Rows {
			r.ids = append(r.ids, page.Rows[i].ID)
		}
		if q.Before = page.Next; page.Next == "" {
			break
		}
	}
	if len(r.ids) == 0 {
		return fmt.Errorf("no event matches the filter: %w", store.ErrNotFound)
	}
	slices.Reverse(r.ids)
	return nil
}

// checkRecipe makes the changes in all events, so that nothing is sent where one of
// them can't be made. What it makes of a single event it shows.
func (r *replaying) checkRecipe(ctx context.Context, show bool) error {
	if len(r.recipe) == 0 && r.request.Empty() {
		return nil
	}
	for _, id := range r.ids {
		original, err := r.events.Event(ctx, id)
		if r.resumed && errors.Is(err, store.ErrNotFound) {
			continue // it is passed over
		}
		if err != nil {
			return err
		}
		e, err := r.edited(original)
		if err != nil {
			return exit.Usage(err)
		}
		if show && len(r.ids) == 1 {
			return showChange(r.program, original, e)
		}
	}
	return nil
}

// edited returns the event that is sent in place of e: e itself where the changes make no
// difference, else a new one that is not recorded yet.
func (r *replaying) edited(e *event.Event) (*event.Event, error) {
	edit := r.request
	if len(r.recipe) > 0 {
		body, err := r.recipe.apply(e.Body)
		if err != nil {
			return nil, fmt.Errorf("edit event %s: %w", e.ID, err)
		}
		edit.Body = body
	}
	if edit = edit.Changing(e); edit.Empty() {
		return e, nil
	}
	// For the pace it is as old as e, until it is recorded.
	return e.Edited(edit, e.Received), nil
}

// replacedFlags are flags that still work in this release, and what takes their place.
var replacedFlags = map[string]string{
	"unmarked":     "--exact, which leaves out hfhook's headers",
	"new-event-id": "--as-new, which also sends a new Webhook-Id",
}

// checkReplayAs refuses flags that contradict each other, and says of old ones that they go.
func checkReplayAs(p *program, cmd *cobra.Command, flags *replayFlags) error {
	if flags.replayAs.Exact {
		for _, name := range []string{"as-new", "header", "body", "patch", "json-patch", "set", "unset", "method", "path", "drop-header", "unmarked", "new-event-id"} {
			// A header of the configuration is left out: it is for every other delivery.
			if f := cmd.Flags().Lookup(name); f.Changed && (name != "header" || p.origins[name] == "--header") {
				return exit.Usagef("--exact and --%s cannot be used together", name)
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(replacedFlags)) {
		if cmd.Flags().Changed(name) {
			fmt.Fprintf(p.err, "--%s will be removed in the next release: use %s\n", name, replacedFlags[name])
		}
	}
	return nil
}

// ignored reads the values of --ignore.
func ignored(texts []string) (paths []jsontree.Path, err error) {
	for _, text := range texts {
		path, err := jsontree.ParsePath(text)
		if err != nil {
			return nil, exit.Usagef("--ignore %s: %w", text, err)
		}
		paths = append(paths, path)
	}
	return paths, nil
}
