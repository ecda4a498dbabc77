package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestWithSetting(t *testing.T) {
	t.Parallel()
	const shared = "# ours\ntunnel = \"ngrok\" # the old one\nforward = [\"8000\"]\n\n[keys]\nreplay = \"R\"\n"
	tests := []struct{ name, text, key, value, want string }{
		{"a new file", "", "tunnel", "ssh", "tunnel = 'ssh'\n"},
		{"before the tables", "[keys]\nreplay = \"R\"\n", "tunnel", "ssh", "tunnel = 'ssh'\n\n[keys]\nreplay = \"R\"\n"},
		{"in its place", shared, "tunnel", "ssh", strings.Replace(shared, `tunnel = "ngrok" # the old one`, "tunnel = 'ssh'", 1)},
		{"removed", shared, "tunnel", "", strings.Replace(shared, "tunnel = \"ngrok\" # the old one\n", "", 1)},
		{"nothing to remove", shared, "url", "", shared},
		{"no line break at the end", "addr = \"x\"", "tunnel", "none", "addr = \"x\"\ntunnel = 'none'\n"},
		{"a name that begins like it", "tunnels = 1\n", "tunnel", "ssh", "tunnels = 1\ntunnel = 'ssh'\n"},
		{"over two lines", "tunnel = \"\"\"\nngrok\"\"\"\n", "tunnel", "ssh", ""},
		{"inside of a list", "forward = [\n\"tunnel = x\",\n]\n", "tunnel", "ssh", "forward = [\n\"tunnel = x\",\n]\ntunnel = 'ssh'\n"},
		{"no TOML", "tunnel = [", "tunnel", "ssh", ""},
	}
	for _, tt := range tests {
		got, err := WithSetting(tt.text, tt.key, tt.value)
		if (err != nil) != (tt.want == "") {
			t.Errorf("%s: error %v", tt.name, err)
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

func FuzzWithSetting(f *testing.F) {
	f.Add("# c\ntunnel = 'a'\n[keys]\n", "tunnel", "ssh://x\"'\n")
	f.Add("a = '''\ntunnel = 1\n'''", "a", "")
	f.Fuzz(func(t *testing.T, text, name, value string) {
		before, err := topValues(text)
		if err != nil {
			return
		}
		changed, err := WithSetting(text, name, value)
		if err != nil {
			return
		}
		after, err := topValues(changed)
		if err != nil || after[name] != value {
			t.Fatalf("%q became %q: %v, %q", text, changed, err, after[name])
		}
		delete(before, name)
		delete(after, name)
		if diff := cmp.Diff(before, after); diff != "" {
			t.Fatalf("%q became %q: %s", text, changed, diff)
		}
	})
}
