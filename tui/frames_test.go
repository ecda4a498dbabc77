package tui

// Golden frames: the text of the cells of whole screens, and below it their colours.
// go test ./tui -update writes them again.

import (
	"flag"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/handler"
	"hfhook/internal/hub"
	"hfhook/internal/lease"
	"hfhook/payload"
	"hfhook/tui/settings"
	"hfhook/tui/style"
	"hfhook/tunnel"
)

var update = flag.Bool("update", false, "write the golden frames")

func checkGolden(t *testing.T, name string, m *model) {
	t.Helper()
	var b strings.Builder
	for line := range strings.Lines(screenText(m)) {
		b.WriteString(strings.TrimRight(line, " \n") + "\n")
	}
	b.WriteString(colorMap(m))
	got := b.String()
	if strings.Contains(got, canary) {
		t.Errorf("%s holds the secret", name)
	}
	path := filepath.Join("testdata", name+".golden")
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}

// colorMap tells the colours of a frame: for each line that has any, runs of cells by
// the meaning of their colour, in capitals where bold, R where reversed, _ underlined.
func colorMap(m *model) string {
	buf := uv.NewScreenBuffer(m.w, m.h)
	uv.NewStyledString(m.View().Content).Draw(buf, buf.Bounds())
	var b strings.Builder
	for y := range m.h {
		line, n, last := "", 0, ""
		flush := func() {
			if n > 0 && (last != "." || line != "" || n < m.w) {
				line += fmt.Sprintf(" %d%s", n, last)
			}
			n = 0
		}
		for x := range m.w {
			look := "."
			if c := buf.CellAt(x, y); c != nil {
				look = colorLetter(m, &c.Style)
			}
			if look != last {
				flush()
				last = look
			}
			n++
		}
		flush()
		if line != "" {
			fmt.Fprintf(&b, "%2d:%s\n", y+1, line)
		}
	}
	return b.String()
}

func colorLetter(m *model, s *uv.Style) string {
	letter := "."
	if s.Fg != nil {
		letter = "?"
		r, g, bl, _ := s.Fg.RGBA()
		code := fmt.Sprintf("%d;%d;%d", r>>8, g>>8, bl>>8)
		for _, known := range []struct {
			letter string
			look   style.Style
		}{{"o", m.theme.Ok}, {"f", m.theme.Failed}, {"w", m.theme.Warn}, {"d", m.theme.Dim}, {"l", m.theme.Link}, {"t", m.theme.Text}, {"v", m.theme.Value}} {
			if strings.Contains(known.look.On, code) {
				letter = known.letter
				break
			}
		}
	}
	if s.Attrs&uv.AttrBold != 0 {
		if letter = strings.ToUpper(letter); letter == "." {
			letter = "B"
		}
	}
	if s.Attrs&uv.AttrReverse != 0 {
		letter = "R" + strings.Trim(letter, ".")
	}
	if s.Underline != 0 {
		letter += "_"
	}
	return letter
}

func row(clock, label string, kind payload.RepoType, subject string, scope payload.Scope, action payload.Action, deliveries ...event.Delivery) fakeEvent {
	at, err := time.Parse("2006-01-02 15:04:05.000", "2026-11-23 "+clock)
	if err != nil {
		panic(err)
	}
	repo, _, _ := strings.Cut(subject, " ")
	repo, _, _ = strings.Cut(repo, "#")
	e := plainEvent(0)
	e.row = event.Row{Received: at, Label: label, RepoType: kind, Repo: repo, Subject: subject, Scope: scope, Action: action, Size: 1412, Origin: event.FromHub}
	e.deliveries = deliveries
	return e
}

func answered(status, ms int, body string) event.Delivery {
	d := delivered(status, ms)
	d.ResponseBody, d.ResponseSize = []byte(body), int64(len(body))
	d.ResponseHeader = []event.Field{{Name: "Content-Type", Value: "application/json"}}
	d.Phases = event.Phases{Connect: 300 * time.Microsecond, Write: 100 * time.Microsecond, FirstByte: d.Took - 800*time.Microsecond, Body: 400 * time.Microsecond}
	return d
}

// day is the list of the mock-ups.
func day() *fake {
	s := healthy()
	noAnswer := event.Delivery{Kind: event.Live, State: event.Done, Target: "8000", URL: "http://127.0.0.1:8000/webhooks", Started: noon.Add(-time.Minute), Took: 12 * time.Millisecond, Err: "connection refused"}
	again := answered(200, 61, `{"job":"eval-9f2c1e","status":"queued"}`)
	again.Kind = event.Replay
	s.extra = []fakeEvent{
		row("14:31:02.000", "push main", payload.TypeModel, "me/my-model a1b2c3d→c3d4e5f", payload.ScopeRepoContent, payload.ActionUpdate, delivered(200, 38)),
		row("14:31:40.000", "PR opened", payload.TypeDataset, `me/corpus#19 "Fix split names in train"`, payload.ScopeDiscussion, payload.ActionCreate, delivered(200, 44)),
		row("14:31:40.500", "push pr/19", payload.TypeDataset, "me/corpus new→9f2c1e0", payload.ScopeRepoContent, payload.ActionUpdate, delivered(200, 12)),
		row("14:32:05.000", "comment", payload.TypeDataset, `me/corpus#19 "LGTM, merging"`, payload.ScopeDiscussionComment, payload.ActionCreate, delivered(500, 203)),
		row("14:32:18.204", "comment", payload.TypeDataset, `me/corpus#19 "@bot please re-run the eval on this branch"`, payload.ScopeDiscussionComment, payload.ActionCreate,
			answered(500, 198, `{"error":"KeyError: 'eval'"}`), again),
		row("14:33:51.000", "settings", payload.TypeSpace, "me/demo public→private", payload.ScopeRepoConfig, payload.ActionUpdate, delivered(204, 1200)),
		row("14:34:02.000", "renamed", payload.TypeModel, "me/old → org/new", payload.ScopeRepo, payload.ActionMove, noAnswer),
		row("14:34:30.000", "comment hidden", payload.TypeDataset, "me/corpus#19", payload.ScopeDiscussionComment, payload.ActionUpdate, delivered(200, 9)),
	}
	s.state.Rejected = []event.Rejected{{
		At: noon.Add(-80 * time.Second), Status: 403, Reason: event.WrongSecret, Method: "POST", Path: "/webhooks", Peer: "3.94.12.7:40112", UserAgent: "axios/1.7",
		Bytes: 1412, Detail: "31 characters were sent, 32 are wanted", Tunnel: true,
	}}
	s.state.Refused, s.state.Store.Failed = 1, 2
	return s
}

func fresh() *fake {
	s := healthy()
	s.state.Received, s.state.Store.Newest = 0, time.Time{}
	s.state.Targets[0].Health, s.state.Targets[0].Status = dev.Away, 0
	return s
}

// unset is a first run without an authtoken.
func unset() *fake {
	s := fresh()
	s.state.Targets, s.state.HookURL, s.program = nil, "", true
	s.state.Secret = dev.Secret{Verified: true, Source: "/home/me/.local/state/hfhook/secret", Length: 32, Made: true}
	s.state.Store.Location = "/home/me/.local/share/hfhook/events.db"
	s.state.Hub = &lease.State{Problem: hub.ErrNoToken}
	s.state.Tunnel = tunnel.State{Provider: "ngrok", Phase: tunnel.Down, Problem: &tunnel.Problem{Message: "ngrok needs an authtoken", Fatal: true, Unset: true}}
	return s
}

// localOnly is one for which the user chose no tunnel.
func localOnly() *fake {
	s := unset()
	s.state.Tunnel = tunnel.State{Phase: tunnel.Off}
	return s
}

// refusedToken is one whose authtoken is wrong.
func refusedToken() *fake {
	s := unset()
	s.state.Tunnel.Problem = &tunnel.Problem{Code: "ERR_NGROK_107", Cause: "ngrok does not accept the authtoken from NGROK_AUTHTOKEN: it is mistyped, was reset or revoked.", Fix: "Copy it again from https://dashboard.ngrok.com/get-started/your-authtoken", Fatal: true}
	return s
}

// unsetFirst is one after its first event.
func unsetFirst() *fake {
	s := unset()
	s.state.Received, s.state.Store.Newest = 1, noon
	e := row("14:35:50.000", "created", payload.TypeModel, "some-user/some-repo", payload.ScopeRepo, payload.ActionCreate)
	e.row.Origin = event.Synthetic
	s.extra = []fakeEvent{e}
	return s
}

// withProgram is a machine with cloudflared.
func withProgram() *fake {
	s := day()
	s.program = true
	return s
}

func down() *fake {
	s := day()
	s.state.Tunnel = tunnel.State{
		Provider: "ngrok", Phase: tunnel.Waiting, URL: s.state.Tunnel.URL, Since: noon.Add(-42 * time.Second), Lost: noon.Add(-42 * time.Second), Retry: noon.Add(16 * time.Second), Attempt: 3,
		Problem: &tunnel.Problem{Code: "ERR_NGROK_108", Message: "too many agent sessions for this account (limit 3)",
			Cause: "Another ngrok agent or hfhook runs with the same authtoken.", Fix: "Stop the other agent (dashboard.ngrok.com/agents), or use another token, then press t."},
	}
	return s
}

func hostile() *fake {
	s := day()
	evil := "\x1b[2J\x1b]52;c;ZXZpbA==\a\u202egpj\u200b\u009b31m\r\nzero\u200dwidth\xff 日本語 👩🏽\u200d🚀 ❤\ufe0f"
	for i := range s.extra {
		r := &s.extra[i].row
		r.Label, r.Subject, r.Repo, r.Scope, r.Pin = "push \x1b[31m", evil, evil, payload.Scope(evil), evil
		s.extra[i].body = fmt.Sprintf(`{"event":{"action":%q},"comment":{"content":"\u001b[31m\u202e %s","a\u0000b":[1,null,true,{"x":"\u0007"}]}}`, "x", "日本語 \\n\\t👍🏽")
		s.extra[i].header = []event.Field{{Name: "X-\x1b", Value: evil}}
		for k := range s.extra[i].deliveries {
			d := &s.extra[i].deliveries[k]
			d.ResponseBody, d.Err, d.URL = []byte(evil+"\n\tsecond\x00"), evil, "http://\x1b[1m:8000/"+evil
			d.ResponseHeader = []event.Field{{Name: "Content-Type", Value: evil}}
		}
	}
	s.log = []dev.Record{{At: noon, Text: evil}}
	s.settings = []settings.Setting{{Name: evil, Value: evil, Origin: evil}}
	s.output = []dev.HandlerLine{{At: noon, Text: evil}, {At: noon, Text: evil, Remark: true}}
	s.state.Handler = &dev.Handler{Command: evil, Phase: handler.Waiting, Since: noon, Next: noon, Failed: true, Last: evil, InARow: 3}
	s.state.Project, s.state.HookURL, s.state.LocalURL = evil, "https://"+evil, "http://"+evil
	s.state.Secret.Source = evil
	s.state.Rejected[0].Path, s.state.Rejected[0].Peer, s.state.Rejected[0].UserAgent, s.state.Rejected[0].Detail = evil, evil, evil, evil
	s.state.Rejected[0].Evidence = &event.Evidence{Where: evil, Sent: event.Print{Text: evil}, Wanted: event.Print{Text: evil}, Hint: evil, Cause: evil}
	s.state.Rejected[0].LooksLikeHub, s.state.Rejected[0].Webhook = true, evil
	s.state.Rejected[0].Reason, s.state.Rejected[0].Method = event.Reason(evil), evil
	s.state.Targets[0].URL, s.state.Targets[0].Err = "http://"+evil, evil
	return s
}

var sizes = []struct{ w, h int }{{100, 30}, {80, 24}, {60, 20}, {40, 10}}

func TestFrames(t *testing.T) {
	tests := []struct {
		name    string
		session func() *fake
		keys    []string
	}{
		{"list", day, []string{"k", "k", "k", "k", "k"}},
		{"gaps", gappy, []string{"G"}},
		{"days", scannedDays, nil},
		{"unbound", day, []string{"k", "J"}},
		{"focus", day, []string{"k", "k", "k", "k", "k", "tab"}},
		{"days-unfolded", scannedDays, []string{"k", "enter"}},
		{"pinned", gappy, []string{"k", "k", "k", "k", "k"}},
		{"zoomed", day, []string{"z", "v"}},
		{"empty", fresh, nil},
		{"down", down, []string{"k", "k", "k", "k", "k"}},
		{"doctor", day, []string{"D"}},
		{"tunnel", down, []string{"t"}},
		{"tunnel-up", withProgram, []string{"t"}},
		{"tunnel-ssh", unset, []string{"s"}},
		{"setup", unset, nil},
		{"setup-down", unset, []string{"down", "down"}},
		{"setup-local", localOnly, nil},
		{"setup-refused", refusedToken, nil},
		{"setup-first", unsetFirst, nil},
		{"authtoken", down, []string{"k", "t", "a", "x", "y"}},
		{"authtoken-keep", down, []string{"k", "t", "a", "x", "y", "enter"}},
		{"own-url", down, []string{"k", "t", "o", "x"}},
		{"rejected", day, nil},
		{"rejections", scanned, []string{"!", "up", "up"}},
		{"rejections-hub", refusedHub, []string{"!"}},
		{"rejections-secret", scanned, []string{"!", "up", "up", "up"}},
		{"rejections-mistake", wrongSecret, []string{"!"}},
		{"my-secret", scanned, []string{"!", "up", "up", "up", "s", "x", "y", "z"}},
		{"my-secret-fix", wrongSecret, []string{"!", "s"}},
		{"my-secret-keep", wrongSecret, []string{"!", "s", "enter"}},
		{"my-secret-typed", typedSecret, []string{"!"}},
		{"filter", day, []string{"/", "s", "c", "o", "p", "e", ":", "d", "i", "s", "c", "u", "s", "s", "i", "o", "n", " ", "s"}},
		{"causes", day, []string{"W"}},
		{"sorted", day, []string{"Z"}},
		{"filter-guide", withSaved, []string{"/", "ctrl+g"}},
		{"filter-values", withSaved, []string{"/", "r", "e", "p", "o", ":", "tab"}},
		{"filter-save", withSaved, []string{"/", "p", "r", ":", "1", "9", "ctrl+s", "p", "r", "s"}},
		{"filter-matched", withSaved, []string{"/", ".", "c", "o", "m", "m", "e", "n", "t", ".", "c", "o", "n", "t", "e", "n", "t", "~", "@", "b", "o", "t"}},
		{"filter-wrong", day, []string{"/", "r", "e", "p", "p", "o", ":", "x"}},
		{"filtered", day, []string{"/", "c", "o", "m", "m", "e", "n", "t", "enter", "k"}},
		{"marked", day, []string{"g", "j", "space", "j", "j", "V"}},
		{"replay", day, []string{"g", "j", "space", "space", "space", "R"}},
		{"replay-pace", day, []string{"g", "j", "space", "space", "R", "down", "down", "right", "right", "+"}},
		{"replay-other", day, []string{"k", "R", "down", "right", "h", "t", "t", "p", "s", ":", "/", "/", "e", "x", "a", "m", "p", "l", "e", ".", "o", "r", "g"}},
		{"replay-failed", day, []string{"k", "R", "left", "down", "down"}},
		{"replay-hostile", hostile, []string{"k", "R"}},
		{"replay-targets", severalTargets, []string{"k", "R"}},
		{"dry-run", day, []string{"g", "space", "space", "R", "p"}},
		{"pending", pendingDay, []string{"k"}},
		{"hostile", hostile, []string{"k"}},
		{"help", day, []string{"?"}},
		{"help-all", day, []string{"?", "tab"}},
		{"palette", day, []string{"k", ":"}},
		{"palette-search", day, []string{"k", ":", "c", "o", "p", "y"}},
		{"log", noted, []string{"k", "r", "L"}},
		{"settings", noted, []string{","}},
		{"handler", served, []string{"H"}},
		{"handler-scrolled", served, []string{"H", "k", "k", "k"}},
		{"handler-crashed", crashed, []string{"H"}},
		{"copy", day, []string{"k", "y"}},
		{"trigger", day, []string{"n"}},
		{"trigger-search", day, []string{"n", "m", "e", "r", "g"}},
		{"tunnel", down, []string{"k", "t"}},
		{"trigger-fields", day, []string{"n", "down", "down", "tab", "m", "e", "/", "x", "tab", "right", "tab", "1", "9"}},
		{"trigger-scenario", pinned, []string{"n", "ctrl+t"}},
		{"trigger-pin", pinned, []string{"n", "ctrl+t", "ctrl+t"}},
		{"trigger-hostile", hostile, []string{"n", "ctrl+t", "ctrl+t"}},
		{"export", day, []string{"g", "space", "space", "x", "right", "right", "right"}},
		{"export-hostile", hostile, []string{"k", "x", "down", "down"}},
		{"diff-edited", editedDay, []string{"k", "enter", "5"}},
		{"deliveries-edited", editedDay, []string{"k", "enter", "3", "up"}},
		{"attempts-diff", day, []string{"k", "k", "k", "k", "k", "enter", "3", "k", "space", "j", "space", "c"}},
		{"attempts-marked", day, []string{"k", "k", "k", "k", "k", "enter", "3", "k", "space"}},
		{"diff-text", day, []string{"k", "k", "k", "k", "k", "enter", "5", "ctrl+t"}},
		{"deliveries", day, []string{"k", "k", "k", "k", "k", "enter", "3"}},
		{"payload", day, []string{"k", "k", "k", "k", "k", "enter"}},
		{"headers", day, []string{"k", "k", "k", "k", "k", "enter", "2"}},
		{"withheld", repeated, []string{"up"}},
		{"withheld-attempt", repeated, []string{"up", "enter", "3"}},
		{"interrupted-attempt", repeated, []string{"enter", "3"}},
		{"headers-unsent", pendingDay, []string{"k", "k", "enter", "2"}},
		{"raw", day, []string{"k", "k", "k", "k", "k", "enter", "4"}},
		{"hex", day, []string{"k", "k", "k", "k", "k", "enter", "4", "X"}},
		{"diff", day, []string{"k", "k", "k", "k", "k", "enter", "5"}},
		{"diff-folded", twoComments, []string{"k", "enter", "5"}},
		{"diff-unfolded", twoComments, []string{"k", "enter", "5", "z"}},
		{"diff-equal", day, []string{"k", "k", "k", "k", "k", "enter", "5", "z"}},
		{"pick", day, []string{"k", "k", "k", "k", "k", "enter", "5", "b"}},
		{"response-binary", answeredWith(binaryAnswer), []string{"k", "enter", "3", "enter"}},
		{"response", day, []string{"k", "k", "k", "k", "k", "enter", "3", "enter"}},
		{"find", day, []string{"k", "k", "k", "k", "k", "enter", "/", "w", "e", "b"}},
		{"edit", day, []string{"k", "k", "k", "k", "k", "e"}},
		{"request", day, []string{"k", "R", "i", "a", "X", "-", "A", ":", "1", "enter", "down", "enter", "2", "enter", "down", "delete"}},
		{"request-several", day, []string{"g", "space", "space", "R", "i", "enter", "P", "U", "T", "enter", "esc"}},
		{"edit-request", day, []string{"k", "e", "i", "enter", "backspace", "enter", "esc"}},
		{"edit-field", day, []string{"k", "k", "k", "k", "k", "e", "s", "ctrl+u", "@", "b", "o", "t", " ", "e", "v", "a", "l"}},
		{"edit-faults", day, []string{"k", "k", "k", "k", "k", "e", "2", "1", "a", "x", "=", "1", "enter"}},
		{"edit-presets", day, []string{"k", "k", "k", "k", "k", "e", "p"}},
		{"edit-hostile", hostile, []string{"k", "k", "e"}},
		{"set", day, []string{"k", "k", "k", "k", "k", "enter", "G", "up", "up", "right", "down", "down", "s", "x"}},
		{"targets", targeted, []string{"T", "down"}},
		{"targets-left-over", outcomes, []string{"T", "down", "down", "down"}},
		{"long-comment", longComment, []string{"k"}},
		{"long-comment-open", longComment, []string{"k", "enter"}},
		{"read", longComment, []string{"k", "enter", "enter"}},
		{"read-source", longComment, []string{"k", "enter", "enter", "tab", "ctrl+d"}},
		{"read-found", longComment, []string{"k", "enter", "enter", "/", "m", "m", "l", "u", "enter", "n"}},
		{"read-json", encoded(`{"job":"eval","steps":[1,2,{"text":"a\nb"}]}`), []string{"k", "enter", "enter"}},
		{"find-cut", longComment, []string{"k", "enter", "/", "s", "h", "a", "l", "l", " ", "w", "e", "enter"}},
		{"find-answer", day, []string{"k", "k", "k", "k", "k", "enter", "3", "/", "k", "e", "y", "e", "r", "r"}},
		{"verdict", traced, []string{"k"}},
		{"verdict-tab", traced, []string{"k", "enter", "2"}},
		{"verdict-mixed", tracedTwice, []string{"k", "k", "k", "k", "k"}},
		{"outcomes", outcomes, nil},
		{"outcomes-held", outcomes, []string{"up", "enter", "3"}},
		{"outcomes-deliveries", outcomes, []string{"enter", "3"}},
		{"outcomes-left-over", outcomes, []string{"g", "down", "enter", "3"}},
		{"outcomes-failed", outcomes, []string{"R", "left"}},
		{"target-form", targeted, []string{"T", "e"}},
		{"hooks", hooked, []string{"w"}},
		{"hooks-old", hooked, []string{"w", "down", "down"}},
		{"hooks-refused", hubRefused, []string{"w"}},
		{"hooks-empty", hookFresh, nil},
		{"hook-change", hooked, []string{"w", "s"}},
		{"hook-form", hooked, []string{"w", "e"}},
		{"unfolded", day, []string{"k", "k", "k", "k", "k", "enter", "E"}},
	}
	for _, tt := range tests {
		for _, size := range sizes {
			name := fmt.Sprintf("%s-%dx%d", tt.name, size.w, size.h)
			t.Run(name, func(t *testing.T) {
				m := newTestModel(t, tt.session(), size.w, size.h)
				press(m, tt.keys...)
				checkGolden(t, name, m)
			})
		}
	}
}

// severalTargets is a day with several handlers.
func severalTargets() *fake {
	s := day()
	s.state.Targets = append(s.state.Targets,
		dev.Target{Name: "9000", URL: "http://localhost:9000/v2/hook", Health: dev.Away, Trusted: true},
		dev.Target{Name: "staging", URL: "https://staging.example.org/webhooks", Health: dev.Failing, Status: 502, Result: "502", Took: 1200 * time.Millisecond, InARow: 3})
	return s
}

// pinned is a day with events that have a name.
func pinned() *fake {
	s := day()
	s.extra[4].row.Pin, s.extra[0].row.Pin = "bot-mention", "first-push"
	return s
}

// scanned is a day on which strangers came by.
func scanned() *fake {
	s := day()
	add := func(at string, status int, reason event.Reason, method, path, peer, detail string) {
		when, err := time.Parse("2006-01-02 15:04:05", "2026-11-23 "+at)
		if err != nil {
			panic(err)
		}
		s.state.Rejected = append(s.state.Rejected, event.Rejected{At: when, Status: status, Reason: reason, Method: method, Path: path, Peer: peer, Detail: detail, Bytes: 1412, Tunnel: true})
		s.state.Refused++
	}
	add("14:34:44", 403, event.WrongSecret, "POST", "/webhooks", "3.94.12.7:1", "33 characters were sent, 32 are wanted; equal except for a newline at the end")
	last := &s.state.Rejected[len(s.state.Rejected)-1]
	last.Evidence = &event.Evidence{Where: "X-Webhook-Secret", Sent: event.Print{Length: 34, Text: "9f2c 11ab"}, Wanted: event.Print{Length: 32, Text: "51bc 08e4"},
		Hint: "equal without spaces and quotes around it", Cause: "it was pasted with spaces or quotes around it."}
	last.LooksLikeHub, last.Webhook = true, "6390e855e30d9209411de93b"
	add("14:34:50", 401, event.NoSecret, "POST", "/webhooks", "45.83.64.10:1", "")
	add("14:35:19", 404, event.UnknownPath, "GET", "/.env", "[2001:db8::1]:1", "")
	add("14:35:30", 413, event.TooLarge, "POST", "/webhooks", "3.94.12.7:2", "")
	return s
}

// typedSecret is that day after another secret was typed in.
func typedSecret() *fake {
	s := scanned()
	s.state.Rejected = s.state.Rejected[:2]
	s.state.Secret.Typed, s.state.Secret.Bad, s.state.Refused = true, 0, 2
	return s
}

// noted is a day whose log and settings have something to show.
func noted() *fake {
	s := day()
	s.settings = []settings.Setting{{Name: "secret", Value: "********", Origin: "WEBHOOK_SECRET"}, {Name: "addr", Value: "127.0.0.1:4665", Origin: "default"}, {Name: "forward", Value: "8000  localhost:9000/audit", Origin: ".hfhook.toml"}}
	for i := range 30 {
		origin := "default"
		if i%5 == 3 {
			origin = "HFHOOK_SETTING"
		}
		value := strings.Repeat("value ", i)
		if i%4 == 2 {
			value = ""
		}
		s.settings = append(s.settings, settings.Setting{Name: fmt.Sprintf("setting-%d", i), Value: value, Origin: origin})
		s.log = append(s.log, dev.Record{At: noon.Add(time.Duration(i-40) * time.Second), Level: slog.Level(4 * (i % 3)), Text: fmt.Sprintf("record %d addr=127.0.0.1:%d %s", i, i, strings.Repeat("long ", i*2))})
	}
	return s
}

// pendingDay has a delivery under way, one that waits, a duplicate and a synthetic
// event.
func pendingDay() *fake {
	s := day()
	sending := event.Delivery{Kind: event.Live, State: event.Sending, Target: "8000", URL: "http://127.0.0.1:8000/webhooks", Started: noon.Add(-2300 * time.Millisecond)}
	waiting := event.Delivery{Kind: event.Live, State: event.Waiting, Target: "8000", URL: "http://127.0.0.1:8000/webhooks"}
	dup := row("14:35:20.000", "comment", payload.TypeDataset, `me/corpus#19 "LGTM"`, payload.ScopeDiscussionComment, payload.ActionCreate)
	dup.row.Duplicate = fakeID(3)
	own := row("14:35:50.000", "push main", payload.TypeModel, "me/my-model a1b→c3d", payload.ScopeRepoContent, payload.ActionUpdate, waiting)
	own.row.Origin, own.row.Warnings = event.Synthetic, 1
	s.extra = append(s.extra, dup,
		row("14:35:40.000", "PR merged", payload.TypeDataset, `me/corpus#19 "Fix split names"`, payload.ScopeDiscussion, payload.ActionUpdate, sending),
		own)
	s.state.Targets[0].Health, s.state.Targets[0].Waiting = dev.Away, 1
	return s
}

// served is a day with a handler run beside, which was restarted.
func served() *fake {
	s := day()
	s.state.Handler = &dev.Handler{Command: "uvicorn app:app --log-level debug", Phase: handler.Running, PID: 4711, Starts: 3, Since: noon.Add(-42 * time.Second), Why: "src/app.py changed", Watched: 12}
	for i := range 40 {
		s.output = append(s.output, dev.HandlerLine{At: noon.Add(time.Duration(i-90) * time.Second), Text: fmt.Sprintf(`INFO:     127.0.0.1:5%04d - "POST /webhooks HTTP/1.1" 200 OK`, i)})
	}
	add := func(text string, remark bool) {
		s.output = append(s.output, dev.HandlerLine{At: noon.Add(-42 * time.Second), Text: text, Remark: remark})
	}
	add("restarted: src/app.py changed", true)
	add("INFO:     Started server process [4711]", false)
	add("Traceback (most recent call last): "+strings.Repeat("a long line that goes on ", 8), false)
	add("", false)
	add("KeyError: 'eval'", false)
	s.printed = 2000
	return s
}

// twoComments is a day whose last two events are comments on the same pull request, which a
// handler answered in different ways.
func twoComments() *fake {
	s := day()
	was, is := &s.extra[len(s.extra)-2], &s.extra[len(s.extra)-1]
	was.body = strings.NewReplacer("@bot please re-run the eval on this branch", "slow one please", "6399f58518721fdd27fc9caa", "6399f58518721fdd27fc9cff", "c379e821", "d379e821").Replace(commentBody)
	was.deliveries = []event.Delivery{answered(200, 2500, `{"ok":true,"at":"2026-11-23T14:34:02Z"}`)}
	is.deliveries = []event.Delivery{answered(500, 9, `{"error":"KeyError: 'eval'","at":"2026-11-23T14:34:30Z"}`)}
	return s
}

// traced is a day whose last event made the handler that hfhook runs fail.
func traced() *fake {
	s := served()
	s.output = s.output[:40]
	failed := answered(500, 9, `{"error": "KeyError: 'eval'", "trace": ["app.py:41 handle", "app.py:88 run_eval"]}`)
	last := &s.extra[len(s.extra)-1]
	before := delivered(200, 2)
	before.Started = failed.Started.Add(-time.Minute)
	last.deliveries = []event.Delivery{before, failed}
	for i, text := range []string{
		`INFO:     127.0.0.1:5123 - "POST /webhooks HTTP/1.1" 500 Internal Server Error`,
		"ERROR:    Exception in ASGI application", "Traceback (most recent call last):",
		`  File "/usr/lib/python3/dist-packages/uvicorn/protocols/http/h11_impl.py", line 412, in run_asgi`, "    result = await app(",
		`  File "/home/me/bot/app.py", line 88, in run_eval`, "    job = queues['eval']", "KeyError: 'eval'",
	} {
		s.output = append(s.output, dev.HandlerLine{At: failed.Started.Add(time.Duration(i+1) * time.Millisecond), Text: text})
	}
	return s
}

// tracedTwice is the same with another request at the same time, of an event whose last
// replay went well.
func tracedTwice() *fake {
	s := traced()
	s.mixed = true
	for i := range s.output {
		s.output[i].At = s.extra[4].deliveries[1].Started.Add(time.Millisecond)
	}
	return s
}

// crashed is the same with a handler that does not stay up.
func crashed() *fake {
	s := served()
	s.state.Handler.Phase, s.state.Handler.PID, s.state.Handler.Failed = handler.Waiting, 0, true
	s.state.Handler.Last, s.state.Handler.InARow, s.state.Handler.Next = "ended with exit code 1", 4, noon.Add(2*time.Second)
	s.output = append(s.output, dev.HandlerLine{At: noon, Text: "ended with exit code 1, after 31ms", Remark: true})
	return s
}

// cameBack is a day on which the handler was fixed.
func cameBack() *fake {
	s := served()
	before, now := answered(500, 198, `{"error":"KeyError: 'eval'"}`), answered(200, 61, `{"job":"eval"}`)
	now.Event = fakeID(4)
	s.state.HandlerRestart = &dev.HandlerRestart{N: 1, Target: "8000", URL: "http://127.0.0.1:8000", At: noon,
		Results: []dev.Comparison{dev.Compare(now, &before)}}
	return s
}
