package event

import (
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"github.com/oklog/ulid/v2"
)

// SentAt returns when the Hub created the delivery, if its Webhook-Id begins with a time: an
// ObjectId, a UUID of version 7 and a ULID do. A retry keeps its id. The Hub documents none of
// these forms, so the time is a hint; ok is false if the id contains no plausible time.
func (e *Event) SentAt() (time.Time, bool) {
	var at time.Time
	id := strings.ToLower(e.DeliveryID)
	plain := strings.ReplaceAll(id, "-", "")
	switch _, err := hex.DecodeString(plain); {
	case err == nil && len(id) == 24:
		seconds, _ := strconv.ParseInt(id[:8], 16, 64)
		at = time.Unix(seconds, 0)
	case err == nil && len(id) == 36 && id[14] == '7':
		ms, _ := strconv.ParseInt(plain[:12], 16, 64)
		at = time.UnixMilli(ms)
	default:
		parsed, err := ulid.ParseStrict(strings.ToUpper(id))
		if err != nil {
			return time.Time{}, false
		}
		at = ulid.Time(parsed.Time())
	}
	// Webhooks are younger than this, and no delivery arrives before it was made, except for
	// the difference between two clocks.
	if at.Before(time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC)) || at.After(e.Received.Add(10*time.Minute)) {
		return time.Time{}, false
	}
	return at, true
}
