package sqlite_test

// Files of a store that are damaged in many ways: the damage is found, and what is left can be
// saved.

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/payload/sample"
	"hfhook/store"
	"hfhook/store/sqlite"
)

// A told is what a store says of its events.
type answers map[event.ID]string

// readAll reads everything. An error is told, too.
func readAll(t *testing.T, s *sqlite.Store) (answers, error) {
	all := answers{}
	for q := (store.Query{}); ; {
		page, err := s.List(t.Context(), q)
		if err != nil {
			return nil, err
		}
		for _, row := range page.Rows {
			e, err := s.Event(t.Context(), row.ID)
			if err != nil {
				return nil, err
			}
			deliveries, err := s.Deliveries(t.Context(), row.ID)
			if err != nil {
				return nil, err
			}
			e.Payload, e.Warnings = nil, nil
			all[row.ID] = fmt.Sprintf("%+v\n%+v\n%+v", row, *e, deliveries)
		}
		if q.Before = page.Next; page.Next == "" {
			break
		}
	}
	stats, err := s.Stats(t.Context())
	all["stats"] = fmt.Sprint(stats.Events, stats.Failed, stats.Waiting)
	return all, err
}

// wholeStore makes a store with large and small bodies, attempts, notes and pins.
func wholeStore(t *testing.T) (data []byte, all answers) {
	path := filepath.Join(t.TempDir(), "events.db")
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 30 {
		body, err := sample.New([]string{"repo/create", "discussion.comment/create"}[i%2], sample.Options{Num: int64(i)})
		if err != nil {
			t.Fatal(err)
		}
		if i%10 == 0 {
			body = append(body, make([]byte, 20000)...)
			for j := range 20000 {
				body[len(body)-1-j] = ' '
			}
		}
		e := &event.Event{Capture: event.Capture{Body: body, Path: "/webhooks", Header: []event.Field{{Name: "A", Value: "b"}}, DeliveryID: fmt.Sprint("id-", i), Origin: event.FromHub}}
		e.Payload, e.Warnings = payload.ParseLenient(body)
		if err := s.Append(t.Context(), e, store.AppendOptions{Targets: []store.Forward{{Target: "a", URL: "http://a/"}, {Target: "b", URL: "http://b/"}}}); err != nil {
			t.Fatal(err)
		}
		d := event.Delivery{Event: e.ID, N: 1, Kind: event.Live, State: event.Done, Target: "a", URL: "http://a/", Status: 200 + 300*(i%2), ResponseBody: []byte("answer")}
		if err := s.PutDelivery(t.Context(), &d); err != nil {
			t.Fatal(err)
		}
		if i%15 == 0 {
			if err := errors.Join(s.Pin(t.Context(), e.ID, fmt.Sprint("pin", i)), s.Note(t.Context(), e.ID, "a note")); err != nil {
				t.Fatal(err)
			}
		}
	}
	if all, err = readAll(t, s); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if data, err = os.ReadFile(path); err != nil {
		t.Fatal(err)
	}
	return data, all
}

const pageSize = 4096

// oneByte begins the name of a damage that SQLite cannot find, nor a SHA-256, unless the byte is
// one of a structure, or of a body.
const oneByte = "the byte"

// damages are ways to damage a file, by name.
func damages(data []byte) map[string]func([]byte) []byte {
	all := map[string]func([]byte) []byte{}
	random := rand.New(rand.NewPCG(1, 2))
	pages := len(data) / pageSize
	on := func(name string, f func(page []byte)) {
		for range 12 {
			n := 1 + random.IntN(pages-1)
			all[fmt.Sprintf("%s of page %d", name, n+1)] = func(b []byte) []byte {
				f(b[n*pageSize : (n+1)*pageSize])
				return b
			}
		}
	}
	on("zeros in the whole", func(p []byte) { clear(p) })
	on("zeros in the first half", func(p []byte) { clear(p[:pageSize/2]) })
	on("zeros in the last half", func(p []byte) { clear(p[pageSize/2:]) })
	on("ones in the middle", func(p []byte) {
		for i := 1000; i < 3000; i++ {
			p[i] = 0xff
		}
	})
	on("another kind", func(p []byte) { p[0] ^= 7 })
	on("a wrong number of cells", func(p []byte) { p[4] += 3 })
	on("a wrong place of a cell", func(p []byte) { p[9] ^= 0x55; p[11] ^= 0x33 })
	on("the bytes turned round", func(p []byte) { slices.Reverse(p) })
	for i, at := range []int{0, 16, 18, 28, 32, 36, 40, 44, 52, 56, 60, 68, 100, 103, 105, 108} {
		all[fmt.Sprintf("byte %d of the header, %d", at, i)] = func(b []byte) []byte { b[at] ^= 0x15; return b }
	}
	for _, cut := range []int{1, 2, pages / 2, pages - 1} {
		all[fmt.Sprintf("%d pages less", cut)] = func(b []byte) []byte { return b[:len(b)-cut*pageSize] }
	}
	for _, cut := range []int{100, 5000, pages * pageSize / 3} {
		all[fmt.Sprintf("%d bytes less", cut)] = func(b []byte) []byte { return b[:len(b)-cut] }
	}
	for range 20 {
		at := pageSize + random.IntN(len(data)-pageSize)
		all[fmt.Sprintf("%s %d", oneByte, at)] = func(b []byte) []byte { b[at] ^= 0x20; return b }
	}
	for range 7 {
		i, j := 1+random.IntN(pages-1), 1+random.IntN(pages-1)
		if i == j {
			j = i%(pages-1) + 1
		}
		all[fmt.Sprintf("pages %d and %d in each other's place", i+1, j+1)] = func(b []byte) []byte {
			was := slices.Clone(b[i*pageSize : (i+1)*pageSize])
			copy(b[i*pageSize:], b[j*pageSize:(j+1)*pageSize])
			copy(b[j*pageSize:], was)
			return b
		}
	}
	return all
}

func TestDamage(t *testing.T) {
	t.Parallel()
	data, whole := wholeStore(t)
	all := damages(data)
	if len(all) < 110 {
		t.Fatalf("%d ways to damage a file; want 110 or more", len(all))
	}
	dir := t.TempDir()
	found, tried := 0, 0
	for i, name := range slices.Sorted(maps.Keys(all)) {
		if underRace && i%4 > 1 { // one goroutine at ten times the cost: half of them will do
			continue
		}
		tried++
		path := filepath.Join(dir, fmt.Sprint(i), "events.db")
		if err := os.Mkdir(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, all[name](slices.Clone(data)), 0o600); err != nil {
			t.Fatal(err)
		}
		if i%2 == 0 {
			saved := filepath.Join(dir, fmt.Sprint(i, ".saved"))
			done, err := sqlite.Salvage(t.Context(), path, saved)
			if err != nil {
				t.Errorf("%s: save what can be read: %v", name, err)
				continue
			}
			checkSaved(t, name, saved, done, whole)
		}
		if isFound(t, name, path, whole) {
			found++
		}
	}
	t.Logf("%d of %d are found", found, tried)
}

// isFound reports whether a check finds the damage. If it does not, nothing may differ.
func isFound(t *testing.T, name, path string, whole answers) bool {
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{MustExist: true})
	if err == nil {
		defer s.Close()
		err = s.Check(t.Context())
	}
	if err != nil {
		if !errors.Is(err, store.ErrDamaged) && !errors.Is(err, store.ErrPlace) && !errors.Is(err, store.ErrNewer) {
			t.Errorf("%s: the error is %v; want one that says that the store is damaged", name, err)
		}
		return true
	}
	got, err := readAll(t, s)
	if err != nil || !maps.Equal(got, whole) && !strings.HasPrefix(name, oneByte) {
		t.Errorf("%s is not found, and what is read differs: %v", name, err)
	}
	return false
}

// checkSaved looks at what was saved of a damaged store.
func checkSaved(t *testing.T, name, path string, done sqlite.Salvaged, whole answers) {
	s, err := sqlite.Open(t.Context(), path, sqlite.Options{MustExist: true})
	if err != nil {
		t.Errorf("%s: open what was saved: %v", name, err)
		return
	}
	defer s.Close()
	if err := s.Check(t.Context()); err != nil {
		t.Errorf("%s: what was saved: %v", name, err)
	}
	got, err := readAll(t, s)
	if err != nil || len(got) != done.Events+1 {
		t.Errorf("%s: %d events are there, %v; want %d", name, len(got)-1, err, done.Events)
	}
	same := 0
	for id, text := range got {
		if text == whole[id] {
			same++
		}
	}
	// A page has the rows of some events, and no test damages more than two.
	if want := len(whole) / 4; same < want && !strings.Contains(name, "less") {
		t.Errorf("%s: %d events and the counts are as they were; want %d or more", name, same, want)
	}
	if len(done.Changed) > 0 {
		e, err := s.Event(t.Context(), done.Changed[0])
		if err != nil || !strings.Contains(e.Note, "damaged") {
			t.Errorf("%s: the note of an event whose body has changed is %q, %v", name, e.Note, err)
		}
	}
}
