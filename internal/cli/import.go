package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"hfhook/event"
	"hfhook/internal/export"
	"hfhook/internal/visible"
	"hfhook/payload"
	"hfhook/store"
	"hfhook/store/sqlite"
)

func (p *program) importCommand() *cobra.Command {
	var dryRun bool
	var id string
	var as format
	cmd := &cobra.Command{
		Use:   "import FILE|-",
		Short: "Take events into the store: from an export, an archive, a curl command, a payload",
		Long: `Takes events into the store and sends them to nobody. What the file is, hfhook finds
out:

  what hfhook export wrote as ndjson, json, har or curl
  an HTTP Archive of another program: each POST whose body is a payload
  curl commands, as browsers copy them (as cURL, for bash); none is run
  a payload, as the Activity tab of a webhook on the Hub shows it

An event gets a new id, and keeps its time, path, headers, body and deliveries. The
secret, credentials, and the headers of tunnels and proxies are left out. One that is
the same delivery as an earlier event comes in, marked as its duplicate. A delivery
that still waited where the event came from is not sent from here.

A payload alone says nothing of its delivery. --webhook-id says it, so that what hfhook
missed while it was offline is known for that, and a second copy for a duplicate.

It ends with 1 where an event was refused; the others are in the store then.`,
		Example: "  hfhook import failed.ndjson\n  hfhook import -        # and paste a payload, then ctrl+d\n  hfhook import --webhook-id 6390e855e30d9209411de93b payload.json\n  hfhook import --dry-run session.har",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("import takes one file, or - for what is piped or pasted, as in hfhook import events.ndjson")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			in, name := p.in, "what was piped or pasted"
			if args[0] == "-" {
				if f, ok := p.in.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
					fmt.Fprintln(p.err, "paste what is to be imported, and end it with ctrl+d on a line of its own")
				}
			} else {
				file, err := openFile(args[0])
				if err != nil {
					return &failure{code: exitUsage, err: fmt.Errorf("import: %w", err), try: "name a file that you may read, or - for what is piped"}
				}
				defer file.Close()
				in, name = file, args[0]
			}
			if id = strings.TrimSpace(id); cmd.Flags().Changed("webhook-id") && !isDeliveryID(id) {
				return usagef("--webhook-id %q is no id of a delivery, as the header Webhook-Id has it", id)
			}
			i := &importing{program: p, name: name, id: id, json: as.json, ids: as.ids, new: make(map[event.ID]event.ID)}
			if dryRun {
				if as.ids {
					return usagef("with --dry-run there are no new ids to print")
				}
				return i.run(cmd.Context(), in)
			}
			path, err := p.storePath()
			if err != nil {
				return err
			}
			events, err := sqlite.Open(cmd.Context(), path, sqlite.Options{Index: true})
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, events.Close()) }()
			i.store = events
			return i.run(cmd.Context(), in)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&dryRun, "dry-run", false, "read the file and tell what would come in")
	f.StringVar(&id, "webhook-id", "", "the Webhook-Id of the delivery whose payload it is, an `id`")
	as.flags(cmd, "the new ids only")
	return cmd
}

func openFile(path string) (*os.File, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = fmt.Errorf("%s is a directory", path)
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// An importing is one call of hfhook import.
type importing struct {
	*program
	store     store.Store // nil: nothing is written
	name      string      // of what is read
	id        string      // of the delivery, for a payload alone; empty: not known
	json, ids bool

	new map[event.ID]event.ID // the ids of this store by those of the other

	in, duplicates, refused, passed int
}

// run takes in what it can. An error of the store ends it, a refused event does not.
func (i *importing) run(ctx context.Context, from io.Reader) error {
	bar := newProgress(i.program, 0)
	defer bar.clear()
	for found, err := range export.Read(from, time.Now()) {
		bar.clear()
		if err == nil {
			err = context.Cause(ctx)
		}
		if err != nil {
			return errors.Join(i.unread(err), i.count())
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
			return errors.Join(fmt.Errorf("import %s, %s: %w", i.name, found.Where, err), i.count())
		}
		bar.step(0)
	}
	if err := i.count(); err != nil {
		return err
	}
	switch all := i.in + i.refused; {
	case i.refused > 0:
		return &failure{code: exitFailure, err: fmt.Errorf("%d of %d events were refused", i.refused, all), try: "correct what is named above, and import that alone"}
	case all == 0:
		return &failure{code: exitFailure, err: fmt.Errorf("import %s: no request in it is a delivery", i.name), try: "a delivery is a POST with a JSON body"}
	}
	return nil
}

// unread is the error of a text of which nothing, or no more, can be read.
func (i *importing) unread(err error) error {
	wrapped := fmt.Errorf("import %s: %w", i.name, err)
	if errors.Is(err, export.ErrEmpty) || errors.Is(err, export.ErrUnknown) {
		return &failure{code: exitUsage, err: wrapped, try: "hfhook import --help tells what it takes"}
	}
	return wrapped
}

// An importedLine is a line of --json.
type importedLine struct {
	Schema    int             `json:"schema"`
	Type      string          `json:"type"` // imported, importable or refused
	Where     string          `json:"where"`
	ID        event.ID        `json:"id,omitempty"`
	From      event.ID        `json:"from,omitempty"` // the event's id in the store that it was exported from
	Duplicate event.ID        `json:"duplicate,omitempty"`
	Summary   string          `json:"summary,omitempty"`
	Error     string          `json:"error,omitempty"`
	Detail    []payload.Fault `json:"detail,omitempty"` // what is wrong with the body
}

// isDeliveryID tells whether a header can have it. The Hub documents no more.
func isDeliveryID(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' })
}

// take records an event with its deliveries.
func (i *importing) take(ctx context.Context, found export.Found) error {
	e := found.Event
	if i.id != "" {
		if e.DeliveryID != "" || i.in > 0 {
			return usagef("--webhook-id is for one payload that comes without an id, and %s is not that", found.Where)
		}
		e.DeliveryID, e.Header = i.id, append(e.Header, event.Field{Name: "Webhook-Id", Value: i.id})
	}
	line := importedLine{Schema: 1, Type: "importable", Where: found.Where, From: found.ID, Detail: faults(found.Faults)}
	if e.Payload != nil {
		line.Summary = e.Payload.Summary()
	}
	if i.store != nil {
		e.Parent = i.new[found.Parent]
		if err := i.store.Append(ctx, e, store.AppendOptions{}); err != nil {
			return err
		}
		line.Type, line.ID, line.Duplicate = "imported", e.ID, e.Duplicate
	}
	i.in++
	if e.Duplicate != "" {
		i.duplicates++
	}
	if found.ID != "" {
		i.new[found.ID] = e.ID
	}
	if i.store != nil {
		for _, d := range found.Deliveries {
			d.Event, d.N = e.ID, 0
			if err := i.store.PutDelivery(ctx, &d); err != nil {
				return err
			}
		}
	}
	switch {
	case i.json:
		return writeLine(i.out, line)
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
	if e.Duplicate != "" {
		text += "  duplicate of " + string(e.Duplicate)
	}
	_, err := fmt.Fprintln(i.out, visible.Line(text))
	return err
}

// refuse tells why an event does not come in.
func (i *importing) refuse(found export.Found) error {
	i.refused++
	detail := faults(found.Refused)
	if i.json {
		return writeLine(i.out, importedLine{Schema: 1, Type: "refused", Where: found.Where, Error: found.Refused.Error(), Detail: detail})
	}
	fmt.Fprintf(i.err, "refused  %s: %s\n", found.Where, visible.Line(found.Refused.Error()))
	if len(detail) > 1 {
		for _, fault := range detail {
			fmt.Fprintf(i.err, "         %s\n", visible.Line(fault.String()))
		}
	}
	return nil
}

// faults are what an error says of a body.
func faults(err error) []payload.Fault {
	if invalid, ok := errors.AsType[*payload.Invalid](err); ok {
		return invalid.Faults
	}
	return nil
}

// count tells on stderr how many there were.
func (i *importing) count() error {
	if i.in+i.refused+i.passed == 0 {
		return nil
	}
	text := fmt.Sprintf("%d came in", i.in)
	if i.store == nil {
		text = fmt.Sprintf("%d would come in", i.in)
	}
	if i.duplicates > 0 {
		text += fmt.Sprintf(", %d of them the same delivery as an earlier event", i.duplicates)
	}
	if i.refused > 0 {
		text += fmt.Sprintf("; %d refused", i.refused)
	}
	if i.passed > 0 {
		text += fmt.Sprintf("; %d other requests passed over", i.passed)
	}
	_, err := fmt.Fprintln(i.err, text)
	return err
}
