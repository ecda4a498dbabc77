package tui

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// withSaved is a day with filters that somebody has saved.
func withSaved() *fake {
	s := day()
	s.filters = []SavedFilter{{"failed today", "status:5xx since:today"}, {"bot mentions", ".comment.content~@bot"}, {"prs \x1b[2J", ".discussion.isPullRequest:true"}}
	return s
}

func TestTermUnderTheCaret(t *testing.T) {
	tests := []struct {
		text  string // | is the caret
		want  string
		begun string
	}{
		{"|", "", ""},
		{"sc|", "sc", "sc"},
		{"a sc| b", "sc", "sc"},
		{"a scope:dis|cussion b", "scope:discussion", "scope:dis"},
		{"(a^-re|po:x)", "repo:x", "re"},
		{"a |b", "b", ""},
		{`repo:"a b| c" x`, `repo:"a b c"`, `repo:"a b`},
		{"a^b|", "b", "b"},
		{"-|", "", ""},
		{"日本 語:x|y z", "語:xy", "語:x"},
	}
	for _, tt := range tests {
		text := strings.ReplaceAll(tt.text, "^", "\x00")
		before, after, _ := strings.Cut(text, "|")
		runes := []rune(strings.ReplaceAll(before+after, "\x00", "|"))
		caret := len([]rune(before))
		from, to := term(runes, caret)
		if got := string(runes[from:to]); got != tt.want {
			t.Errorf("%q: the term is %q, want %q", tt.text, got, tt.want)
		}
		if got := string(runes[from:max(caret, from)]); got != tt.begun {
			t.Errorf("%q: begun is %q, want %q", tt.text, got, tt.begun)
		}
	}
}

func TestComplete(t *testing.T) {
	words := storeWords{"repo:": {"me/corpus", "org/a b", "org/corpus-2"}, "scope:": {"discussion", "repo.config.dois"}, ".": {".comment.content", ".comment.id", ".event.scope"}}
	tests := []struct {
		text string
		want []string
	}{
		{"", []string{"scope:", "action:", "type:", "repo:", "status:", "target:", "is:", "since:", "before:", "ref:", "pr:", "author:", "path:", "ms:", "size:"}},
		{"s", []string{"scope:", "status:", "since:", "size:"}},
		{"scope:repo.c", []string{"scope:repo.content", "scope:repo.config", "scope:repo.config.dois"}},
		{"-action:u", []string{"action:update"}},
		{"repo:corp", []string{"repo:me/corpus", "repo:org/corpus-2"}},
		{"repo:org", []string{`repo:"org/a b"`, "repo:org/corpus-2"}},
		{`repo:"org/a b`, []string{`repo:"org/a b"`}},
		{"action:update", nil},
		{"scope:repo", []string{"scope:repo", "scope:repo.content", "scope:repo.config", "scope:repo.config.dois"}},
		{".comment", []string{".comment.content:", ".comment.id:"}},
		{"word", nil},
	}
	for _, tt := range tests {
		if diff := cmp.Diff(tt.want, words.complete(tt.text, 1000).terms); diff != "" {
			t.Errorf("%q (-want +got):\n%s", tt.text, diff)
		}
	}
}

func TestTabGoesRound(t *testing.T) {
	m := newTestModel(t, withSaved(), 100, 30)
	press(m, "/")
	typed(m, "x repo:me")
	bar := m.top().(*filterBar)
	for _, want := range []string{"x repo:me/corpus", "x repo:me/my-model", "x repo:me/corpus"} {
		press(m, "tab")
		if got := bar.input.Value(); got != want {
			t.Errorf("tab makes it %q, want %q", got, want)
		}
	}
	press(m, "shift+tab")
	if got := bar.input.Value(); got != "x repo:me/my-model" {
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
	if got := bar.input.Value(); got != "status:5xx pr:1" {
		t.Errorf("it is %q", got)
	}
}

func TestSavedFilters(t *testing.T) {
	s := withSaved()
	m := newTestModel(t, s, 100, 30)
	press(m, "f2")
	if m.root.list.text != ".comment.content~@bot" || !strings.Contains(m.status.text, "filter: bot mentions") || !strings.Contains(screenText(m), "$ hfhook ls '.comment.content~@bot'") {
		t.Errorf("%q %q\n%s", m.root.list.text, m.status.text, screenText(m))
	}
	press(m, "/", "f1")
	if got := m.top().(*filterBar).input.Value(); got != "status:5xx since:today" {
		t.Errorf("%q", got)
	}
	press(m, "ctrl+u")
	typed(m, "pr:19")
	press(m, "ctrl+s")
	typed(m, "the PR")
	press(m, "enter")
	if !slices.Contains(s.called(), "save pr:19 as the PR") || !strings.Contains(m.status.text, `saved "the PR" in .hfhook.toml: F4 applies it`) || m.top().Name() != "filter" {
		t.Errorf("%v %q %s", s.called(), m.status.text, m.top().Name())
	}
	press(m, "enter", "?")
	if text := screenText(m); !strings.Contains(text, "the PR") || !strings.Contains(text, "prs ␛[2J") {
		t.Errorf("the help does not name them:\n%s", text)
	}
	s.errs["SaveFilter"] = errors.New("no space")
	press(m, "esc", "/", "ctrl+s", "x", "enter")
	if m.status.ok || !strings.Contains(m.status.text, "no space") {
		t.Errorf("%q", m.status.text)
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
		m.root.list.goTo(fakeID(4), 20)
		send(m, changedMsg{m.state})
		press(m, "enter", "E")
		if d := &m.root.detail; true {
			i := slices.IndexFunc(d.tree.nodes, func(n *node) bool { return n.path() == tt.path })
			if i < 0 {
				t.Fatalf("%s is not in the tree", tt.path)
			}
			d.tree.cursor = i
		}
		press(m, "f")
		bar, ok := m.top().(*filterBar)
		if !ok {
			if tt.want != "" {
				t.Errorf("%s: f opens no filter", tt.path)
			}
			continue
		}
		if got := bar.input.Value(); got != tt.want || bar.err != nil || len(m.stack) != 2 {
			t.Errorf("%s: the filter is %q, %v; want %q", tt.path, got, bar.err, tt.want)
		}
		if n := len(eventsInList(&m.root.list)); n == 0 {
			t.Errorf("%s: nothing matches the value's own filter", tt.path)
		}
	}
}

func TestMatchesAreMarked(t *testing.T) {
	m := newTestModel(t, day(), 100, 30)
	m.root.list.goTo(fakeID(4), 20)
	send(m, changedMsg{m.state})
	for _, tt := range []struct{ filter, want string }{
		{"RE-RUN", "@bot please «re-run» the"}, {".comment.content~@b.t", "«@bot» please"}, {"repo:me/*", "«me/corpus»"}, {"pr:19", "«19»"}, {"-nosuch", ""}, {".comment.hidden:false", "«false»"},
	} {
		press(m, "/", "ctrl+u")
		typed(m, tt.filter)
		press(m, "enter")
		d := &m.root.detail
		all := newTree(d.event.Body)
		all.unfoldAll()
		text := strings.Join(all.view(&theme{mark: unicodeGlyphs}, treeLook{w: 80, h: 100, wrap: 1, filter: d.matchers}, noRemarks{}), "\n")
		if tt.want != "" && !strings.Contains(text, tt.want) {
			t.Errorf("%s: %q is not marked:\n%s", tt.filter, tt.want, text)
		} else if tt.want == "" && strings.Contains(text, "«") {
			t.Errorf("%s marks something:\n%s", tt.filter, text)
		}
	}
}
