package payload_test

import (
	"testing"

	"hfhook/payload"
)

func TestScopeWithin(t *testing.T) {
	tests := []struct {
		scope, broad payload.Scope
		want         bool
	}{
		{"repo", "repo", true},
		{"repo.config.dois", "repo.config", true},
		{"repo.config.dois", "repo", true},
		{"repo.configuration", "repo.config", false},
		{"repository", "repo", false},
		{"repo", "repo.config", false},
		{"discussion", "repo", false},
	}
	for _, tt := range tests {
		if got := tt.scope.Within(tt.broad); got != tt.want {
			t.Errorf("%q.Within(%q) = %v", tt.scope, tt.broad, got)
		}
	}
}

func TestEffective(t *testing.T) {
	tests := []struct {
		event  payload.Event
		scope  payload.Scope
		action payload.Action
		known  bool // the event's scope
	}{
		{payload.Event{Scope: "repo", Action: "move"}, "repo", "move", true},
		{payload.Event{Scope: "repo.content", Action: "update"}, "repo.content", "update", true},
		{payload.Event{Scope: "repo.config", Action: "delete"}, "repo.config", "delete", true},
		{payload.Event{Scope: "discussion", Action: "rename"}, "discussion", "rename", true},
		{payload.Event{Scope: "discussion.comment", Action: "create"}, "discussion.comment", "create", true},
		{payload.Event{Scope: "repo.config.dois", Action: "create"}, "repo.config", "update", false},
		{payload.Event{Scope: "repo.config.dois.minted", Action: "create"}, "repo.config", "update", false},
		{payload.Event{Scope: "repo.likes", Action: "create"}, "repo", "update", false},
		{payload.Event{Scope: "discussion.comment.reaction", Action: "delete"}, "discussion.comment", "update", false},
		{payload.Event{Scope: "billing", Action: "create"}, "billing", "create", false},
		{payload.Event{Scope: "billing.invoice", Action: "create"}, "billing.invoice", "create", false},
		{payload.Event{Scope: "", Action: "create"}, "", "create", false},
		{payload.Event{Scope: ".repo", Action: "create"}, ".repo", "create", false},
		{payload.Event{Scope: "repo.", Action: "create"}, "repo", "update", false},
	}
	for _, tt := range tests {
		scope, action := tt.event.Effective()
		if scope != tt.scope || action != tt.action {
			t.Errorf("%s/%s is in effect %s/%s, want %s/%s", tt.event.Scope, tt.event.Action, scope, action, tt.scope, tt.action)
		}
		if got := tt.event.Scope.Known(); got != tt.known {
			t.Errorf("%q.Known() = %v", tt.event.Scope, got)
		}
	}
}
