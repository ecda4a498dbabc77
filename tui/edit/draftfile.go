package edit

// A payload that is being edited, in a file: what was changed is there again for the next
// hfhook if this one ends in the middle, and if a person has put it aside.

import (
	"errors"
	"sync"

	"hfhook/event"
	"hfhook/internal/drafts"
	"hfhook/internal/jsonedit"
	"hfhook/internal/jsontree"
)

// A keptEdit is that file. Its methods read and write it, so they are for Cmds. Nil keeps
// nothing.
type keptEdit struct {
	dir   drafts.Dir
	event event.ID

	mu    sync.Mutex
	over  bool          // something came of the edit
	seen  int           // number of the newest change
	draft *drafts.Draft // that is held; nil: none is
	aside *drafts.Left  // that was put aside; nil: none was
}

// keep saves the body of a change. Changes may come in another order than they were made.
func (k *keptEdit) keep(n int, original, body []byte) error {
	if k == nil {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.over || n <= k.seen {
		return nil
	}
	k.seen = n
	if k.draft == nil && k.aside != nil {
		// If another process has taken it meanwhile, this is another edit.
		k.draft, _ = k.aside.Take()
	}
	if k.draft == nil {
		given, isJSON := forEditor(original)
		var err error
		if k.draft, err = k.dir.New(k.event.Short()+".json", given, drafts.About{Event: string(k.event), JSON: isJSON}); err != nil {
			return err
		}
	}
	k.aside = nil
	text, _ := forEditor(body)
	return k.draft.Save(text)
}

// putAside lets go of the file, which stays.
func (k *keptEdit) putAside() error {
	if k == nil {
		return errors.New("it has no directory")
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.draft == nil {
		return nil // it was not taken up again
	}
	left, err := k.draft.PutAside()
	k.draft, k.aside = nil, &left
	return err
}

// remove ends it: something came of the edit, or nothing is to come of it.
func (k *keptEdit) remove() error {
	if k == nil {
		return nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.over = true
	draft := k.draft
	if draft == nil && k.aside != nil {
		draft, _ = k.aside.Take() // else another process goes on with it
	}
	k.draft, k.aside = nil, nil
	if draft == nil {
		return nil
	}
	return draft.Remove()
}

// takeUp returns the body of an edit of the event that was left or put aside; nil: there is
// none.
func (k *keptEdit) takeUp(original []byte) ([]byte, error) {
	if k == nil {
		return nil, nil
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	all, err := k.dir.Left()
	for _, left := range all {
		if left.Event != string(k.event) {
			continue
		}
		draft, err := left.Take()
		if err != nil {
			continue
		}
		text, err := draft.Text()
		if err != nil {
			return nil, err
		}
		k.draft = draft
		return fromEditor(text, original), nil
	}
	return nil, err
}

// forEditor is a body as an editor gets it, and whether it is JSON.
func forEditor(body []byte) ([]byte, bool) {
	if text, ok := jsonedit.Indented(body); ok {
		return text, true
	}
	return body, false
}

// fromEditor is the body that a text of forEditor makes of the original.
func fromEditor(text, original []byte) []byte {
	_, isJSON := forEditor(original)
	if _, err := jsontree.Parse(text); err != nil || !isJSON {
		return jsonedit.SameEnd(text, original)
	}
	return likeBefore(original, text)
}
