package event_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/payload/sample"
)

func TestRow(t *testing.T) {
	t.Parallel()
	body, err := sample.New("discussion.comment/create", sample.Options{RepoType: payload.TypeDataset, Repo: "me/corpus"})
	if err != nil {
		t.Fatal(err)
	}
	parsed, _, err := payload.Parse(body)
	if err != nil {
		t.Fatal(err)
	}
	e := &event.Event{
		ID: "01JD4X7M9C8Q2R5T7V9WABCDEF", Duplicate: "01JD4X7M9C8Q2R5T7V9WABCDE1",
		Capture: event.Capture{Received: time.Unix(1e9, 0), Path: "/webhooks/x", Body: body, Origin: event.FromEdit,
			Parent: "01JD4X7M9C8Q2R5T7V9WABCDE0", Payload: parsed, Warnings: make([]payload.Warning, 2),
		},
	}
	want := event.Row{
		ID: e.ID, Received: e.Received, Path: e.Path, Size: int64(len(body)), Origin: e.Origin, Parent: e.Parent, Duplicate: "01JD4X7M9C8Q2R5T7V9WABCDE1", Warnings: 2,
		Scope: payload.ScopeDiscussionComment, Action: payload.ActionCreate, RepoType: payload.TypeDataset, Repo: "me/corpus",
		Label: parsed.Meaning().Label, Subject: parsed.Meaning().Subject,
	}
	if want.Label == "" || want.Subject == "" {
		t.Fatalf("the sample means nothing: %+v", want)
	}
	if diff := cmp.Diff(want, e.Row()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	e.Payload = nil // of a body that is not a payload
	want.Scope, want.Action, want.RepoType, want.Repo, want.Label, want.Subject = "", "", "", "", "", ""
	if diff := cmp.Diff(want, e.Row()); diff != "" {
		t.Errorf("without a payload (-want +got):\n%s", diff)
	}
}

func TestSum(t *testing.T) {
	t.Parallel()
	if (event.Sum{}).Known() || (event.Sum{Size: 5}).Known() {
		t.Error("a sum that is not known is known")
	}
	empty, one, other := event.SumOf(nil), event.SumOf([]byte("one")), event.SumOf([]byte("oné"))
	if !empty.Known() || empty.Size != 0 || !one.Known() || one.Size != 3 || one != event.SumOf([]byte("one")) || one == other || other.Size != 4 {
		t.Errorf("%v, %v, %v", empty, one, other)
	}
}

// TestReserved lists headers that nobody may set for a delivery.
func TestReserved(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]bool{
		"Host": true, "content-length": true, "CONNECTION": true, "Proxy-Authorization": true, "Te": true, "Expect": true,
		"x-webhook-secret": true, "X-Hfhook-Attempt": true, "x-hfhook-anything": true,
		"X-Hfhook": false, "Content-Type": false, "Webhook-Id": false, "X-Forwarded-For": false, "Hosts": false, "": false,
	} {
		if got := event.Reserved(name); got != want {
			t.Errorf("%q: %v", name, got)
		}
	}
}
