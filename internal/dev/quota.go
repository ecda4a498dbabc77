package dev

// The Hub limits the triggers of a day: warnings before the limit is reached.

import (
	"fmt"

	"github.com/dustin/go-humanize"

	"hfhook/store"
)

// DayLimit is how often the Hub lets a webhook be triggered in 24 hours:
// https://huggingface.co/docs/hub/webhooks#rate-limits.
const DayLimit = 1000

// NearLimit is the number of triggers from which on there is a warning.
const NearLimit = DayLimit * 8 / 10

// A quota remembers which webhooks a warning was given for: by the webhook's id, the count at
// that time.
type quota map[string]int

// notices returns the warnings about the triggers of the last 24 hours that were not given yet.
func (q quota) notices(triggers []store.Triggers) (all []Notice) {
	for _, t := range triggers {
		level := 0
		switch {
		case t.N >= DayLimit:
			level = DayLimit
		case t.N >= NearLimit:
			level = NearLimit
		}
		if level > q[t.Webhook] {
			all = append(all, quotaNotice(t))
		}
		q[t.Webhook] = level
	}
	return all
}

func quotaNotice(t store.Triggers) Notice {
	used := humanize.Comma(int64(t.N)) + " of its"
	if t.N >= DayLimit {
		used = "all its"
	}
	return Notice{
		About: "hub", Text: fmt.Sprintf("webhook %.8s has used %s %s triggers of 24 hours", t.Webhook, used, humanize.Comma(DayLimit)),
		Fix: "replay is local and free",
	}
}
