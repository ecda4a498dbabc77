package tui

// What a screen is, and what it may know of the moment. Screens stand on a stack:
// the top one is shown and gets the keys, all get the news.

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/dev"
)

// A frame is the moment that is drawn.
type frame struct {
	w, h  int // cells of the screen, without the status line and the footer
	now   time.Time
	state *dev.State
	theme *theme

	keymap  Keymap // the user's
	command string // does what was last done here; empty: nothing was, or there is none

	head func(frame, layout) []string // draws the header
}

// header is the header of every screen.
func (f frame) header(l layout) []string { return f.head(f, l) }

// label is how the first key of an action is shown, for sentences that name a key.
func (f frame) label(a action) string { return f.theme.mark.say(f.keymap.label(a)) }

// at puts a time into the time zone that is shown.
func (f frame) at(t time.Time) time.Time { return t.In(f.now.Location()) }

// moment is the time of day, of another day than today with its date.
func (f frame) moment(t time.Time) string {
	t = f.at(t)
	if y, m, d := t.Date(); f.now.Year() != y || f.now.Month() != m || f.now.Day() != d {
		return t.Format("01-02 15:04")
	}
	return t.Format(time.TimeOnly)
}

// A screen is one page of the program.
type screen interface {
	// Name is what the help calls it.
	Name() string

	// Keys are the keys that do something now, the most useful first. The footer
	// and the help are made of them.
	Keys(f frame) []binding

	// Do carries out the action of one of Keys.
	Do(a action, f frame) (step, tea.Cmd)

	// Update takes everything but keys: answers, wake-ups, sizes.
	Update(msg tea.Msg, f frame) tea.Cmd

	// View is f.h lines, none wider than f.w.
	View(f frame) []string

	// Idle is the status line while there is no result to show.
	Idle(f frame) (left, right string)

	// Moves says how soon the view changes by itself; 0 means never.
	Moves(f frame) time.Duration
}

// A step is what becomes of the stack after an action. The zero step leaves it.
type step struct {
	push screen
	pop  bool
	act  *action // what the screen below then does
}

// A typist is a screen that takes keys that have no binding, as letters to search
// for.
type typist interface {
	Type(key tea.KeyPressMsg, f frame) (step, tea.Cmd)
}
