package payload_test

import (
	"encoding/json"
	"strings"
	"testing"

	"hfhook/payload"
)

// The rows that the bodies in testdata do not show.
func TestMeaning(t *testing.T) {
	const a, b = "a1b2c3d4e5f6", "c3d4e5f6a7b8"
	raw := func(s string) json.RawMessage { return json.RawMessage(s) }
	push := func(refs ...payload.RefUpdate) payload.Payload {
		return payload.Payload{UpdatedRefs: refs}
	}
	pr := func(status payload.Status) payload.Payload {
		return payload.Payload{Discussion: &payload.Discussion{Num: 19, Title: "Fix split names", IsPullRequest: true, Status: status}}
	}
	comment := func(text string) payload.Payload {
		p := pr("open")
		p.Comment = &payload.Comment{Content: &text}
		return p
	}
	tests := []struct {
		scope, action  string
		payload        payload.Payload // the rest of it; the repository is me/corpus
		label, subject string
	}{
		{"repo", "move", payload.Payload{}, "renamed", "me/corpus"},
		{"repo", "transfer", payload.Payload{}, "transfer", "me/corpus"},

		{"repo.content", "update", push(payload.RefUpdate{Ref: "refs/heads/main", OldSHA: new(a), NewSHA: new(b)}), "push main", "me/corpus a1b2c3d→c3d4e5f"},
		{"repo.content", "update", push(payload.RefUpdate{Ref: "refs/pr/19", NewSHA: new("9f2c1e0a")}), "push pr/19", "me/corpus new→9f2c1e0"},
		{"repo.content", "update", push(payload.RefUpdate{Ref: "refs/pr/19", OldSHA: new(a)}), "push pr/19", "me/corpus a1b2c3d→gone"},
		{"repo.content", "update", push(payload.RefUpdate{Ref: "refs/heads/a-long-branch", OldSHA: new(a), NewSHA: new(b)}), "push a-long-branch", "me/corpus a1b2c3d→c3d4e5f"},
		{"repo.content", "update", push(payload.RefUpdate{Ref: "refs/heads/main"}), "push main", "me/corpus"},
		{"repo.content", "update", push(payload.RefUpdate{Ref: "refs/heads/main", OldSHA: new("12é"), NewSHA: new("")}), "push main", "me/corpus 12é→"},
		{"repo.content", "update", push(payload.RefUpdate{Ref: "refs/heads/dev", NewSHA: new(b)}, payload.RefUpdate{}), "new branch", "me/corpus dev +1 ref"},
		{"repo.content", "update", push(payload.RefUpdate{Ref: "refs/tags/v1", OldSHA: new(a)}), "tag deleted", "me/corpus v1"},
		{"repo.content", "update", push(payload.RefUpdate{Ref: "refs/tags/v1", OldSHA: new(a), NewSHA: new(b)}), "tag moved", "me/corpus v1 a1b2c3d→c3d4e5f"},
		{"repo.content", "update", payload.Payload{}, "push", "me/corpus"},
		{"repo.content", "create", payload.Payload{}, "content created", "me/corpus"},

		{"repo.content", "update", payload.Payload{UpdatedFiles: []payload.FileUpdate{}}, "files", "me/corpus"},
		{"repo.content", "update", payload.Payload{UpdatedFiles: []payload.FileUpdate{{Action: "delete"}, {Action: "copy"}, {Action: "delete"}}}, "files", "me/corpus -2 ~1"},

		{"repo.config", "update", payload.Payload{}, "settings", "me/corpus"},
		{"repo.config", "update", payload.Payload{UpdatedConfig: map[string]json.RawMessage{
			"xetEnabled": raw("true"), "gated": raw("{}"), "private": raw("true"),
		}}, "settings", "me/corpus gated, public→private, xetEnabled"},
		{"repo.config", "update", payload.Payload{UpdatedConfig: map[string]json.RawMessage{"private": raw("null")}}, "settings", "me/corpus private"},
		{"repo.config", "delete", payload.Payload{}, "config deleted", "me/corpus"},

		{"discussion", "create", pr("open"), "PR opened", `me/corpus#19 "Fix split names"`},
		{"discussion", "update", pr("merged"), "PR merged", `me/corpus#19 "Fix split names"`},
		{"discussion", "update", pr("draft"), "PR draft", `me/corpus#19 "Fix split names"`},
		{"discussion", "update", pr("under-review"), "PR under-review", `me/corpus#19 "Fix split names"`},
		{"discussion", "update", pr(""), "PR updated", `me/corpus#19 "Fix split names"`},
		{"discussion", "delete", pr("merged"), "PR deleted", `me/corpus#19 "Fix split names"`},
		{"discussion", "delete", payload.Payload{}, "discussion deleted", "me/corpus"},
		{"discussion", "create", payload.Payload{Discussion: &payload.Discussion{Num: 1234567890}}, "discussion", "me/corpus#1234567890"},

		{"discussion.comment", "create", comment("LGTM, merging"), "comment", `me/corpus#19 "LGTM, merging"`},
		{"discussion.comment", "update", comment("\n  first\u00a0line \r\nsecond"), "comment edited", `me/corpus#19 "first` + "\u00a0" + `line…"`},
		{"discussion.comment", "create", comment(" \n"), "comment", "me/corpus#19"},
		{"discussion.comment", "create", comment(strings.Repeat("é", 80)), "comment", `me/corpus#19 "` + strings.Repeat("é", 80) + `"`},
		{"discussion.comment", "create", comment(strings.Repeat("é", 81)), "comment", `me/corpus#19 "` + strings.Repeat("é", 79) + `…"`},
		{"discussion.comment", "create", comment(strings.Repeat("é", 81) + "\nmore"), "comment", `me/corpus#19 "` + strings.Repeat("é", 79) + `…"`},
		{"discussion.comment", "delete", payload.Payload{}, "comment deleted", "me/corpus"},
		{"discussion.comment", "update", payload.Payload{Comment: &payload.Comment{Hidden: true}}, "comment hidden", "me/corpus"},
		{"discussion.comment", "create", payload.Payload{Comment: &payload.Comment{Hidden: true}}, "comment", "me/corpus"},

		{"billing", "update", payload.Payload{}, "unknown", "me/corpus billing"},
		{"discussion.poll", "update", pr("open"), "unknown", "me/corpus#19 discussion.poll"},
		{"日本語日本語日本語", "update", payload.Payload{}, "unknown", "me/corpus 日本語日本語日本語"},
		{"", "", payload.Payload{}, "unknown", "me/corpus"},
	}
	for _, tt := range tests {
		p := tt.payload
		p.Event = payload.EventInfo{Scope: payload.Scope(tt.scope), Action: payload.Action(tt.action)}
		p.Repo.Name = "me/corpus"
		got := p.Meaning()
		if got.Label != tt.label || got.Subject != tt.subject {
			t.Errorf("%s/%s means %q %q, want %q %q", tt.scope, tt.action, got.Label, got.Subject, tt.label, tt.subject)
		}
		if got, want := p.Summary(), tt.label+" "+tt.subject; got != want {
			t.Errorf("%s/%s in short is %q, want %q", tt.scope, tt.action, got, want)
		}
	}
}
