package tui

// The screen at the size that it has to bear: a million events in a real store, 200 more
// each second, and ten megabytes open in the tree.

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"flag"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"hfhook/delivery"
	"hfhook/internal/dev"
	"hfhook/internal/waittest"
	"hfhook/payload/sample"
	"hfhook/server"
	"hfhook/store/sqlite"
	"hfhook/store/storetest"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

var (
	scaleStore  = flag.String("scale-store", "", "keep the events of BenchmarkAtScale in this file, and use those that are in it")
	scaleEvents = flag.Int64("scale-events", 1_000_000, "events in the store of BenchmarkAtScale")
)

const (
	scaleRate = 200 // events a second
	scaleTime = 30 * time.Second
	scaleBody = 10<<20 - 4096 // bytes of the body that is open; the server takes 10 MiB
)

// BenchmarkAtScale prints what a key takes to its frame, in Update and View alone (by the
// clock, and as time that the loop's thread computed) and through the running program to
// the bytes for the terminal, the memory of this process
// (the clients and the handler are in it, too), and the time to the first frame:
//
//	go test ./tui -run '^$' -bench AtScale -benchtime 1x -timeout 30m
func BenchmarkAtScale(b *testing.B) {
	path := *scaleStore
	if path == "" {
		path = filepath.Join(b.TempDir(), "events.db")
	}
	fillStore(b, path)
	debug.FreeOSMemory()
	for b.Loop() {
		atScale(b, path)
	}
}

func atScale(b *testing.B, path string) {
	ctx, cancel := context.WithCancel(b.Context())
	defer cancel()
	handler := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(io.Discard, r.Body) }))
	defer handler.Close()
	target, err := delivery.ParseTarget(handler.URL)
	if err != nil {
		b.Fatal(err)
	}
	secret, err := server.ParseSecret(canary)
	if err != nil {
		b.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	url := "http://" + ln.Addr().String() + "/webhooks"

	began := time.Now()
	events, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer events.Close()
	session, err := dev.Start(ctx, dev.Options{Store: events, Listener: ln, Secrets: []server.Secret{secret}, Targets: []delivery.Target{target}})
	if err != nil {
		b.Fatal(err)
	}
	in, keys := io.Pipe()
	out := &meteredWriter{}
	opts := Options{Color: style.ColorTrue, Env: []string{"TERM=xterm-256color", "SSH_TTY=/dev/null"}, Input: in, Output: out}
	a := newAsks(ctx, session, screen.NewClipboard(opts.Env), opts.Env)
	meter := &meteredModel{model: newModel(a, opts, time.Now), out: out, byKey: map[string][]time.Duration{}}
	program := tea.NewProgram(meter, tea.WithContext(ctx), tea.WithoutSignalHandler(), tea.WithFPS(120), tea.WithEnvironment(opts.Env),
		tea.WithInput(in), tea.WithOutput(out), tea.WithColorProfile(colorprofile.TrueColor), tea.WithWindowSize(200, 60))
	ended := make(chan error, 1)
	go func() { _, err := program.Run(); ended <- err }()
	first := out.await(b, "hfhook").Sub(began)

	bodies := sampleBodies(b)
	post(b, url, storetest.LargeBody([]byte(commentBody), scaleBody))
	press := func(sequence string) {
		for key := range strings.FieldsSeq(sequence) {
			meter.press(b, keys, key)
		}
	}
	out.quiet(b)
	press("B") // the events of earlier runs, in case the list is not shown yet
	press("G enter")
	waittest.Until(b, "the body", func() bool { return meter.shows("extra") })
	press("G up up E") // into the large part
	out.quiet(b)
	meter.forget()

	var posting sync.WaitGroup
	stop := time.Now().Add(scaleTime)
	var posted, refused atomic.Int64
	posting.Go(func() {
		tick := time.NewTicker(time.Second / scaleRate)
		defer tick.Stop()
		sent := make(chan struct{}, 16)
		for i := 0; time.Now().Before(stop); i++ {
			<-tick.C
			sent <- struct{}{}
			posting.Go(func() {
				defer func() { <-sent }()
				if tryPost(url, bodies[i%len(bodies)]) == nil {
					posted.Add(1)
				} else {
					refused.Add(1)
				}
			})
		}
	})
	rss, base := int64(0), residentNow()
	for time.Now().Before(stop) {
		if time.Until(stop) > scaleTime/3 {
			press("down down down down pgdn pgdn up pgup left right down G g down right 2 3 4 1 G pgup") // in the body that is open
		} else {
			press("esc up up pgup pgup down pgdn g G F up tab tab enter 2 1 esc") // in the list
		}
		rss = max(rss, residentNow())
	}
	posting.Wait()
	_, _ = io.WriteString(keys, "\x03")
	if err := <-ended; err != nil && !errors.Is(err, context.Canceled) {
		b.Fatal(err)
	}
	cancel()
	a.Wait()
	_ = session.Wait()

	report := func(name string, all []time.Duration) {
		slices.Sort(all)
		ms := func(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
		b.ReportMetric(ms(all[len(all)/2]), name+"-p50-ms")
		b.ReportMetric(ms(all[len(all)*99/100]), name+"-p99-ms")
		b.ReportMetric(ms(all[len(all)-1]), name+"-max-ms")
	}
	report("update+view", meter.inside)
	report("update+view-cpu", meter.computing)
	report("key-to-bytes", meter.through)
	b.ReportMetric(float64(len(meter.inside)), "keys")
	b.ReportMetric(float64(posted.Load())/scaleTime.Seconds(), "events/s")
	b.ReportMetric(float64(refused.Load()), "refused")
	b.ReportMetric(float64(first.Milliseconds()), "first-frame-ms")
	b.ReportMetric(float64(rss>>20), "rss-MiB")
	b.ReportMetric(float64(base>>20), "rss-before-MiB")
	b.ReportMetric(scaleBody/float64(1<<20), "open-body-MiB")
	for _, key := range slices.Sorted(maps.Keys(meter.byKey)) {
		all := meter.byKey[key]
		slices.Sort(all)
		b.Logf("%-6s %4d times, update and view p50 %v, max %v", key, len(all), all[len(all)/2].Round(time.Microsecond), all[len(all)-1].Round(time.Microsecond))
	}
}

// A meteredModel notes how long a key takes.
type meteredModel struct {
	*model
	out *meteredWriter

	mu      sync.Mutex
	content string // of the last frame
	name    string
	updated time.Time // when its Update began; zero: it has not
	inside  []time.Duration

	computed  time.Duration // of the loop's thread, when the Update began
	computing []time.Duration

	through []time.Duration
	byKey   map[string][]time.Duration // inside, by the key
}

func (m *meteredModel) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if _, key := msg.(tea.KeyPressMsg); key {
		m.mu.Lock()
		m.updated, m.computed = time.Now(), threadTime()
		m.mu.Unlock()
	}
	_, cmd := m.model.Update(msg)
	return m, cmd
}

func (m *meteredModel) View() tea.View {
	v := m.model.View()
	m.mu.Lock()
	defer m.mu.Unlock()
	drawn := v.Content != m.content
	m.content = v.Content
	if !m.updated.IsZero() {
		d := time.Since(m.updated)
		m.inside = append(m.inside, d)
		m.computing = append(m.computing, threadTime()-m.computed)
		m.byKey[m.name] = append(m.byKey[m.name], d)
		m.updated = time.Time{}
		if drawn { // else the next bytes are another event's
			m.out.arm()
		}
	}
	return v
}

// press presses a key and waits for the bytes of its frame. One that changes nothing
// writes none, and is counted inside alone.
func (m *meteredModel) press(b *testing.B, keys io.Writer, key string) {
	b.Helper()
	bytes := map[string]string{"up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D", "pgup": "\x1b[5~", "pgdn": "\x1b[6~", "enter": "\r", "esc": "\x1b[27u", "tab": "\t"}[key]
	if bytes == "" {
		bytes = key
	}
	written := m.out.expect()
	m.mu.Lock()
	m.name = key
	m.mu.Unlock()
	sent := time.Now()
	if _, err := io.WriteString(keys, bytes); err != nil {
		b.Fatal(err)
	}
	select {
	case at := <-written:
		m.mu.Lock()
		m.through = append(m.through, at.Sub(sent))
		m.mu.Unlock()
	case <-time.After(100 * time.Millisecond): // it changed nothing
	}
	<-time.After(5 * time.Millisecond) // a person's finger
}

// shows reports whether the last frame has a text.
func (m *meteredModel) shows(text string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return strings.Contains(m.content, text)
}

func (m *meteredModel) forget() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.inside, m.through, m.computing, m.byKey = nil, nil, nil, map[string][]time.Duration{}
}

// A meteredWriter tells when the first bytes come after it was armed.
type meteredWriter struct {
	mu      sync.Mutex
	armed   bool
	written chan time.Time
	head    bytes.Buffer
	at      time.Time // of the newest bytes of head
	last    time.Time // of the newest bytes
}

func (w *meteredWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.armed && w.written != nil {
		w.written <- time.Now()
		w.written, w.armed = nil, false
	}
	w.last = time.Now()
	if w.head.Len() < 1<<16 {
		w.head.Write(p)
		w.at = w.last
	}
	return len(p), nil
}

func (w *meteredWriter) expect() <-chan time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch := make(chan time.Time, 1)
	w.written, w.armed = ch, false
	return ch
}

func (w *meteredWriter) arm() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.armed = true
}

// await waits for a text in the first bytes, and says when it was there.
func (w *meteredWriter) await(b *testing.B, text string) time.Time {
	b.Helper()
	var at time.Time
	waittest.Until(b, text, func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		at = w.at
		return strings.Contains(w.head.String(), text)
	})
	return at
}

// quiet waits until nothing was drawn for a while, as a person does who looks before
// pressing on.
func (w *meteredWriter) quiet(b *testing.B) {
	b.Helper()
	waittest.Until(b, "an unchanged screen", func() bool {
		w.mu.Lock()
		defer w.mu.Unlock()
		return time.Since(w.last) > 300*time.Millisecond
	})
}

func sampleBodies(b *testing.B) (bodies [][]byte) {
	b.Helper()
	for _, name := range sample.Names() {
		body, err := sample.New(name, sample.Options{Repo: "me/corpus"})
		if err != nil {
			continue // a kind that has no dataset
		}
		bodies = append(bodies, body)
	}
	if len(bodies) == 0 {
		b.Fatal("no sample")
	}
	return bodies
}

func tryPost(url string, body []byte) error {
	req, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Webhook-Secret", canary)
	req.Header.Set("Webhook-Id", rand.Text())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	if resp.StatusCode != http.StatusOK {
		return errors.New(resp.Status)
	}
	return nil
}

func post(b *testing.B, url string, body []byte) {
	b.Helper()
	if err := tryPost(url, body); err != nil {
		b.Fatal(err)
	}
}

// residentNow is the memory of this process in bytes; 0 where the system does not say.
func residentNow() int64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kb, _ := strconv.ParseInt(fields[0], 10, 64)
	return kb << 10
}

// fillStore makes a store of scaleEvents events.
func fillStore(b *testing.B, path string) {
	b.Helper()
	db, err := sqlite.Open(b.Context(), path, sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	if err := errors.Join(storetest.Fill(b.Context(), db, *scaleEvents), db.Close()); err != nil {
		b.Fatal(err)
	}
}
