package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/cli/output"
	"hfhook/internal/visible"
	"hfhook/payload"
	"hfhook/payload/sample"
	"hfhook/store/sqlite"
)

// The lines of hfhook trigger --list --json.

type kindLine struct {
	Schema    int                `json:"schema"`
	Type      string             `json:"type"` // kind
	Name      string             `json:"name"`
	Scope     payload.Scope      `json:"scope"`
	Action    payload.Action     `json:"action"`
	About     string             `json:"about"`
	RepoTypes []payload.RepoType `json:"repo_types"`
}

type scenarioLine struct {
	Schema int    `json:"schema"`
	Type   string `json:"type"` // scenario
	Name   string `json:"name"`
	About  string `json:"about"`
	Events int    `json:"events"`
}

type pinLine struct {
	Schema  int      `json:"schema"`
	Type    string   `json:"type"` // pin
	Name    string   `json:"name"`
	Event   event.ID `json:"event"`
	Summary string   `json:"summary"`
}

// listTriggers prints what trigger sends: kinds, scenarios and pinned events.
func listTriggers(ctx context.Context, p *program, as output.Format) error {
	kinds, scenarios := sample.Templates(), sample.Scenarios()
	var pins []pinLine
	err := withStoreToRead(ctx, p, func(ctx context.Context, events *sqlite.Store) error {
		return newest(ctx, events, filter.Pinned, offered, func(row *event.Row) error {
			pins = append(pins, pinLine{Schema: 1, Type: "pin", Name: row.Pin, Event: row.ID, Summary: strings.TrimSpace(row.Label + " " + row.Subject)})
			return nil
		})
	})
	if err != nil && !errors.Is(err, errNoStore) {
		return err
	}
	var b strings.Builder
	switch {
	case as.JSON:
		for _, k := range kinds {
			if err := output.WriteLine(&b, kindLine{1, "kind", k.Name, k.Scope, k.Action, k.About, k.RepoTypes}); err != nil {
				return err
			}
		}
		for _, s := range scenarios {
			if err := output.WriteLine(&b, scenarioLine{1, "scenario", s.Name, s.About, s.Steps}); err != nil {
				return err
			}
		}
		for _, pin := range pins {
			if err := output.WriteLine(&b, pin); err != nil {
				return err
			}
		}
	case as.IDs:
		for _, k := range kinds {
			fmt.Fprintln(&b, k.Name)
		}
	default:
		for _, k := range kinds {
			fmt.Fprintf(&b, "%-34s  %s\n", k.Name, k.About)
		}
		fmt.Fprintf(&b, "\n")
		for _, s := range scenarios {
			fmt.Fprintf(&b, "%-34s  %s (%s)\n", "scenario "+s.Name, s.About, output.Plural(s.Steps, "event"))
		}
		if len(pins) > 0 {
			fmt.Fprintf(&b, "\n")
		}
		for _, pin := range pins {
			fmt.Fprintf(&b, "%-34s  yours: %s\n", pin.Name, visible.Line(pin.Summary))
		}
	}
	_, err = fmt.Fprint(p.out, b.String())
	return err
}
