package events

// Deleting: the events vanish from the list at once, and from the store when it can no
// longer be taken back, or at the end. One that is pinned is never deleted from here.

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/store"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

type (
	// deletableMsg says which events can be deleted.
	deletableMsg struct {
		ids    []event.ID
		pinned map[event.ID]string // of those that were meant, and their names
		err    error
	}

	// deletedMsg says what became of them.
	deletedMsg struct {
		ids    []event.ID // that are still there
		pinned map[event.ID]string
		err    error
	}
)

// pinned returns the names of those of the events that have one.
func (a *asks) pinned(ctx context.Context, ids []event.ID) (map[event.ID]string, error) {
	names := map[event.ID]string{}
	for q := (store.Query{Filter: filter.Pinned, Limit: 500}); ; {
		page, err := a.session.List(ctx, q)
		if err != nil {
			return nil, err
		}
		for _, r := range page.Rows {
			if r.Pin != "" && slices.Contains(ids, r.ID) {
				names[r.ID] = r.Pin
			}
		}
		if q.Before = page.Next; page.Next == "" {
			return names, nil
		}
	}
}

// unpinned drops those of the events that are pinned.
func unpinned(ids []event.ID, pinned map[event.ID]string) []event.ID {
	return slices.DeleteFunc(slices.Clone(ids), func(id event.ID) bool { return pinned[id] != "" })
}

// askRemove asks which of the events can be deleted.
func (a *asks) askRemove(ids []event.ID) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		pinned, err := a.pinned(a.Ctx, ids)
		return deletableMsg{ids: unpinned(ids, pinned), pinned: pinned, err: err}
	})
}

// erase deletes events for good, less those that have been pinned meanwhile.
func (a *asks) erase(ids []event.ID) tea.Cmd {
	return a.Cmd(func() tea.Msg { return a.eraseNow(a.Ctx, ids) })
}

func (a *asks) eraseNow(ctx context.Context, ids []event.ID) deletedMsg {
	pinned, err := a.pinned(ctx, ids)
	if err == nil {
		_, err = a.session.Delete(ctx, unpinned(ids, pinned)...)
	}
	return deletedMsg{ids: ids, pinned: pinned, err: err}
}

// hideDeleted hides the events that are to be deleted, and offers them back.
func (e *Screen) hideDeleted(msg deletableMsg, f screen.Frame) tea.Cmd {
	switch {
	case msg.err != nil:
		return screen.ResultCmd(fmt.Sprintf("delete: %s", screen.Plain(msg.err)), false)
	case len(msg.ids) == 0:
		var name string
		for _, name = range msg.pinned {
		}
		return screen.ResultCmd(fmt.Sprintf("nothing was deleted: %s pinned (%s): %s removes the name", areIs(len(msg.pinned)), name, f.Label(keymap.ActName)), false)
	}
	ids := msg.ids
	e.hide(ids)
	e.undoable(undo{
		deleting: ids,
		back: func(f screen.Frame) tea.Cmd {
			e.show(ids)
			e.List.GoTo(ids[0], e.Layout(f).ListHeight)
			return screen.ResultCmd(called(ids)+" back in the list", true)
		},
		over: func() tea.Cmd {
			e.deletingCount -= int64(len(ids))
			e.erasing = append(e.erasing, ids)
			return e.ask.erase(ids)
		},
	}, f)
	text := "deleted " + called(ids) + ": " + f.Label(keymap.ActUndo) + " undoes it within 10 s"
	if n := len(msg.pinned); n > 0 {
		text += fmt.Sprintf("; %s pinned, kept", areIs(n))
	}
	return e.did(text, removeCommand(ids))
}

func areIs(n int) string {
	if n == 1 {
		return "1 is"
	}
	return fmt.Sprintf("%d are", n)
}

// called names one event by its id, and counts several.
func called(ids []event.ID) string {
	if len(ids) == 1 {
		return ids[0].Short()
	}
	return style.Plural(int64(len(ids)), "event")
}

func removeCommand(ids []event.ID) string {
	words := []string{"hfhook rm"}
	for _, id := range ids[:min(len(ids), maxCommandIDs)] {
		words = append(words, string(id))
	}
	if len(ids) > 1 {
		words = append(words, "--yes")
	}
	return strings.Join(words, " ")
}

// maxCommandIDs is how many ids a command names: more would fit no shell.
const maxCommandIDs = 1000

func (e *Screen) hide(ids []event.ID) {
	if e.List.Hidden == nil {
		e.List.Hidden = map[event.ID]bool{}
	}
	for _, id := range ids {
		e.List.Hidden[id] = true
	}
	e.Selection.Clear()
	e.deletingCount += int64(len(ids))
	e.List.Rebuild()
}

func (e *Screen) show(ids []event.ID) {
	for _, id := range ids {
		delete(e.List.Hidden, id)
	}
	e.deletingCount -= int64(len(ids))
	e.List.Rebuild()
}

// erased takes note of what could not be deleted. What was, stays hidden until the list
// was read again, and its id is nobody else's.
func (e *Screen) erased(msg deletedMsg) tea.Cmd {
	e.erasing = slices.DeleteFunc(e.erasing, func(ids []event.ID) bool { return slices.Equal(ids, msg.ids) })
	kept := msg.ids
	if msg.err == nil {
		kept = slices.DeleteFunc(slices.Clone(msg.ids), func(id event.ID) bool { return msg.pinned[id] == "" })
	}
	for _, id := range kept {
		delete(e.List.Hidden, id)
	}
	e.List.Rebuild()
	switch {
	case msg.err != nil:
		return screen.ResultCmd(fmt.Sprintf("delete %s: %s", style.Plural(int64(len(msg.ids)), "event"), screen.Plain(msg.err)), false)
	case len(kept) > 0:
		return screen.ResultCmd(fmt.Sprintf("%s pinned meanwhile and kept", areIs(len(kept))), true)
	}
	return nil
}

// flushTime is how long the program's end waits for what is still to be deleted.
const flushTime = 10 * time.Second

// Flush deletes what could still be taken back, at the program's end.
func (e *Screen) Flush() error {
	ctx, cancel := context.WithTimeout(context.Background(), flushTime)
	defer cancel()
	all := slices.Concat(e.erasing...)
	for _, u := range e.undos {
		all = append(all, u.deleting...)
	}
	if len(all) == 0 {
		return nil
	}
	if err := e.ask.eraseNow(ctx, all).err; err != nil {
		return fmt.Errorf("delete %s: %w", style.Plural(int64(len(all)), "event"), err)
	}
	return nil
}
