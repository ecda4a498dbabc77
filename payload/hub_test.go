package payload_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/payload"
)

func readFile(t testing.TB, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join("testdata", "hub", name))
	if err != nil {
		t.Fatal(err)
	}
	return body
}

// parse reads a body that has to be accepted.
func parse(t testing.TB, body []byte) *payload.Payload {
	t.Helper()
	p, _, err := payload.Parse(body)
	if err != nil {
		t.Fatalf("Parse(%.200s): %v", body, err)
	}
	return p
}

// faultsOf returns type and place of each fault of an error of Parse.
func faultsOf(t testing.TB, err error) []string {
	t.Helper()
	if err == nil {
		return nil
	}
	var invalid *payload.InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("error is a %T, want a *payload.InvalidError", err)
	}
	var lines []string
	for _, f := range invalid.Faults {
		lines = append(lines, fmt.Sprint(f.Type, " ", f.Loc))
	}
	return lines
}

// A body of the Hub is refused for what huggingface_hub refuses it for, except for
// values of its enumerations and another version: those are warnings.
func TestHubBodies(t *testing.T) {
	tests := []struct {
		file           string
		label, subject string
		warnings       []string // paths
		faults         []string // type and place
	}{
		{file: "constructed-bucket-repo-content-update-not-truncated.json", label: "files", subject: "some-user/some-bucket +1"},
		{file: "constructed-discussion-comment-create.json", label: "comment", subject: `some-user/some-repo#3 "@discussion-bot what is this?"`},
		{file: "constructed-discussion-comment-update-hidden.json", label: "comment hidden", subject: "some-user/some-repo#3"},
		{file: "constructed-discussion-comment-update.json", label: "comment edited", subject: `some-user/some-repo#3 "Edited ✏️ text with emoji 🤗 and <html>"`},
		{file: "constructed-discussion-create-draft-pr.json", label: "PR opened", subject: `some-user/some-repo#4 "WIP: new tokenizer"`},
		{file: "constructed-discussion-create.json", label: "discussion", subject: `some-user/some-repo#3 "Hello!"`},
		{file: "constructed-discussion-delete.json", label: "discussion deleted", subject: `some-user/some-repo#3 "Hello!"`},
		{file: "constructed-discussion-update-closed.json", label: "discussion closed", subject: `some-user/some-repo#3 "Hello!"`},
		{file: "constructed-discussion-update-pinned.json", label: "discussion updated", subject: `some-user/some-repo#3 "Hello!"`},
		{file: "constructed-discussion-update-title.json", label: "discussion updated", subject: `some-user/some-repo#3 "Hello, renamed"`},
		{file: "constructed-invalid-missing-event.json", faults: []string{"missing [body event]"}},
		{file: "constructed-invalid-missing-webhook.json", faults: []string{"missing [body webhook]"}},
		{
			file: "constructed-invalid-unknown-action.json", label: "PR rename", subject: `openai-community/gpt2#19 "Update co2 emissions"`,
			warnings: []string{".event.action"},
		},
		{
			file: "constructed-invalid-version-4.json", label: "PR opened", subject: `openai-community/gpt2#19 "Update co2 emissions"`,
			warnings: []string{".webhook.version"},
		},
		{
			file: "constructed-repo-config-dois-update-unknown-scope.json", label: "unknown", subject: "some-user/some-repo repo.config.dois",
			warnings: []string{".event.scope"},
		},
		{file: "constructed-repo-config-update-private.json", label: "settings", subject: "some-user/some-repo public→private"},
		{file: "constructed-repo-config-update-public.json", label: "settings", subject: "some-user/some-dataset private→public"},
		{file: "constructed-repo-content-update-branch-created.json", label: "new branch", subject: "some-user/some-repo dev"},
		{file: "constructed-repo-content-update-branch-deleted.json", label: "branch deleted", subject: "some-user/some-repo dev"},
		{file: "constructed-repo-content-update-convert-parquet-ref.json", label: "push convert/parq…", subject: "some-user/some-dataset ce9a467→575db8b convert/parquet"},
		{file: "constructed-repo-content-update-dataset-main-push.json", label: "push main", subject: "some-user/some-dataset ce9a467→575db8b"},
		{file: "constructed-repo-content-update-main-push.json", label: "push main", subject: "some-user/some-repo ce9a467→575db8b"},
		{file: "constructed-repo-content-update-multi-refs.json", label: "push main", subject: "some-user/some-space ce9a467→575db8b +2 refs"},
		{file: "constructed-repo-content-update-no-updatedRefs.json", label: "push", subject: "some-user/some-repo →575db8b"},
		{file: "constructed-repo-content-update-tag-created.json", label: "new tag", subject: "some-user/some-repo v1.0"},
		{file: "constructed-repo-create-bucket.json", label: "created", subject: "some-user/some-bucket"},
		{file: "constructed-repo-create-dataset-private.json", label: "created", subject: "some-user/some-dataset"},
		{file: "constructed-repo-create-model.json", label: "created", subject: "some-user/some-repo"},
		{file: "constructed-repo-create-space.json", label: "created", subject: "some-user/some-space"},
		{file: "constructed-repo-delete-model.json", label: "deleted", subject: "some-user/some-repo"},
		{file: "constructed-repo-move-model.json", label: "renamed", subject: "some-user/old-name → some-org/new-name"},
		{file: "constructed-repo-update-model.json", label: "updated", subject: "some-user/some-repo"},
		{file: "hfhub-test-discussion-create-pr-canonical-name.json", label: "PR opened", subject: `gpt2#19 "Update co2 emissions"`},
		{file: "hfhub-test-discussion-update-closed-space.json", label: "PR closed", subject: `Wauplin/leaderboard#4 "Update space_ci/webhook.py"`},
		{file: "hubdocs-bucket-repo-content-update.json", label: "files", subject: "some-user/some-bucket +1 -1 …"},
		{file: "hubdocs-discussion-create-pr.json", label: "PR opened", subject: `openai-community/gpt2#19 "Update co2 emissions"`},
		{file: "hubdocs-fragments.json", faults: []string{"missing [body event]", "missing [body webhook]"}},
		{
			file:   "legacy-v2-discussion-comment-add-dataset.json",
			faults: []string{"model_attributes_type [body event]", "missing [body repo owner]"},
		},
		{
			file: "legacy-v2-repo-add-dataset.json",
			faults: []string{
				"model_attributes_type [body event]", "missing [body repo id]", "missing [body repo owner]", "missing [body repo url]", "missing [body webhook]",
			},
		},
		{
			file:   "legacy-v2-repo-content-update-dataset.json",
			faults: []string{"model_attributes_type [body event]", "missing [body repo owner]"},
		},
		{
			file: "legacy-v2-repo-move-dataset.json",
			faults: []string{
				"model_attributes_type [body event]", "missing [body repo id]", "missing [body repo owner]", "missing [body repo url]", "missing [body webhook]",
				"model_attributes_type [body movedTo]",
			},
		},
	}

	files, err := filepath.Glob(filepath.Join("testdata", "hub", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	if len(files) != len(tests) {
		t.Errorf("testdata has %d bodies, the table %d", len(files), len(tests))
	}
	for _, tt := range tests {
		t.Run(tt.file, func(t *testing.T) {
			p, warnings, err := payload.Parse(readFile(t, tt.file))
			if diff := cmp.Diff(tt.faults, faultsOf(t, err)); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
			if err != nil {
				return
			}
			var paths []string
			for _, w := range warnings {
				paths = append(paths, w.Path)
			}
			if diff := cmp.Diff(tt.warnings, paths); diff != "" {
				t.Errorf("warnings (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(payload.Meaning{Label: tt.label, Subject: tt.subject}, p.Meaning()); diff != "" {
				t.Errorf("meaning (-want +got):\n%s", diff)
			}
		})
	}
}

// What every field of the documentation's examples is read as. headSha,
// updatedConfig and the files of a bucket are those that the Python model drops.
func TestDocumentedFields(t *testing.T) {
	const (
		oldSha = "ce9a4674fa833a68d5a73ec355f0ea95eedd60b7"
		newSha = "575db8b7a51b6f85eb06eee540738584589f131c"
	)
	webhook := payload.Webhook{ID: "6390e855e30d9209411de93b", Version: 3}
	tests := []struct {
		name string
		body []byte
		want payload.Payload
	}{
		{
			name: "fragments",
			body: fragments(t),
			want: payload.Payload{
				Event: payload.EventInfo{Action: payload.ActionUpdate, Scope: payload.ScopeRepoContent},
				Repo: payload.Repo{
					Type: payload.TypeModel,
					Name: "some-user/some-repo",
					ID:   "6366c000a2abcdf2fd69a080",
					URL: payload.URL{
						Web: "https://huggingface.co/some-user/some-repo",
						API: "https://huggingface.co/api/models/some-user/some-repo",
					},
					HeadSHA: "c379e821c9c95d613899e8c4343e4bfee2b0c600",
					Owner:   payload.Account{ID: "61d2000c3c2083e1c08af22d"},
				},
				Discussion: &payload.Discussion{
					ID:    "639885d811ae2bad2b7ba461",
					Title: "Hello!",
					URL: payload.URL{
						Web: "https://huggingface.co/some-user/some-repo/discussions/3",
						API: "https://huggingface.co/api/models/some-user/some-repo/discussions/3",
					},
					Status:        payload.StatusOpen,
					Author:        payload.Account{ID: "61d2000c3c2083e1c08af22d"},
					Num:           3,
					IsPullRequest: true,
					Changes:       &payload.Changes{Base: "refs/heads/main"},
				},
				Comment: &payload.Comment{
					ID:      "6398872887bfcfb93a306f18",
					Author:  payload.Account{ID: "61d2000c3c2083e1c08af22d"},
					Content: new("This adds an env key"),
					URL:     payload.URL{Web: "https://huggingface.co/some-user/some-repo/discussions/4#6398872887bfcfb93a306f18"},
				},
				UpdatedRefs: []payload.RefUpdate{
					{Ref: "refs/heads/main", OldSHA: new(oldSha), NewSHA: new(newSha)},
					{Ref: "refs/tags/test", NewSHA: new(newSha)},
				},
				UpdatedConfig: map[string]json.RawMessage{"private": json.RawMessage("false")},
				Webhook:       webhook,
			},
		},
		{
			name: "bucket",
			body: readFile(t, "hubdocs-bucket-repo-content-update.json"),
			want: payload.Payload{
				Event: payload.EventInfo{Action: payload.ActionUpdate, Scope: payload.ScopeRepoContent},
				Repo: payload.Repo{
					Type: payload.TypeBucket,
					Name: "some-user/some-bucket",
					ID:   "6366c000a2abcdf2fd69a080",
					URL: payload.URL{
						Web: "https://huggingface.co/buckets/some-user/some-bucket",
						API: "https://huggingface.co/api/buckets/some-user/some-bucket",
					},
					Owner: payload.Account{ID: "61d2000c3c2083e1c08af22d"},
				},
				UpdatedFiles: []payload.FileUpdate{
					{
						Path: "data/train.txt", Action: "add", Size: new(int64(20)),
						XetHash: "55faef2f2f80cd1a087c35b729f228960739441d38073cd5aa4320751e137166",
					},
					{Path: "data/old.txt", Action: "delete"},
				},
				UpdatedFilesTruncated: true,
				Webhook:               webhook,
			},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want, *parse(t, tt.body), withoutRaw); diff != "" {
				t.Errorf("payload (-want +got):\n%s", diff)
			}
		})
	}
}

// fragments puts the partial examples of the documentation together to a body.
func fragments(t *testing.T) []byte {
	var body map[string]json.RawMessage
	if err := json.Unmarshal(readFile(t, "hubdocs-fragments.json"), &body); err != nil {
		t.Fatal(err)
	}
	body["event"] = json.RawMessage(`{"action":"update","scope":"repo.content"}`)
	body["webhook"] = json.RawMessage(`{"id":"6390e855e30d9209411de93b","version":3}`)
	whole, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return whole
}

// A payload that is written again has the keys of the Hub's body, in its order.
func TestMarshalHasTheLookOfTheHub(t *testing.T) {
	for _, name := range []string{
		"constructed-discussion-comment-update-hidden.json",
		"constructed-repo-config-dois-update-unknown-scope.json",
		"constructed-repo-content-update-multi-refs.json",
		"constructed-repo-move-model.json",
		"hubdocs-bucket-repo-content-update.json",
		"hubdocs-discussion-create-pr.json",
	} {
		t.Run(name, func(t *testing.T) {
			body := readFile(t, name)
			again, err := json.MarshalIndent(parse(t, body), "", "  ")
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(body), string(again)+"\n"); diff != "" {
				t.Errorf("body (-read +written):\n%s", diff)
			}
		})
	}
}
