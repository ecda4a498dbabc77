// Package page looks at the instructions page as its readers do: in Chromium.
package page

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdpruntime "github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"hfhook/event"
	"hfhook/internal/capture"
	"hfhook/server"
)

// canary is the secret of the server. It must not turn up on the page.
const canary = "canary-5xQ_secret-must-not-leak"

// browser starts Chromium, or ends the test if there is none: with a failure in
// the gate, where everything has to be there, else with a message.
func browser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		if os.Getenv("HFHOOK_E2E") == "required" {
			t.Fatal("chromium is not installed")
		}
		t.Skip("chromium is not installed")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]),
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.UserDataDir(t.TempDir()))
	allocator, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	do(t, ctx, chromedp.Steps()) // starts it
	ctx, cancel = context.WithTimeout(ctx, 3*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// do runs an action that has to succeed.
func do[T any](t *testing.T, ctx context.Context, a chromedp.Action[T]) T {
	t.Helper()
	v, err := chromedp.Run(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// call sends a command to the browser that has to succeed.
func call[P, R any](t *testing.T, ctx context.Context, c cdp.Command[P, R], params P) {
	t.Helper()
	if _, err := chromedp.Call(ctx, c, params); err != nil {
		t.Fatal(err)
	}
}

// A site is a server and the requests that it got.
type site struct {
	url string

	mu  sync.Mutex
	got []string
}

func (s *site) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.got)
}

// reached are the addresses of a server, the public one first, as hfhook dev knows them.
type reached []string

func (r reached) Record(context.Context, *event.Event) error { return nil }
func (r reached) Reject(event.Rejected)                      {}
func (r reached) Extend(capture.Server) capture.Extension {
	return capture.Extension{URLs: func() []string { return r }}
}

func serve(t *testing.T, opts server.Options, names ...string) *site {
	t.Helper()
	st := &site{}
	opts.Open, opts.Output, opts.Logger = len(opts.Secrets) == 0, io.Discard, slog.New(slog.DiscardHandler)
	opts.Wrap = func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			st.mu.Lock()
			st.got = append(st.got, r.Method+" "+r.URL.Path)
			st.mu.Unlock()
			next.ServeHTTP(w, r)
		})
	}
	s, err := server.New(opts)
	if err != nil {
		t.Fatal(err)
	}
	if len(names) == 0 {
		if err := s.HandleAny(func(context.Context, *event.Event) (any, error) { return nil, nil }); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range names {
		if err := s.Handle(name, func(context.Context, *event.Event) (any, error) { return nil, nil }); err != nil {
			t.Fatal(err)
		}
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, ln) }()
	t.Cleanup(func() {
		cancel()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	st.url = "http://" + ln.Addr().String()
	return st
}

// contrast returns the texts whose colour differs from that behind them by less than
// WCAG 2 asks for, 4.5 to 1.
const contrast = `(() => {
	const rgb = c => c.match(/[\d.]+/g).map(Number);
	const luminance = c => { const [r, g, b] = rgb(c).map(v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
	const behind = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor, v = rgb(c); if (v.length < 4 || v[3] > 0) return c; } return 'rgb(255, 0, 255)'; };
	const poor = [];
	for (const e of document.querySelectorAll('body *')) {
		if (![...e.childNodes].some(n => n.nodeType === 3 && n.data.trim())) continue;
		const a = luminance(getComputedStyle(e).color), b = luminance(behind(e));
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		if (ratio < 4.5) poor.push(ratio.toFixed(2) + ' ' + e.tagName + ' ' + e.textContent.trim().slice(0, 40));
	}
	return poor;
})()`

// layout returns what does not fit: elements that are wider than the window.
const layout = `(() => {
	const wide = [];
	if (document.documentElement.scrollWidth > innerWidth) wide.push('the page scrolls sideways: ' + document.documentElement.scrollWidth);
	for (const e of document.querySelectorAll('body *')) {
		const box = e.getBoundingClientRect();
		if (box.right > innerWidth + 0.5 || box.left < -0.5) wide.push(e.tagName + ' ' + box.left + '–' + box.right);
	}
	return wide;
})()`

// broken returns the words that a line breaks in the middle: at another place than one that
// the page says.
const broken = `(() => {
	const words = [];
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	for (let n; n = walk.nextNode();) {
		for (const m of n.data.matchAll(/\S+/g)) {
			const r = document.createRange();
			r.setStart(n, m.index);
			r.setEnd(n, m.index + m[0].length);
			const tops = new Set([...r.getClientRects()].filter(b => b.width > 0).map(b => Math.round(b.top)));
			if (tops.size > 1) words.push(m[0]);
		}
	}
	return words;
})()`

func TestPage(t *testing.T) {
	ctx := browser(t)
	secret, err := server.ParseSecret(canary)
	if err != nil {
		t.Fatal(err)
	}
	public := "https://a-rather-long-and-amused-otter-of-the-north.ngrok-free.app"
	hostile := `x"><script>alert(1)</script><img src=//evil.example>`
	two := serve(t, server.Options{
		Secrets:  []server.Secret{secret},
		Recorder: reached{public, "http://127.0.0.1:4665"},
	}, "say_hello", "nested/path/to/a/handler/whose/name/is/long", hostile)
	open := serve(t, server.Options{})
	session := serve(t, server.Options{Secrets: []server.Secret{secret}, Recorder: reached{"http://127.0.0.1:4665"}})

	var mu sync.Mutex
	var asked, said []string
	err = chromedp.Listen(ctx, func(ev any) {
		mu.Lock()
		defer mu.Unlock()
		switch ev := ev.(type) {
		case *network.EventRequestWillBeSent:
			asked = append(asked, ev.Request.URL)
		case *cdplog.EventEntryAdded:
			said = append(said, ev.Entry.Text)
		case *cdpruntime.EventExceptionThrown:
			said = append(said, ev.ExceptionDetails.Text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	call(t, ctx, network.Enable, network.EnableParams{})
	call(t, ctx, cdplog.Enable, cdp.Empty{})

	for _, scheme := range []string{"light", "dark"} {
		for _, width := range []int64{320, 390, 768, 1280} {
			for name, st := range map[string]*site{"secret": two, "open": open, "session": session} {
				t.Run(fmt.Sprintf("%s %s %d", name, scheme, width), func(t *testing.T) {
					call(t, ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
						Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
					})
					do(t, ctx, chromedp.EmulateViewport(width, 800))
					do(t, ctx, chromedp.Navigate(st.url+"/"))
					if poor := do(t, ctx, chromedp.Evaluate[[]string](contrast)); len(poor) > 0 {
						t.Errorf("hard to read: %q", poor)
					}
					if wide := do(t, ctx, chromedp.Evaluate[[]string](layout)); len(wide) > 0 {
						t.Errorf("does not fit: %q", wide)
					}
					// The hostile name has no place where it may break, at any width.
					if words := do(t, ctx, chromedp.Evaluate[[]string](broken)); len(words) > 0 && (name != "secret" || width >= 390) && !(len(words) == 1 && strings.Contains(words[0], "%")) {
						t.Errorf("a line breaks %q", words)
					}
					if title := do(t, ctx, chromedp.Evaluate[string](`document.title`)); title != "page.test: webhooks of the Hugging Face Hub" {
						t.Errorf("the title is %q", title)
					}
					if n := do(t, ctx, chromedp.Evaluate[int](`document.querySelectorAll('script, img, iframe, form, [onclick], [style]').length`)); n != 0 {
						t.Errorf("%d elements that the page does not need", n)
					}
					paper := do(t, ctx, chromedp.Evaluate[string](`getComputedStyle(document.body).backgroundColor`))
					if want := map[string]string{"light": "rgb(255, 255, 255)", "dark": "rgb(18, 21, 27)"}[scheme]; paper != want {
						t.Errorf("paper %s, want %s", paper, want)
					}
					if html := do(t, ctx, chromedp.OuterHTML("html")); strings.Contains(html, canary) {
						t.Error("the secret is on the page")
					}
					text := do(t, ctx, chromedp.Text("body"))
					wants := []string{public + "/webhooks/say_hello", public + "/webhooks/nested/path/to/a/handler/whose/name/is/long", public + "/webhooks/" + url.PathEscape(hostile)[:12], "3 endpoints", "Required.", "X-Webhook-Secret", "huggingface.co/settings/webhooks"}
					if name == "open" {
						wants = []string{open.url + "/webhooks", "/webhooks/say_hello", "The Hub cannot reach this address.", "None.", "Everybody who knows the address may post", "Next step", "hfhook dev ", "curl -i", "openssl rand", "none yet"}
					}
					if name == "session" {
						wants = []string{"http://127.0.0.1:4665/webhooks", "Next step", "hfhook dev --tunnel ssh", "Required."}
					}
					for _, want := range wants {
						if !strings.Contains(text, want) {
							t.Errorf("the page does not say %q: %s", want, text)
						}
					}
					if dir := os.Getenv("HFHOOK_SCREENSHOTS"); dir != "" {
						shot := do(t, ctx, chromedp.FullScreenshot(100))
						if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("page-%s-%s-%d.png", name, scheme, width)), shot, 0o644); err != nil {
							t.Error(err)
						}
					}
				})
			}
		}
	}

	t.Run("copy without script", func(t *testing.T) {
		do(t, ctx, chromedp.Navigate(two.url+"/"))
		at := do(t, ctx, chromedp.Evaluate[[]float64](`(() => { const b = document.querySelector('.hook code').getBoundingClientRect(); return [b.left + 20, b.top + 5]; })()`))
		do(t, ctx, chromedp.MouseClickXY(at[0], at[1]))
		if marked := do(t, ctx, chromedp.Evaluate[string](`getSelection().toString()`)); marked != public+"/webhooks/say_hello" {
			t.Errorf("a click marks %q", marked)
		}
	})

	t.Run("nothing from elsewhere", func(t *testing.T) {
		mu.Lock()
		defer mu.Unlock()
		for _, address := range asked {
			if address != two.url+"/" && address != open.url+"/" && address != session.url+"/" && address != "data:," {
				t.Errorf("the browser asked for %s", address)
			}
		}
		if len(asked) < 12 || len(said) > 0 {
			t.Errorf("%d requests; the browser complains: %q", len(asked), said)
		}
		for _, st := range []*site{two, open, session} {
			for _, request := range st.requests() {
				if request != "GET /" {
					t.Errorf("the server was asked for %s", request)
				}
			}
		}
	})

	// What somebody would have got into the page does not run, and tells nobody.
	t.Run("strict policy", func(t *testing.T) {
		do(t, ctx, chromedp.Navigate(two.url+"/"))
		loaded := do(t, ctx, chromedp.Evaluate[bool](`new Promise(done => {
			const s = document.createElement('script'); s.textContent = 'window.ran = true'; document.body.append(s);
			const d = document.createElement('div'); d.innerHTML = '<b style="color: red" onclick="window.ran = true">x</b>'; document.body.append(d); d.firstChild.click();
			const i = new Image(); i.onload = () => done(true); i.onerror = () => done(false); i.src = '/pixel.png';
		})`, chromedp.EvalAwaitPromise))
		ran := do(t, ctx, chromedp.Evaluate[bool](`window.ran === true || getComputedStyle(document.querySelector('div > b[onclick]')).color === 'rgb(255, 0, 0)'`))
		if ran || loaded || slices.Contains(two.requests(), "GET /pixel.png") {
			t.Errorf("ran %v, loaded %v, requests %v", ran, loaded, two.requests())
		}
	})

	// Another page cannot put it into a frame and have it clicked.
	t.Run("no frame", func(t *testing.T) {
		outer := serve(t, server.Options{Page: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = fmt.Fprintf(w, "<!doctype html><iframe src=%q></iframe>", two.url)
		})})
		do(t, ctx, chromedp.Navigate(outer.url+"/")) // and waits until all of it is loaded
		refused := func() bool {                     // which the browser says a little later
			mu.Lock()
			defer mu.Unlock()
			return slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, "frame-ancestors") })
		}
		for !refused() {
			select {
			case <-ctx.Done():
				t.Fatalf("the browser did not refuse the frame: %q", said)
			case <-time.After(10 * time.Millisecond):
			}
		}
	})
}
