package cli

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestPlaceOn has the places of all systems, on any of them.
func TestPlaceOn(t *testing.T) {
	t.Parallel()
	absolute, err := filepath.Abs("data")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		system, variable, value, want string
	}{
		{"linux", "HOME", "/home/me", "/home/me/.local/state/hfhook"},
		{"freebsd", "HOME", "/home/me", "/home/me/.local/state/hfhook"},
		{"darwin", "HOME", "/Users/me", "/Users/me/Library/Application Support/hfhook/state"},
		{"windows", "LocalAppData", `C:/Users/me/AppData/Local`, `C:/Users/me/AppData/Local/hfhook/state`},
		{"darwin", "XDG_STATE_HOME", absolute, filepath.ToSlash(absolute) + "/hfhook"},
		{"windows", "XDG_STATE_HOME", absolute, filepath.ToSlash(absolute) + "/hfhook"},
		{"linux", "XDG_STATE_HOME", "relative", "HOME is not set"},
		{"darwin", "LocalAppData", "x", "HOME is not set"},
		{"windows", "HOME", "x", "LocalAppData is not set"},
	} {
		env := func(name string) string {
			if name == c.variable {
				return c.value
			}
			return ""
		}
		got, err := placeOn(c.system, env, "XDG_STATE_HOME", ".local/state", "state")
		if err != nil {
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s with %s=%s: %v, want %s", c.system, c.variable, c.value, err, c.want)
			}
			continue
		}
		if got = filepath.ToSlash(got); got != c.want {
			t.Errorf("%s with %s=%s: %s, want %s", c.system, c.variable, c.value, got, c.want)
		}
	}
}
