package filter_test

import (
	"testing"
	"time"

	"hfhook/filter"
)

// What is offered is what Parse takes.
func TestOffer(t *testing.T) {
	t.Parallel()
	some := 0
	for _, key := range filter.Keys() {
		for _, value := range filter.Values(key) {
			if _, err := filter.Parse(key+value, time.Now()); err != nil {
				t.Errorf("%s%s is offered: %v", key, value, err)
			}
			some++
		}
	}
	if some < 20 || filter.Values("no-such-key") != nil {
		t.Errorf("%d values, and %q", some, filter.Values("no-such-key"))
	}
}
