package tunnel

import (
	"os"
	"slices"
	"strings"
	"testing"

	"hfhook/internal/fuzztest"
	"hfhook/internal/tunneltest"
)

func TestMain(m *testing.M) {
	if os.Getenv(tunneltest.ControlVariable) != "" {
		tunneltest.CloudflaredMain()
	}
	fuzztest.Main(m)
}

func startCloudflared(t *testing.T) (*tunneltest.Cloudflared, service) {
	t.Helper()
	fake := tunneltest.StartCloudflared(t, tunneltest.Options{})
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return fake, service{
		provider: &Cloudflared{Program: self, Env: append(withoutSecrets(os.Environ()), fake.Env())},
		client:   fake.Client(), refuse: fake.Refuse, renames: true,
		drops: map[string]func(){"a lost link": fake.Lose, "the end of the program": fake.Kill},
	}
}

func TestCloudflared(t *testing.T) {
	testProvider(t, func(t *testing.T) service {
		_, s := startCloudflared(t)
		return s
	})
}

func TestCloudflaredIsNotThere(t *testing.T) {
	r := run(t, service{provider: &Cloudflared{Program: "no-such-cloudflared"}}, nil)
	if p := r.await(t, Down).Problem; !p.Fatal || !strings.Contains(p.Fix, "https://developers.cloudflare.com/") {
		t.Errorf("%+v", p)
	}
}

// The program learns no secret of the user's, and no configuration of theirs is in its way.
func TestCloudflaredIsRun(t *testing.T) {
	t.Setenv("WEBHOOK_SECRET", "canary")
	t.Setenv("HF_TOKEN", "canary")
	fake, s := startCloudflared(t)
	t.Setenv(tunneltest.ControlVariable, strings.TrimPrefix(fake.Env(), tunneltest.ControlVariable+"="))
	s.provider.(*Cloudflared).Env = nil
	run(t, s, nil).await(t, Up)
	got := fake.Runs()[0]
	if slices.ContainsFunc(got.Env, func(v string) bool { return strings.Contains(v, "canary") }) {
		t.Error("the program has the secrets")
	}
	if want := []string{"tunnel", "--no-autoupdate", "--config", os.DevNull, "--url"}; !slices.Equal(got.Args[:5], want) {
		t.Errorf("run as %q", got.Args)
	}
}
