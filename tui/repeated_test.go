package tui

import (
	"time"

	"hfhook/event"
	"hfhook/payload"
)

// repeated is a day on which a delivery came again and was withheld, a body came again
// without a Webhook-Id, and a replay was interrupted.
func repeated() *fake {
	s := day()
	same := row("14:35:20.000", "comment", payload.TypeDataset, `me/corpus#19 "LGTM"`, payload.ScopeDiscussionComment, payload.ActionCreate, answered(200, 61, "ok"))
	same.row.SameBody, same.row.SameBodyAt = fakeID(2), noon.Add(-40*time.Second)
	withheld := row("14:35:30.000", "comment", payload.TypeDataset, `me/corpus#19 "LGTM"`, payload.ScopeDiscussionComment, payload.ActionCreate,
		event.Delivery{Kind: event.Live, State: event.Withheld, Target: "127.0.0.1:8000", URL: "http://127.0.0.1:8000/webhooks", SameAs: fakeID(3)})
	withheld.row.Duplicate = fakeID(3)
	interrupted := row("14:35:40.000", "push main", payload.TypeModel, "me/my-model a1b→c3d", payload.ScopeRepoContent, payload.ActionUpdate, answered(200, 61, "ok"),
		event.Delivery{Kind: event.Replay, State: event.Interrupted, Target: "8000", URL: "http://127.0.0.1:8000/webhooks", Started: noon.Add(-20 * time.Second),
			Err: "the hfhook that was sending it has ended"})
	s.extra = append(s.extra, same, withheld, interrupted)
	return s
}
