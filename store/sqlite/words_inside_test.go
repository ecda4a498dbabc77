package sqlite

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/waittest"
	"hfhook/store"
	"hfhook/store/storetest"
)

// A wordsStore is a store whose index of words is brought up before each search, less the
// newest few events.
type wordsStore struct {
	*Store
	index *indexer
}

func openIndexed(t testing.TB, behind int64) wordsStore {
	s := openInside(t)
	return wordsStore{s, &indexer{store: s, log: slog.New(slog.DiscardHandler), behind: behind, eager: true}}
}

func (s wordsStore) update(ctx context.Context) error {
	for more := true; more; {
		var err error
		if more, err = s.index.batch(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s wordsStore) List(ctx context.Context, q store.Query) (store.Page, error) {
	if err := s.update(ctx); err != nil {
		return store.Page{}, err
	}
	return s.Store.List(ctx, q)
}

func (s wordsStore) Close() error {
	if s.index.db != nil {
		s.index.db.Close()
	}
	return s.Store.Close()
}

// With the index a search finds the same as without it.
func TestWordsFindTheSame(t *testing.T) {
	t.Parallel()
	storetest.Filter(t, func(t testing.TB) func() store.Store {
		s := openIndexed(t, 7)
		s.steps = steps{first: 1, rows: 30, bodies: 20, bytes: 1 << 20, values: 2000, probe: 1}
		return func() store.Store { return s }
	})
}

func appendBody(t testing.TB, s store.Store, body string) event.ID {
	t.Helper()
	e := &event.Event{Capture: event.Capture{Body: []byte(body)}}
	if err := s.Append(t.Context(), e, store.AppendOptions{}); err != nil {
		t.Fatal(err)
	}
	return e.ID
}

func findAll(t testing.TB, s store.Store, text string) (ids []event.ID) {
	t.Helper()
	for q := (store.Query{Filter: parseFilter(t, text)}); ; {
		page, err := s.List(t.Context(), q)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		for _, row := range page.Rows {
			ids = append(ids, row.ID)
		}
		if q.Before = page.Next; page.Next == "" {
			return ids
		}
	}
}

// A word that few events have is asked of the index, wherever in a word it is; what was
// recorded since, deleted, or is too large for the index comes out right, too.
func TestWordsIndex(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := openIndexed(t, 8)
	s.steps.first = 1
	first := appendBody(t, s, `{"a":"a needle in it"}`)
	large := appendBody(t, s, `{"a":"`+strings.Repeat("0123456789ghijkl", 20_000)+`"}`)
	huge := appendBody(t, s, `{"a":"a splinter`+strings.Repeat(" ", indexBody)+`"}`)
	for i := range 600 {
		appendBody(t, s, fmt.Sprintf(`{"n":"hay %d"}`, i))
	}
	upper := appendBody(t, s, `{"a":"ünneedled"}`)
	last := appendBody(t, s, `{"a":"NEEDLE"}`)
	for range 6 { // else the words are not rare
		appendBody(t, s, `{"n":"hay"}`)
	}
	for text, want := range map[string][]event.ID{
		"needle":        {last, upper, first},
		"eedl":          {last, upper, first},
		`"a needle in"`: {first},
		"needled":       {upper},
		"ünneedle":      {upper},
		"9ghij":         {large},
		"splinter":      {huge},
		"needle hay":    nil,
		"needle | 9gh":  {last, upper, large, first},
		"nowhere":       nil,
		// What the rows tell is not asked of the index, wherever it stands.
		"needle size:>1 | 9gh is:replayed": {last, upper, first},
	} {
		if got := findAll(t, s, text); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
	if info, err := os.Stat(s.words.path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the index has the mode %v, %v", info.Mode(), err)
	}
	// The candidates are looked up by their keys.
	r, err := s.newSearch(ctx, store.Query{Filter: parseFilter(t, "needle")})
	if err != nil {
		t.Fatal(err)
	}
	r.source = source{keys: "[1,2]"}
	query, args := r.query(r.lo, r.hi)
	if plan := plan(t, s.Store, query, args); !strings.Contains(plan, "SEARCH e USING INTEGER PRIMARY KEY (rowid=?)") {
		t.Errorf("candidates are read so:\n%s", plan)
	}

	if n, err := s.Delete(ctx, first); n != 1 || err != nil {
		t.Fatal(n, err)
	}
	question, _ := match(filter.And{filter.Word("needle")})
	l, err := s.lookup(ctx, question)
	if l == nil || err != nil {
		t.Fatalf("no index: %v", err)
	}
	defer l.close()
	seq, _, err := split(first)
	if err != nil {
		t.Fatal(err)
	}
	if keys, err := l.candidates(ctx, -1, 1<<62, false, 10); err != nil || slices.Contains(keys, seq) {
		t.Errorf("a deleted event is in the index: %v, %v", keys, err)
	}
	if got := findAll(t, s, "needle"); !slices.Equal(got, []event.ID{last, upper}) {
		t.Errorf("after one is deleted: %v", got)
	}

	// What the index does not give is not found: it was asked.
	if _, err := s.index.db.Exec("DELETE FROM words"); err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string][]event.ID{"9ghij": nil, "needle | 9ghij": {last, upper}} {
		if got := findAll(t, s, text); !slices.Equal(got, want) {
			t.Errorf("%s with an empty index: %v, want %v", text, got, want)
		}
	}
}

// An event that is deleted while the index is locked is taken out of it later, by this
// process and by the next.
func TestWordsSwept(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	for _, same := range []bool{true, false} {
		s := openIndexed(t, 0)
		var gone []event.ID
		for i := range 2 * sweepBatch {
			if id := appendBody(t, s, "needle"); i%500 == 7 {
				gone = append(gone, id)
			}
		}
		if err := s.update(ctx); err != nil {
			t.Fatal(err)
		}
		// In place of one who writes for longer than is waited for.
		path := s.words.path
		s.words.path = t.TempDir()
		if n, err := s.Delete(ctx, gone...); n != len(gone) || err != nil {
			t.Fatal(n, err)
		}
		s.words.path = path
		if !same {
			s.words.swept.Store(false) // as it is in a store that was just opened
			s.index.behind = 1 << 20   // and in one of few events
		}
		if err := s.update(ctx); err != nil {
			t.Fatal(err)
		}
		var left int
		if err := s.index.db.QueryRow("SELECT count(*) FROM words_docsize").Scan(&left); err != nil || left != 2*sweepBatch-len(gone) {
			t.Errorf("%d are left in the index, %v", left, err)
		}
	}
}

// An index of another store, or one that is ahead of the store, is not believed, and is
// rebuilt; a damaged one does not concern the search.
func TestWordsOfAnotherStore(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	s := openIndexed(t, 0)
	s.steps.first = 1
	want := []event.ID{appendBody(t, s, "needle"), appendBody(t, s, "needle")}
	slices.Reverse(want)
	appendBody(t, s, "hay")
	for what, spoil := range map[string]string{
		"another store":   "UPDATE progress SET store = x'00'",
		"ahead":           "UPDATE progress SET upto = upto + 1",
		"another version": "PRAGMA user_version = 99",
	} {
		if err := s.update(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := s.index.db.Exec("DELETE FROM words"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.index.db.Exec(spoil); err != nil {
			t.Fatal(err)
		}
		if got := findAll(t, s.Store, "needle"); !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", what, got, want)
		}
		if err := s.update(ctx); err != nil {
			t.Fatal(err)
		}
		l, err := s.lookup(ctx, `"needle"*`)
		if l == nil || err != nil {
			t.Fatalf("%s: the index is not rebuilt: %v", what, err)
		}
		if keys, err := l.candidates(ctx, -1, 1<<62, false, 10); len(keys) != 2 || err != nil {
			t.Errorf("%s: made again it finds %v, %v", what, keys, err)
		}
		l.close()
	}
	if _, err := s.index.db.Exec("DROP TABLE words"); err != nil {
		t.Fatal(err)
	}
	if got := findAll(t, s.Store, "needle"); !slices.Equal(got, want) {
		t.Errorf("of a damaged index: %v, want %v", got, want)
	}
}

// A store that is opened with an index keeps it up by itself.
func TestIndexer(t *testing.T) {
	t.Parallel()
	s := openInside(t)
	x := &indexer{store: s, log: slog.New(slog.DiscardHandler), behind: 10}
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { x.run(ctx) })
	defer func() {
		stop()
		running.Wait()
	}()
	for i := range 40 {
		appendBody(t, s, fmt.Sprint("needle ", i))
	}
	var l *lookup
	waittest.Until(t, "that there is an index", func() (there bool) {
		var err error
		if l, err = s.lookup(t.Context(), `"needle"*`); err != nil {
			t.Fatal(err)
		}
		return l != nil
	})
	keys, err := l.candidates(t.Context(), -1, 1<<62, false, 1000)
	l.close()
	if err != nil || len(keys) < 11 {
		t.Errorf("%d events are in the index, %v", len(keys), err)
	}
}

// Whatever a word is, the candidates have every body that has it.
func FuzzTerms(f *testing.F) {
	f.Add("needle", `{"a":"a Needle in it"}`)
	f.Add("\u00fcbc", `{"a":"\u00dcBC"}`)
	f.Add("line\nnext", `{"a":"line\nnext"}`)
	f.Add("abcdefabcdefabcdef", "xabcdefabcdefabcdefx")
	f.Add("\u212aelvin", "kelvin K\u212aelvinx")
	f.Fuzz(func(t *testing.T, word, body string) {
		if word == "" {
			return
		}
		w := filter.Word(word)
		prefix, ok := term(w.Literal())
		if !ok {
			return
		}
		has, err := filter.Compile(w)(&event.Row{}, filter.RestOf(&event.Event{Capture: event.Capture{Body: []byte(body)}}))
		if err != nil || !has {
			return
		}
		all := terms(nil, []byte(body), map[string]bool{})
		for one := range bytes.FieldsSeq(all) {
			if string(one) == termOfAll || strings.HasPrefix(string(one), prefix) {
				return
			}
		}
		t.Errorf("%q has %q, and no term of it begins with %q: %s", body, word, prefix, all)
	})
}
