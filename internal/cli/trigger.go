package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/dev"
	"hfhook/internal/jsontree"
	"hfhook/internal/nearest"
	"hfhook/internal/visible"
	"hfhook/payload"
	"hfhook/payload/sample"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// triggerFlags say what is sent, and how.
type triggerFlags struct {
	edits        edits
	repo         string
	num          int64
	unknownScope string
	speed        string
	to           targetFlags
	list, print  bool
	as           output.Format
}

func triggerCommand(p *program) *cobra.Command {
	var flags triggerFlags
	cmd := &cobra.Command{
		Use:   "trigger SCOPE/ACTION | scenario NAME|FILE | ID",
		Short: "Send synthetic events to the running hfhook dev",
		Long: `Makes an event like the Hub's and posts it to the hfhook dev that runs in this folder,
which verifies, stores and forwards it like a real one. Neither the Hub nor a tunnel is
needed. Instead of SCOPE/ACTION you can give the ID or pinned name of a recorded event: its
payload is sent.

With --to it goes directly to a handler, and needs no hfhook dev. The result is recorded
all the same, and the exit code is 6 if an answer is not 2xx.

A scenario is a sequence of events about the same repository and discussion, with realistic
pauses. FILE, or - for standard input, contains a scenario of your own, as JSON lines;
--print shows an example. These are its steps:

  {"about":"a comment and its answer","repo":"dataset:me/corpus"}       the first line, if any
  {"kind":"discussion/create"}
  {"after":"2s","kind":"discussion.comment/create","content":"hello","by":"ann"}
  {"after":"1s","body":{"event":{…},"repo":{…},"webhook":{…}}}          sent as it is
  {"after":"4s","again":2}                                              step 2, as the Hub sends it again

--patch, --json-patch, --set and --unset, applied in this order, change the payload first.
--set accepts only fields that the Hub sends, so that typing errors are found; --patch adds
anything. In a scenario --set changes the events that have such a value.`,
		Example: `  hfhook trigger --list
  hfhook trigger discussion.comment/create --repo dataset:me/corpus --set .comment.content='@bot hello'
  hfhook trigger discussion/create --to http://127.0.0.1:8000/hook
  hfhook trigger scenario pr-life --speed 10x
  hfhook trigger scenario pr-life --speed max --to 8000
  hfhook trigger scenario pr-life --print > story.jsonl
  hfhook trigger first-comment
  hfhook trigger --unknown-scope repo.config`,
		Args: func(_ *cobra.Command, args []string) error {
			switch {
			case flags.list || flags.unknownScope != "":
				if len(args) > 0 {
					return exit.Usagef("trigger %s cannot be combined with --list or --unknown-scope", args[0])
				}
			case len(args) > 0 && args[0] == "scenario":
				if len(args) != 2 {
					return exit.Usagef("trigger scenario takes the name of one, or a file: %s", strings.Join(sample.ScenarioNames(), ", "))
				}
			case len(args) != 1:
				return exit.Usagef("trigger takes one SCOPE/ACTION, for example hfhook trigger discussion.comment/create; hfhook trigger --list shows all")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return runTrigger(p, cmd, args, &flags) },
	}
	f := cmd.Flags()
	addHookFlags(p, cmd)
	f.BoolVar(&flags.list, "list", false, "list what can be sent: kinds of events, scenarios and your pinned events")
	f.BoolVar(&flags.print, "print", false, "print the body, or the scenario as a file, instead of sending it")
	f.StringVar(&flags.repo, "repo", "", "the repository, as `type:owner/name`")
	f.Int64Var(&flags.num, "num", 0, "the `number` of the discussion or pull request (default: any)")
	f.StringVar(&flags.unknownScope, "unknown-scope", "", "send an event with an unknown scope below this `SCOPE`")
	f.StringVar(&flags.speed, "speed", "1x", "speed of a scenario, such as `10x`; max: without waiting")
	f.StringArrayVar(&flags.to.to, "to", nil, "send to this `target` itself: a URL, a port, a command as in 'exec ./job.sh', or the name of one in the configuration; may be repeated")
	addTargetSettings(p, f)
	for _, name := range []string{"forward", "exec"} {
		_ = f.MarkHidden(name)
	}
	flags.edits.changeFlags(f)
	flags.as.Flags(cmd, "print only ids; with --list the names of the kinds")
	return cmd
}

// runTrigger reads the flags and carries them out.
func runTrigger(p *program, cmd *cobra.Command, args []string, flags *triggerFlags) error {
	ctx := cmd.Context()
	if flags.list {
		return listTriggers(ctx, p, flags.as)
	}
	if flags.print {
		defer endPromptly(ctx)()
	}
	opts, err := sampleOptions(flags.repo)
	if err != nil {
		return err
	}
	if opts.Num = flags.num; flags.num < 0 {
		return exit.Usagef("invalid --num %d: want 1 or more", flags.num)
	}
	changes, err := flags.edits.read(p)
	if err != nil {
		return err
	}
	if len(args) > 0 && args[0] == "scenario" {
		return triggerScenario(p, cmd, args[1], opts, changes, flags)
	}
	if cmd.Flags().Changed("speed") {
		return exit.Usagef("--speed requires a scenario")
	}
	var body []byte
	switch {
	case flags.unknownScope != "":
		body, err = sample.NewUnknown(payload.Scope(flags.unknownScope), opts)
		err = asUsage(err)
	case strings.Contains(args[0], "/"):
		body, err = sample.New(args[0], opts)
		err = asUsage(err)
	case flags.repo != "" || flags.num != 0:
		return exit.Usagef("--repo and --num require a SCOPE/ACTION; change a recorded event with --set .repo.name=…")
	default:
		body, err = recordedBody(ctx, p, args[0])
	}
	if err != nil {
		return err
	}
	original := body
	if body, err = changes.override(body); err != nil {
		return exit.Usage(err)
	}
	if flags.print {
		if _, err := jsontree.Parse(body); err != nil {
			return &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("the payload is not JSON: %w", err), Try: "hfhook show ID --raw prints the bytes of an event"}
		}
		_, err := fmt.Fprintf(p.out, "%s\n", visible.JSON(body))
		return err
	}
	if len(flags.to.to) > 0 {
		printChanges(p, original, body)
		return playTo(ctx, p, cmd, []sample.Step{{Body: body}}, 1, flags)
	}
	id, err := postToDev(ctx, p, body)
	if err != nil {
		return err
	}
	printChanges(p, original, body)
	return printPosted(p, "triggered", id, body, flags.as)
}

// asUsage makes wrong usage of an error.
func asUsage(err error) error {
	if err != nil {
		return exit.Usage(err)
	}
	return nil
}

// recordedBody is the body of the event that ref names.
func recordedBody(ctx context.Context, p *program, ref string) (body []byte, err error) {
	err = p.withStore(ctx, func(ctx context.Context, events *sqlite.Store) error {
		id, err := events.Resolve(ctx, ref)
		if err != nil {
			return err
		}
		e, err := events.Event(ctx, id)
		if err == nil {
			body = e.Body
		}
		return err
	})
	if errors.Is(err, store.ErrNotFound) || errors.Is(err, errNoStore) {
		return nil, &exit.Error{Code: exit.CodeNotFound, Err: fmt.Errorf("unknown event %q", ref),
			Try: "hfhook trigger --list, which shows all"}
	}
	return body, err
}

// triggerScenario sends the events of a scenario, one after another.
func triggerScenario(p *program, cmd *cobra.Command, name string, opts sample.Options, changes recipe, flags *triggerFlags) error {
	ctx := cmd.Context()
	speed := math.Inf(1)
	if flags.speed != "max" {
		var err error
		if speed, err = parsePace(flags.speed); err != nil || speed == 0 {
			return exit.Usagef("invalid --speed %q: want 1x for normal speed, 10x for ten times as fast, max for no waiting", flags.speed)
		}
	}
	steps, text, err := scenarioSteps(p, name, opts)
	if err != nil {
		return err
	}
	if err := changes.overrideAll(steps); err != nil {
		return exit.Usage(err)
	}
	if flags.print {
		if text == nil || len(changes) > 0 || flags.repo != "" || flags.num != 0 {
			return printSteps(p, steps)
		}
		_, err := p.out.Write(visible.JSON(text))
		return err
	}
	if len(flags.to.to) > 0 {
		return playTo(ctx, p, cmd, steps, speed, flags)
	}
	h, err := findHook(ctx, p)
	if err != nil {
		return err
	}
	var unprinted error
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	err = dev.Play(ctx, h.post, steps, speed, func(played dev.Played) {
		if err := printPosted(p, "triggered", played.Event, played.Step.Body, flags.as); err != nil {
			unprinted = err
			stop(err)
		}
	})
	if unprinted != nil {
		return unprinted
	}
	if err != nil {
		err = fmt.Errorf("scenario %s: %w", name, err)
	}
	return err
}

// scenarioSteps makes the steps of a scenario that hfhook has, or of a file. text is how it is
// written.
func scenarioSteps(p *program, name string, opts sample.Options) (steps []sample.Step, text []byte, err error) {
	all := sample.Scenarios()
	if i := slices.IndexFunc(all, func(s sample.Scenario) bool { return s.Name == name }); i >= 0 {
		text = []byte(all[i].Text)
	} else if text, err = readInput(p, name); errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(name, "./\\") {
		return nil, nil, &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("no scenario or file %q", name), Try: "hfhook trigger scenario " + nearest.Word(name, sample.ScenarioNames())}
	} else if err != nil {
		return nil, nil, exit.Usagef("read the scenario: %w", err)
	}
	steps, err = sample.ReadScenario(bytes.NewReader(text), opts)
	if err != nil {
		return nil, nil, exit.Usagef("%s: %w", name, err)
	}
	return steps, text, nil
}

// printSteps writes the steps as a scenario's file that has their bodies.
func printSteps(p *program, steps []sample.Step) error {
	var b bytes.Buffer
	for _, s := range steps {
		b.WriteByte('{')
		if s.After > 0 {
			fmt.Fprintf(&b, `"after":"%s",`, s.After)
		}
		if s.Again > 0 {
			fmt.Fprintf(&b, "\"again\":%d}\n", s.Again)
			continue
		}
		// A line of the file is one line.
		fmt.Fprintf(&b, "\"body\":%s}\n", bytes.ReplaceAll(bytes.ReplaceAll(s.Body, []byte("\n"), []byte(" ")), []byte("\r"), []byte(" ")))
	}
	_, err := p.out.Write(visible.JSON(b.Bytes()))
	return err
}

func sampleOptions(repo string) (sample.Options, error) {
	if repo == "" {
		return sample.Options{}, nil
	}
	kind, name, ok := strings.Cut(repo, ":")
	if !ok || kind == "" || name == "" {
		return sample.Options{}, exit.Usagef("invalid --repo %q: want type:owner/name, for example dataset:me/corpus", repo)
	}
	return sample.Options{RepoType: payload.RepoType(kind), Repo: name}, nil
}

// printChanges says on stderr what the flags have changed.
func printChanges(p *program, before, after []byte) {
	if !bytes.Equal(before, after) {
		_, _ = output.PrintDifference(p.err, before, after)
		fmt.Fprintln(p.err)
	}
}
