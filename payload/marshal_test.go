package payload_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/payload"
	"hfhook/payload/sample"
)

// TestMarshalKeepsUnknownKeys reads bodies with a key in each object that nobody knows, and
// writes them again.
func TestMarshalKeepsUnknownKeys(t *testing.T) {
	t.Parallel()
	for _, kind := range sample.Names() {
		body, err := sample.New(kind, sample.Options{Content: "<b> & \u2028"})
		if err != nil {
			t.Fatal(err)
		}
		var tree any
		if err := json.Unmarshal(body, &tree); err != nil {
			t.Fatal(err)
		}
		addKeys(tree)
		body, err = json.Marshal(tree)
		if err != nil {
			t.Fatal(err)
		}
		var p payload.Payload
		if err := json.Unmarshal(body, &p); err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		again, err := json.Marshal(p)
		if err != nil {
			t.Fatalf("%s: %v", kind, err)
		}
		var got any
		if err := json.Unmarshal(again, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(tree, got); diff != "" {
			t.Errorf("%s: %s", kind, diff)
		}
	}
}

// addKeys adds two keys to each object but updatedConfig, which is free in its keys anyway.
func addKeys(v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, value := range v {
			addKeys(value)
		}
		v["ID"], v["ne<w"] = []any{nil, "x&y"}, map[string]any{"deep": 1.0}
	case []any:
		for _, value := range v {
			addKeys(value)
		}
	}
}

func TestUnmarshalIsParse(t *testing.T) {
	t.Parallel()
	body, err := sample.New("discussion/create:pr", sample.Options{})
	if err != nil {
		t.Fatal(err)
	}
	want, _, err := payload.Parse(body)
	if err != nil {
		t.Fatal(err)
	}
	var envelope struct{ Payload payload.Payload }
	outer := []byte(`{"payload":` + string(body) + `}`)
	if err := json.Unmarshal(outer, &envelope); err != nil {
		t.Fatal(err)
	}
	clear(outer) // the payload has a copy
	if diff := cmp.Diff(want, &envelope.Payload, cmp.AllowUnexported(payload.Payload{})); diff != "" {
		t.Error(diff)
	}
	var p payload.Payload
	err = json.Unmarshal([]byte(`{"event":{"action":"create","SCOPE":"repo"}}`), &p)
	invalid, ok := errors.AsType[*payload.InvalidError](err)
	if !ok || len(invalid.Faults) != 3 {
		t.Errorf("error %v", err)
	}
	for _, text := range []string{`null`, `[]`, `"x"`} {
		if err := json.Unmarshal([]byte(text), &p); err == nil {
			t.Errorf("%s is read", text)
		}
	}
}

func TestMarshalRefusesWhatIsNotJSON(t *testing.T) {
	t.Parallel()
	p := payload.Payload{Unknown: map[string]json.RawMessage{"new": json.RawMessage(`{`)}}
	if _, err := json.Marshal(p); err == nil || !strings.Contains(err.Error(), `"new"`) {
		t.Errorf("error %v", err)
	}
	p.Unknown = map[string]json.RawMessage{"repo": json.RawMessage(`1`), "nothing": nil}
	text, err := json.Marshal(p)
	if err != nil || strings.Count(string(text), `"repo"`) != 1 || !strings.HasSuffix(string(text), `,"nothing":null}`) {
		t.Errorf("%s, %v", text, err)
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	tests := []struct {
		scope  payload.Scope
		action payload.Action
		want   []payload.Kind
	}{
		{"repo.content", "update", []payload.Kind{payload.KindContentUpdate}},
		{"repo.content", "create", []payload.Kind{"repo.content/create"}},
		{"repo.config.dois", "create", []payload.Kind{"repo.config.dois/create", payload.KindConfigUpdate, payload.KindRepoUpdate}},
		{"repo.jobs", "delete", []payload.Kind{"repo.jobs/delete", payload.KindRepoUpdate}},
		{"repository.x", "delete", []payload.Kind{"repository.x/delete"}},
		{"", "", []payload.Kind{"/"}},
	}
	for _, tt := range tests {
		got := payload.EventInfo{Scope: tt.scope, Action: tt.action}.Kinds()
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s/%s: %s", tt.scope, tt.action, diff)
		}
	}
	if all := payload.Kinds(); len(all) != 11 {
		t.Errorf("%d kinds are documented", len(all))
	}
	for _, k := range payload.Kinds() {
		if !k.Known() || !k.Scope().Known() || k != (payload.EventInfo{Scope: k.Scope(), Action: k.Action()}).Kind() {
			t.Errorf("kind %q", k)
		}
		if _, err := sample.New(string(k), sample.Options{}); err != nil {
			t.Errorf("no sample of it: %v", err)
		}
	}
}
