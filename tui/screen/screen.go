// Package screen says what a screen is, and has what every screen needs: the frame that is
// drawn, the results of actions, menus, prompts and forms, and the way out of the program
// to a file, a pager, a browser or the clipboard.
package screen

// What a screen is, and what it may know of the moment. Screens stand on a stack:
// the top one is shown and gets the keys, all get the news.

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/dev"
	"hfhook/tui/keymap"
	"hfhook/tui/style"
)

// A Frame is the moment that is drawn.
type Frame struct {
	W, H  int // cells of the screen, without the status line and the footer
	Now   time.Time
	State *dev.State
	Theme *style.Theme

	Keymap  keymap.Keymap // the user's
	Command string        // does what was last done here; empty: nothing was, or there is none

	Head func(Frame, Layout) []string // draws the header
}

// Header is the header of every screen.
func (f Frame) Header(l Layout) []string { return f.Head(f, l) }

// Label is how the first key of an action is shown, for sentences that name a key.
func (f Frame) Label(a keymap.Action) string { return f.Theme.Mark.Say(f.Keymap.Label(a)) }

// At puts a time into the time zone that is shown.
func (f Frame) At(t time.Time) time.Time { return t.In(f.Now.Location()) }

// Moment is the time of day, of another day than today with its date.
func (f Frame) Moment(t time.Time) string {
	t = f.At(t)
	if y, m, d := t.Date(); f.Now.Year() != y || f.Now.Month() != m || f.Now.Day() != d {
		return t.Format("01-02 15:04")
	}
	return t.Format(time.TimeOnly)
}

// A Screen is one page of the program.
type Screen interface {
	// Name is what the help calls it.
	Name() string

	// Keys are the keys that do something now, the most useful first. The footer
	// and the help are made of them.
	Keys(f Frame) []keymap.Binding

	// Do carries out the action of one of Keys.
	Do(a keymap.Action, f Frame) (Step, tea.Cmd)

	// Update takes everything but keys: answers, wake-ups, sizes.
	Update(msg tea.Msg, f Frame) tea.Cmd

	// View is f.h lines, none wider than f.w.
	View(f Frame) []string

	// Idle is the status line while there is no result to show.
	Idle(f Frame) (left, right string)

	// Moves says how soon the view changes by itself; 0 means never.
	Moves(f Frame) time.Duration
}

// A Step is what becomes of the stack after an action. The zero step leaves it.
type Step struct {
	Push Screen
	Pop  bool
	Act  *keymap.Action // what the screen below then does
}

// A Typist is a screen that takes keys that have no binding, as letters to search
// for.
type Typist interface {
	Type(key tea.KeyPressMsg, f Frame) (Step, tea.Cmd)
}

// A subject is a screen that knows what a word of a general form stands for there. What
// it does not know is empty.
type subject interface {
	Subject(word string, f Frame) string
}

// A Printed screen shows what a command prints.
type Printed interface{ PrintedBy(f Frame) string }
