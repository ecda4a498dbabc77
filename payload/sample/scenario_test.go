package sample_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/payload"
	"hfhook/payload/sample"
)

// Each scenario makes payloads without a fault, about one repository as it is at the
// time.
func TestScenarios(t *testing.T) {
	t.Parallel()
	all := sample.Scenarios()
	if len(all) < 6 || all[0].Name != "pr-life" {
		t.Fatalf("%d scenarios, the first %q", len(all), all[0].Name)
	}
	for _, s := range all {
		steps, err := sample.NewScenario(s.Name, sample.Options{Num: 19, Rand: seeded(1)})
		if err != nil {
			t.Fatal(err)
		}
		if s.About == "" || s.Steps != len(steps) || len(steps) < 3 {
			t.Errorf("%s: %d steps, and says %d; about %q", s.Name, len(steps), s.Steps, s.About)
		}
		heads := map[string]string{}
		var id, webhook, discussion string
		for i, step := range steps {
			p, warnings := parse(t, step.Body)
			if len(warnings) > 0 {
				t.Errorf("%s, step %d: %v", s.Name, i+1, warnings)
			}
			if step.Again > 0 {
				if !bytes.Equal(step.Body, steps[step.Again-1].Body) {
					t.Errorf("%s, step %d is not step %d again", s.Name, i+1, step.Again)
				}
				continue
			}
			if id != "" && (p.Repo.ID != id || p.Webhook.ID != webhook) {
				t.Errorf("%s, step %d is of another repository or webhook", s.Name, i+1)
			}
			id, webhook = p.Repo.ID, p.Webhook.ID
			if d := p.Discussion; d != nil {
				if discussion != "" && d.ID != discussion || d.Num != 19 {
					t.Errorf("%s, step %d is of another discussion", s.Name, i+1)
				}
				discussion = d.ID
			}
			for _, u := range p.UpdatedRefs {
				if old := heads[u.Ref]; old != "" && (u.OldSHA == nil || *u.OldSHA != old) {
					t.Errorf("%s, step %d: %s was at %s, and not at %v", s.Name, i+1, u.Ref, old, u.OldSHA)
				}
				heads[u.Ref] = ""
				if u.NewSHA != nil {
					heads[u.Ref] = *u.NewSHA
				}
			}
			if head := heads["refs/heads/main"]; head != "" && p.Repo.HeadSHA != "" && p.Repo.HeadSHA != head {
				t.Errorf("%s, step %d: main is at %s, and not at %s", s.Name, i+1, head, p.Repo.HeadSHA)
			}
		}
	}
}

func TestPullRequestLife(t *testing.T) {
	t.Parallel()
	steps, err := sample.NewScenario("pr-life", sample.Options{RepoType: payload.TypeModel, Repo: "me/small", Num: 7, Rand: seeded(2)})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	var all []*payload.Payload
	for _, s := range steps {
		p, _ := parse(t, s.Body)
		all = append(all, p)
		got = append(got, strings.Join(strings.Fields(p.Summary())[:3], " "))
	}
	want := []string{
		"PR opened me/small#7", "push pr/7 me/small", "push pr/7 me/small", `comment me/small#7 "Does`, `comment me/small#7 "It`,
		"PR merged me/small#7", "push main me/small",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if merge := all[5].Discussion.Changes.MergeCommitID; merge == "" || merge != *all[6].UpdatedRefs[0].NewSHA || merge != all[6].Repo.HeadSHA {
		t.Errorf("main moved to %v, and the merge is %q", all[6].UpdatedRefs, merge)
	}
	if all[3].Comment.Author.ID == all[4].Comment.Author.ID || all[4].Comment.Author.ID != all[0].Discussion.Author.ID {
		t.Error("the second comment is by the author, the first is not")
	}
}

// What one step changes the ones behind it keep.
func TestStoryGoesOn(t *testing.T) {
	t.Parallel()
	steps, err := sample.ReadScenario(strings.NewReader(`
{"kind":"repo.config/update"}
{"after":"1.5s","kind":"discussion.comment/create","by":"ann","content":"one"}
{"kind":"discussion.comment/update","by":"ann","content":"two"}
{"kind":"discussion/update"}
{"kind":"discussion/update:closed"}
{"kind":"discussion.comment/create","by":"ann"}
{"kind":"repo/move"}
{"kind":"discussion/delete"}
`), sample.Options{Repo: "me/x"})
	if err != nil {
		t.Fatal(err)
	}
	var p []*payload.Payload
	for _, s := range steps {
		one, _ := parse(t, s.Body)
		p = append(p, one)
	}
	if steps[1].After != 1500*time.Millisecond || steps[1].Kind != "discussion.comment/create" {
		t.Errorf("step 2 is %v after, of kind %s", steps[1].After, steps[1].Kind)
	}
	if !p[7].Repo.Private {
		t.Error("the repository is not private any more")
	}
	if p[1].Comment.ID != p[2].Comment.ID || *p[2].Comment.Content != "two" || p[5].Comment.ID == p[1].Comment.ID || p[5].Comment.Author.ID != p[1].Comment.Author.ID {
		t.Errorf("comments %+v, %+v, %+v", p[1].Comment, p[2].Comment, p[5].Comment)
	}
	if p[5].Discussion.Status != payload.StatusClosed || p[5].Discussion.Title != p[3].Discussion.Title || p[3].Discussion.Title == p[1].Discussion.Title {
		t.Errorf("discussion %+v", p[5].Discussion)
	}
	if p[6].Repo.Name != "me/x" || p[7].Repo.Name != "new-home/x" || p[7].Repo.Owner.ID != p[6].MovedTo.Owner.ID || !strings.Contains(p[7].Discussion.URL.Web, "/new-home/x/discussions/") {
		t.Errorf("moved: %+v, then %+v", p[6].Repo, p[7].Repo)
	}
}

func TestScenarioFile(t *testing.T) {
	t.Parallel()
	steps, err := sample.ReadScenario(strings.NewReader(`{"about":"mine","repo":"model:me/m"}
{"body": {"a":  1 , "b":1e400}}

{"kind":"repo/create"}
{"again":1,"after":"300ms"}
{"again":3}`), sample.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if got := string(steps[0].Body); got != `{"a":  1 , "b":1e400}` {
		t.Errorf("body %s", got)
	}
	if p, _ := parse(t, steps[1].Body); p.Repo.Type != payload.TypeModel || p.Repo.Name != "me/m" {
		t.Errorf("of %v", p.Repo)
	}
	if steps[3].Again != 1 || !bytes.Equal(steps[3].Body, steps[0].Body) || steps[2].After != 300*time.Millisecond {
		t.Errorf("again: %+v", steps[3])
	}

	for text, want := range map[string]string{
		``:                                     "no steps",
		`{"about":"x"}`:                        "no steps",
		`[]`:                                   "line 1",
		`{"kid":"repo/create"}`:                `did you mean "kind"?`,
		`{"kind":"repo/creat"}`:                "did you mean repo/create?",
		"{\"kind\":\"repo/create\"}\n{}":       "line 2",
		`{"kind":"repo/create","after":"2"}`:   `invalid "after"`,
		`{"kind":"repo/create","after":"-2s"}`: `invalid "after"`,
		`{"kind":"repo/create","again":1}`:     "one of",
		`{"again":1}`:                          "want one of the 0 earlier steps",
		`{"body":{},"by":"x"}`:                 `require "kind"`,
		`{"body":7}`:                           "JSON object",
		`{"repo":"corpus"}`:                    "type:owner/name",
		`{"repo":"model:m/m","kind":"repo/create"}`:                            "first line",
		"{\"repo\":\"bucket:me/b\"}\n{\"kind\":\"discussion/create\"}":         "line 2 of the scenario: sample discussion/create is for",
		"{\"kind\":\"repo.content/update:files\"}\n{\"kind\":\"repo/create\"}": "",
	} {
		_, err := sample.ReadScenario(strings.NewReader(text), sample.Options{})
		if want == "" && err == nil {
			continue
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
	if _, err := sample.NewScenario("pr-live", sample.Options{}); err == nil || !strings.Contains(err.Error(), "did you mean pr-life?") {
		t.Errorf("of a name that there is not: %v", err)
	}
	if _, err := sample.NewScenario("bucket", sample.Options{RepoType: payload.TypeModel, Repo: "me/m"}); err == nil {
		t.Error("a bucket's scenario is one of a model")
	}
}

func FuzzReadScenario(f *testing.F) {
	for _, s := range sample.Scenarios() {
		f.Add(s.Text)
	}
	f.Add("{\"body\": {\"a\":1}}\n{\"again\":1}")
	f.Fuzz(func(t *testing.T, text string) {
		steps, err := sample.ReadScenario(strings.NewReader(text), sample.Options{Rand: seeded(3)})
		if (err == nil) != (len(steps) > 0) {
			t.Fatalf("%d steps, and %v", len(steps), err)
		}
		for _, s := range steps {
			if len(s.Body) == 0 || s.After < 0 || s.Again > len(steps) {
				t.Fatalf("%+v", s)
			}
		}
	})
}

func TestUnknownScope(t *testing.T) {
	t.Parallel()
	for _, scope := range []payload.Scope{payload.ScopeRepo, "repo.config", payload.ScopeDiscussion} {
		body, err := sample.NewUnknown(scope, sample.Options{})
		if err != nil {
			t.Fatal(err)
		}
		p, warnings := parse(t, body)
		if e, action := p.Event.Effective(); p.Event.Scope.Known() || e != scope || action != payload.ActionUpdate || len(warnings) != 1 {
			t.Errorf("%s: %+v is taken for %s, with %v", scope, p.Event, e, warnings)
		}
	}
	if _, err := sample.NewUnknown("repo.conten", sample.Options{}); err == nil || !strings.Contains(err.Error(), "repo.content?") {
		t.Errorf("below a scope that there is not: %v", err)
	}
}
