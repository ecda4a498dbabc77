package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"hfhook/event"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/export"
	"hfhook/internal/version"
	"hfhook/internal/visible"
	"hfhook/store/sqlite"
)

func storeCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "store",
		Short: "Recover a damaged event store",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return exit.Usagef("unknown command %q: want salvage", args[0])
			}
			return nil
		},
		RunE: func(*cobra.Command, []string) error {
			return &exit.Error{Code: exit.CodeUsage, Err: errors.New("store needs a command: salvage"), Try: "hfhook store salvage"}
		},
	}
	cmd.AddCommand(storeSalvageCommand(p))
	return cmd
}

func storeSalvageCommand(p *program) *cobra.Command {
	var to string
	var as output.Format
	cmd := &cobra.Command{
		Use:   "salvage [FILE]",
		Short: "Save the readable part of a damaged store to a new one",
		Long: `Reads a damaged store page by page, including parts that nothing refers to any more, and
writes what it finds into a new store, or as ndjson for hfhook import. The damaged store
is not changed. Without FILE it reads the store that the other commands use. Stop
hfhook dev first.`,
		Example: "  hfhook store salvage\n  hfhook store salvage events.db --to saved.db\n  hfhook store salvage events.db --to - | hfhook import -",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 1 {
				return exit.Usagef("salvage takes one FILE, and got %d", len(args))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			from := ""
			if len(args) > 0 {
				from = args[0]
			} else {
				path, err := p.storePath()
				if err != nil {
					return err
				}
				from = path
			}
			return salvage(cmd.Context(), p, from, to, as)
		},
	}
	cmd.Flags().Var(fileValue{p, &to}, "to", "write to this new `file`: a store, or ndjson if its name ends in .ndjson or is - (default: FILE with -salvaged)")
	as.Flags(cmd, "print only the ids of events whose bodies are damaged")
	return cmd
}

// A salvagedLine is the line of hfhook store salvage with --json.
type salvagedLine struct {
	Schema   int        `json:"schema"`
	Type     string     `json:"type"`
	From     string     `json:"from"`
	To       string     `json:"to"`
	Events   int        `json:"events"`
	Counted  *int64     `json:"counted,omitempty"` // events that the damaged store says it has
	Attempts int        `json:"attempts"`
	Rebuilt  int        `json:"rebuilt"`
	NoBody   int        `json:"no_body"`
	Changed  []event.ID `json:"changed"`
}

func salvage(ctx context.Context, p *program, from, to string, as output.Format) (err error) {
	ndjson := to == "-" || strings.EqualFold(filepath.Ext(to), ".ndjson")
	if to == "" {
		ext := filepath.Ext(from)
		to = strings.TrimSuffix(from, ext) + "-salvaged" + ext
	}
	into := to
	if ndjson {
		dir, err := os.MkdirTemp("", "hfhook-salvage-")
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
		into = filepath.Join(dir, "events.db")
	}
	var done sqlite.Salvaged
	bar := output.NewProgress(p.err, p.env, 0)
	err = bar.During(func() (err error) {
		done, err = sqlite.Salvage(ctx, from, into)
		return err
	}, func() int { return 0 })
	switch {
	case errors.Is(err, fs.ErrExist):
		return exit.Usagef("%w: --to must name a new file", err)
	case err != nil:
		return err
	case done.Events == 0:
		if err := os.Remove(into); err != nil {
			return err
		}
		return &exit.Error{Code: exit.CodeStore, Err: fmt.Errorf("no event can be read in %s", from)}
	}
	if ndjson {
		if err := exportAll(ctx, p, into, to); err != nil {
			return err
		}
	}
	return printSalvaged(p, from, to, done, as, ndjson)
}

// exportAll writes all events of a store as ndjson, oldest first.
func exportAll(ctx context.Context, p *program, path, to string) (err error) {
	events, err := sqlite.Open(ctx, path, sqlite.Options{MustExist: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, events.Close()) }()
	ids, _, err := chooseEvents(ctx, p, events, nil, nil)
	if err != nil {
		return err
	}
	slices.Reverse(ids)
	return writeTo(p, to, func(w io.Writer) error {
		_, err := export.Write(w, export.NDJSON, exported(ctx, events, ids, nil), export.Options{Version: version.Get().Version})
		return err
	})
}

func printSalvaged(p *program, from, to string, done sqlite.Salvaged, as output.Format, ndjson bool) error {
	out := p.out
	if to == "-" {
		out = p.err
	}
	switch {
	case as.JSON:
		line := salvagedLine{1, "salvaged", from, to, done.Events, nil, done.Attempts, done.Rebuilt, done.NoBody, append([]event.ID{}, done.Changed...)}
		if done.Counted >= 0 {
			line.Counted = &done.Counted
		}
		return output.WriteLine(out, line)
	case as.IDs:
		for _, id := range done.Changed {
			if _, err := fmt.Fprintln(out, id); err != nil {
				return err
			}
		}
		return nil
	}
	text := output.Plural(done.Events, "event")
	if done.Counted >= 0 && done.Counted != int64(done.Events) {
		text += fmt.Sprintf(" of %d", done.Counted)
	}
	text += fmt.Sprintf(" and %s are saved in %s\n", output.Plural(done.Attempts, "attempt"), visible.Line(to))
	if n := len(done.Changed); n > 0 {
		text += fmt.Sprintf("%s damaged: %s marked with a note\n", output.Plural(n, "body"), cmp.Or(map[bool]string{true: "it"}[n == 1], "each"))
	}
	if done.Rebuilt > 0 {
		text += fmt.Sprintf("%s kept only the body: the time and path are guesses\n", output.Plural(done.Rebuilt, "event"))
	}
	if done.NoBody > 0 {
		text += fmt.Sprintf("%s lost the body and were left out\n", output.Plural(done.NoBody, "event"))
	}
	if !ndjson {
		text += fmt.Sprintf("hfhook ls --store %s shows them. To continue with them, move %s and the files beside it away, and give the new store its name.\n", visible.Line(to), visible.Line(from))
	}
	_, err := io.WriteString(out, text)
	return err
}
