package payload_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/payload"
)

func TestWarnings(t *testing.T) {
	tests := []struct {
		name     string
		old, new string // in whole
		want     []payload.Warning
	}{
		{"none", "", "", nil},
		{"kernel", `"type": "space"`, `"type": "kernel"`, nil},
		{"narrower scope", `"scope": "repo.content"`, `"scope": "repo.content.lfs.gc"`, []payload.Warning{
			{Path: ".event.scope", Text: `unknown scope "repo.content.lfs.gc": take it for repo.content/update`},
		}},
		{"other scope", `"scope": "repo.content"`, `"scope": "billing"`, []payload.Warning{
			{Path: ".event.scope", Text: `unknown scope "billing"`},
		}},
		{"action", `"action": "update"`, `"action": ""`, []payload.Warning{
			{Path: ".event.action", Text: `unknown action ""`},
		}},
		{"type", `"type": "space"`, `"type": "Space"`, []payload.Warning{
			{Path: ".repo.type", Text: `unknown repository type "Space"`},
		}},
		{"status", `"status": "open"`, `"status": "locked\nagain"`, []payload.Warning{
			{Path: ".discussion.status", Text: `unknown status "locked\nagain"`},
		}},
		{"version", `"version": 3`, `"version": 4`, []payload.Warning{
			{Path: ".webhook.version", Text: "unknown payload version 4: want 3"},
		}},
		{"keys", `"id": "o"`, `"id": "o", "odd key\n": 1, "type": "user"`, []payload.Warning{
			{Path: `.repo.owner["odd key\n"]`, Text: "unknown key"},
			{Path: ".repo.owner.type", Text: "unknown key"},
		}},
		{"key in a list", `"ref":`, `"by": {}, "ref":`, []payload.Warning{
			{Path: ".updatedRefs[0].by", Text: "unknown key"},
		}},
		{"key at the top", `"webhook":`, `"scope": "repo", "webhook":`, []payload.Warning{
			{Path: ".scope", Text: "unknown key"},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			body := []byte(strings.Replace(whole, tt.old, tt.new, 1))
			_, got, err := payload.Parse(body)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
			if faults, checked := payload.Check(body); faults != nil || !cmp.Equal(got, checked) {
				t.Errorf("Check says %v, %v", faults, checked)
			}
		})
	}

	t.Run("in every object", func(t *testing.T) {
		// A key more behind each opening brace, except for the values that are unknown
		// themselves.
		body := strings.ReplaceAll(whole, "{", `{"x": 1, `)
		_, warnings, err := payload.Parse([]byte(body))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, w := range warnings {
			got = append(got, w.Path)
		}
		want := []string{
			".event.x", ".repo.x", ".repo.url.x", ".repo.owner.x",
			".discussion.x", ".discussion.url.x", ".discussion.author.x", ".discussion.changes.x",
			".comment.x", ".comment.author.x", ".comment.url.x",
			".updatedRefs[0].x", ".updatedFiles[0].x", ".movedTo.x", ".movedTo.owner.x",
			".webhook.x", ".x",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("paths (-want +got):\n%s", diff)
		}
	})

	t.Run("no more than a hundred", func(t *testing.T) {
		var members strings.Builder
		for i := range 20_000 {
			fmt.Fprintf(&members, `"k%d":0,`, i)
		}
		members.WriteString(`"k5":1,`)
		p, got, err := payload.Parse([]byte("{" + members.String() + `"updatedConfig":{` + members.String() + `"x":0},` + whole[1:]))
		if err != nil || len(got) != 100 {
			t.Fatalf("%d warnings, %v", len(got), err)
		}
		if len(p.Unknown) != 10_000 || string(p.Unknown["k5"]) != "1" {
			t.Errorf("%d unknown keys, k5 is %s", len(p.Unknown), p.Unknown["k5"])
		}
	})
}

// Lists that are longer than anything the Hub sends take no more memory than others: the
// end is not kept, and that is said. What is wrong in it is still found.
func TestLongListsAreCut(t *testing.T) {
	long := strings.Repeat(`"",`, 100_000)
	body := strings.Replace(whole, `["t", "u"]`, `[`+long+`"last"]`, 1)
	p, warnings, err := payload.Parse([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(p.Repo.Tags); n != 100_000 {
		t.Errorf("%d tags are kept", n)
	}
	want := payload.Warning{Path: ".repo.tags", Text: "only the first 100000 of 100001 elements are read"}
	if !slices.Contains(warnings, want) {
		t.Errorf("warnings: %v", warnings)
	}
	_, _, err = payload.Parse([]byte(strings.Replace(body, `"last"`, `1`, 1)))
	if err == nil || !strings.Contains(err.Error(), "repo.tags.100000") {
		t.Errorf("a tag that is a number, behind what is kept: %v", err)
	}
}
