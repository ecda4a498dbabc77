package tunnel

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWithAuthtoken(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, want string }{
		{"none", "", "version: \"3\"\nagent:\n    authtoken: secret-token\n"},
		{"version 3", "# mine\nversion: \"3\"\nagent:\n    # the old one\n    authtoken: old # x\n    connect_url: a:1\n", "# mine\nversion: \"3\"\nagent:\n    # the old one\n    authtoken: secret-token # x\n    connect_url: a:1\n"},
		{"version 2", "version: \"2\"\nregion: eu\n", "version: \"2\"\nregion: eu\nauthtoken: secret-token\n"},
		{"no agent", "version: 3\nendpoints: []\n", "version: 3\nendpoints: []\nagent:\n    authtoken: secret-token\n"},
		{"a list", "- a\n", ""},
		{"no YAML", "a: [\n", ""},
	}
	for _, tt := range tests {
		got, err := withAuthtoken([]byte(tt.text), NewAuthtoken(" secret-token\n"))
		if (err != nil) != (tt.want == "") || err != nil && strings.Contains(err.Error(), "secret-token") {
			t.Errorf("%s: %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func TestSaveNgrok(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	env := func(name string) string {
		switch name {
		case "HOME", "LocalAppData":
			return home
		}
		return ""
	}
	for _, token := range []string{"first-token", "second-token"} {
		path, err := SaveNgrok(env, NewAuthtoken(token))
		if err != nil {
			t.Fatal(err)
		}
		found, err := FindNgrok(env)
		if err != nil || found.Authtoken.reveal() != token || found.Source != path {
			t.Errorf("found %q in %s, %v; want %s in %s", found.Authtoken.reveal(), found.Source, err, token, path)
		}
		if info, err := os.Stat(path); err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
		if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), ".ngrok-*")); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	}
	if _, err := SaveNgrok(func(string) string { return "" }, NewAuthtoken("x")); err == nil {
		t.Error("saved nowhere")
	}
}
