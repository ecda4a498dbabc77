package sqlite

// Terms that few events match. Each has an index of only these events, so it costs a capture
// nothing unless its event is one of them.

import (
	"hfhook/event"
	"hfhook/filter"
)

// layoutRare adds the indexes; that of pins is older.
const layoutRare = `
CREATE INDEX events_duplicate ON events(seq) WHERE duplicate IS NOT NULL;
CREATE INDEX events_same_body ON events(seq) WHERE same_body IS NOT NULL;
CREATE INDEX events_warned    ON events(seq) WHERE warnings > 0;
CREATE INDEX events_synthetic ON events(seq) WHERE origin = 'synthetic';
CREATE INDEX events_edited    ON events(seq) WHERE origin = 'edit';
CREATE INDEX events_imported  ON events(seq) WHERE origin = 'import';`

// rare lists these terms. The condition of each source must equal that of its index.
var rare = map[filter.Expr]source{
	filter.Pinned:                   {index: "events_pinned", cond: pinnedCond},
	filter.Duplicate:                {index: "events_duplicate", cond: states[filter.Duplicate]},
	filter.SameBody:                 {index: "events_same_body", cond: states[filter.SameBody]},
	filter.Warned:                   {index: "events_warned", cond: states[filter.Warned]},
	filter.Synthetic:                {index: "events_synthetic", cond: states[filter.Synthetic]},
	filter.Edited:                   {index: "events_edited", cond: states[filter.Edited]},
	filter.Origin(event.Synthetic):  {index: "events_synthetic", cond: states[filter.Synthetic]},
	filter.Origin(event.FromEdit):   {index: "events_edited", cond: states[filter.Edited]},
	filter.Origin(event.FromImport): {index: "events_imported", cond: "e.origin = 'import'"},
}

// rareSource returns the source of all events that match a term, if they are few.
func rareSource(x filter.Expr) (s source, ok bool) {
	switch x.(type) {
	case filter.Is, filter.Origin:
		s, ok = rare[x]
	case filter.Pin:
		s, ok = rare[filter.Pinned]
	}
	return s, ok
}

// pins returns the names of pins that match.
func (c *compiler) pins(x filter.Pin) []string {
	names := []string{}
	var name string
	err := c.read.each(c.ctx, "SELECT e.pin FROM events e INDEXED BY events_pinned WHERE "+pinnedCond, nil, []any{&name}, func() error {
		if filter.Glob(x).Match(name) {
			names = append(names, name)
		}
		return nil
	})
	if err != nil {
		c.err = err
	}
	return names
}

// notes returns the keys of the events whose notes match.
func (c *compiler) notes(x filter.Note) []int64 {
	keys := []int64{}
	var key int64
	var text string
	err := c.read.each(c.ctx, "SELECT seq, note FROM notes", nil, []any{&key, &text}, func() error {
		if x.Match(text) {
			keys = append(keys, key)
		}
		return nil
	})
	if err != nil {
		c.err = err
	}
	return keys
}
