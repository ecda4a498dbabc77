package tui

// What holds on every screen, whichever it is.

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
)

// A reached screen is one that a test gets to by keys.
type step struct {
	name    string
	session func() *fake
	keys    []string
}

func (r step) start(t testing.TB, w, h int) (*model, *fake) {
	s := r.session()
	m := newTestModel(t, s, w, h)
	press(m, r.keys...)
	return m, s
}

// TestEveryScreenIsTested finds the screens in the source: one that everyScreen does
// not reach is held to nothing below.
func TestEveryScreenIsTested(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range everyScreen() {
		m, _ := r.start(t, 100, 30)
		seen[reflect.TypeOf(m.top()).Elem().Name()] = true
	}
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			method, ok := d.(*ast.FuncDecl)
			if !ok || method.Recv == nil || method.Name.Name != "Keys" || method.Type.Params.NumFields() != 1 {
				continue
			}
			star, ok := method.Recv.List[0].Type.(*ast.StarExpr)
			if !ok {
				continue
			}
			if name := star.X.(*ast.Ident).Name; !seen[name] {
				t.Errorf("everyScreen (keys_test.go) does not get to the screen %s", name)
			}
		}
	}
}

// effect is what a message does to a model: empty, nothing.
func effect(m *model, s *fake, msg tea.Msg) string {
	before, depth, calls := strings.Join(m.lines(), "\n"), len(m.stack), len(s.called())
	_, cmd := m.Update(msg)
	for _, answer := range answers(cmd) {
		switch name := fmt.Sprintf("%T", answer); name {
		case "tea.QuitMsg", "tea.execMsg", "tea.SuspendMsg", "tea.clearScreenMsg":
			return name
		}
		send(m, answer)
	}
	switch {
	case strings.Join(m.lines(), "\n") != before:
		return "another frame"
	case len(m.stack) != depth:
		return "another screen"
	case len(s.called()) != calls:
		return "a call"
	}
	return ""
}

// TestEveryKeyOfTheHelpWorks presses what each screen takes, also what the footer does
// not show. What only moves may have to be brought away from an end first.
func TestEveryKeyOfTheHelpWorks(t *testing.T) {
	t.Chdir(t.TempDir()) // a key of them saves a file
	moved := [][]string{nil, {"g"}, {"G"}, {"j"}, {"k"}, {"down"}, {"up"}, {"end"}, {"home"}, {"k", "k", "k"}, {"F"}}
	for _, r := range everyScreen() {
		m, _ := r.start(t, 100, 30)
		var dead []string // of the keys that move
		moves := 0
		for _, b := range m.keys() {
			for _, key := range b.Keys {
				does := ""
				for _, before := range moved {
					m, s := r.start(t, 100, 30)
					depth := len(m.stack)
					for _, move := range before {
						if a, bound := keymap.Pressed(m.keys(), move); bound && keymap.KeyTable[a].Group == keymap.GroupMove || move == "F" {
							press(m, move)
						}
					}
					if a, bound := keymap.Pressed(m.keys(), key); len(m.stack) != depth || !bound || a != b.Action {
						continue // that led elsewhere
					}
					if does = effect(m, s, keyMsg(key)); does != "" {
						break
					}
				}
				switch moving := slices.Contains(keymap.Motions(), b.Action); {
				case moving && does != "":
					moves++
				case moving:
					dead = append(dead, key)
				case does == "":
					t.Errorf("%s: %q (%s) does nothing", r.name, key, b.Help)
				}
			}
		}
		if moves > 0 && len(dead) > 0 { // where none of them does, all is in sight
			t.Errorf("%s: %q move nothing", r.name, dead)
		}
	}
}

// TestLettersOfMenusAreFree: a choice whose letter is a key of the menu can't be taken by it.
func TestLettersOfMenusAreFree(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, r := range everyScreen() {
		m, _ := r.start(t, 100, 30)
		menu, ok := m.top().(*screen.Menu)
		if !ok {
			continue
		}
		for _, c := range menu.Choices {
			if a, bound := keymap.Pressed(m.keys(), c.Key); bound {
				t.Errorf("%s: %q is %q, and %s", r.name, c.Key, c.Text, keymap.KeyTable[a].Help)
			}
		}
	}
}

// TestNoScreenIsADeadEnd leaves each screen, by esc or q, as often as it takes.
func TestNoScreenIsADeadEnd(t *testing.T) {
	for _, r := range everyScreen() {
		for _, size := range sizes {
			m, s := r.start(t, size.w, size.h)
			for range 12 {
				if len(m.stack) == 1 {
					break
				}
				press(m, "esc")
			}
			if len(m.stack) > 1 {
				t.Errorf("%s at %dx%d: esc does not lead back from %s", r.name, size.w, size.h, m.top().Name())
			}
			for range 3 {
				press(m, "esc")
			}
			quits := effect(m, s, keyMsg("q")) == "tea.QuitMsg"
			if !quits { // what is under way is asked about once
				quits = effect(m, s, keyMsg("q")) == "tea.QuitMsg"
			}
			if !quits {
				t.Errorf("%s at %dx%d: q does not quit", r.name, size.w, size.h)
			}
		}
		m, s := r.start(t, 100, 30)
		if effect(m, s, keyMsg("ctrl+c")) != "tea.QuitMsg" {
			t.Errorf("%s: ctrl+c does not quit", r.name)
		}
	}
}

var allSizes = flag.Bool("sizes", false, "draw every screen at every size from 1x1 to 250x80")

const maxW, maxH = 250, 80

// TestEverySizeOfEveryScreen resizes each screen in a random order, some of the sizes
// unless -sizes asks for all of them.
func TestEverySizeOfEveryScreen(t *testing.T) {
	t.Chdir(t.TempDir())
	for i, r := range everyScreen() {
		for _, text := range []string{"", wideText} {
			r := r
			if plain := r.session; text != "" {
				r.session = func() *fake { return poison(plain(), text) }
			}
			m, _ := r.start(t, 100, 30)
			rnd := rand.New(rand.NewPCG(uint64(i), 11))
			order := rnd.Perm(maxW * maxH)
			if !*allSizes {
				order = order[:10]
			}
			for _, n := range order {
				m.Update(tea.WindowSizeMsg{Width: 1 + n%maxW, Height: 1 + n/maxW})
				if err := checkFrame(m); err != nil {
					t.Fatalf("%s %.10q: %v", r.name, text, err)
				}
			}
		}
	}
}

// wideText is what is wide, or stands on others, or is made of several code points.
const wideText = "日本語のタイトル 한국어 👩‍👩‍👧‍👦🏽 🇫🇷🇩🇪 é ȩ́̂ ท้ำ ❤️ 1️⃣ ﷽ नमस्ते " + "क्षि"

// poison puts a text into everything of a session that comes from outside.
func poison(s *fake, text string) *fake {
	body := fmt.Sprintf(`{"event":{"action":"create","scope":"discussion.comment"},"repo":{"type":"dataset","name":%[1]q,"id":%[1]q,"url":{"web":%[1]q,"api":%[1]q},"owner":{"id":%[1]q}},"discussion":{"id":%[1]q,"title":%[1]q,"url":{"web":%[1]q},"author":{"id":%[1]q},"status":%[1]q,"num":1,"changes":{"base":%[1]q}},"comment":{"id":%[1]q,"author":{"id":%[1]q},"content":%[1]q,"url":{"web":%[1]q}},"webhook":{"id":%[1]q,"version":3},%[1]q:[{%[1]q:%[1]q}]}`, text)
	foul := func(e *fakeEvent) {
		e.row.Label, e.row.Subject, e.row.Repo, e.row.Path = text, text, text, text
		e.row.Pin = text
		e.body = body
		e.header = append(slices.Clone(e.header), event.Field{Name: text, Value: text})
		e.deliveries = slices.Clone(e.deliveries)
		for k := range e.deliveries {
			d := &e.deliveries[k]
			d.ResponseBody, d.Err, d.URL, d.Target = []byte(text+"\n"+body), text, text, text
			d.ResponseHeader = []event.Field{{Name: text, Value: text}}
		}
	}
	for i := range s.extra {
		foul(&s.extra[i])
	}
	plain := s.make
	s.make = func(i int) fakeEvent { e := plain(i); foul(&e); return e }
	s.state.Rejected = slices.Clone(s.state.Rejected)
	for i := range s.state.Rejected {
		r := &s.state.Rejected[i]
		r.Method, r.Path, r.Peer, r.Detail = text, text, text, text
	}
	s.state.Targets = slices.Clone(s.state.Targets)
	for i := range s.state.Targets {
		s.state.Targets[i].Name, s.state.Targets[i].URL = text, "http://"+text
	}
	s.state.Hub = poisonHub(s.state.Hub, text)
	s.state.Project, s.state.HookURL, s.state.LocalURL, s.state.Secret.Source = text, text, text, text
	for i := range s.log {
		s.log[i].Text = text
	}
	for i := range s.settings {
		s.settings[i].Name, s.settings[i].Value, s.settings[i].Origin = text, text, text
	}
	return s
}

// foulText is what does something to a terminal, or to who reads it.
const foulText = "\x1b[2J\x1b]52;c;aGk=\a\x1b]8;;http://evil\x1b\\\x9b31m\u009b2J\r\n\t\x00\x7f\u202e\u2066\u200b\u200d\ufeff\u00ad\U000e0041\xff\x1bP1;2|\x18"

func TestFoulTextOnEveryScreen(t *testing.T) {
	t.Chdir(t.TempDir())
	for i, r := range everyScreen() {
		plain := r.session
		r.session = func() *fake { return poison(plain(), foulText) }
		for _, size := range sizes {
			m, _ := r.start(t, size.w, size.h)
			if err := checkFrame(m); err != nil {
				t.Fatalf("%s: %v", r.name, err)
			}
		}
		m, _ := r.start(t, 100, 30)
		wander(t, m, rand.New(rand.NewPCG(uint64(i), 3)), 15)
	}
}

// FuzzEveryScreen puts a text everywhere, and goes to a screen and on from there.
func FuzzEveryScreen(f *testing.F) {
	for i := range everyScreen() {
		f.Add(foulText, uint8(i), uint8(100), uint8(30), uint64(1))
		f.Add(wideText, uint8(i), uint8(60), uint8(20), uint64(2))
	}
	f.Fuzz(func(t *testing.T, text string, screen, w, h uint8, seed uint64) {
		t.Chdir(t.TempDir())
		all := everyScreen()
		r := all[int(screen)%len(all)]
		plain := r.session
		r.session = func() *fake { return poison(plain(), text) }
		m, _ := r.start(t, 1+int(w)%maxW, 1+int(h)%maxH)
		if err := checkFrame(m); err != nil {
			t.Fatalf("%s: %v", r.name, err)
		}
		wander(t, m, rand.New(rand.NewPCG(seed, 1)), 10)
	})
}
