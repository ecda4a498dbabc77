package cli

import (
	"bytes"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// goWords are what Go's own errors say, and what no user should read.
var goWords = regexp.MustCompile(`no such file or directory|permission denied|: (is|not) a directory|\blstat |\bunlink |` +
	`use of closed|strconv\.|time: (missing|invalid|unknown)|invalid syntax|value out of range|parsing |dial tcp|lookup .* on |connect: |bind: |EOF\b|broken pipe|reset by peer|i/o timeout|` +
	`context (canceled|deadline)|exec: "|executable file not found|exit status|net/http|toml: |invalid character|json: |unexpected end of JSON|%!|<nil>|0x[0-9a-f]{6,}|errno|goroutine|` +
	`\b1 (events|attempts|times|files|targets|bytes|requests)\b|hfhook hfhook`)

// TestFailuresAreInPlainWords has each command fail in the ways in which it typically does.
func TestFailuresAreInPlainWords(t *testing.T) {
	t.Parallel()
	home := t.TempDir()
	file := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(home, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	missing := filepath.Join(home, "none", "missing.txt")
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	nobody := closed.Addr().String()
	_ = closed.Close()
	text := file("text.txt", "neither this nor that\n", 0o600)
	noJSON := file("bad.json", `{"event": {`, 0o600)
	lines := file("bad.ndjson", `{"schema":1,"type":"record"`+"\n", 0o600)
	inFile := filepath.Join(text, "below")
	good := file("good.json", `{"event":{"action":"create","scope":"repo"},"repo":{"type":"model","name":"a/b","id":"1","private":false,"url":{"web":"w","api":"a"},"owner":{"id":"2"}},"webhook":{"id":"3","version":3}}`, 0o600)
	environment := map[string]string{
		"HOME": home, "XDG_DATA_HOME": filepath.Join(home, "d"), "XDG_STATE_HOME": filepath.Join(home, "s"), "XDG_CONFIG_HOME": filepath.Join(home, "c"),
		"WEBHOOK_SECRET": "a-secret-of-mine-here", "HF_TOKEN": "hf_canary", "HF_ENDPOINT": "http://" + nobody, "PATH": home, "EDITOR": "no-such-editor-of-hfhook", "HF_HOME": home,
	}
	run := func(t *testing.T, with map[string]string, args ...string) (int, string) {
		t.Helper()
		var out, diagnosis bytes.Buffer
		env := func(name string) string {
			if v, ok := with[name]; ok {
				return v
			}
			return environment[name]
		}
		p := &program{in: strings.NewReader(""), out: &out, err: &diagnosis, env: env}
		code := p.run(t.Context(), args)
		if found := goWords.FindString(out.String() + diagnosis.String()); found != "" {
			t.Errorf("hfhook %s says %q:\n%s%s", strings.Join(args, " "), found, out.String(), diagnosis.String())
		}
		return code, diagnosis.String()
	}
	if code, said := run(t, nil, "import", good); code != 0 {
		t.Fatalf("%d, %s", code, said)
	}
	for _, args := range [][]string{
		{"import", missing}, {"import", home + "/c"}, {"import", text}, {"import", noJSON}, {"import", lines}, {"import", inFile},
		{"send", missing}, {"send", home}, {"send", good, "--addr", nobody},
		{"trigger", "repo/create", "--addr", nobody}, {"trigger", "scenario", missing}, {"trigger", "scenario", text}, {"trigger", "scenario", home},
		{"trigger", "repo/create", "--set", ".repo[x]=1"}, {"trigger", "repo/create", "--num", "ten"}, {"trigger", "repo/create", "--speed", "fast"},
		{"ls", "-n", "x"}, {"ls", "-n", "99999999999999999999"}, {"ls", "--store", missing}, {"ls", "--store", home}, {"ls", "--store", text}, {"ls", "--store", inFile},
		{"ls", "since:yesterdayish"}, {"ls", "size:>x"}, {"ls", `.a~"["`}, {"ls", `"`}, {"ls", "ms:>5x"},
		{"show", "@last", "--headers", "--raw"}, {"show", "nothing"}, {"show"}, {"diff", "@last", "@-9"}, {"diff", "@last", "--attempts", "a,b"},
		{"tail", "-n", "x"}, {"wait", "x", "--timeout", "soon"}, {"wait", "x", "--timeout", "10"}, {"wait", "nothing", "--timeout", "10ms"}, {"wait", "x", "--count", "many"},
		{"replay", "@last", "--to", nobody}, {"replay", "@last", "--to", "99999"}, {"replay", "@last", "--to", "http://[::1"},
		{"replay", "@last", "--to", "exec no-such-program-of-hfhook"}, {"replay", "@last", "--to", nobody, "--body", "@" + missing}, {"replay", "@last", "--to", nobody, "--patch", "{"},
		{"replay", "@last", "--to", nobody, "--json-patch", "[{]"}, {"replay", "@last", "--to", nobody, "--patch", "@" + home}, {"replay", "@last", "--to", nobody, "--pace", "slow"}, {"replay", "@last", "--to", nobody, "--concurrency", "x"},
		{"replay", "@last", "--to", nobody, "--timeout", "x"}, {"replay", "@last", "--to", nobody, "--junit", inFile}, {"replay", "@last", "--to", nobody, "-H", "none"}, {"replay", "@last", "--to", nobody, "--secret-file", missing},
		{"edit", "@last"}, {"edit", "@last", "--resume"}, {"pin", "@last", "1x"}, {"note", "@last", "\xff"}, {"rm", "@last", "x"}, {"prune", "--keep", "x"}, {"prune", "--keep", "-1"},
		{"export", "@last", "--as", "curl", "-o", inFile}, {"export", "@last", "--as", "curl", "-o", home}, {"export", "@last", "--as", "x"}, {"export", "@last", "--as", "har", "-o", missing}, {"export", "--filter", "nothing", "--as", "raw"},
		{"verify", "--body", missing}, {"verify", "--body", home}, {"verify", "--body", noJSON, "--header", "X-Webhook-Secret: a-secret-of-mine-here"}, {"verify", "--body", good, "--header", "@" + missing}, {"verify", "--body", good, "--secret-file", home}, {"verify", "--body", good, "--path", "/%zz"},
		{"accept", "@last"}, {"accept", "@last", "--attempt", "x"}, {"held", "nobody"}, {"open", "nothing"}, {"help", "nothing"}, {"completion", "ksh"}, {"config", "nothing"}, {"nothing"},
		{"webhooks", "ls"}, {"webhooks", "info", "x"}, {"webhooks", "create", "--watch", "x"}, {"webhooks", "gc"}, {"secret", "new", "--secret-file", missing}, {"secret", "new", "--previous-for", "x"}, {"secret", "rotate"},
		{"dev", "--no-tui", "--tunnel", "none", "--addr", taken.Addr().String()}, {"dev", "--no-tui", "--tunnel", "none", "--addr", "1.2.3.4:1"}, {"dev", "--no-tui", "--addr", "127.0.0.1:x"},
		{"dev", "--no-tui", "--for", "x"}, {"dev", "--no-tui", "--timeout", "5"}, {"dev", "--no-tui", "--max-body", "x"}, {"dev", "--no-tui", "--keep", "x"}, {"dev", "--no-tui", "--max-store", "x"}, {"dev", "--no-tui", "--store", inFile, "--tunnel", "none"}, {"dev", "--no-tui", "--secret-file", missing},
		{"dev", "--no-tui", "--ready-file", inFile, "--tunnel", "none", "--addr", "127.0.0.1:0"}, {"dev", "--no-tui", "--url", "http://[::1"}, {"dev", "--no-tui", "--url", "x"}, {"dev", "--no-tui", "--tunnel", "none", "--addr", "127.0.0.1:0", "--exec", "'"}, {"dev", "--no-tui", "--tunnel", "none", "--addr", "127.0.0.1:0", "--", "no-such-program-of-hfhook"},
		{"dev", "--no-tui", "--tunnel", "none", "--addr", "127.0.0.1:0", "--reload", "["}, {"dev", "--no-tui", "--tunnel", "ssh://x:99999", "--addr", "127.0.0.1:0"}, {"dev", "--no-verify=x"}, {"dev", "--no-tui", "--previous-for", "x"},
		{"config", "check", "--json"}, {"doctor", "--addr", nobody, "--tunnel", "none", "--secret-file", missing}, {"doctor", "--addr", "x"},
	} {
		run(t, nil, args...)
	}
	for name, value := range map[string]string{
		"HFHOOK_TIMEOUT": "5", "HFHOOK_ADDR": "x", "HFHOOK_NO_VERIFY": "perhaps", "HFHOOK_STORE": inFile, "HFHOOK_SECRET_FILE": missing, "HFHOOK_PREVIOUS_FOR": "soon", "WEBHOOK_SECRET": "with\nbreak",
	} {
		with := map[string]string{name: value}
		for _, args := range [][]string{{"config", "check"}, {"config", "show"}, {"dev", "--no-tui", "--tunnel", "none", "--addr", taken.Addr().String()}, {"ls"}, {"secret", "origin"}} {
			run(t, with, args...)
		}
	}
	for _, text := range []string{"timeout = 'x'\n", "timeout = 5\n", "nothing = 1\n", "[[forward]]\nurl = 'http://[::1'\n", "[[forward]]\nurl = 8000\ntimeout = '5'\n", "[keys]\nreplay = 5\n", "x", "[", "addr = \"", "a = 1\na = 2\n", "[[filter]]\nname = 'a'\ntext = 'scop:'\n", "\xff"} {
		if err := os.MkdirAll(filepath.Join(home, "c", "hfhook"), 0o700); err != nil {
			t.Fatal(err)
		}
		file(filepath.Join("c", "hfhook", "config.toml"), text, 0o600)
		run(t, nil, "config", "check")
		run(t, nil, "ls")
	}
}
