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
		event  payload.EventInfo
		scope  payload.Scope
		action payload.Action
		known  bool // the event's scope
	}{
		{payload.EventInfo{Scope: "repo", Action: "move"}, "repo", "move", true},
		{payload.EventInfo{Scope: "repo.content", Action: "update"}, "repo.content", "update", true},
		{payload.EventInfo{Scope: "repo.config", Action: "delete"}, "repo.config", "delete", true},
		{payload.EventInfo{Scope: "discussion", Action: "rename"}, "discussion", "rename", true},
		{payload.EventInfo{Scope: "discussion.comment", Action: "create"}, "discussion.comment", "create", true},
		{payload.EventInfo{Scope: "repo.config.dois", Action: "create"}, "repo.config", "update", false},
		{payload.EventInfo{Scope: "repo.config.dois.minted", Action: "create"}, "repo.config", "update", false},
		{payload.EventInfo{Scope: "repo.likes", Action: "create"}, "repo", "update", false},
		{payload.EventInfo{Scope: "discussion.comment.reaction", Action: "delete"}, "discussion.comment", "update", false},
		{payload.EventInfo{Scope: "billing", Action: "create"}, "billing", "create", false},
		{payload.EventInfo{Scope: "billing.invoice", Action: "create"}, "billing.invoice", "create", false},
		{payload.EventInfo{Scope: "", Action: "create"}, "", "create", false},
		{payload.EventInfo{Scope: ".repo", Action: "create"}, ".repo", "create", false},
		{payload.EventInfo{Scope: "repo.", Action: "create"}, "repo", "update", false},
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
