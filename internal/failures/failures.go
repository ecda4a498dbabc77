// Package failures puts failed events together by what went wrong: the target, the status
// and the stable part of the answer.
package failures

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/attempt"
	"hfhook/store"
)

// A Store is what failures are read from.
type Store interface {
	List(ctx context.Context, q store.Query) (store.Page, error)
	Event(ctx context.Context, id event.ID) (*event.Event, error)
	Deliveries(ctx context.Context, id event.ID) ([]event.Delivery, error)
}

// A Group is the events that failed at one target in one way.
type Group struct {
	Target string
	Status int    // 0: no whole answer came
	Result string // the status in a word, for example 500 or exit 1
	Reason string // see Reason

	Events      []event.ID // newest first, each once
	First, Last time.Time  // when the oldest and the newest of them were received
	Newest      event.Row
	Attempt     int // the number of the newest event's attempt that failed
}

// A Report is what Collect has found.
type Report struct {
	Groups []Group  // those with the most events first
	Events int      // that failed
	Upto   event.ID // the oldest event that was looked at, if there may be more behind it; else empty
}

// page is how many rows are read at once.
const page = 200

// Collect groups the newest events that failed and match a filter, at most a number of them.
// If the filter asks for outcomes, it is the outcome that failed which has to match. looked is
// called now and then with the event that the search has come to.
func Collect(ctx context.Context, s Store, x filter.Expr, most int, looked func(event.ID)) (r Report, err error) {
	wanted := filter.Expr(filter.Failed)
	if x != nil {
		wanted = filter.And{x, filter.Failed}
	}
	c := collector{store: s, match: filter.Compile(x), about: filter.NeedsOutcomes(x), groups: map[key]*Group{}}
	for q := (store.Query{Filter: wanted, Limit: page}); ; {
		p, err := s.List(ctx, q)
		if err != nil {
			return r, fmt.Errorf("look for failed events: %w", err)
		}
		for i := range p.Rows {
			if r.Events == most {
				r.Upto = p.Rows[i].ID
				break
			}
			found, err := c.add(ctx, &p.Rows[i])
			if err != nil {
				return r, fmt.Errorf("read the answers to event %s: %w", p.Rows[i].ID, err)
			}
			if found {
				r.Events++
			}
		}
		if q.Before = p.Next; p.Next == "" || r.Upto != "" {
			break
		}
		looked(p.Next)
	}
	for _, g := range c.groups {
		r.Groups = append(r.Groups, *g)
	}
	slices.SortFunc(r.Groups, func(a, b Group) int {
		return cmp.Or(-cmp.Compare(len(a.Events), len(b.Events)), -cmp.Compare(a.Newest.ID, b.Newest.ID), strings.Compare(a.Target, b.Target))
	})
	return r, nil
}

type key struct {
	target string
	status int
	result string
	reason string
}

type collector struct {
	store  Store
	match  filter.Predicate
	about  bool // the filter asks for outcomes
	groups map[key]*Group
}

// add takes the failures of an event, and reports whether it has one that is meant.
func (c *collector) add(ctx context.Context, row *event.Row) (found bool, err error) {
	if !slices.ContainsFunc(row.Outcomes, func(o event.Outcome) bool { return o.Failed() }) {
		return false, nil
	}
	made, err := c.store.Deliveries(ctx, row.ID)
	if err != nil {
		return false, err
	}
	for _, o := range row.Outcomes {
		i := slices.IndexFunc(made, func(d event.Delivery) bool { return d.N == o.Last.N })
		if !o.Failed() || i < 0 {
			continue
		}
		d := &made[i]
		meant, err := c.meant(ctx, row, o, d)
		if err != nil {
			return false, err
		}
		if !meant {
			continue
		}
		found = true
		k := key{o.Target, d.Status, attempt.Answer(d), Reason(d)}
		if d.Err != "" {
			k.status = 0
		}
		g := c.groups[k]
		if g == nil { // the newest comes first
			g = &Group{Target: k.target, Status: k.status, Result: k.result, Reason: k.reason, First: row.Received, Last: row.Received, Newest: *row, Attempt: d.N}
			c.groups[k] = g
		}
		g.Events = append(g.Events, row.ID)
		if row.Received.Before(g.First) {
			g.First = row.Received
		}
		if row.Received.After(g.Last) {
			g.Last = row.Received
		}
	}
	return found, nil
}

// meant reports whether a failure is one of those that the filter asks for.
func (c *collector) meant(ctx context.Context, row *event.Row, o event.Outcome, d *event.Delivery) (bool, error) {
	if !c.about {
		return true, nil
	}
	alone := *row
	o.Last = *d
	alone.Outcomes = []event.Outcome{o}
	e, err := c.store.Event(ctx, row.ID)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil // deleted meanwhile
	}
	if err != nil {
		return false, err
	}
	alone.Note = e.Note
	return c.match(&alone, filter.RestOf(e))
}

// Filter is a filter that finds the events of the group, and perhaps some that failed in a
// similar way.
func (g *Group) Filter() string {
	status := filter.Expr(filter.Status{})
	if g.Status > 0 {
		status = filter.Status{From: g.Status, To: g.Status}
	}
	text := "is:failed " + filter.Target(strings.NewReplacer("*", "?").Replace(g.Target)).String() + " " + status.String()
	longest := ""
	for part := range strings.FieldsFuncSeq(g.Reason, func(r rune) bool { return string(r) == Blank || r == utf8.RuneError || !unicode.IsPrint(r) }) {
		if part = strings.TrimSpace(part); len(part) > len(longest) && !strings.Contains(part, "; ") {
			longest = part
		}
	}
	if g.Status > 0 && len(longest) >= 3 {
		text += " " + filter.Answer{Text: longest}.String()
	}
	return text
}

// Says is the group in a line: what came back, and why.
func (g *Group) Says() string {
	if g.Reason == "" {
		return g.Result + ", without a reason"
	}
	return g.Result + " " + g.Reason
}

// Count is the number of events in words.
func (g *Group) Count() string {
	if n := len(g.Events); n != 1 {
		return strconv.Itoa(n) + " events"
	}
	return "1 event"
}
