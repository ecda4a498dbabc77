package tui

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestListeningPortIsAdded adds a port that listens by its digit, once.
func TestListeningPortIsAdded(t *testing.T) {
	s := day()
	m := newTestModel(t, s, 100, 30)
	press(m, "T", "2", "1", "1")
	if diff := cmp.Diff([]string{"target {Was: To:7860"}, cut(s.called(), len("target {Was: To:7860"))); diff != "" {
		t.Errorf("calls (-want +got):\n%s", diff)
	}
}

func cut(all []string, n int) (out []string) {
	for _, s := range all {
		out = append(out, s[:min(n, len(s))])
	}
	return out
}
