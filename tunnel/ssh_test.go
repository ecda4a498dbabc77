package tunnel

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"hfhook/internal/port/porttest"
	"hfhook/internal/tunneltest"
)

// sshOver returns the provider for a fake that has never been seen.
func sshOver(t *testing.T, fake *tunneltest.SSH) *SSH {
	t.Helper()
	dir := t.TempDir()
	return &SSH{
		Server: "nokey@" + fake.Addr(), KnownHosts: filepath.Join(dir, "hfhook", "known_hosts"),
		userHosts: filepath.Join(dir, "none"),
	}
}

func startSSH(t *testing.T) (*tunneltest.SSH, service) {
	t.Helper()
	fake := tunneltest.StartSSH(t, tunneltest.Options{})
	return fake, service{
		provider: sshOver(t, fake), client: fake.Client(), refuse: fake.Refuse, renames: true,
		drops: map[string]func(){"an orderly end of the connection": fake.Drop, "a cut connection": fake.Cut, "another URL": fake.Rename},
	}
}

func TestSSH(t *testing.T) {
	testProvider(t, func(t *testing.T) service {
		_, s := startSSH(t)
		return s
	})
}

// A server is known from its first time on, and one that answers with another key is
// not trusted with what the Hub sends.
func TestSSHHostKey(t *testing.T) {
	fake, s := startSSH(t)
	provider := s.provider.(*SSH)
	r := run(t, s, nil)
	r.await(t, Up)
	r.stop(t)
	kept, err := os.ReadFile(provider.KnownHosts)
	if err != nil || !strings.Contains(string(kept), "ssh-ed25519 ") {
		t.Fatalf("remembered %q, %v", kept, err)
	}
	if info, err := os.Stat(provider.KnownHosts); err != nil || info.Mode().Perm()&0o077 != 0 && os.PathSeparator == '/' {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	if err := fake.ChangeKey(); err != nil {
		t.Fatal(err)
	}
	r = run(t, s, nil)
	p := r.await(t, Down).Problem
	if !p.Fatal || !strings.Contains(p.Message, "has another key than before: SHA256:") || !strings.Contains(p.Fix, "delete line 1 of "+provider.KnownHosts) {
		t.Errorf("%+v", p)
	}
	r.stop(t)

	// The user's own file counts as well, and nothing is remembered without one of ours.
	strict := &SSH{Server: provider.Server, userHosts: filepath.Join(t.TempDir(), "known_hosts")}
	r = run(t, service{provider: strict, client: s.client}, nil)
	if p := r.await(t, Down).Problem; !strings.Contains(p.Message, "unknown SSH server") || !strings.Contains(p.Message, "SHA256:") {
		t.Errorf("%+v", p)
	}
	r.stop(t)
	line := knownhosts.Line([]string{knownhosts.Normalize(fake.Addr())}, fake.HostKey())
	if err := os.WriteFile(strict.userHosts, []byte(line+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, service{provider: strict, client: s.client}, nil).await(t, Up)
}

// TestSSHHostKeyIsAskedFor: a new server's key is shown first, and nothing is remembered until
// somebody trusts it.
func TestSSHHostKeyIsAskedFor(t *testing.T) {
	fake, s := startSSH(t)
	provider := s.provider.(*SSH)
	first, err := provider.HostKey(t.Context())
	if err != nil || first.Known || first.Print != ssh.FingerprintSHA256(fake.HostKey()) || first.Addr != fake.Addr() {
		t.Fatalf("a new server: %+v, %v", first, err)
	}
	if _, err := os.Stat(provider.KnownHosts); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is remembered already: %v", err)
	}
	if err := provider.Trust(first); err != nil {
		t.Fatal(err)
	}
	if again, err := provider.HostKey(t.Context()); err != nil || !again.Known {
		t.Errorf("a trusted server: %+v, %v", again, err)
	}
	run(t, s, nil).await(t, Up)
	if err := fake.ChangeKey(); err != nil {
		t.Fatal(err)
	}
	_, err = provider.HostKey(t.Context())
	if p, ok := errors.AsType[*Problem](err); !ok || !p.Fatal || !strings.Contains(p.Message, "another key than before") {
		t.Errorf("a changed key: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := provider.HostKey(ctx); err == nil {
		t.Error("a key, although nobody waits for it")
	}
}

func TestSSHAsksForADomain(t *testing.T) {
	_, s := startSSH(t)
	s.provider.(*SSH).URL = "hooks.example.com"
	if up := run(t, s, nil).await(t, Up); up.URL != "https://hooks.example.com" {
		t.Errorf("the URL is %s", up.URL)
	}
}

func TestSSHServers(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "nokey localhost.run:22", "me@a.example": "me a.example:22", "ssh://me@a.example:2222": "me a.example:2222",
		"a.example": "nokey a.example:22", "me@[::1]:22": "me [::1]:22", "@": "", "me@": "", "me@a/b": "", "@a.example": "",
		"ssh://": "", "a.example:port": "", "a.example:70000": "", "a.example:0": "",
	} {
		user, addr, err := (&SSH{Server: text}).server()
		if got := user + " " + addr; err == nil && got != want || err != nil && want != "" {
			t.Errorf("%q: %q, %v", text, got, err)
		}
	}
}

func TestSSHUnreachable(t *testing.T) {
	t.Parallel()
	number, err := porttest.Free()
	if err != nil {
		t.Fatal(err)
	}
	_, err = (&SSH{Server: "me@127.0.0.1:" + number}).Open(t.Context(), "")
	p, ok := errors.AsType[*Problem](err)
	if !ok || p.Fatal || !strings.Contains(p.Fix, "port") || strings.Contains(p.Cause, "offline") {
		t.Errorf("%+v", err)
	}
}

func TestAnnouncedURL(t *testing.T) {
	t.Parallel()
	for line, want := range map[string]string{
		"abc123.lhr.life tunneled with tls termination, https://abc123.lhr.life":              "https://abc123.lhr.life",
		"Forwarding HTTP traffic from https://abc.serveo.net":                                 "https://abc.serveo.net",
		"  https://rnxyz-1-2-3-4.a.free.pinggy.link":                                          "https://rnxyz-1-2-3-4.a.free.pinggy.link",
		"http://rnxyz-1-2-3-4.a.free.pinggy.link":                                             "",
		"** your connection id is a-b-c, please mention it at https://localhost.run/docs/ **": "",
		"https://localhost.run/docs/custom-domains":                                           "",
	} {
		got := ""
		if m := announced.FindStringSubmatch(line); m != nil {
			got = m[1] + m[2]
		}
		if got != want {
			t.Errorf("%q: %q, want %q", line, got, want)
		}
	}
}
