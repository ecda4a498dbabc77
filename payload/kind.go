package payload

import (
	"slices"
	"strings"
)

// A Kind is what happens to what, written as scope/action: the key by which a program
// chooses events.
type Kind string

// The pairs of scope and action that the Hub documents.
const (
	KindRepoCreate       Kind = "repo/create"
	KindRepoDelete       Kind = "repo/delete"
	KindRepoUpdate       Kind = "repo/update"
	KindRepoMove         Kind = "repo/move"
	KindContentUpdate    Kind = "repo.content/update" // commits, tags, branches; files of a bucket
	KindConfigUpdate     Kind = "repo.config/update"
	KindDiscussionCreate Kind = "discussion/create" // a discussion or pull request was opened
	KindDiscussionDelete Kind = "discussion/delete"
	KindDiscussionUpdate Kind = "discussion/update" // title or status changed; merged
	KindCommentCreate    Kind = "discussion.comment/create"
	KindCommentUpdate    Kind = "discussion.comment/update" // edited or hidden
)

var kinds = []Kind{
	KindRepoCreate, KindRepoDelete, KindRepoUpdate, KindRepoMove, KindContentUpdate, KindConfigUpdate,
	KindDiscussionCreate, KindDiscussionDelete, KindDiscussionUpdate, KindCommentCreate, KindCommentUpdate,
}

// Kinds returns the documented kinds.
func Kinds() []Kind { return slices.Clone(kinds) }

// Known reports whether the Hub documents the kind.
func (k Kind) Known() bool { return slices.Contains(kinds, k) }

// Scope is the part before the slash.
func (k Kind) Scope() Scope {
	scope, _, _ := strings.Cut(string(k), "/")
	return Scope(scope)
}

// Action is the part behind the slash.
func (k Kind) Action() Action {
	_, action, _ := strings.Cut(string(k), "/")
	return Action(action)
}

// Kind is the pair of scope and action as the Hub sent it. What a receiver should take a
// scope for that it does not know is in [EventInfo.Kinds].
func (e EventInfo) Kind() Kind { return Kind(string(e.Scope) + "/" + string(e.Action)) }

// Kinds returns the kinds that a receiver may take the event for, the narrowest first: its
// own and, if its scope is unknown, an update of each broader scope that is known. So
// repo.config.dois/create is an update of repo.config and, for a program that does not deal
// with that, an update of repo.
//
// Source: https://huggingface.co/docs/hub/webhooks, "Event".
func (e EventInfo) Kinds() []Kind {
	all := []Kind{e.Kind()}
	if e.Scope.Known() {
		return all
	}
	broad := string(e.Scope)
	for {
		dot := strings.LastIndexByte(broad, '.')
		if dot < 0 {
			return all
		}
		broad = broad[:dot]
		if s := Scope(broad); s.Known() {
			all = append(all, EventInfo{Scope: s, Action: ActionUpdate}.Kind())
		}
	}
}
