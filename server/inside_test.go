package server

import "testing"

// The Hub looks for a Space at port 7860, from outside of its container; on a laptop
// nobody else is to reach the server.
func TestUsualAddr(t *testing.T) {
	for space, want := range map[string]string{"": "127.0.0.1:7860", "me/bot": "0.0.0.0:7860"} {
		t.Setenv("SPACE_ID", space)
		if got := usualAddr(); got != want {
			t.Errorf("SPACE_ID %q: %s, want %s", space, got, want)
		}
	}
}
