package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	neturl "net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/export"
	"hfhook/internal/nearest"
	"hfhook/internal/version"
	"hfhook/internal/visible"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// exportFlags are those of hfhook export.
type exportFlags struct {
	as, output, url, filter string
	withSecret              bool
	ignore                  []string
	allowNew                bool
}

func exportCommand(p *program) *cobra.Command {
	var flags exportFlags
	cmd := &cobra.Command{
		Use:   "export ID…",
		Short: "Export events as a command, a test, an archive or a file to import",
		Long: `Writes events in a format for other tools, or for another hfhook:

  curl, httpie     a command that sends the event again, exact to the byte
  raw              the bytes of an HTTP/1.1 request
  har              an HTTP Archive 1.2, with an entry for each attempt
  json, ndjson     complete events with their deliveries: hfhook import reads both
  pytest, go, ts   a test for your handler: in Python, Go, or JavaScript and TypeScript

A test expects the target's accepted answer: see hfhook accept, and --fail-on-change of
hfhook replay. If an event has none, export exits with 6; with --allow-new the test
expects any 2xx.

Exports never contain the secret, credentials, or headers added by tunnels and proxies.
Commands and tests read the secret from WEBHOOK_SECRET when they run; --with-secret
writes it into them.`,
		Example: "  hfhook export @last --as curl\n  hfhook export --filter 'is:failed since:1h' --as ndjson -o failed.ndjson\n  hfhook export @-2 @last --as pytest -o test_webhook.py",
		Args: func(cmd *cobra.Command, args []string) error {
			if (len(args) == 0) != cmd.Flags().Changed("filter") { // an empty one is every event
				return exit.Usagef("export takes ids or a --filter, for example hfhook export @last --as curl")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return runExport(p, cmd, args, &flags) },
	}
	f := cmd.Flags()
	f.StringVar(&flags.as, "as", "", "the `format`: "+strings.Join(formatNames(), ", "))
	f.VarP(fileValue{p, &flags.output}, "output", "o", "write to this `file`, readable only by you")
	f.StringVar(&flags.filter, "filter", "", "the events that match this `filter`, oldest first")
	f.StringVar(&flags.url, "url", "", "send to this `target`, a URL or port (default: the event's last target)")
	f.StringArrayVar(&flags.ignore, "ignore", nil, "tests: ignore this `PATH` of an answer, such as .id or .items[].at; may be repeated")
	f.BoolVar(&flags.allowNew, "allow-new", false, "tests: accept any 2xx if an event has no recorded answer")
	f.BoolVar(&flags.withSecret, "with-secret", false, "include the current secret in the output")
	p.fileVar(f, &p.settings.secretFile, "secret-file", "read the webhook secret from this `file`")
	return cmd
}

func formatNames() []string {
	var names []string
	for _, f := range export.Formats() {
		names = append(names, string(f))
	}
	return names
}

// noneMatches is the error for a filter that nothing matches, which may be that of all.
func noneMatches(filter string) error {
	if strings.TrimSpace(filter) == "" {
		return fmt.Errorf("%w: there is none yet", store.ErrNotFound)
	}
	return fmt.Errorf("%w: none matches %s", store.ErrNotFound, filter)
}

// runExport reads the flags and carries them out.
func runExport(p *program, cmd *cobra.Command, refs []string, flags *exportFlags) error {
	as := export.Format(flags.as)
	switch {
	case as == "":
		return exit.Usagef("--as is required: %s", strings.Join(formatNames(), ", "))
	case !as.Known():
		return &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("unknown format %q: want %s", flags.as, strings.Join(formatNames(), ", ")), Try: "--as " + nearest.Word(flags.as, formatNames())}
	case flags.withSecret && !as.TakesSecret():
		return exit.Usagef("%s is meant to be shared and never contains the secret", as)
	}
	if !as.Test() && (len(flags.ignore) > 0 || flags.allowNew) {
		return exit.Usagef("--ignore and --allow-new are for tests: pytest, go and ts")
	}
	ignore, err := ignored(flags.ignore)
	if err != nil {
		return err
	}
	var to *delivery.Target
	// dev has a setting of the same name, which is another address.
	if flags.url != "" && p.origins["url"] == "--url" {
		t, err := parseTarget(p, flags.url)
		if err != nil {
			return exit.Usagef("--url: %w", err)
		}
		to = &t
	}
	wanted, err := parseFilter([]string{flags.filter})
	if err != nil {
		return err
	}
	opts := export.Options{Version: version.Get().Version, Ignore: ignore, AllowNew: flags.allowNew}
	if flags.withSecret {
		secret, err := p.secrets()
		if err != nil {
			return err
		}
		opts.Secret = secret.present().Reveal()
	}
	return withStoreToRead(cmd.Context(), p, func(ctx context.Context, events *sqlite.Store) error {
		ids, _, err := chooseEvents(ctx, p, events, refs, wanted)
		switch {
		case err != nil:
			return err
		case len(ids) == 0:
			return noneMatches(flags.filter)
		case len(ids) > 1 && !as.Many():
			return exit.Usagef("%s holds one event, but %d are selected: use ndjson, har or curl", as, len(ids))
		}
		if len(refs) == 0 {
			slices.Reverse(ids) // the oldest first, so that they come in again in their order
		}
		if as == export.Raw && (flags.output == "" || flags.output == "-") {
			warnRaw(p)
		}
		var left export.Left
		err = writeTo(p, flags.output, func(w io.Writer) (err error) {
			bar := output.NewProgress(p.err, p.env, len(ids))
			if out, ok := p.out.(*os.File); ok && (flags.output == "" || flags.output == "-") && isatty.IsTerminal(out.Fd()) {
				bar.W = nil // what is written there is progress enough
			}
			defer bar.Clear()
			left, err = export.Write(w, as, func(yield func(export.Item, error) bool) {
				for item, err := range exported(ctx, events, ids, to) {
					bar.Step(0)
					if !yield(item, err) {
						return
					}
				}
			}, opts)
			return err
		})
		if unanswered, ok := errors.AsType[*export.Unanswered](err); ok {
			return &exit.Error{Code: exit.CodeHandler, Err: err, Try: "hfhook accept " + string(unanswered.Event) + ", or --allow-new for a test that expects any 2xx"}
		}
		if err != nil {
			return err
		}
		printOmitted(p, as, left, flags.withSecret)
		return nil
	})
}

// exported reads the events with their deliveries. Without a target an event uses its last
// address, else the hfhook dev of this machine.
func exported(ctx context.Context, events store.Store, ids []event.ID, to *delivery.Target) iter.Seq2[export.Item, error] {
	read := func(id event.ID) (export.Item, error) {
		e, err := events.Event(ctx, id)
		if err != nil {
			return export.Item{}, err
		}
		deliveries, err := events.Deliveries(ctx, id)
		if err != nil {
			return export.Item{}, err
		}
		item := export.Item{Event: e, Deliveries: deliveries}
		item.URL, item.Target = address(e, deliveries, to)
		return item, nil
	}
	return func(yield func(export.Item, error) bool) {
		for _, id := range ids {
			if item, err := read(id); !yield(item, err) || err != nil {
				return
			}
		}
	}
}

// address is where an event goes, and the name of the target there.
func address(e *event.Event, deliveries []event.Delivery, to *delivery.Target) (url, target string) {
	if to != nil {
		return to.For(e), to.Name
	}
	for _, d := range slices.Backward(deliveries) {
		if strings.HasPrefix(d.URL, "http") {
			return d.URL, d.Target
		}
	}
	dev := delivery.Target{URL: &neturl.URL{Scheme: "http", Host: defaultAddr}}
	return dev.For(e), ""
}

// writeTo passes the standard output to write, or a file that is renamed once it is complete.
func writeTo(p *program, path string, write func(io.Writer) error) (err error) {
	if path == "" || path == "-" {
		return write(p.out)
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		if info.IsDir() {
			return exit.Usagef("-o %s is a directory: name a file in it", path)
		}
		file, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(file), file.Close())
	}
	// A link stays one, to the new file.
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	file, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return &exit.Error{Code: exit.CodeFailure, Err: fmt.Errorf("write %s: %w", path, err), Try: "name a file in a directory where you may write"}
	}
	defer func() {
		if err != nil {
			_ = os.Remove(file.Name())
		}
	}()
	if err = errors.Join(write(file), file.Close()); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

// printOmitted says on stderr what is not in an export, and what is.
func printOmitted(p *program, as export.Format, left export.Left, withSecret bool) {
	var parts []string
	if left.Secret {
		how := "set WEBHOOK_SECRET where it is run"
		if as == export.Raw || as == export.HAR {
			how = "--with-secret puts it in"
		}
		parts = append(parts, "the secret ("+how+")")
	}
	if len(left.Headers) > 0 {
		parts = append(parts, "the headers "+strings.Join(left.Headers, ", "))
	}
	if len(parts) > 0 {
		fmt.Fprintln(p.err, "left out:", visible.Line(strings.Join(parts, ", and ")))
	}
	if withSecret {
		fmt.Fprintln(p.err, "warning: the output contains the secret: do not share it")
	}
	for _, id := range left.Tokens {
		fmt.Fprintf(p.err, "%s seems to contain a Hub access token (hf_…), which is in the output\n", id)
	}
}
