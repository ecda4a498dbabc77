package tunnel

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestReadNgrokFile(t *testing.T) {
	type found struct{ Token, URL, CAs string }
	for name, c := range map[string]struct {
		text string
		want found
	}{
		"version 3": {"version: \"3\"\nagent:\n  authtoken: a_1\n  api_key: never\n  connect_url: connect.example.com:443\n  connect_cas: /ca.pem\n" +
			"endpoints:\n  - name: x\n    upstream: {url: 80}\n", found{"a_1", "connect.example.com:443", "/ca.pem"}},
		"version 2": {"version: 2\nauthtoken: b_2\nserver_addr: tunnel.example.com:4443\nroot_cas: host\ntunnels: {basic: {proto: http, addr: 80}}\n",
			found{"b_2", "tunnel.example.com:4443", "host"}},
		"no token":         {"version: 3\nagent: {connect_cas: trusted}\n", found{"", "", "trusted"}},
		"a number":         {"version: 3\nagent: {authtoken: 12345}\n", found{"12345", "", ""}},
		"empty":            {"", found{}},
		"space around":     {"authtoken: '  c_3 '\n", found{"c_3", "", ""}},
		"only the agent's": {"authtoken: old_1\nagent: {authtoken: new_1}\n", found{"new_1", "", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "ngrok.yml")
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			s, err := readNgrokFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, found{s.Authtoken.reveal(), s.ConnectURL, s.ConnectCAs}); diff != "" {
				t.Error(diff)
			}
			if (s.Source == path) != (c.want.Token != "") {
				t.Errorf("source %q", s.Source)
			}
		})
	}
}

// Neither a broken file's name nor nothing of what it holds is lost or shown.
func TestReadBrokenNgrokFile(t *testing.T) {
	for _, text := range []string{
		"agent:\n  authtoken: *" + testToken + "\n",
		"agent:\n\tauthtoken: " + testToken + "\n",
		"agent: [" + testToken + "]\n",
		"authtoken: {a: " + testToken + "}\n",
		testToken,
	} {
		path := filepath.Join(t.TempDir(), "ngrok.yml")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := readNgrokFile(path)
		if err == nil || !strings.Contains(err.Error(), path) || strings.Contains(err.Error(), testToken[:7]) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := readNgrokFile(t.TempDir()); err == nil {
		t.Error("a directory was read")
	}
}

func TestFindNgrok(t *testing.T) {
	home := t.TempDir()
	path := ngrokFile("linux", func(name string) string { return map[string]string{"HOME": home}[name] })
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("agent: {authtoken: from_file, connect_url: a.example:1}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	env := map[string]string{
		"HOME":            home,
		"XDG_CONFIG_HOME": filepath.Join(home, ".config"),
		"LocalAppData":    filepath.Join(home, ".config"),
	}
	find := func() NgrokSettings {
		t.Helper()
		s, err := FindNgrok(func(name string) string { return env[name] })
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	if s := find(); s.Authtoken.reveal() != "from_file" || s.Source != path {
		t.Errorf("from the file: %+v", s)
	}
	env["NGROK_AUTHTOKEN"] = "from_env"
	if s := find(); s.Authtoken.reveal() != "from_env" || s.Source != "NGROK_AUTHTOKEN" || s.ConnectURL != "a.example:1" {
		t.Errorf("from the environment: %+v", s)
	}
	env = nil
	if s := find(); !s.Authtoken.IsZero() || s != (NgrokSettings{}) {
		t.Errorf("from nowhere: %+v", s)
	}
}

func TestNgrokFilePlace(t *testing.T) {
	for _, c := range []struct {
		goos string
		env  map[string]string
		want []string
	}{
		{"linux", map[string]string{"HOME": "h"}, []string{"h", ".config", "ngrok", "ngrok.yml"}},
		{"linux", map[string]string{"HOME": "h", "XDG_CONFIG_HOME": "x"}, []string{"x", "ngrok", "ngrok.yml"}},
		{"freebsd", map[string]string{"HOME": "h"}, []string{"h", ".config", "ngrok", "ngrok.yml"}},
		{"darwin", map[string]string{"HOME": "h", "XDG_CONFIG_HOME": "x"}, []string{"h", "Library", "Application Support", "ngrok", "ngrok.yml"}},
		{"windows", map[string]string{"HOME": "h", "LocalAppData": "l"}, []string{"l", "ngrok", "ngrok.yml"}},
		{"linux", nil, nil},
		{"windows", map[string]string{"HOME": "h"}, nil},
	} {
		if got := ngrokFile(c.goos, func(name string) string { return c.env[name] }); got != filepath.Join(c.want...) {
			t.Errorf("%s %v: %q", c.goos, c.env, got)
		}
	}
}

func TestConnectCAs(t *testing.T) {
	for _, cas := range []string{"", "trusted"} {
		if pool, err := (NgrokSettings{ConnectCAs: cas}).pool(); pool != nil || err != nil {
			t.Errorf("%q: %v, %v", cas, pool, err)
		}
	}
	if pool, err := (NgrokSettings{ConnectCAs: "host"}).pool(); pool == nil || err != nil {
		t.Errorf("host: %v, %v", pool, err)
	}
}
