package payload_test

import (
	"testing"

	"hfhook/payload"
)

func TestRefNames(t *testing.T) {
	tests := []struct {
		ref   string
		kind  payload.RefKind
		short string
	}{
		{"refs/heads/main", payload.RefBranch, "main"},
		{"refs/heads/feature/tags/x", payload.RefBranch, "feature/tags/x"},
		{"refs/tags/v1", payload.RefTag, "tags/v1"},
		{"refs/pr/19", payload.RefPullRequest, "pr/19"},
		{"refs/convert/parquet", payload.RefConvert, "convert/parquet"},
		{"refs/notes/commits", payload.RefOther, "refs/notes/commits"},
		{"refs/heads", payload.RefOther, "refs/heads"},
		{"main", payload.RefOther, "main"},
		{"", payload.RefOther, ""},
	}
	for _, tt := range tests {
		u := payload.RefUpdate{Ref: tt.ref}
		if u.Kind() != tt.kind || u.Short() != tt.short {
			t.Errorf("%q is the %s %q, want the %s %q", tt.ref, u.Kind(), u.Short(), tt.kind, tt.short)
		}
	}
}

func TestRefAction(t *testing.T) {
	sha := new("575db8b7a51b6f85eb06eee540738584589f131c")
	tests := []struct {
		old, new *string
		want     payload.Action
	}{
		{nil, sha, payload.ActionCreate},
		{sha, nil, payload.ActionDelete},
		{sha, sha, payload.ActionUpdate},
		{nil, nil, payload.ActionUpdate},
	}
	for _, tt := range tests {
		u := payload.RefUpdate{Ref: "refs/heads/main", OldSHA: tt.old, NewSHA: tt.new}
		if got := u.Action(); got != tt.want {
			t.Errorf("from %v to %v is %s, want %s", tt.old, tt.new, got, tt.want)
		}
	}
}
