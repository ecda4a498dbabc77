package tui

// Driving a model in a test: keys and messages in, the text of the screen out.

import (
	"context"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"

	"hfhook/internal/dev"
	"hfhook/internal/drafts"
	"hfhook/tui/screen"
)

// newTestModel is a model with everything that it has asked for. It is on the last row of its
// list, also if that is a rejected request.
func newTestModel(t testing.TB, s *fake, w, h int) *model {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	a := newAsks(ctx, s, screen.Clipboard{Ssh: true}, screen.Environment{"SSH_TTY=/dev/pts/1"})
	t.Cleanup(func() { cancel(); a.Wait() })
	a.Drafts = drafts.Dir(t.TempDir())
	m := newModel(a, Options{Version: "1.0.0", Log: func() []dev.Record { return s.log }, Settings: s.settings, Filters: s.filters, SaveFilter: s.saveFilter, Doctor: s.doctor, Authtoken: s.authtoken, Tunnels: &fakeTunnels{s: s}, KeepSecret: s.keepSecret, KeepHandlerSecret: s.keepHandlerSecret}, func() time.Time { return noon })
	m.ticking = true // no test waits for the time
	send(m, screen.ChangedMsg{State: s.State()})
	send(m, tea.WindowSizeMsg{Width: w, Height: h})
	if l := &m.root.List; len(l.Items) > 0 && l.Items[len(l.Items)-1].Rejected != nil {
		press(m, "G")
		m.status = screen.Status{}
	}
	return m
}

// send gives the model a message, and every answer that follows from it.
func send(m *model, msgs ...tea.Msg) {
	for len(msgs) > 0 {
		msg := msgs[0]
		msgs = msgs[1:]
		if changed, ok := msg.(screen.ChangedMsg); ok {
			// The Cmd that waits for the next change would wait here.
			msgs = append(msgs, answers(m.take(changed))...)
			continue
		}
		_, cmd := m.Update(msg)
		msgs = append(msgs, answers(cmd)...)
	}
}

// answers runs a Cmd and all that are in it.
func answers(cmd tea.Cmd) []tea.Msg {
	if cmd == nil {
		return nil
	}
	msg := cmd()
	if msg == nil {
		return nil
	}
	// Batches are exported by Bubble Tea, sequences are not: both are lists of Cmds.
	v := reflect.ValueOf(msg)
	if v.Kind() != reflect.Slice || v.Type().Elem() != reflect.TypeFor[tea.Cmd]() {
		return []tea.Msg{msg}
	}
	var all []tea.Msg
	for i := range v.Len() {
		all = append(all, answers(v.Index(i).Interface().(tea.Cmd))...)
	}
	return all
}

// tick tells the model that time has passed.
func tick(m *model) {
	m.Update(screen.TickMsg{})
	m.ticking = true
}

// press sends keys, by their names in the key table.
func press(m *model, names ...string) {
	for _, name := range names {
		send(m, keyMsg(name))
	}
}

func keyMsg(name string) tea.KeyPressMsg {
	special := map[string]rune{
		"up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight, "enter": tea.KeyEnter, "esc": tea.KeyEscape,
		"tab": tea.KeyTab, "space": tea.KeySpace, "delete": tea.KeyDelete, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome, "end": tea.KeyEnd, "backspace": tea.KeyBackspace, "f1": tea.KeyF1, "f5": tea.KeyF5,
	}
	if code, ok := special[name]; ok {
		if code == tea.KeySpace {
			return tea.KeyPressMsg{Code: code, Text: " "}
		}
		return tea.KeyPressMsg{Code: code}
	}
	if name == "shift+tab" {
		return tea.KeyPressMsg{Code: tea.KeyTab, Mod: tea.ModShift}
	}
	if n, err := strconv.Atoi(strings.TrimPrefix(name, "f")); err == nil && name[0] == 'f' {
		return tea.KeyPressMsg{Code: tea.KeyF1 + rune(n-1)}
	}
	if len(name) > 5 && name[:5] == "ctrl+" {
		return tea.KeyPressMsg{Code: rune(name[5]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// screenText draws a frame into cells and returns their text.
func screenText(m *model) string {
	buf := uv.NewScreenBuffer(m.w, m.h)
	uv.NewStyledString(m.View().Content).Draw(buf, buf.Bounds())
	return buf.String()
}
