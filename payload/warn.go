package payload

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// maxWarnings is how many warnings are given of one payload: a body of some
// megabytes can hold a million keys that are not documented.
const maxWarnings = 100

// supportedVersion is the version of the payload that this package describes.
const supportedVersion = 3

// warn adds what is not documented, in the order in which the types have their
// fields. A value that was not read because of a fault is not unknown.
func (p *Payload) warn(w *warner, faults []fault) {
	unknown := func(path, text string) {
		faulty := slices.ContainsFunc(faults, func(f fault) bool {
			at := f.path()
			return at == "." || at == path || strings.HasPrefix(path, at+".")
		})
		if !faulty {
			w.add(path, text)
		}
	}
	if e := p.Event; !e.Scope.Known() {
		text := "unknown scope " + quote(string(e.Scope))
		if scope, action := e.Effective(); scope != e.Scope {
			text += fmt.Sprintf(": take it for %s/%s", scope, action)
		}
		unknown(".event.scope", text)
	}
	switch p.Event.Action {
	case ActionCreate, ActionDelete, ActionMove, ActionUpdate:
	default:
		unknown(".event.action", "unknown action "+quote(string(p.Event.Action)))
	}
	w.keys(".event", p.Event.Unknown)

	switch p.Repo.Type {
	case TypeModel, TypeDataset, TypeSpace, TypeBucket, TypeKernel:
	default:
		unknown(".repo.type", "unknown repository type "+quote(string(p.Repo.Type)))
	}
	w.keys(".repo", p.Repo.Unknown)
	w.keys(".repo.url", p.Repo.URL.Unknown)
	w.keys(".repo.owner", p.Repo.Owner.Unknown)

	if d := p.Discussion; d != nil {
		switch d.Status {
		case StatusDraft, StatusOpen, StatusClosed, StatusMerged:
		default:
			unknown(".discussion.status", "unknown status "+quote(string(d.Status)))
		}
		w.keys(".discussion", d.Unknown)
		w.keys(".discussion.url", d.URL.Unknown)
		w.keys(".discussion.author", d.Author.Unknown)
		if d.Changes != nil {
			w.keys(".discussion.changes", d.Changes.Unknown)
		}
	}
	if c := p.Comment; c != nil {
		w.keys(".comment", c.Unknown)
		w.keys(".comment.author", c.Author.Unknown)
		w.keys(".comment.url", c.URL.Unknown)
	}
	for i, u := range p.UpdatedRefs {
		w.keys(".updatedRefs["+strconv.Itoa(i)+"]", u.Unknown)
	}
	for i, u := range p.UpdatedFiles {
		w.keys(".updatedFiles["+strconv.Itoa(i)+"]", u.Unknown)
	}
	if m := p.MovedTo; m != nil {
		w.keys(".movedTo", m.Unknown)
		w.keys(".movedTo.owner", m.Owner.Unknown)
	}

	if v := p.Webhook.Version; v != supportedVersion {
		unknown(".webhook.version", fmt.Sprintf("unknown payload version %d: want %d", v, supportedVersion))
	}
	w.keys(".webhook", p.Webhook.Unknown)
	w.keys("", p.Unknown)
}

type warner []Warning

func (w *warner) add(path, text string) {
	if len(*w) < maxWarnings {
		*w = append(*w, Warning{Path: path, Text: text})
	}
}

// keys warns of the members of the object at path that are not documented.
func (w *warner) keys(path string, unknown map[string]json.RawMessage) {
	if len(unknown) == 0 {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(unknown)) {
		w.add(path+member(name), "unknown key")
	}
}

var plainName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// member returns the step to a member of an object: .name, or ["any name"].
func member(name string) string {
	if plainName.MatchString(name) {
		return "." + name
	}
	return "[" + quote(name) + "]"
}
