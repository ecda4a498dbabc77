package tui

import (
	"regexp"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"hfhook/tui/style"
)

func TestNoColor(t *testing.T) {
	for env, want := range map[string]bool{
		"NO_COLOR=1": true, "NO_COLOR=yes": true, "NO_COLOR=": false, "TERM=xterm": false,
		"CLICOLOR=0": true, "CLICOLOR=1": false, "CLICOLOR=0 CLICOLOR_FORCE=1": false, "NO_COLOR=x CLICOLOR_FORCE=1": true,
	} {
		if _, got := (Options{Env: strings.Fields(env)}).profile(); got != want {
			t.Errorf("%s: no colour is %v, want %v", env, got, want)
		}
	}
	always := Options{Color: style.ColorAlways, Output: &strings.Builder{}, Env: []string{"NO_COLOR=1", "TERM=xterm"}}
	if p, ok := always.profile(); !ok || p < colorprofile.ANSI {
		t.Errorf("always is %v %v", p, ok)
	}
}

var colorCodes = regexp.MustCompile("\x1b\\[[0-9;]*(3[0-9]|4[0-9]|9[0-7]|10[0-7])[0-9;]*m")

// TestFewColorsAreTheTerminalsOwn: a terminal of 16 colours gets no others.
func TestFewColorsAreTheTerminalsOwn(t *testing.T) {
	for _, light := range []bool{false, true} {
		m := newTestModel(t, down(), 100, 30)
		m.light = light
		m.Update(tea.ColorProfileMsg{Profile: colorprofile.ANSI})
		frame := strings.Join(m.lines(), "\n")
		if strings.Contains(frame, "38;2;") || strings.Contains(frame, "38;5;") || !colorCodes.MatchString(frame) {
			t.Errorf("light %v: %q", light, frame)
		}
		m.Update(tea.ColorProfileMsg{Profile: colorprofile.TrueColor})
		if !strings.Contains(strings.Join(m.lines(), "\n"), "38;2;") {
			t.Error("no more colours where there are more")
		}
	}
}

// TestColorIsNeverTheOnlySign: without styles every state is still told apart.
func TestColorIsNeverTheOnlySign(t *testing.T) {
	plain := func(m *model) string { return screenText(m) }
	for _, ascii := range []bool{false, true} {
		seen := map[string]string{}
		for name, session := range map[string]func() *fake{"day": day, "fresh": fresh, "down": down, "pending": pendingDay} {
			m := newTestModel(t, session(), 100, 30)
			m.opts.ASCII = ascii
			m.restyle()
			text := plain(m)
			if ascii {
				for _, r := range text {
					if r > 126 {
						t.Errorf("%s in ASCII has %q:\n%s", name, r, text)
						break
					}
				}
			}
			head, _, _ := strings.Cut(text, "\n")
			if other, taken := seen[head]; taken && name != "pending" && other != "pending" {
				t.Errorf("%s and %s have the same header %q", name, other, head)
			}
			seen[head] = name
		}
	}
}

func TestLinksOnlyWhereTheyAreKnown(t *testing.T) {
	for term, want := range map[string]bool{"xterm-256color": true, "tmux-256color": true, "linux": false, "linux-16color": false, "dumb": false, "vt220": false} {
		s := day()
		m := newTestModel(t, s, 100, 30)
		m.opts.Env = []string{"TERM=" + term}
		m.restyle()
		press(m, "k", "k", "k", "k", "k", "enter")
		if got := strings.Contains(strings.Join(m.lines(), "\n"), "\x1b]8;;https://"); got != want {
			t.Errorf("%s: links are written is %v, want %v", term, got, want)
		}
	}
}
