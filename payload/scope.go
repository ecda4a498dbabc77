package payload

import "strings"

// A Scope is the part of the Hub that an event is about. The Hub adds narrower
// ones over time, and asks receivers to treat one that they do not know as an
// update of the broader one.
type Scope string

// The documented scopes.
const (
	ScopeRepo              Scope = "repo"
	ScopeRepoContent       Scope = "repo.content"
	ScopeRepoConfig        Scope = "repo.config"
	ScopeDiscussion        Scope = "discussion"
	ScopeDiscussionComment Scope = "discussion.comment"
)

// Within reports whether s is broad or a scope below it: repo.config.dois is within
// repo.config and within repo.
func (s Scope) Within(broad Scope) bool {
	rest, ok := strings.CutPrefix(string(s), string(broad))
	return ok && (rest == "" || rest[0] == '.')
}

// Known reports whether s is one of the documented scopes.
func (s Scope) Known() bool {
	switch s {
	case ScopeRepo, ScopeRepoContent, ScopeRepoConfig, ScopeDiscussion, ScopeDiscussionComment:
		return true
	}
	return false
}

// Effective returns the scope and action that a receiver should act on: those of
// the event where its scope is known, else an update of the nearest broader scope
// that is. So whatever happens in repo.config.dois is an update of repo.config. A
// scope with no known one above it stays what it is.
//
// Source: https://huggingface.co/docs/hub/webhooks, "Event".
func (e EventInfo) Effective() (Scope, Action) {
	if e.Scope.Known() {
		return e.Scope, e.Action
	}
	for broad := string(e.Scope); ; {
		dot := strings.LastIndexByte(broad, '.')
		if dot < 0 {
			return e.Scope, e.Action
		}
		broad = broad[:dot]
		if s := Scope(broad); s.Known() {
			return s, ActionUpdate
		}
	}
}

// Action is what was done.
type Action string

// The documented actions.
const (
	ActionCreate Action = "create"
	ActionDelete Action = "delete"
	ActionMove   Action = "move"
	ActionUpdate Action = "update"
)

// RepoType is the kind of a repository.
type RepoType string

// The types of repository: the first three are documented from the start,
// buckets since August 2026, and a webhook can watch a kernel.
const (
	TypeModel   RepoType = "model"
	TypeDataset RepoType = "dataset"
	TypeSpace   RepoType = "space"
	TypeBucket  RepoType = "bucket"
	TypeKernel  RepoType = "kernel"
)

// Status is the state of a discussion.
type Status string

// The documented states.
const (
	StatusDraft  Status = "draft"
	StatusOpen   Status = "open"
	StatusClosed Status = "closed"
	StatusMerged Status = "merged"
)
