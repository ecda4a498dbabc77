package cli

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"hfhook/event"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/export"
	"hfhook/internal/plainerr"
	"hfhook/internal/visible"
	"hfhook/payload"
	"hfhook/store"
	"hfhook/store/sqlite"
)

func importCommand(p *program) *cobra.Command {
	var dryRun bool
	var id string
	var as output.Format
	cmd := &cobra.Command{
		Use:   "import FILE…|DIR|-",
		Short: "Import events from an export, an archive, a curl command or a payload",
		Long: `Reads events into the store and sends them nowhere. The format is detected:

  what hfhook export wrote as ndjson, json, har or curl
  an HTTP Archive of another program: each POST whose body is a payload
  curl commands, as browsers copy them (as cURL, for bash or cmd); none is run
  a payload, as the Activity tab of a webhook on the Hub shows it
  a directory in which gosmee has saved events

An event gets a new id, and keeps its time, path, headers, body and deliveries. The
secret, credentials, and the headers of tunnels and proxies are left out. Deliveries that
were still waiting are not sent.

An event that is already there, with the same time, path, Webhook-Id and body, is not
imported again: its id is printed, and it gets the deliveries that it lacks. If the file
has no times, it is compared with all imported events. An event that only shares its
Webhook-Id with an earlier one is imported and marked as its duplicate.

A bare payload has no delivery id. Pass it with --webhook-id so that hfhook can fill gaps
and detect duplicates.

It exits with 1 if an event was rejected; the others are in the store then.`,
		Example: "  hfhook import failed.ndjson\n  hfhook import events/*.json saved-by-gosmee/\n  hfhook import -        # and paste a payload, then ctrl+d\n  hfhook import --webhook-id 6390e855e30d9209411de93b payload.json\n  hfhook import --dry-run session.har",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return exit.Usagef("import takes files, a gosmee directory, or - for standard input, for example hfhook import events.ndjson")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			for _, name := range args { // before anything comes in
				if err := readable(name); err != nil {
					return &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("import: %w", err), Try: "name a readable file, or - for standard input"}
				}
			}
			if id = strings.TrimSpace(id); cmd.Flags().Changed("webhook-id") && !isDeliveryID(id) {
				return exit.Usagef("invalid --webhook-id %q: want the value of the header Webhook-Id", id)
			}
			i := &importing{program: p, id: id, json: as.JSON, ids: as.IDs, new: make(map[event.ID]event.ID)}
			if dryRun {
				if as.IDs {
					return exit.Usagef("--dry-run creates no ids to print")
				}
				return i.all(cmd.Context(), args)
			}
			path, err := p.storePath()
			if err != nil {
				return err
			}
			events, err := p.openStore(cmd.Context(), path, sqlite.Options{Index: true})
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, events.Close()) }()
			i.store = events
			return i.all(cmd.Context(), args)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&dryRun, "dry-run", false, "only show what would be imported")
	f.StringVar(&id, "webhook-id", "", "`id` of the delivery (its Webhook-Id header), for a bare payload")
	as.Flags(cmd, "print only the new ids")
	return cmd
}

// readable fails for what cannot be opened.
func readable(name string) error {
	if name == "-" {
		return nil
	}
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	return file.Close()
}

// An importing is one call of hfhook import.
type importing struct {
	*program
	store     store.Store // nil: nothing is written
	name      string      // of what is read
	id        string      // of the delivery, for a payload alone; empty: not known
	json, ids bool

	new   map[event.ID]event.ID // the ids of this store by those of the other
	taken map[event.ID]bool     // those in this store that events of the present file are

	in, there, attempts, duplicates, sameBody, refused, passed int
}

// all takes in what it can of all files. One that cannot be read does not keep the
// others out; an error of the store ends it.
func (i *importing) all(ctx context.Context, names []string) error {
	var failed []error
	for _, name := range names {
		i.name, i.taken = name, make(map[event.ID]bool)
		if name == "-" {
			i.name = "what was piped or pasted"
		}
		before := i.in + i.there + i.refused
		err := i.one(ctx, name)
		if err == nil && i.in+i.there+i.refused == before {
			err = &exit.Error{Code: exit.CodeFailure, Err: fmt.Errorf("import %s: it contains no webhook delivery", i.name), Try: "a delivery is a POST with a JSON body"}
		}
		if err != nil {
			failed = append(failed, err)
			if errors.As(err, new(storeError)) || ctx.Err() != nil {
				break
			}
		}
	}
	if err := i.count(); err != nil {
		return err
	}
	if i.refused > 0 {
		failed = append(failed, &exit.Error{Code: exit.CodeFailure, Err: fmt.Errorf("%s refused", output.OutOf(i.refused, i.in+i.there+i.refused, "event")), Try: "fix the files named above, and import only those"})
	}
	return errors.Join(failed...)
}

// A storeError is one after which no other file can come in.
type storeError struct{ error }

func (e storeError) Unwrap() error { return e.error }

// one takes in what it can of one file or directory.
func (i *importing) one(ctx context.Context, name string) error {
	if name == "-" {
		if f, ok := i.program.in.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
			fmt.Fprintln(i.err, "paste the text to import, then press ctrl+d on a new line")
		}
		return i.run(ctx, export.Read(i.program.in, time.Now()))
	}
	info, err := os.Stat(name)
	if err == nil && info.IsDir() {
		return i.run(ctx, export.ReadDir(os.DirFS(name)))
	}
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	defer file.Close()
	return i.run(ctx, export.Read(file, time.Now()))
}

// run takes in what it can. An error of the store ends it, a refused event does not.
func (i *importing) run(ctx context.Context, events iter.Seq2[export.Found, error]) error {
	bar := output.NewProgress(i.program.err, i.program.env, 0)
	defer bar.Clear()
	for found, err := range events {
		bar.Clear()
		if err == nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			return i.unread(err)
		}
		switch {
		case errors.Is(found.Refused, export.ErrNoDelivery):
			i.passed++
		case found.Refused != nil:
			err = i.refuse(found)
		default:
			err = i.take(ctx, found)
		}
		if err != nil {
			return storeError{fmt.Errorf("import %s, %s: %w", i.name, found.Where, err)}
		}
		bar.Step(0)
	}
	return nil
}

// unread is the error of a text of which nothing, or no more, can be read.
func (i *importing) unread(err error) error {
	wrapped := fmt.Errorf("import %s: %w", i.name, err)
	if errors.Is(err, export.ErrEmpty) || errors.Is(err, export.ErrUnknown) {
		return &exit.Error{Code: exit.CodeUsage, Err: wrapped, Try: "hfhook import --help lists the formats"}
	}
	return wrapped
}

// An importedLine is a line of --json.
type importedLine struct {
	Schema    int             `json:"schema"`
	Type      string          `json:"type"` // imported, importable or refused
	File      string          `json:"file"`
	Where     string          `json:"where"` // in the file
	ID        event.ID        `json:"id,omitempty"`
	From      event.ID        `json:"from,omitempty"` // the event's id in the store that it was exported from
	Duplicate event.ID        `json:"duplicate,omitempty"`
	SameBody  event.ID        `json:"same_body,omitempty"`
	Already   bool            `json:"already,omitempty"` // it was there: the id is that one's
	Missing   string          `json:"missing,omitempty"` // what of it could not be read
	Summary   string          `json:"summary,omitempty"`
	Error     string          `json:"error,omitempty"`
	Detail    []payload.Fault `json:"detail,omitempty"` // what is wrong with the body
}

// isDeliveryID reports whether a header can have it. The Hub documents no more.
func isDeliveryID(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}

// take records an event with its deliveries.
func (i *importing) take(ctx context.Context, found export.Found) error {
	e := found.Event
	if i.id != "" {
		if e.DeliveryID != "" || i.in+i.there > 0 {
			return exit.Usagef("--webhook-id works only for a single payload without an id, which %s is not", found.Where)
		}
		e.DeliveryID, e.Header = i.id, append(e.Header, event.Field{Name: "Webhook-Id", Value: i.id})
	}
	line := importedLine{Schema: 1, Type: "importable", File: i.name, Where: found.Where, From: found.ID, Missing: found.Missing, Detail: faults(found.Faults)}
	if e.Payload != nil {
		line.Summary = e.Payload.Summary()
	}
	if found.Missing != "" && !i.json {
		fmt.Fprintf(i.err, "without  %s: %s\n", found.Where, visible.Line(found.Missing))
	}
	if i.store != nil {
		e.Parent = i.new[found.Parent]
		there, err := i.store.AppendOnce(ctx, e, store.Match{AnyTime: found.AnyTime, Taken: i.taken})
		if err != nil {
			return err
		}
		i.taken[e.ID] = true
		line.Type, line.ID, line.Duplicate, line.SameBody, line.Already = "imported", e.ID, e.Duplicate, e.SameBody, there
		if err := i.deliveries(ctx, e.ID, found.Deliveries, there); err != nil {
			return err
		}
	}
	if line.Already {
		i.there++
	} else {
		i.in++
		switch {
		case e.Duplicate != "":
			i.duplicates++
		case e.SameBody != "":
			i.sameBody++
		}
	}
	if found.ID != "" {
		i.new[found.ID] = e.ID
	}
	switch {
	case i.json:
		return output.WriteLine(i.out, line)
	case i.ids:
		_, err := fmt.Fprintln(i.out, e.ID)
		return err
	}
	text := line.Summary
	if line.ID != "" {
		text = string(line.ID) + "  " + text
	}
	if found.Faults != nil {
		text += "  " + found.Faults.Error()
	}
	if found.ID != "" {
		text += "  (was " + string(found.ID) + ")"
	}
	switch {
	case line.Already:
		text += "  already there"
	case e.Duplicate != "":
		text += "  duplicate of " + string(e.Duplicate)
	case e.SameBody != "":
		text += "  same body as " + string(e.SameBody)
	}
	_, err := fmt.Fprintln(i.out, visible.Line(text))
	return err
}

// deliveries records the attempts of an event. One that was there gets those that it has
// not: they may have been made after an earlier import.
func (i *importing) deliveries(ctx context.Context, id event.ID, list []event.Delivery, there bool) error {
	var known []event.Delivery
	if there && len(list) > 0 {
		var err error
		if known, err = i.store.Deliveries(ctx, id); err != nil {
			return err
		}
	}
	for _, d := range list {
		same := func(k event.Delivery) bool { return k.Started.Equal(d.Started) && k.URL == d.URL }
		accepted := d.Accepted
		if at := slices.IndexFunc(known, same); there && (d.State != event.Done || at >= 0) {
			if at >= 0 && accepted.After(known[at].Accepted) {
				if err := i.store.Accept(ctx, id, known[at].N, accepted); err != nil {
					return err
				}
			}
			continue
		}
		d.Event, d.N, d.SameAs = id, 0, i.new[d.SameAs]
		if err := i.store.PutDelivery(ctx, &d); err != nil {
			return err
		}
		if !accepted.IsZero() {
			if err := i.store.Accept(ctx, id, d.N, accepted); err != nil {
				return err
			}
		}
		if there {
			i.attempts++
		}
	}
	return nil
}

// refuse tells why an event does not come in.
func (i *importing) refuse(found export.Found) error {
	i.refused++
	detail := faults(found.Refused)
	if i.json {
		return output.WriteLine(i.out, importedLine{Schema: 1, Type: "refused", File: i.name, Where: found.Where, Error: plainerr.Text(found.Refused), Detail: detail})
	}
	fmt.Fprintf(i.err, "refused  %s: %s\n", found.Where, visible.Line(plainerr.Text(found.Refused)))
	if len(detail) > 1 {
		for _, fault := range detail {
			fmt.Fprintf(i.err, "         %s\n", visible.Line(fault.String()))
		}
	}
	return nil
}

// faults are what an error says of a body.
func faults(err error) []payload.Fault {
	if invalid, ok := errors.AsType[*payload.InvalidError](err); ok {
		return invalid.Faults
	}
	return nil
}

// count tells on stderr how many there were.
func (i *importing) count() error {
	if i.in+i.there+i.refused+i.passed == 0 {
		return nil
	}
	text := fmt.Sprintf("%d imported", i.in)
	if i.store == nil {
		text = fmt.Sprintf("%d would be imported, except those already in the store", i.in)
	}
	if i.duplicates > 0 {
		text += fmt.Sprintf(", %d of them are repeated deliveries", i.duplicates)
	}
	if i.sameBody > 0 {
		text += fmt.Sprintf(", %d of them have the body of an earlier event", i.sameBody)
	}
	if i.there > 0 {
		text += fmt.Sprintf("; %d already there", i.there)
	}
	if i.attempts > 0 {
		text += fmt.Sprintf(", with %s more", output.Plural(i.attempts, "attempt"))
	}
	if i.refused > 0 {
		text += fmt.Sprintf("; %d refused", i.refused)
	}
	if i.passed > 0 {
		text += "; " + output.Plural(i.passed, "other request") + " skipped"
	}
	_, err := fmt.Fprintln(i.err, text)
	return err
}
