package tui

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"hfhook/tui/events"
	"hfhook/tui/jsonview"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// withSaved is a day with filters that somebody has saved.
func withSaved() *fake {
	s := day()
	s.filters = []events.SavedFilter{{Name: "failed today", Text: "status:5xx since:today"}, {Name: "bot mentions", Text: ".comment.content~@bot"}, {Name: "prs \x1b[2J", Text: ".discussion.isPullRequest:true"}}
	return s
}

func TestTabGoesRound(t *testing.T) {
	m := newTestModel(t, withSaved(), 100, 30)
	press(m, "/")
	typed(m, "x repo:me")
	bar := m.top().(*events.FilterBar)
	for _, want := range []string{"x repo:me/corpus", "x repo:me/my-model", "x repo:me/corpus"} {
		press(m, "tab")
		if got := bar.Input.Value(); got != want {
			t.Errorf("tab makes it %q, want %q", got, want)
		}
	}
	press(m, "shift+tab")
	if got := bar.Input.Value(); got != "x repo:me/my-model" {
		t.Errorf("back it is %q", got)
	}
	// In the middle of the text, what stands behind the term stays.
	press(m, "ctrl+u")
	typed(m, "sta pr:1")
	for range 5 {
		press(m, "left")
	}
	press(m, "tab")
	typed(m, "5")
	press(m, "tab")
	if got := bar.Input.Value(); got != "status:5xx pr:1" {
		t.Errorf("it is %q", got)
	}
}

func TestSavedFilters(t *testing.T) {
	s := withSaved()
	m := newTestModel(t, s, 100, 30)
	press(m, "f2")
	if m.root.List.Text != ".comment.content~@bot" || !strings.Contains(m.status.Text, "filter: bot mentions") || !strings.Contains(screenText(m), "$ hfhook ls '.comment.content~@bot'") {
		t.Errorf("%q %q\n%s", m.root.List.Text, m.status.Text, screenText(m))
	}
	press(m, "/", "f1")
	if got := m.top().(*events.FilterBar).Input.Value(); got != "status:5xx since:today" {
		t.Errorf("%q", got)
	}
	press(m, "ctrl+u")
	typed(m, "pr:19")
	press(m, "ctrl+s")
	typed(m, "the PR")
	press(m, "enter")
	if !slices.Contains(s.called(), "save pr:19 as the PR") || !strings.Contains(m.status.Text, `saved "the PR" in .hfhook.toml: F4 applies it`) || m.top().Name() != "filter" {
		t.Errorf("%v %q %s", s.called(), m.status.Text, m.top().Name())
	}
	press(m, "enter", "?")
	if text := screenText(m); !strings.Contains(text, "the PR") || !strings.Contains(text, "prs ␛[2J") {
		t.Errorf("the help does not name them:\n%s", text)
	}
	s.errs["SaveFilter"] = errors.New("no space")
	press(m, "esc", "/", "ctrl+s", "x", "enter")
	if m.status.Ok || !strings.Contains(m.status.Text, "no space") {
		t.Errorf("%q", m.status.Text)
	}
}

func TestFilterOnAValue(t *testing.T) {
	tests := []struct{ path, want string }{
		{".repo.name", "repo:me/corpus"},
		{".event.scope", "scope:discussion.comment"},
		{".event.action", "action:create"},
		{".discussion.num", "pr:19"},
		{".discussion.isPullRequest", ".discussion.isPullRequest:true"},
		{".comment.content", `.comment.content:"@bot please re-run the eval on this branch"`},
		{".comment.author.id", "author:61d2f90c3c2083e1c08af22d"},
		{".webhook.version", ".webhook.version:3"},
		{".comment", ""},
	}
	for _, tt := range tests {
		m := newTestModel(t, day(), 100, 30)
		press(m, "g", "j", "j", "j", "j", "enter", "E")
		if d := &m.root.Detail; true {
			i := slices.IndexFunc(d.Tree.Nodes, func(n *jsonview.Node) bool { return n.Path() == tt.path })
			if i < 0 {
				t.Fatalf("%s is not in the tree", tt.path)
			}
			d.Tree.Cursor = i
		}
		press(m, "=")
		bar, ok := m.top().(*events.FilterBar)
		if !ok {
			if tt.want != "" {
				t.Errorf("%s: = opens no filter", tt.path)
			}
			continue
		}
		if got := bar.Input.Value(); got != tt.want || bar.Err != nil || len(m.stack) != 2 {
			t.Errorf("%s: the filter is %q, %v; want %q", tt.path, got, bar.Err, tt.want)
		}
		if n := len(eventsInList(&m.root.List)); n == 0 {
			t.Errorf("%s: nothing matches the value's own filter", tt.path)
		}
	}
}

func TestMatchesAreHighlighted(t *testing.T) {
	m := newTestModel(t, day(), 100, 30)
	m.root.List.GoTo(fakeID(4), 20)
	send(m, screen.ChangedMsg{State: m.state})
	for _, tt := range []struct{ filter, want string }{
		{"RE-RUN", "@bot please «re-run» the"}, {".comment.content~@b.t", "«@bot» please"}, {"repo:me/*", "«me/corpus»"}, {"pr:19", "«19»"}, {"-nosuch", ""}, {".comment.hidden:false", "«false»"},
	} {
		press(m, "/", "ctrl+u")
		typed(m, tt.filter)
		press(m, "enter")
		d := &m.root.Detail
		all := jsonview.NewTree(d.Event.Body)
		all.UnfoldAll()
		text := strings.Join(all.View(&style.Theme{Mark: style.UnicodeGlyphs}, jsonview.TreeLook{W: 80, H: 100, Wrap: 1, Filter: d.Matchers}, jsonview.NoRemarks{}), "\n")
		if tt.want != "" && !strings.Contains(text, tt.want) {
			t.Errorf("%s: %q is not marked:\n%s", tt.filter, tt.want, text)
		} else if tt.want == "" && strings.Contains(text, "«") {
			t.Errorf("%s marks something:\n%s", tt.filter, text)
		}
	}
}
