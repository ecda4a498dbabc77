package tui

// A session in memory: events by number, made when they are asked for, so that a
// list of a million costs nothing.

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/internal/dev"
	"hfhook/payload"
	"hfhook/payload/sample"
	"hfhook/store"
	"hfhook/tui/events"
	"hfhook/tui/request"
	"hfhook/tui/settings"
	"hfhook/tunnel"
)

// canary is the secret of every fake. It must not be in any frame.
const canary = "canary-secret-0123456789abcdef"

var noon = time.Date(2026, 11, 23, 14, 36, 0, 0, time.UTC)

// A fakeEvent is what the fake knows of one event.
type fakeEvent struct {
	row        event.Row
	body       string
	header     []event.Field
	deliveries []event.Delivery
	note       string
	warnings   []payload.Warning
}

type fake struct {
	mu        sync.Mutex
	state     dev.State
	count     int
	make      func(i int) fakeEvent // of the event number i, from 0
	extra     []fakeEvent           // after count
	wake      chan struct{}
	calls     []string
	errs      map[string]error // by the name of the method
	lists     int
	log       []dev.Record
	output    []dev.HandlerLine
	printed   int64 // lines that were dropped from output
	mixed     bool  // other requests were under way while they were printed
	settings  []settings.Setting
	onTrigger func() // before a synthetic event is made
	onList    func(store.Query)
	filters   []events.SavedFilter
	replies   map[event.ID]int  // statuses of the replays of many; 200 if there is none
	gone      map[event.ID]bool // are deleted while many are replayed
	ended     chan struct{}     // nil: never
	cause     error
	program   bool // cloudflared is installed
}

// number and id are each other's inverse: IDs in the order of the numbers, with
// gaps between them.
func fakeID(i int) event.ID {
	b := make([]byte, 16)
	copy(b, []byte{0x01, 0x93, 0x58, 0x4f, 0xa0, 0x00})
	binary.BigEndian.PutUint64(b[8:], uint64(i+1)*1000)
	// The first characters are what a person sees: let them differ.
	b[5] = byte(i)
	b[4] = 0xa0 + byte(i>>8)
	b[3] = 0x4f + byte(i>>16)
	id, err := event.IDFromBytes(b)
	if err != nil {
		panic(err)
	}
	return id
}

// position is the number of the first event whose ID is at least id.
func (s *fake) position(id event.ID) int {
	lo, hi := 0, s.count+len(s.extra)
	for lo < hi {
		mid := (lo + hi) / 2
		if fakeID(mid) >= id {
			hi = mid
		} else {
			lo = mid + 1
		}
	}
	return lo
}

func (s *fake) at(i int) fakeEvent {
	e := fakeEvent{}
	if i < s.count {
		e = s.make(i)
	} else {
		e = s.extra[i-s.count]
	}
	e.row.ID = fakeID(i)
	e.deliveries = slices.Clone(e.deliveries) // the screen keeps what it was given
	if n := len(e.deliveries); n > 0 {
		there := map[string]int{}
		for k := range e.deliveries {
			d := &e.deliveries[k]
			there[d.Target]++
			d.Event, d.N, d.Attempt = e.row.ID, k+1, there[d.Target]
		}
		e.row.Deliveries, e.row.Last, e.row.Outcomes = n, e.deliveries[n-1], event.Outcomes(e.deliveries)
		for k := range e.row.Outcomes {
			o := &e.row.Outcomes[k]
			o.LeftOver = (o.Failed() || o.Pending()) && slices.ContainsFunc(s.state.Store.LeftOver, func(l store.LeftOver) bool { return l.Target == o.Target })
		}
	}
	return e
}

func (s *fake) State() *dev.State {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.state
	st.Store.Events += int64(s.count + len(s.extra))
	return &st
}

func (s *fake) Watch(ctx context.Context) <-chan struct{} {
	out := make(chan struct{}, 1)
	go func() {
		defer close(out)
		for {
			select {
			case <-ctx.Done():
				return
			case <-s.wake:
				select {
				case out <- struct{}{}:
				default:
				}
			}
		}
	}()
	return out
}

func (s *fake) call(format string, args ...any) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, fmt.Sprintf(format, args...))
	return nil
}

func (s *fake) fails(method string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.errs[method]
}

func (s *fake) List(_ context.Context, q store.Query) (store.Page, error) {
	if err := s.fails("List"); err != nil {
		return store.Page{}, err
	}
	if s.onList != nil {
		s.onList(q)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lists++
	n := s.count + len(s.extra)
	if q.Sort != store.ByTime {
		return s.sortedBy(q, n), nil
	}
	if q.Filter != nil {
		return s.search(q, n), nil
	}
	from, to := max(n-q.Limit, 0), n
	switch {
	case q.Before != "":
		to = s.position(q.Before)
		from = max(to-q.Limit, 0)
	case q.After != "":
		from = s.position(q.After)
		if from < n && fakeID(from) == q.After {
			from++
		}
		to = min(from+q.Limit, n)
	}
	p := store.Page{Older: from > 0, Newer: to < n}
	for i := to - 1; i >= from; i-- {
		p.Rows = append(p.Rows, s.at(i).row)
	}
	return p, nil
}

// sortedBy is List with an order.
func (s *fake) sortedBy(q store.Query, n int) store.Page {
	match := filter.Compile(q.Filter)
	var p store.Page
	for i := range n {
		e := s.at(i)
		if ok, _ := match(&e.row, filter.RestOf(&event.Event{Capture: event.Capture{Body: []byte(e.body)}})); ok {
			p.Rows = append(p.Rows, e.row)
		}
	}
	slices.SortStableFunc(p.Rows, func(a, b event.Row) int {
		if q.Sort == store.BySize {
			return -cmp.Compare(a.Size, b.Size)
		}
		x, _ := store.Slowest(&a)
		y, _ := store.Slowest(&b)
		return -cmp.Compare(x, y)
	})
	p.Rows = p.Rows[:min(len(p.Rows), q.Limit)]
	return p
}

// searched is how many events a search looks at before it ends early.
const searched = 300

// search is List with a filter.
func (s *fake) search(q store.Query, n int) store.Page {
	match := filter.Compile(q.Filter)
	fits := func(i int) bool {
		e := s.at(i)
		ok, _ := match(&e.row, filter.RestOf(&event.Event{Capture: event.Capture{Body: []byte(e.body)}}))
		return ok
	}
	p := store.Page{}
	if q.After != "" {
		i := s.position(q.After)
		if i < n && fakeID(i) == q.After {
			i++
		}
		p.Older = i > 0
		for looked := 0; i < n && looked < searched && len(p.Rows) < q.Limit; i, looked = i+1, looked+1 {
			if fits(i) {
				p.Rows = slices.Insert(p.Rows, 0, s.at(i).row)
			}
		}
		if p.Newer = i < n; p.Newer {
			p.Next = fakeID(i - 1)
		}
		return p
	}
	i := n - 1
	if q.Before != "" {
		i = s.position(q.Before) - 1
	}
	p.Newer = i < n-1
	for looked := 0; i >= 0 && looked < searched && len(p.Rows) < q.Limit; i, looked = i-1, looked+1 {
		if fits(i) {
			p.Rows = append(p.Rows, s.at(i).row)
		}
	}
	if p.Older = i >= 0; p.Older {
		p.Next = fakeID(i + 1)
	}
	return p
}

func (s *fake) find(id event.ID) (fakeEvent, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if i := s.position(id); i < s.count+len(s.extra) && fakeID(i) == id {
		return s.at(i), nil
	}
	return fakeEvent{}, fmt.Errorf("event %s: %w", id, store.ErrNotFound)
}

func (s *fake) Event(_ context.Context, id event.ID) (*event.Event, error) {
	if err := s.fails("Event"); err != nil {
		return nil, err
	}
	f, err := s.find(id)
	if err != nil {
		return nil, err
	}
	r := f.row
	e := &event.Event{
		ID: id, Duplicate: r.Duplicate, SameBody: r.SameBody, SameBodyAt: r.SameBodyAt, Pin: r.Pin, Note: f.note,
		Answer: event.Answer{At: r.Received.Add(2 * time.Millisecond), Took: 2 * time.Millisecond, Status: 200},
		Capture: event.Capture{Received: r.Received, Method: "POST", Path: "/webhooks", Proto: "HTTP/1.1", Peer: "127.0.0.1:50112", Tunnel: true, SHA256: sha256.Sum256([]byte(f.body)),
			Header: f.header, Body: []byte(f.body), Origin: r.Origin, Parent: r.Parent, DeliveryID: "b1946ac9",
			Payload: new(payload.Payload),
		},
	}
	_ = json.Unmarshal(e.Body, e.Payload) // some bodies of the tests are none
	e.Warnings = slices.Clone(f.warnings)
	for i := range r.Warnings {
		e.Warnings = append(e.Warnings, payload.Warning{Path: ".event.scope", Text: fmt.Sprintf("unknown value %d", i)})
	}
	return e, nil
}

func (s *fake) Deliveries(_ context.Context, id event.ID) ([]event.Delivery, error) {
	f, err := s.find(id)
	return f.deliveries, err
}

func (s *fake) Replay(_ context.Context, id event.ID, as dev.ReplayAs) ([]event.Delivery, error) {
	if err := s.fails("Replay"); err != nil {
		return nil, err
	}
	if as.New {
		return []event.Delivery{{Event: id, N: 2, Kind: event.Replay, State: event.Done, Target: "8000", URL: "http://127.0.0.1:8000/webhooks", Status: 200, Took: 38 * time.Millisecond, SentDeliveryID: "f414735eb63cdf6006261a15"}},
			s.call("replay %s as new", id)
	}
	return []event.Delivery{{Event: id, N: 2, Kind: event.Replay, State: event.Done, Target: "8000", URL: "http://127.0.0.1:8000/webhooks", Status: 200, Took: 38 * time.Millisecond}},
		s.call("replay %s", id)
}

func (s *fake) ReplayTo(_ context.Context, id event.ID, target string, _ dev.ReplayAs) (event.Delivery, error) {
	return event.Delivery{Event: id, N: 3, Kind: event.Replay, State: event.Done, Target: "8000", URL: "http://127.0.0.1:8000/webhooks", Status: 200, Took: 38 * time.Millisecond},
		s.call("replay %s to %s", id, target)
}

func (s *fake) ReplayMany(ctx context.Context, b dev.Batch) (dev.Tally, error) {
	if err := s.fails("ReplayMany"); err != nil {
		return dev.Tally{}, err
	}
	tally := dev.Tally{Planned: len(b.Events)}
	for _, id := range b.Events {
		if s.gone[id] {
			b.OnGone(id)
			continue
		}
		d := delivered(200, 38)
		if s.replies[id] != 0 {
			d.Status = s.replies[id]
		}
		d.Event, d.N = id, 2
		tally.Sent++
		if d.OK() {
			tally.Answered++
		}
		b.OnResult(dev.Sent{For: id, Delivery: d})
		if !d.OK() && b.StopOnFail {
			break
		}
	}
	how := ""
	if b.Other != "" {
		how = " at " + b.Other
	}
	if text := request.Summary(b.Edit); text != "" {
		how += ", " + text
	}
	if b.ReplayAs != (dev.ReplayAs{}) {
		how += fmt.Sprintf(", %+v", b.ReplayAs)
	}
	return tally, s.call("replay %v to %q, %d at once, pace %g, stop %v%s", b.Events, b.Target, b.Concurrency, b.Pace, b.StopOnFail, how)
}

func (s *fake) Previous(_ context.Context, e *event.Event, before event.ID) (dev.Previous, error) {
	if err := s.fails("Previous"); err != nil {
		return dev.Previous{}, err
	}
	if i := s.position(before); i > 0 {
		return dev.Previous{ID: fakeID(i - 1), Same: dev.SameThread, SameKind: true, Where: "me/corpus#19"}, nil
	}
	return dev.Previous{}, fmt.Errorf("an event before %s: %w", e.ID, store.ErrNotFound)
}

func (s *fake) PutTarget(f dev.TargetForm) error {
	if err := s.fails("PutTarget"); err != nil {
		return err
	}
	return s.call("target %+v", f)
}

func (s *fake) RemoveTarget(name string) { _ = s.call("remove %s", name) }

func (s *fake) PauseTargets(name string, paused bool) { _ = s.call("pause %q %v", name, paused) }

func (s *fake) DeliverHeld(name string) { _ = s.call("deliver %s", name) }

func (s *fake) ClearLeftOver(_ context.Context, target string) (store.Cleared, error) {
	return store.Cleared{Failed: 2, Waiting: 1}, s.call("clear %s", target)
}

func (s *fake) DropHeld(_ context.Context, name string) (int, error) {
	return 3, s.call("drop %s", name)
}

func (s *fake) TargetWords() []string {
	return []string{"8000", "8001,when=scope:repo", "exec ./job.sh"}
}

func (s *fake) LookAround() []dev.Service { return []dev.Service{{Port: "7860"}} }

func (s *fake) TriggerAs(_ context.Context, name string, opts sample.Options) (*event.Event, error) {
	if err := s.fails("TriggerAs"); err != nil {
		return nil, err
	}
	if s.onTrigger != nil {
		s.onTrigger()
	}
	return &event.Event{ID: fakeID(7)}, s.call("trigger %s %s:%s %d %q", name, opts.RepoType, opts.Repo, opts.Num, opts.Content)
}

func (s *fake) Play(_ context.Context, steps []sample.Step, speed float64, played func(dev.Played)) error {
	if err := s.fails("Play"); err != nil {
		return err
	}
	for i, one := range steps {
		played(dev.Played{N: i + 1, Of: len(steps), Step: one, Event: fakeID(7)})
		p, _, err := payload.Parse(one.Body)
		if err != nil {
			return err
		}
		_ = s.call("play %d of %d at %g: %s", i+1, len(steps), speed, p.Summary())
	}
	return nil
}

func (s *fake) Preview(ctx context.Context, b dev.Batch) ([]dev.Sent, error) {
	if err := s.fails("Preview"); err != nil {
		return nil, err
	}
	var all []dev.Sent
	for _, id := range b.Events {
		e, err := s.Event(ctx, id)
		if err != nil {
			return nil, err
		}
		all = append(all, dev.Sent{For: id, Event: e, Delivery: event.Delivery{URL: "http://127.0.0.1:8000/webhooks", RequestHeader: []event.Field{{Name: "X-Hfhook-Event-Id", Value: string(id)}, {Name: "X-Webhook-Secret", Value: "[secret]"}}}})
	}
	return all, nil
}

func (s *fake) Edit(_ context.Context, parent event.ID, edit event.Edit) (*event.Event, error) {
	if err := s.fails("Edit"); err != nil {
		return nil, err
	}
	how := "edit"
	if text := request.Summary(edit); text != "" {
		how += " " + text
	}
	return s.record(how, parent, edit.Body)
}

func (s *fake) Compose(_ context.Context, body []byte) (*event.Event, error) {
	if err := s.fails("Compose"); err != nil {
		return nil, err
	}
	return s.record("compose", "", body)
}

func (s *fake) Fixture(_ context.Context, parent event.ID, body []byte, name string) (*event.Event, error) {
	if err := store.CheckPin(name); err != nil {
		return nil, err
	}
	if err := s.fails("Fixture"); err != nil {
		return nil, err
	}
	return s.record("fixture "+name, parent, body)
}

// record adds an event with this body, which is as day's are otherwise.
func (s *fake) record(how string, parent event.ID, body []byte) (*event.Event, error) {
	e := plainEvent(0)
	e.body, e.deliveries = string(body), nil
	e.row.Parent, e.row.Origin = parent, event.FromEdit
	s.add(e)
	s.mu.Lock()
	id := fakeID(s.count + len(s.extra) - 1)
	s.mu.Unlock()
	if len(body) > 2000 {
		body = fmt.Appendf(nil, "%d bytes", len(body))
	}
	return &event.Event{ID: id}, s.call("%s %s %s", how, parent, body)
}

func (s *fake) ForgetRejected(no event.Rejected) {
	_ = s.call("forget %d", no.Status)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.Rejected = slices.DeleteFunc(slices.Clone(s.state.Rejected), func(r event.Rejected) bool { return r.At.Equal(no.At) })
}

func (s *fake) PrintedDuring(d *event.Delivery) (p dev.Printed) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state.Handler == nil || d.Started.IsZero() {
		return p
	}
	for _, l := range s.output {
		if !l.Remark && !l.At.Before(d.Started) && !l.At.After(d.Started.Add(d.Took)) {
			p.Lines = append(p.Lines, l)
		}
	}
	p.Mixed = s.mixed
	return p
}

func (s *fake) HandlerOutput(up, n int) ([]dev.HandlerLine, int, int64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	end := max(len(s.output)-up, 0)
	return slices.Clone(s.output[max(end-n, 0):end]), len(s.output), s.printed + int64(len(s.output))
}

func (s *fake) RestartHandler() { _ = s.call("restart handler") }

func (s *fake) ForgetAllRejected() {
	_ = s.call("forget all")
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.Rejected = nil
}

func (s *fake) Pin(_ context.Context, id event.ID, name string) error {
	return cmp.Or(s.fails("Pin"), s.change(id, func(e *fakeEvent) { e.row.Pin = name }), s.call("pin %s %q", id, name))
}

func (s *fake) Accept(_ context.Context, id event.ID, n int, right bool) error {
	return s.call("accept %s %d %t", id, n, right)
}

func (s *fake) Note(_ context.Context, id event.ID, text string) error {
	return cmp.Or(s.fails("Note"), s.change(id, func(e *fakeEvent) { e.note = text }), s.call("note %s %q", id, text))
}

func (s *fake) Delete(_ context.Context, ids ...event.ID) (int, error) {
	if err := s.fails("Delete"); err != nil {
		return 0, err
	}
	return len(ids), s.call("delete %s", ids)
}

// change changes one of the extra events.
func (s *fake) change(id event.ID, change func(*fakeEvent)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.position(id) - s.count
	if i < 0 || i >= len(s.extra) || fakeID(i+s.count) != id {
		return fmt.Errorf("event %s: %w", id, store.ErrNotFound)
	}
	change(&s.extra[i])
	return nil
}

func (s *fake) Done() <-chan struct{} { return s.ended }

func (s *fake) Wait() error { <-s.ended; return s.cause }

func (s *fake) saveFilter(f events.SavedFilter) ([]events.SavedFilter, string, error) {
	s.filters = append(s.filters, f)
	return s.filters, ".hfhook.toml", cmp.Or(s.fails("SaveFilter"), s.call("save %s as %s", f.Text, f.Name))
}

func (s *fake) Known(_ context.Context, kind store.KnownKind, _ int) ([]string, error) {
	return map[store.KnownKind][]string{
		store.KnownRepos: {"me/corpus", "me/my-model", "org/a b"}, store.KnownPaths: {"/webhooks", "/webhooks/ci"},
		store.KnownScopes: {"discussion", "repo.config.dois\x1b[1m"},
	}[kind], s.fails("Known")
}

func (s *fake) UseURL(url string) (string, error) {
	return url, cmp.Or(s.fails("UseURL"), s.call("use %s", url))
}

func (s *fake) authtoken(token string, keep bool) {
	_ = s.call("authtoken of %d, keep %v", len(token), keep)
}

// fakeTunnels are the ways to a public URL of a fake.
type fakeTunnels struct {
	s     *fake
	known bool // the SSH server is
}

func (f *fakeTunnels) Has(kind string) bool { return kind != "cloudflared" || f.s.program }
func (f *fakeTunnels) Server() string       { return "nokey@localhost.run:22" }
func (f *fakeTunnels) Use(kind string) error {
	return cmp.Or(f.s.fails("Use"), f.s.call("use tunnel %s", kind))
}

func (f *fakeTunnels) HostKey(context.Context) (tunnel.HostKey, error) {
	return tunnel.HostKey{Addr: "localhost.run:22", Print: "SHA256:fakeFAKEfakeFAKEfakeFAKEfakeFAKEfakeFAKEfak", Known: f.known}, f.s.fails("HostKey")
}

func (f *fakeTunnels) Trust(tunnel.HostKey) error {
	f.known = true
	return f.s.call("trust")
}

func (f *fakeTunnels) Keep(kind, url string) (string, error) {
	return "saved for this project in .hfhook.toml", cmp.Or(f.s.fails("Keep"), f.s.call("keep %s %s", kind, url))
}

func (s *fake) doctor(_ context.Context, report func(settings.Check)) {
	_ = s.call("doctor")
	report(settings.Check{Name: "secret", State: "ok", Detail: "from WEBHOOK_SECRET (32 characters)", Fix: ""})
	report(settings.Check{Name: "store", State: "ok", Detail: "/home/me/.local/share/hfhook/events.db: 1,204 events, 3.1 MB, schema version 4, undamaged", Fix: ""})
	report(settings.Check{Name: "tunnel", State: "failed", Detail: "ngrok refused \x1b[31mthe authtoken", Fix: "copy it again from https://dashboard.ngrok.com/get-started/your-authtoken"})
	report(settings.Check{Name: "target", State: "warning", Detail: "http://127.0.0.1:8000 takes no connection: connection refused", Fix: "start your handler; events are queued until then"})
}

func (s *fake) TakeSecret(text string) (event.Print, error) {
	if err := cmp.Or(s.fails("TakeSecret"), s.call("secret of %d", len(text))); err != nil {
		return event.Print{}, err
	}
	return event.Print{Length: len(text), Text: "c0de 4711"}, s.typed()
}

func (s *fake) FixSecret(fix string) (event.Print, error) {
	if err := cmp.Or(s.fails("FixSecret"), s.call("fix by %s", fix)); err != nil {
		return event.Print{}, err
	}
	return s.state.Rejected[len(s.state.Rejected)-1].Evidence.Sent, s.typed()
}

// typed notes that the secret is another one.
func (s *fake) typed() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.state.Secret.Typed, s.state.Secret.Bad = true, 0
	return nil
}

func (s *fake) keepSecret() (string, error) {
	return "/home/me/.local/state/hfhook/secret", cmp.Or(s.fails("KeepSecret"), s.call("keep the secret"))
}

func (s *fake) SendTo(target, path string) (string, error) {
	return "8000" + path, s.call("send %s to %s", target, path)
}

func (s *fake) GiveHandler(target, text string) (event.Print, error) {
	return event.Print{Length: len(text), Text: "f71f 66e0"}, s.call("give %s a secret", target)
}

func (s *fake) keepHandlerSecret(target string) (string, error) {
	return "/home/me/.local/state/hfhook/handler-secrets/0f.json", cmp.Or(s.fails("KeepHandlerSecret"), s.call("keep the secret of %s", target))
}

func (s *fake) LearnPaths(context.Context, string) {}

func (s *fake) RetryTunnel() { _ = s.call("retry tunnel") }

func (s *fake) DropTunnel() { _ = s.call("drop tunnel") }

func (s *fake) SecretText() string { _ = s.call("secret text"); return canary }

// add appends an event, as when one came in.
func (s *fake) add(e fakeEvent) {
	s.mu.Lock()
	s.extra = append(s.extra, e)
	s.state.Received++
	s.mu.Unlock()
}

func (s *fake) called() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// healthy is a session on which all is well.
func healthy() *fake {
	return &fake{
		wake: make(chan struct{}, 1),
		errs: map[string]error{},
		make: plainEvent,
		state: dev.State{
			Started:  noon.Add(-42 * time.Second),
			LocalURL: "http://127.0.0.1:4665/webhooks",
			HookURL:  "https://amused-otter-fair.ngrok-free.app/webhooks",
			Project:  "my-bot",
			Tunnel:   tunnel.State{Provider: "ngrok", Phase: tunnel.Up, URL: "https://amused-otter-fair.ngrok-free.app", Since: noon.Add(-time.Hour), Latency: 38 * time.Millisecond},
			Secret:   dev.Secret{Verified: true, Source: "WEBHOOK_SECRET", Length: 32},
			Store:    dev.Store{Stats: store.Stats{Newest: noon}},
			Targets:  []dev.Target{{Name: "8000", URL: "http://127.0.0.1:8000/webhooks", Health: dev.Healthy, Status: 200, Result: "200", Took: 38 * time.Millisecond, Trusted: true}},
			Received: 12,
		},
	}
}

func delivered(status int, ms int) event.Delivery {
	return event.Delivery{Kind: event.Live, State: event.Done, Target: "8000", URL: "http://127.0.0.1:8000/webhooks", Started: noon.Add(-time.Minute), Status: status, Took: time.Duration(ms) * time.Millisecond}
}

func plainEvent(i int) fakeEvent {
	return fakeEvent{
		row: event.Row{
			Received: noon.Add(-time.Hour + time.Duration(i)*time.Second), Path: "/webhooks", Scope: payload.ScopeDiscussionComment, Action: payload.ActionCreate,
			RepoType: payload.TypeDataset, Repo: "me/corpus", Label: "comment", Subject: fmt.Sprintf(`me/corpus#19 "number %d"`, i), Size: int64(len(commentBody)), Origin: event.FromHub,
		},
		body:       commentBody,
		header:     []event.Field{{Name: "Content-Type", Value: "application/json; charset=utf-8"}, {Name: "Host", Value: "amused-otter-fair.ngrok-free.app"}, {Name: "X-Forwarded-For", Value: "3.94.12.7"}},
		deliveries: []event.Delivery{delivered(200, 20+i%100)},
	}
}

const commentBody = `{"event":{"action":"create","scope":"discussion.comment"},
"repo":{"type":"dataset","name":"me/corpus","id":"621ffdc036468d709f17434d","private":false,"url":{"web":"https://huggingface.co/datasets/me/corpus","api":"https://huggingface.co/api/datasets/me/corpus"},"owner":{"id":"628b753283ef59b5be89e937"},"headSha":"c379e821c9c95d613899e8c4343e4bfee2b0c600"},
"discussion":{"id":"639885d811ae2bad2b7ba461","title":"Fix split names in train","url":{"web":"https://huggingface.co/datasets/me/corpus/discussions/19","api":"https://huggingface.co/api/datasets/me/corpus/discussions/19"},"author":{"id":"61d2f90c3c2083e1c08af22d"},"status":"open","isPullRequest":true,"num":19,"changes":{"base":"refs/heads/main"}},
"comment":{"id":"6399f58518721fdd27fc9caa","author":{"id":"61d2f90c3c2083e1c08af22d"},"content":"@bot please re-run the eval on this branch","hidden":false,"url":{"web":"https://huggingface.co/datasets/me/corpus/discussions/19#6399f58518721fdd27fc9caa"}},
"webhook":{"id":"6390e855e30d9209411de93b","version":3}}`
