package screen

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/store"
)

// NewFixturePrompt asks for the name of a fixture.
func NewFixturePrompt(below Screen, save func(name string) tea.Cmd) *Prompt {
	p := NewPrompt(below, "fixture", "name of the fixture", "save", "", func(name string) tea.Cmd { return save(strings.TrimSpace(name)) })
	p.Check = func(name string) error { return CheckName(strings.TrimSpace(name)) }
	return p
}

// A FixtureStore records events under a name.
type FixtureStore interface {
	// Fixture records an event with this body under a name: a copy of parent or, if that
	// is empty, a synthetic one. store.ErrPinName, store.ErrPinTaken.
	Fixture(ctx context.Context, parent event.ID, body []byte, name string) (*event.Event, error)
}

// SaveFixture records a body under a name.
func SaveFixture(a *Runner, s FixtureStore, parent event.ID, body []byte, name string) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		e, err := s.Fixture(a.Ctx, parent, body, name)
		switch {
		case errors.Is(err, store.ErrPinTaken), errors.Is(err, store.ErrPinName):
			return ResultMsg{Text: fmt.Sprintf("not saved: %s", Plain(err))}
		case err != nil:
			return ResultMsg{Text: "save a fixture: " + Plain(err)}
		}
		return ResultMsg{Text: fmt.Sprintf("saved the fixture %s as %s", name, e.ID.Short()), Ok: true, Command: PinCommand(e.ID, name)}
	})
}

// PinName is the name that is meant by what somebody writes: a name has no spaces.
func PinName(text string) string { return strings.Join(strings.Fields(text), "-") }

// CheckName tells why an event cannot be pinned by a name.
func CheckName(name string) error {
	if store.CheckPin(name) != nil {
		return errors.New("enter a name: a letter, then letters, digits, dots, dashes or underscores")
	}
	return nil
}

func PinCommand(id event.ID, name string) string {
	if name == "" {
		return "hfhook pin " + string(id) + " --off"
	}
	return "hfhook pin " + string(id) + " " + ShellWord(name)
}
