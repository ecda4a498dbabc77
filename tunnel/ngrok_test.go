package tunnel

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"hfhook/internal/ngroktest"
)

const testToken = "2canary0token0of0the0tests_7Zq4bWLWF9p"

// ngrokOver returns the provider for a fake, with the settings in a file as ngrok
// writes it.
func ngrokOver(t *testing.T, fake *ngroktest.Service, token string) *Ngrok {
	t.Helper()
	dir := t.TempDir()
	ca, err := fake.CAFile(dir)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "ngrok", "ngrok.yml")
	if err := os.Mkdir(filepath.Dir(file), 0o700); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("version: 3\nagent:\n  authtoken: %s\n  connect_url: %s\n  connect_cas: %s\n", token, fake.ConnectURL(), ca)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return &Ngrok{
		Version:  "v1.2.3",
		Settings: func() (NgrokSettings, error) { return readNgrokFile(file) },
	}
}

func startNgrok(t *testing.T, opts ngroktest.Options) (*ngroktest.Service, service) {
	t.Helper()
	fake := ngroktest.Start(t, opts)
	return fake, service{
		provider: ngrokOver(t, fake, testToken),
		client:   fake.Client(),
		refuse: func(on bool) {
			text := ""
			if on {
				text = "Your account is limited to 3 simultaneous ngrok agent sessions.\r\n\r\nERR_NGROK_108\r\n"
			}
			fake.RefuseAuth(text)
		},
		drops: map[string]func(){"an orderly end of the session": fake.Drop, "a cut connection": fake.Cut},
	}
}

func TestNgrok(t *testing.T) {
	testProvider(t, func(t *testing.T) service {
		_, s := startNgrok(t, ngroktest.Options{})
		return s
	})
}

func TestNgrokIntroducesItself(t *testing.T) {
	fake, s := startNgrok(t, ngroktest.Options{})
	s.provider.(*Ngrok).URL = "My-Bot.ngrok-free.app"
	r := run(t, s, nil)
	if up := r.await(t, Up); !strings.EqualFold(up.URL, "https://my-bot.ngrok-free.app") {
		t.Errorf("the URL is %s", up.URL)
	}
	auth := fake.Auths()[0]
	if auth.Version != "1.2.3" || !strings.HasPrefix(auth.UserAgent, "hfhook/1.2.3 ") || auth.Authtoken != testToken {
		t.Errorf("%+v", auth)
	}
	r.stop(t)
	if urls := fake.Online(); len(urls) != 0 {
		t.Errorf("still online after the end: %v", urls)
	}

	// ngrok refuses a version that is not semantic, with ERR_NGROK_119.
	s.provider.(*Ngrok).Version = "(devel)"
	run(t, s, nil).await(t, Up)
	if auth := fake.Auths()[1]; auth.Version != "0.0.0" {
		t.Errorf("the version is %q", auth.Version)
	}
}

// One attempt, no hammering, no token in any text, and a new token counts.
func TestNgrokRefusesTheAuthtoken(t *testing.T) {
	for code, token := range map[string]string{"ERR_NGROK_107": testToken, "ERR_NGROK_105": "canary-malformed"} {
		t.Run(code, func(t *testing.T) {
			fake, s := startNgrok(t, ngroktest.Options{Authtokens: []string{"good_token"}})
			s.provider = ngrokOver(t, fake, token)
			r := run(t, s, nil)
			down := r.await(t, Down)
			p := down.Problem
			if p.Code != code || !p.Fatal || !strings.Contains(p.Cause, "ngrok.yml") || !strings.Contains(p.Fix, "your-authtoken") {
				t.Errorf("%+v", p)
			}
			if strings.Contains(p.Message, "\n") || !strings.HasPrefix(p.Message, "The authtoken you specified") {
				t.Errorf("message %q", p.Message)
			}
			for text := range strings.SplitSeq(fmt.Sprintf("%+v\n%+v\n%#v\n%v\n%+v", down, *p, *p, p.Err, s.provider), "\n") {
				if strings.Contains(text, token) {
					t.Errorf("the token is in %q", text)
				}
			}
			fake.Accept(token)
			r.Retry()
			r.await(t, Up)
			if n := len(fake.Auths()); n != 2 {
				t.Errorf("%d sessions were asked for, want 2", n)
			}
		})
	}
}

func TestNgrokWithoutAuthtoken(t *testing.T) {
	fake, s := startNgrok(t, ngroktest.Options{})
	token := NewAuthtoken("")
	full := s.provider.(*Ngrok).Settings
	s.provider.(*Ngrok).Settings = func() (NgrokSettings, error) {
		settings, err := full()
		settings.Authtoken = token
		return settings, err
	}
	r := run(t, s, nil)
	p := r.await(t, Down).Problem
	if !p.Fatal || !strings.Contains(p.Fix, "into NGROK_AUTHTOKEN") || !p.WantsAuthtoken() || len(fake.Auths()) != 0 {
		t.Errorf("%+v, sessions %d", p, len(fake.Auths()))
	}
	token = NewAuthtoken(testToken)
	r.Retry()
	r.await(t, Up)
}

func TestNgrokTooManySessions(t *testing.T) {
	fake, s := startNgrok(t, ngroktest.Options{Sessions: 1})
	first := run(t, s, nil)
	first.await(t, Up)
	second := run(t, service{provider: ngrokOver(t, fake, testToken), client: fake.Client()}, nil)
	waiting := second.await(t, Waiting)
	if p := waiting.Problem; p.Code != "ERR_NGROK_108" || p.Fatal || p.Cause == "" || p.Fix == "" {
		t.Errorf("%+v", p)
	}
	first.end(t)
	second.await(t, Up)
}

func TestNgrokDomainTaken(t *testing.T) {
	fake, s := startNgrok(t, ngroktest.Options{})
	fake.Take(fake.EdgeURL(), true)
	r := run(t, s, nil)
	waiting := r.await(t, Waiting)
	if p := waiting.Problem; p.Code != "ERR_NGROK_334" || p.Fix == "" {
		t.Errorf("%+v", p)
	}
	down := r.await(t, Down)
	if n := fake.Binds(); n != maxTaken || !down.Problem.Fatal {
		t.Errorf("down after %d attempts: %+v", n, down.Problem)
	}
	fake.Take(fake.EdgeURL(), false)
	r.Retry()
	r.await(t, Up)
}

// An earlier URL that cannot be had again is no reason to stay down.
func TestNgrokGivesAnotherURL(t *testing.T) {
	fake, s := startNgrok(t, ngroktest.Options{})
	fake.RefuseBind("You must reserve the domain.\r\n\r\nERR_NGROK_320\r\n")
	_, err := s.provider.Open(t.Context(), "https://gone.ngrok.app")
	if !hasCode(err, "ERR_NGROK_320") || fake.Binds() != 2 {
		t.Errorf("%v after %d attempts", err, fake.Binds())
	}
	s.provider.(*Ngrok).URL = "mine.ngrok.app"
	if _, err = s.provider.Open(t.Context(), "https://gone.ngrok.app"); !hasCode(err, "ERR_NGROK_320") || fake.Binds() != 3 {
		t.Errorf("%v after %d attempts", err, fake.Binds())
	}
}

// A URL that was given for the time of one session is lost with it: the tunnel comes
// back with another one.
func TestNgrokMoves(t *testing.T) {
	fake, s := startNgrok(t, ngroktest.Options{})
	r := run(t, s, nil)
	first := r.await(t, Up).URL
	other := strings.Replace(first, "localhost", "127.0.0.1", 1)
	fake.Move(other)
	fake.Cut()
	r.awaitFunc(t, "the other URL", func(s State) bool { return s.Phase == Up && s.URL == other })
}

func TestNgrokUnknownCode(t *testing.T) {
	fake, s := startNgrok(t, ngroktest.Options{})
	fake.RefuseAuth("Something new.\r\nYour credential: secret-thing\r\n\r\nERR_NGROK_99999\r\n")
	_, err := s.provider.Open(t.Context(), "")
	p, ok := err.(*Problem)
	if !ok || p.Fatal || p.Message != "Something new. Your credential: "+redacted || p.Fix != "See https://ngrok.com/docs/errors/err_ngrok_99999" {
		t.Errorf("%+v", err)
	}
}

func TestNgrokNeverAnswersTheBind(t *testing.T) {
	fake, s := startNgrok(t, ngroktest.Options{})
	fake.MuteBinds(true)
	r := run(t, s, nil, func(o *Options) { o.OpenTimeout = 2 * time.Second })
	p := r.await(t, Waiting).Problem
	if p.Message != "ngrok did not give the public URL in time" {
		t.Errorf("%+v", p)
	}
	fake.MuteBinds(false)
	r.await(t, Up)
}

// A service that takes the connection and says nothing.
func TestNgrokBlackHole(t *testing.T) {
	hole, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer hole.Close() // never accepts, and the system connects all the same
	_, s := startNgrok(t, ngroktest.Options{})
	good := s.provider.(*Ngrok).Settings
	s.provider.(*Ngrok).Settings = func() (NgrokSettings, error) {
		settings, err := good()
		settings.ConnectURL = hole.Addr().String()
		return settings, err
	}
	r := run(t, s, nil, func(o *Options) { o.OpenTimeout = time.Second })
	if p := r.await(t, Waiting).Problem; p.Message != "ngrok did not give a session in time" || p.Fatal {
		t.Errorf("%+v", p)
	}
}

func TestNgrokOutage(t *testing.T) {
	fake, s := startNgrok(t, ngroktest.Options{})
	r := run(t, s, nil)
	before := r.await(t, Up)
	seen := len(r.rec.all())
	fake.Outage(true)
	waiting := r.awaitAfter(t, seen, "the countdown", func(s State) bool { return s.Phase == Waiting && s.Attempt >= 2 })
	if waiting.Retry.IsZero() || waiting.URL != before.URL || !strings.HasPrefix(waiting.Problem.Message, "ngrok cannot be reached") {
		t.Errorf("%+v, %+v", waiting, waiting.Problem)
	}
	fake.Outage(false)
	r.awaitAfter(t, seen, "the recovery", func(s State) bool { return s.Phase == Up })
	if auths := fake.Auths(); auths[len(auths)-1].Cookie == "" {
		t.Error("the session was not taken up again but opened again")
	}
	r.post(t, s.client, before.URL+"/webhooks", []byte("after"))
}

// While the link is being restored, a refusal for good ends the attempts.
func TestNgrokRevokesTheAuthtoken(t *testing.T) {
	fake, s := startNgrok(t, ngroktest.Options{})
	r := run(t, s, nil)
	r.await(t, Up)
	fake.Accept("another_token")
	fake.Cut()
	if p := r.await(t, Down).Problem; p.Code != "ERR_NGROK_107" || strings.Contains(p.Message, testToken) {
		t.Errorf("%+v", p)
	}
}

// A claim to the URL that went stale is given up for a new session.
func TestNgrokRefusesTheRebind(t *testing.T) {
	fake, s := startNgrok(t, ngroktest.Options{})
	r := run(t, s, nil)
	before := r.await(t, Up)
	seen := len(r.rec.all())
	fake.RefuseRebind("The endpoint is already online.\r\n\r\nERR_NGROK_334\r\n")
	fake.Cut()
	r.awaitAfter(t, seen, "the conflict", func(s State) bool { return s.Problem != nil && s.Problem.Code == codeTaken })
	after := r.awaitAfter(t, seen, "the recovery", func(s State) bool { return s.Phase == Up })
	if after.URL != before.URL {
		t.Errorf("the URL was %s and is %s", before.URL, after.URL)
	}
	if auths := fake.Auths(); auths[len(auths)-1].Cookie != "" {
		t.Error("the session was not opened again")
	}
}

func TestNgrokStopsTheTunnel(t *testing.T) {
	fake, s := startNgrok(t, ngroktest.Options{})
	r := run(t, s, nil)
	r.await(t, Up)
	fake.StopTunnel("ERR_NGROK_3210", "The endpoint was stopped by an administrator.")
	down := r.await(t, Down)
	if p := down.Problem; p.Code != "ERR_NGROK_3210" || p.Message != "The endpoint was stopped by an administrator." || p.Cause == "" {
		t.Errorf("%+v", p)
	}
	seen := len(r.rec.all())
	r.Retry()
	r.awaitAfter(t, seen, "the recovery", func(s State) bool { return s.Phase == Up })
}

// The agent is connected, and the edge does not know of it.
func TestNgrokEdge(t *testing.T) {
	for name, c := range map[string]struct {
		answer  http.HandlerFunc
		code    string
		message string
		phase   Phase
	}{
		"another program": {
			func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"proof":"00"}`) },
			"", notReached + "it answers 200 OK", Checking,
		},
		"a quota": {
			func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("ngrok-error-code", "ERR_NGROK_727")
				w.WriteHeader(http.StatusForbidden)
			},
			"ERR_NGROK_727", notReached + "it answers 403 Forbidden", Down,
		},
		"a redirect": {
			func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "https://elsewhere.example", http.StatusFound)
			},
			"", notReached + "it answers 302 Found", Checking,
		},
	} {
		t.Run(name, func(t *testing.T) {
			fake, s := startNgrok(t, ngroktest.Options{})
			fake.Intercept(func(w http.ResponseWriter, r *http.Request) bool {
				if r.Header.Get("Ngrok-Skip-Browser-Warning") == "" {
					t.Error("the probe would get ngrok's warning page")
				}
				c.answer(w, r)
				return true
			})
			r := run(t, s, nil)
			got := r.awaitFunc(t, "the problem", func(s State) bool { return s.Problem != nil })
			if got.Phase != c.phase || got.Problem.Code != c.code || got.Problem.Message != c.message || got.Problem.Cause == "" || got.Problem.Fix == "" {
				t.Errorf("%+v, %+v", got, got.Problem)
			}
			fake.Intercept(nil)
			r.Retry()
			r.await(t, Up)
		})
	}
}

func TestNgrokUnreachable(t *testing.T) {
	other := ngroktest.Start(t, ngroktest.Options{})
	otherCA, err := other.CAFile(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	fake, s := startNgrok(t, ngroktest.Options{})
	good := s.provider.(*Ngrok).Settings
	for name, c := range map[string]struct {
		change func(*NgrokSettings)
		cause  string
		fatal  bool
	}{
		"nobody listens":    {func(s *NgrokSettings) { s.ConnectURL = "127.0.0.1:1" }, "firewall", false},
		"no such name":      {func(s *NgrokSettings) { s.ConnectURL = "ngrok.invalid" }, "DNS", false},
		"other authorities": {func(s *NgrokSettings) { s.ConnectCAs = otherCA }, "intercepts TLS", false},
		"no TLS":            {func(s *NgrokSettings) { s.ConnectURL = plainServer(t) }, "intercepts TLS", false},
		"no such CA file":   {func(s *NgrokSettings) { s.ConnectCAs = otherCA + ".gone" }, "", true},
		"no CA in the file": {func(s *NgrokSettings) { s.ConnectCAs = os.Args[0] }, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			s.provider.(*Ngrok).Settings = func() (NgrokSettings, error) {
				settings, err := good()
				c.change(&settings)
				return settings, err
			}
			_, err := s.provider.Open(t.Context(), "")
			p, ok := err.(*Problem)
			if !ok || p.Fatal != c.fatal || !strings.Contains(p.Cause, c.cause) || p.Message == "" {
				t.Errorf("%+v", err)
			}
		})
	}
	if n := fake.Binds(); n != 0 {
		t.Errorf("%d binds", n)
	}
}

// plainServer is a server that speaks no TLS.
func plainServer(t *testing.T) string {
	t.Helper()
	srv := newPlainServer()
	t.Cleanup(srv.Close)
	return strings.TrimPrefix(srv.URL, "http://")
}

func TestNgrokDomain(t *testing.T) {
	for domain, want := range map[string]string{
		"":                        "",
		"name.ngrok-free.app":     "https://name.ngrok-free.app",
		"https://name.ngrok.app/": "https://name.ngrok.app",
		"http://name.ngrok.app":   "http://name.ngrok.app",
		"https://a.b/webhooks":    "!",
		"tcp://a.b:1":             "!",
		"https://me:pw@a.b":       "!",
		"a b":                     "!",
		"https://":                "!",
	} {
		got, err := (&Ngrok{URL: domain}).url()
		if err != nil {
			p, ok := err.(*Problem)
			if !ok || !p.Fatal || strings.Contains(p.Message+p.Fix, "pw") {
				t.Errorf("%q: %v", domain, err)
			}
			got = "!"
		}
		if got != want {
			t.Errorf("%q: %q, want %q", domain, got, want)
		}
	}
}
