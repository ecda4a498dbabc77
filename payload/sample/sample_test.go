package sample_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"hfhook/payload"
	"hfhook/payload/sample"
)

func seeded(seed byte) rand.Source { return rand.NewChaCha8([32]byte{seed}) }

func parse(t *testing.T, body []byte) (*payload.Payload, []payload.Warning) {
	t.Helper()
	p, warnings, err := payload.Parse(body)
	if err != nil {
		t.Fatalf("%v in %s", err, body)
	}
	return p, warnings
}

// Each kind, by what it means. A kind is named for the event that it makes, for
// every type of repository that it has.
func TestKinds(t *testing.T) {
	want := map[string]string{ // name: summary for its first type
		"repo/create":                        `created me/corpus`,
		"repo/delete":                        `deleted me/corpus`,
		"repo/move":                          `renamed me/corpus → new-home/corpus`,
		"repo/update":                        `updated me/corpus`,
		"repo.content/update":                `push main me/corpus SHA→SHA`,
		"repo.content/update:branch":         `new branch me/corpus dev`,
		"repo.content/update:branch-deleted": `branch deleted me/corpus dev`,
		"repo.content/update:tag":            `new tag me/corpus v1.0`,
		"repo.content/update:tag-deleted":    `tag deleted me/corpus v1.0`,
		"repo.content/update:pr":             `push pr/19 me/corpus new→SHA`,
		"repo.content/update:pr-push":        `push pr/19 me/corpus SHA→SHA`,
		"repo.content/update:parquet":        `push convert/parq… me/corpus SHA→SHA convert/parquet`,
		"repo.content/update:refs":           `push main me/corpus SHA→SHA +2 refs`,
		"repo.content/update:files":          `files me/corpus +1 -1`,
		"repo.config/update":                 `settings me/corpus public→private`,
		"repo.config/update:public":          `settings me/corpus private→public`,
		"repo.config/update:other":           `settings me/corpus`,
		"repo.config.dois/update":            `unknown me/corpus repo.config.dois`,
		"discussion/create":                  `discussion me/corpus#19 "Names of the splits"`,
		"discussion/create:pr":               `PR opened me/corpus#19 "Fix split names"`,
		"discussion/create:draft":            `PR opened me/corpus#19 "Fix split names"`,
		"discussion/update":                  `discussion updated me/corpus#19 "Names of the splits (train and test)"`,
		"discussion/update:closed":           `discussion closed me/corpus#19 "Names of the splits"`,
		"discussion/update:merged":           `PR merged me/corpus#19 "Fix split names"`,
		"discussion/delete":                  `discussion deleted me/corpus#19 "Names of the splits"`,
		"discussion.comment/create":          `comment me/corpus#19 "hello"`,
		"discussion.comment/create:pr":       `comment me/corpus#19 "LGTM, merging"`,
		"discussion.comment/update":          `comment edited me/corpus#19 "hello, edited"`,
		"discussion.comment/update:hidden":   `comment hidden me/corpus#19`,
	}
	sha := regexp.MustCompile(`\b[0-9a-f]{7}\b`)
	got := map[string]string{}
	names := sample.Names()
	for i, k := range sample.Templates() {
		if names[i] != k.Name {
			t.Errorf("name %d is %s, the kind's is %s", i, names[i], k.Name)
		}
		for i, repoType := range k.RepoTypes {
			body, err := sample.New(k.Name, sample.Options{RepoType: repoType, Num: 19, Rand: seeded(1)})
			if err != nil {
				t.Fatal(err)
			}
			p, warnings := parse(t, body)
			if i == 0 {
				got[k.Name] = sha.ReplaceAllString(p.Summary(), "SHA")
			}
			if p.Event.Scope != k.Scope || p.Event.Action != k.Action || p.Repo.Type != repoType {
				t.Errorf("%s of a %s is %s/%s of a %s", k.Name, repoType, p.Event.Scope, p.Event.Action, p.Repo.Type)
			}
			if !strings.HasPrefix(k.Name, fmt.Sprintf("%s/%s", k.Scope, k.Action)) {
				t.Errorf("%s is the name of %s/%s", k.Name, k.Scope, k.Action)
			}
			if future := !k.Scope.Known(); (len(warnings) > 0) != future {
				t.Errorf("%s of a %s: warnings %v", k.Name, repoType, warnings)
			}
			checkIDs(t, k.Name, body)
			if git := repoType != payload.TypeBucket; !git && (p.Repo.HeadSHA != "" || p.UpdatedRefs != nil) {
				t.Errorf("%s of a bucket has commits", k.Name)
			}
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("kinds (-want +got):\n%s", diff)
	}
}

// checkIDs holds every id, sha and address of a body to the Hub's shape.
func checkIDs(t *testing.T, name string, body []byte) {
	t.Helper()
	shapes := map[string]*regexp.Regexp{
		"id":            regexp.MustCompile(`^[0-9a-f]{24}$`),
		"headSha":       regexp.MustCompile(`^[0-9a-f]{40}$`),
		"oldSha":        regexp.MustCompile(`^[0-9a-f]{40}$`),
		"newSha":        regexp.MustCompile(`^[0-9a-f]{40}$`),
		"mergeCommitId": regexp.MustCompile(`^[0-9a-f]{40}$`),
		"xetHash":       regexp.MustCompile(`^[0-9a-f]{64}$`),
		"web":           regexp.MustCompile(`^https://huggingface\.co/((datasets|spaces|buckets)/)?me/corpus(/discussions/19(#[0-9a-f]{24})?)?$`),
		"api":           regexp.MustCompile(`^https://huggingface\.co/api/(models|datasets|spaces|buckets)/me/corpus(/discussions/19)?$`),
	}
	var check func(v any)
	check = func(v any) {
		switch v := v.(type) {
		case []any:
			for _, v := range v {
				check(v)
			}
		case map[string]any:
			for key, v := range v {
				if s, ok := v.(string); ok && shapes[key] != nil && !shapes[key].MatchString(s) {
					t.Errorf("%s: %s is %q", name, key, s)
				}
				check(v)
			}
		}
	}
	var v any
	if err := json.Unmarshal(body, &v); err != nil {
		t.Fatal(err)
	}
	check(v)
}

// The keys are in the order of the Hub's own bodies, and there is no white space.
func TestLook(t *testing.T) {
	tests := map[string]string{
		"discussion/create:pr": `{"event":{"action":"create","scope":"discussion"},` +
			`"repo":{"type":"space","name":"Me/my_demo.app","id":"ID","private":false,"subdomain":"me-my-demo-app",` +
			`"url":{"web":"https://huggingface.co/spaces/Me/my_demo.app","api":"https://huggingface.co/api/spaces/Me/my_demo.app"},"owner":{"id":"ID"}},` +
			`"discussion":{"id":"ID","title":"Fix split names","url":{"web":"https://huggingface.co/spaces/Me/my_demo.app/discussions/7",` +
			`"api":"https://huggingface.co/api/spaces/Me/my_demo.app/discussions/7"},"status":"open","author":{"id":"ID"},"num":7,"isPullRequest":true,` +
			`"changes":{"base":"refs/heads/main"}},` +
			`"comment":{"id":"ID","author":{"id":"ID"},"content":"<b> & \"c\"","hidden":false,` +
			`"url":{"web":"https://huggingface.co/spaces/Me/my_demo.app/discussions/7#ID"}},` +
			`"webhook":{"id":"ID","version":3}}`,
		"repo.config/update:other": `{"event":{"action":"update","scope":"repo.config"},` +
			`"repo":{"type":"space","name":"Me/my_demo.app","id":"ID","private":false,"subdomain":"me-my-demo-app",` +
			`"url":{"web":"https://huggingface.co/spaces/Me/my_demo.app","api":"https://huggingface.co/api/spaces/Me/my_demo.app"},` +
			`"headSha":"ID","owner":{"id":"ID"}},"updatedConfig":{},"webhook":{"id":"ID","version":3}}`,
	}
	id := regexp.MustCompile(`[0-9a-f]{24,}`)
	for name, want := range tests {
		body, err := sample.New(name, sample.Options{RepoType: payload.TypeSpace, Repo: "Me/my_demo.app", Num: 7, Content: `<b> & "c"`})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(id.ReplaceAll(body, []byte("ID")))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

func TestRand(t *testing.T) {
	make := func(name string, source rand.Source) []byte {
		t.Helper()
		body, err := sample.New(name, sample.Options{Rand: source})
		if err != nil {
			t.Fatal(err)
		}
		return body
	}
	const name = "discussion.comment/create"
	if a, b := make(name, seeded(1)), make(name, seeded(1)); !bytes.Equal(a, b) {
		t.Errorf("equal sources make\n%s and\n%s", a, b)
	}
	if a, b := make(name, seeded(1)), make(name, seeded(2)); bytes.Equal(a, b) {
		t.Errorf("two sources make the same %s", a)
	}
	if a, b := make(name, nil), make(name, nil); bytes.Equal(a, b) {
		t.Errorf("two calls make the same %s", a)
	}
	source := seeded(1)
	if a, b := make(name, source), make(name, source); bytes.Equal(a, b) {
		t.Errorf("two calls with one source make the same %s", a)
	}

	// One story: the same repository, webhook and pull request.
	opened, _ := parse(t, make("discussion/create:pr", seeded(1)))
	pushed, _ := parse(t, make("repo.content/update:pr", seeded(1)))
	merged, _ := parse(t, make("discussion/update:merged", seeded(1)))
	if opened.Repo.ID != pushed.Repo.ID || opened.Repo.Owner.ID != pushed.Repo.Owner.ID || opened.Webhook.ID != pushed.Webhook.ID {
		t.Error("equal sources make two repositories, owners or webhooks")
	}
	if got, want := pushed.UpdatedRefs[0].Ref, fmt.Sprintf("refs/pr/%d", opened.Discussion.Num); got != want {
		t.Errorf("ref %s, want %s", got, want)
	}
	if a, b := opened.Discussion, merged.Discussion; a.ID != b.ID || a.Num != b.Num || a.Author.ID != b.Author.ID {
		t.Errorf("equal sources make two pull requests: %+v and %+v", a, b)
	}
	if opened.Comment.Author.ID != opened.Discussion.Author.ID {
		t.Error("the first comment is not by who opened the pull request")
	}
}

func TestErrors(t *testing.T) {
	tests := []struct {
		name string
		opts sample.Options
		want string
	}{
		{"discusion.comment/creat", sample.Options{}, `unknown sample "discusion.comment/creat": did you mean discussion.comment/create?`},
		{"repo:move", sample.Options{}, `unknown sample "repo:move": did you mean repo/move?`},
		{"repo.content/update:tags", sample.Options{}, `unknown sample "repo.content/update:tags": did you mean repo.content/update:tag?`},
		{"", sample.Options{}, `unknown sample "": did you mean repo/move?`},
		{"discussion/create", sample.Options{RepoType: payload.TypeBucket}, `sample discussion/create is for a repository of type dataset, model or space, not "bucket"`},
		{"repo.content/update:files", sample.Options{RepoType: payload.TypeModel}, `sample repo.content/update:files is for a repository of type bucket, not "model"`},
		{"repo/create", sample.Options{RepoType: "kernel"}, `sample repo/create is for a repository of type dataset, model, space or bucket, not "kernel"`},
	}
	for _, tt := range tests {
		body, err := sample.New(tt.name, tt.opts)
		if err == nil || err.Error() != tt.want || body != nil {
			t.Errorf("%q: error %v, want %s", tt.name, err, tt.want)
		}
	}
}

func TestKindsIsACopy(t *testing.T) {
	before := sample.Templates()
	kinds := sample.Templates()
	slices.Reverse(kinds)
	slices.Reverse(kinds[0].RepoTypes)
	if !cmp.Equal(before, sample.Templates(), cmpopts.IgnoreUnexported(sample.Template{})) {
		t.Error("the caller's list is the package's own")
	}
}

func TestRepoWithType(t *testing.T) {
	t.Parallel()
	tests := []struct {
		kind, repo string
		typ        payload.RepoType
		want, fail string
	}{
		{kind: "discussion/create", repo: "space:me/demo", want: "space me/demo"},
		{kind: "discussion/create", repo: "space:me/demo", typ: "space", want: "space me/demo"},
		{kind: "discussion/create", repo: "model:gpt2", want: "model gpt2"},
		{kind: "repo.config.x/update", repo: "dataset:me/corpus", want: "dataset me/corpus"},
		{kind: "discussion/create", repo: "space:me/demo", typ: "model", fail: "does not have type model"},
		{kind: "discussion/create", repo: "file:me/demo", fail: "invalid repository"},
		{kind: "discussion/create", repo: "space:", fail: "invalid repository"},
		{kind: "discussion/create", repo: "bucket:me/files", fail: "bucket"},
	}
	for _, tt := range tests {
		opts := sample.Options{Repo: tt.repo, RepoType: tt.typ}
		body, err := sample.New(tt.kind, opts)
		if tt.kind == "repo.config.x/update" {
			body, err = sample.NewUnknown("repo.config", opts)
		}
		if tt.fail != "" {
			if err == nil || !strings.Contains(err.Error(), tt.fail) {
				t.Errorf("%s %s: error %v", tt.kind, tt.repo, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s %s: %v", tt.kind, tt.repo, err)
			continue
		}
		p, _, err := payload.Parse(body)
		if err != nil || string(p.Repo.Type)+" "+p.Repo.Name != tt.want {
			t.Errorf("%s %s: %s %s, %v", tt.kind, tt.repo, p.Repo.Type, p.Repo.Name, err)
		}
	}
	steps, err := sample.NewScenario("pr-life", sample.Options{Repo: "space:me/demo"})
	if err != nil || len(steps) == 0 || !strings.Contains(string(steps[0].Body), `"type":"space","name":"me/demo"`) {
		t.Errorf("a scenario: %v", err)
	}
}
