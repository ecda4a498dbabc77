package sqlite

// Lists with a filter: rows from the best index, then bodies, in growing chunks, so that near
// matches are found at once and far ones in several calls.

import (
	"context"
	"database/sql"
	"encoding/binary"
	"encoding/json"
	"math"
	"slices"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/store"
)

// The limits of a search.
type steps struct {
	first  int // events in the first chunk; each further chunk is four times as large
	rows   int // rows that one call reads before it ends early
	bodies int // bodies that one call reads
	bytes  int // of the bodies
	values int // values of an index beyond which it is not a good source
	probe  int // entries that are counted to find the smallest source
	halves int // bodies from which on two connections are used
}

var usual = steps{first: 256, rows: 1 << 15, bodies: 1 << 13, bytes: 32 << 20, values: 2000, probe: 1 << 12, halves: 1 << 11}

// A search goes through a source in one direction.
type search struct {
	*Store
	where  *where
	source source
	forth  bool // to newer events
	limit  int

	match filter.Predicate // what only the bodies can decide; nil: nothing
	blind bool             // match does not look at the row
	needs needs            // what match looks at
	gaps  []store.Gap      // in which an event may have been missed

	lo, hi int64 // keys between which nothing was read yet, exclusive
	most   int   // events that are read before it ends early
	looked int   // events so far, roughly
	bytes  int   // of their bodies
	found  []int64
	rows   []event.Row // of the matches; a blind search reads them at the end
}

// needs says what a predicate uses besides the columns of a row.
type needs struct{ body, header, outcomes, answers, missed bool }

// search is list with a filter.
func (s *Store) search(ctx context.Context, q store.Query) (page store.Page, err error) {
	r, err := s.newSearch(ctx, q)
	if err != nil {
		return page, err
	}
	after, before := r.lo, r.hi
	more, err := r.run(ctx)
	if err == nil && r.blind {
		err = r.readRows(ctx)
	}
	if err != nil {
		return page, err
	}
	// On the side where the query started there is everything that it was not about.
	page.Rows = r.rows
	behind, edge := "SELECT EXISTS (SELECT 1 FROM events WHERE seq >= ?)", before
	here, there, next := &page.Older, &page.Newer, r.hi
	if r.forth {
		slices.Reverse(page.Rows)
		behind, edge = "SELECT EXISTS (SELECT 1 FROM events WHERE seq <= ?)", after
		here, there, next = there, here, r.lo
	}
	if *here = more; more {
		if page.Next, err = r.idBehind(next); err != nil {
			return page, err
		}
	}
	return page, s.read.row(ctx, behind, []any{edge}, there)
}

// newSearch compiles a query.
func (s *Store) newSearch(ctx context.Context, q store.Query) (*search, error) {
	after, before, err := s.span(ctx, q)
	if err != nil {
		return nil, err
	}
	if q.Filter, err = s.identified(ctx, q.Filter); err != nil {
		return nil, err
	}
	var gaps []store.Gap
	if filter.NeedsMissed(q.Filter) {
		spans, err := s.Spans(ctx, gapSpans)
		if err != nil {
			return nil, err
		}
		gaps = store.Gaps(spans)
	}
	w, err := s.where(ctx, q.Filter, gaps)
	if err != nil {
		return nil, err
	}
	r := &search{Store: s, where: w, forth: q.After != "", limit: limit(q), lo: after, hi: before, gaps: gaps}
	r.match, r.blind, r.needs = residue(q.Filter)
	return r, nil
}

// gapSpans is how many spans are read for gaps.
const gapSpans = 1000

// residue returns the part of a filter that must still be checked when its condition holds, and
// what that part needs. blind reports that it needs only body and headers.
func residue(x filter.Expr) (match filter.Predicate, blind bool, n needs) {
	parts, ok := x.(filter.And)
	if !ok {
		parts = filter.And{x}
	}
	parts = slices.DeleteFunc(slices.Clone(parts), func(x filter.Expr) bool { return !openTo(x) })
	if len(parts) == 0 {
		return nil, false, n
	}
	n = needs{filter.NeedsBody(parts), filter.NeedsHeader(parts), filter.NeedsOutcomes(parts), filter.NeedsAnswers(parts), filter.NeedsMissed(parts)}
	return filter.Compile(parts), !filter.NeedsRow(parts), n
}

// openTo reports whether the condition of a filter leaves something to check.
func openTo(x filter.Expr) bool {
	return filter.NeedsBody(x) || filter.NeedsHeader(x) || filter.NeedsAnswers(x) || filter.NeedsMissed(x)
}

// idBehind returns the ID after which, in the direction of the search, the event with this key
// can no longer be.
func (r *search) idBehind(seq int64) (event.ID, error) {
	rest := uint64(0)
	if r.forth {
		rest = math.MaxUint64
	}
	return event.IDFromBytes(binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(nil, uint64(seq)), rest))
}

// run searches until there are enough rows, nothing is left, or it has taken long. It reports
// whether something is left between r.lo and r.hi.
func (r *search) run(ctx context.Context) (more bool, err error) {
	r.lo = max(r.lo, r.where.first-1)
	if r.where.last < math.MaxInt64 {
		r.hi = min(r.hi, r.where.last+1)
	}
	if r.where.never || r.lo >= r.hi {
		return false, nil
	}
	best, entries, err := r.choose(ctx)
	if err != nil {
		return false, err
	}
	switch {
	case r.match != nil:
		r.most = r.steps.bodies
	case r.where.asksOutcomes && best == table: // the attempts of each are read
		r.most = max(r.steps.rows/8, 1)
	case r.where.asksOutcomes: // and its row by itself
		r.most = max(r.steps.rows/32, 1)
	default:
		r.most = r.steps.rows
	}
	// Frequent matches are among the first events of the table, which are adjacent.
	over, more, err := r.chunk(ctx, table, r.steps.first)
	if over || err != nil {
		return more, err
	}
	n := r.steps.first * 4
	if r.where.words != "" && entries > 2*n {
		// The index gathers all events with a word before it returns the first one. For a
		// frequent word that takes longer than reading some thousands of bodies.
		over, more, rare, err := r.sample(ctx, n)
		if over || err != nil {
			return more, err
		}
		if rare {
			words, err := r.lookup(ctx, r.where.words)
			if err != nil {
				return false, err
			}
			if words != nil {
				defer words.close()
				return r.byWords(ctx, words)
			}
		}
	}
	return r.chunks(ctx, best, n)
}

// sample reports whether few of the next n bodies have the words that the index can find. If
// these decide, it has searched them, as chunk does.
func (r *search) sample(ctx context.Context, n int) (over, more, rare bool, err error) {
	found := 0
	if r.blind && !r.where.asksRow {
		before := len(r.found)
		over, more, err = r.chunk(ctx, table, n)
		found = len(r.found) - before
	} else {
		order := " DESC"
		if r.forth {
			order = ""
		}
		var body sql.RawBytes
		err = r.read.each(ctx, "SELECT body FROM bodies WHERE seq > ? AND seq < ? ORDER BY seq"+order+" LIMIT ?", []any{r.lo, r.hi, n}, []any{&body}, func() error {
			ok, err := r.where.hasWords(nil, filter.Rest{Body: func() ([]byte, error) { return body, nil }})
			if ok {
				found++
			}
			return err
		})
	}
	return over, more, found*40 < n, err
}

// chunks reads growing parts of a source, the first with about n events.
func (r *search) chunks(ctx context.Context, s source, n int) (more bool, err error) {
	for ; ; n *= 4 {
		if over, more, err := r.chunk(ctx, s, max(n, s.count)); over || err != nil {
			return more, err
		}
	}
}

// chunk reads about n events of a source. It reports whether that is all for now, and then
// whether something is left between r.lo and r.hi.
func (r *search) chunk(ctx context.Context, s source, n int) (over, more bool, err error) {
	r.source = s
	n = min(n, r.most-r.looked)
	end, ok, err := r.end(ctx, n)
	if err != nil {
		return true, false, err
	}
	lo, hi := r.lo, r.hi
	switch {
	case ok && r.forth:
		hi = end + 1
	case ok:
		lo = end - 1
	}
	look := r.look
	if n >= r.steps.halves && r.blind && !r.where.asksRow && s == table {
		look = func(ctx context.Context, lo, hi int64) (bool, error) { return r.lookTwice(ctx, lo, hi, n/2) }
	}
	enough, err := look(ctx, lo, hi)
	if err != nil || enough {
		return true, enough, err
	}
	if !ok {
		return true, false, nil
	}
	r.reach(end)
	r.looked += n
	return r.looked >= r.most, true, nil
}

// byWords searches the events that the index of words finds, and those that are not indexed
// yet.
func (r *search) byWords(ctx context.Context, words *lookup) (more bool, err error) {
	lo, hi := r.lo, r.hi
	unknown := func() (more bool, err error) {
		if r.lo = max(r.lo, words.upto); r.lo < r.hi-1 {
			more, err = r.chunks(ctx, table, 4*r.steps.first)
		}
		return more, err
	}
	known := func() (more bool, err error) {
		if r.hi = min(r.hi, words.upto+1); r.lo < r.hi-1 {
			more, err = r.candidates(ctx, words)
		}
		return more, err
	}
	if r.forth {
		more, err = known()
		if r.hi = hi; more || err != nil {
			return more, err
		}
		return unknown()
	}
	more, err = unknown()
	if r.lo = lo; more || err != nil {
		return more, err
	}
	return known()
}

// candidates searches the events that the index of words finds.
func (r *search) candidates(ctx context.Context, words *lookup) (more bool, err error) {
	for n := r.steps.first; ; n = r.steps.first * 4 {
		keys, err := words.candidates(ctx, r.lo, r.hi, r.forth, n)
		switch {
		case ctx.Err() != nil:
			return false, context.Cause(ctx)
		case err != nil: // the index is damaged: continue without it
			return r.chunks(ctx, table, 4*r.steps.first)
		case len(keys) == 0:
			return false, nil
		}
		list, err := json.Marshal(keys)
		if err != nil {
			return false, err
		}
		r.source = source{keys: string(list)}
		if enough, err := r.look(ctx, r.lo, r.hi); err != nil || enough {
			return enough, err
		}
		if len(keys) < n {
			return false, nil
		}
		r.reach(keys[len(keys)-1])
		if r.looked += len(keys); r.looked >= r.most {
			return true, nil
		}
	}
}
