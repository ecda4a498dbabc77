package describe

import (
	"testing"

	"hfhook/payload"
	"hfhook/tui/style"
)

func TestPage(t *testing.T) {
	const repo = "https://huggingface.co/datasets/me/corpus"
	sha := "c379e821c9c95d613899e8c4343e4bfee2b0c600"
	p := &payload.Payload{Repo: payload.Repo{URL: payload.URL{Web: repo}, HeadSHA: sha}}
	push := *p
	push.UpdatedRefs = []payload.RefUpdate{{Ref: "refs/heads/main", NewSHA: &sha}}
	talk := *p
	talk.Discussion = &payload.Discussion{URL: payload.URL{Web: repo + "/discussions/19"}, Changes: &payload.Changes{MergeCommitID: sha}}
	talk.Comment = &payload.Comment{URL: payload.URL{Web: repo + "/discussions/19#6399"}}
	evil := *p
	evil.Repo.URL.Web = "file:///etc/passwd"
	tests := []struct {
		p          *payload.Payload
		path, want string
	}{
		{nil, "", ""},
		{p, "", repo},
		{p, ".webhook.id", repo},
		{p, ".repo.headSha", repo + "/commit/" + sha},
		{&push, "", repo + "/commit/" + sha},
		{&push, ".updatedRefs[0].ref", repo + "/commit/" + sha},
		{&push, ".repo.name", repo},
		{&talk, "", repo + "/discussions/19#6399"},
		{&talk, ".comment.content", repo + "/discussions/19#6399"},
		{&talk, ".discussion.num", repo + "/discussions/19"},
		{&talk, ".discussion.changes.mergeCommitId", repo + "/commit/" + sha},
		{&evil, "", ""},
	}
	for _, tt := range tests {
		if got := Page(tt.p, tt.path); got != tt.want {
			t.Errorf("the page of %q is %q, want %q", tt.path, got, tt.want)
		}
	}
	for _, raw := range []string{"javascript:alert(1)", "https://", "https://a/\x1b[2J", "https://a/ b", "-x", "http:///x", "https://a/\u202e"} {
		if style.IsPage(raw) {
			t.Errorf("%q is given to a browser", raw)
		}
	}
}
