package delivery

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
)

func mustTarget(t testing.TB, s string) Target {
	t.Helper()
	target, err := ParseTarget(s)
	if err != nil {
		t.Fatal(err)
	}
	return target
}

func TestParseTarget(t *testing.T) {
	t.Parallel()
	type parsed struct{ Name, URL, Address string }
	for in, want := range map[string]parsed{
		"8000":                                 {"127.0.0.1:8000", "http://127.0.0.1:8000", "127.0.0.1:8000"},
		" 8000 ":                               {"127.0.0.1:8000", "http://127.0.0.1:8000", "127.0.0.1:8000"},
		":8000":                                {"127.0.0.1:8000", "http://127.0.0.1:8000", "127.0.0.1:8000"},
		"8000/":                                {"127.0.0.1:8000", "http://127.0.0.1:8000/", "127.0.0.1:8000"},
		"8000/hook":                            {"127.0.0.1:8000/hook", "http://127.0.0.1:8000/hook", "127.0.0.1:8000"},
		":8000/a/b%20c?x=1":                    {"127.0.0.1:8000/a/b%20c", "http://127.0.0.1:8000/a/b%20c?x=1", "127.0.0.1:8000"},
		"localhost:8000":                       {"localhost:8000", "http://localhost:8000", "localhost:8000"},
		"LocalHost:08000":                      {"localhost:8000", "http://localhost:8000", "localhost:8000"},
		"box.lan:80/x":                         {"box.lan:80/x", "http://box.lan:80/x", "box.lan:80"},
		"[::1]:8000":                           {"[::1]:8000", "http://[::1]:8000", "[::1]:8000"},
		"http://127.0.0.1:8000":                {"127.0.0.1:8000", "http://127.0.0.1:8000", "127.0.0.1:8000"},
		"HTTP://[::1]/x":                       {"[::1]/x", "http://[::1]/x", "[::1]:80"},
		"https://Example.com/hook":             {"example.com/hook", "https://example.com/hook", "example.com:443"},
		"http://example.com":                   {"example.com", "http://example.com", "example.com:80"},
		"8000,":                                {"127.0.0.1:8000", "http://127.0.0.1:8000", "127.0.0.1:8000"},
		"8000,name=api":                        {"api", "http://127.0.0.1:8000", "127.0.0.1:8000"},
		"8000, name = my api ":                 {"my api", "http://127.0.0.1:8000", "127.0.0.1:8000"},
		"http://h:1/p?a=b%2Cc,name=übung":      {"übung", "http://h:1/p?a=b%2Cc", "h:1"},
		"8000/a@b":                             {"127.0.0.1:8000/a@b", "http://127.0.0.1:8000/a@b", "127.0.0.1:8000"},
		"http://127.0.0.1:65535/x?to=http://y": {"127.0.0.1:65535/x", "http://127.0.0.1:65535/x?to=http://y", "127.0.0.1:65535"},
	} {
		got, err := ParseTarget(in)
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		if diff := cmp.Diff(want, parsed{got.Name, got.URL.String(), got.Address()}); diff != "" {
			t.Errorf("%q (-want +got):\n%s", in, diff)
		}
	}
}

func TestParseTargetRefuses(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                "a target is a port",
		",name=x":                         "a target is a port",
		"lss":                             `"lss" has no port`,
		"localhost":                       `"localhost" has no port`,
		"0":                               "port 0 is out of range",
		"65536":                           "port 65536 is out of range",
		"99999999999999999999":            "is out of range",
		"localhost:":                      "the port is missing",
		":":                               "the port is missing",
		"localhost:http":                  "invalid port",
		"mailto:me":                       "invalid port",
		"ftp://127.0.0.1:21":              `unknown scheme "ftp"`,
		"unix:///run/x.sock":              `unknown scheme "unix"`,
		"http://:8000":                    "the host is missing",
		"http://":                         "the host is missing",
		"http:///hook":                    "the host is missing",
		"http://me:hunter2@127.0.0.1:80":  "cannot have a user or password",
		"me:hunter2@127.0.0.1:80":         "cannot have a user or password",
		"8000/x#hunter2":                  "cannot have a fragment",
		"8000#":                           "cannot have a fragment",
		"8000/?secret=hunter2":            "cannot have a secret",
		"8000/?a=1&secret=hunter2":        "cannot have a secret",
		"8000/?a=%zz":                     "read the query",
		"8000/%zz":                        "invalid URL escape",
		"80 00":                           "has no port",
		"a b:80":                          "invalid character",
		"8000/\x1b[31m":                   "invalid control character",
		"8000,then=scope:repo":            `unknown target option "then"`,
		"8000,name=":                      "visible characters",
		"8000,name=a\x1bb":                "visible characters",
		"8000,name=a,name=b":              "one name",
		"http://127.0.0.1/p?x=1,2,name=a": `unknown target option "2"`,
	} {
		got, err := ParseTarget(in)
		switch {
		case err == nil:
			t.Errorf("%q is taken, as %v", in, got.URL)
		case !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "hunter2"):
			t.Errorf("%q: %v, want one with %q", in, err, want)
		}
	}
}

func TestTargetFor(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ target, path, query, want string }{
		{"8000", "/webhooks/say_hello", "", "http://127.0.0.1:8000/webhooks/say_hello"},
		{"8000/", "/webhooks", "a=1&b", "http://127.0.0.1:8000/?a=1&b"},
		{"8000/hook", "/webhooks/say_hello", "a=1", "http://127.0.0.1:8000/hook?a=1"},
		{"8000/hook?k=v", "/webhooks", "a=1", "http://127.0.0.1:8000/hook?k=v&a=1"},
		{"8000?k=v", "/webhooks", "", "http://127.0.0.1:8000/webhooks?k=v"},
		{"8000", "/webhooks/a%2Fb", "", "http://127.0.0.1:8000/webhooks/a%2Fb"},
		{"8000", "/webhooks/a b?c#d", "", "http://127.0.0.1:8000/webhooks/a%20b%3Fc%23d"},
		{"8000", "/webhooks/100%", "", "http://127.0.0.1:8000/webhooks/100%25"},
		{"8000", "//evil.example/x", "", "http://127.0.0.1:8000//evil.example/x"},
		{"8000", "@evil.example", "", "http://127.0.0.1:8000/@evil.example"},
		{"8000", "", "", "http://127.0.0.1:8000"},
		{"https://example.com", "/webhooks", "", "https://example.com/webhooks"},
	} {
		got := mustTarget(t, test.target).For(&event.Event{Capture: event.Capture{Path: test.path, Query: test.query}})
		if got != test.want {
			t.Errorf("%s for %q, %q: %s, want %s", test.target, test.path, test.query, got, test.want)
		}
	}
}

func TestLoopback(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]bool{
		"8000":                             true,
		"127.255.0.3:1":                    true,
		"LOCALHOST:8000":                   true,
		"[::1]:8000":                       true,
		"[::ffff:127.0.0.1]:8000":          true,
		"0.0.0.0:8000":                     false,
		"192.168.1.2:8000":                 false,
		"127.0.0.1.example.com:80":         false,
		"localhost.example.com:80":         false,
		"http://127.1:80":                  false,
		"https://huggingface.co/127.0.0.1": false,
		"[2001:db8::1]:80":                 false,
	} {
		if got := mustTarget(t, in).Loopback(); got != want {
			t.Errorf("%s: %v", in, got)
		}
	}
}
