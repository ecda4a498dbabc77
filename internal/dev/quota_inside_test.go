package dev

import (
	"strings"
	"testing"

	"hfhook/store"
)

// A webhook that comes near the Hub's limit is told once, and once more at the limit.
func TestQuota(t *testing.T) {
	t.Parallel()
	q := quota{}
	for _, step := range []struct {
		n    int
		want string // empty: nothing is said
	}{
		{799, ""},
		{800, "webhook 6390e855 has used 800 of its 1,000 triggers of 24 hours: replay is local and free"},
		{801, ""},
		{1000, "has used all its 1,000"},
		{1200, ""},
		{900, ""}, // some are older than a day now
		{1000, "has used all its 1,000"},
		{100, ""},
		{850, "850 of"},
	} {
		var said []string
		for _, n := range q.notices([]store.Triggers{{Webhook: "6390e855e30d9209411de93b", N: step.n}, {Webhook: "calm", N: 3}}) {
			said = append(said, n.String())
		}
		if got := strings.Join(said, "\n"); !strings.Contains(got, step.want) || (got == "") != (step.want == "") {
			t.Errorf("at %d: %q, want %q", step.n, got, step.want)
		}
	}
}
