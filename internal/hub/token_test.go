package hub_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hfhook/internal/hub"
)

const canaryToken = "hf_CanaryTokenThatNobodyMaySee"

func TestFindSettings(t *testing.T) {
	home := t.TempDir()
	write := func(path, text string) string {
		path = filepath.Join(home, path)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	byDefault := write(".cache/huggingface/token", "\r\n hf_default \n")
	xdg := write("xdg/huggingface/token", "hf_xdg")
	own := write("own/token", "hf_own\n")
	named := write("named", "hf_named")
	blank := write("blank", " \n")
	for _, test := range []struct {
		name                    string
		env                     map[string]string
		token, source, endpoint string
	}{
		{"nothing", map[string]string{}, "hf_default", byDefault, hub.DefaultEndpoint},
		{"XDG", map[string]string{"XDG_CACHE_HOME": "$HOME/xdg"}, "hf_xdg", xdg, hub.DefaultEndpoint},
		{"HF_HOME", map[string]string{"HF_HOME": "~/own", "XDG_CACHE_HOME": home + "/xdg"}, "hf_own", own, hub.DefaultEndpoint},
		{"HF_TOKEN_PATH", map[string]string{"HF_HOME": "~/own", "HF_TOKEN_PATH": "${HOME}/named"}, "hf_named", named, hub.DefaultEndpoint},
		{"HF_TOKEN", map[string]string{"HF_TOKEN": " hf_env\n", "HUGGING_FACE_HUB_TOKEN": "hf_old", "HF_HOME": home + "/own"}, "hf_env", "HF_TOKEN", hub.DefaultEndpoint},
		{"the older name", map[string]string{"HUGGING_FACE_HUB_TOKEN": "hf_old", "HF_HOME": home + "/own"}, "hf_old", "HUGGING_FACE_HUB_TOKEN", hub.DefaultEndpoint},
		{"a blank one hides the older name, not the file", map[string]string{"HF_TOKEN": " ", "HUGGING_FACE_HUB_TOKEN": "hf_old"}, "hf_default", byDefault, hub.DefaultEndpoint},
		{"blank file", map[string]string{"HF_TOKEN_PATH": blank}, "", "", hub.DefaultEndpoint},
		{"no file", map[string]string{"HF_HOME": home + "/$NOWHERE"}, "", "", hub.DefaultEndpoint},
		{"not implicit", map[string]string{"HF_TOKEN": "hf_env", "HF_HUB_DISABLE_IMPLICIT_TOKEN": "yes"}, "", "", hub.DefaultEndpoint},
		{"implicit", map[string]string{"HF_TOKEN": "hf_env", "HF_HUB_DISABLE_IMPLICIT_TOKEN": "0"}, "hf_env", "HF_TOKEN", hub.DefaultEndpoint},
		{"staging", map[string]string{"HF_ENDPOINT": "https://hub.example", "HUGGINGFACE_CO_STAGING": "1"}, "hf_default", byDefault, "https://hub-ci.huggingface.co"},
		{"endpoint", map[string]string{"HF_ENDPOINT": "https://hub.example/mirror//"}, "hf_default", byDefault, "https://hub.example/mirror"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.env["HOME"] = home
			s, err := hub.FindSettings(func(name string) string { return test.env[name] })
			if err != nil {
				t.Fatal(err)
			}
			if got := hub.SentToken(t, s.Token); got != test.token || s.Source != test.source || s.Endpoint != test.endpoint {
				t.Errorf("%q of %q for %q, want %q of %q for %q", got, s.Source, s.Endpoint, test.token, test.source, test.endpoint)
			}
		})
	}
	t.Chdir(home)
	if s, err := hub.FindSettings(func(string) string { return "" }); err != nil || !s.Token.IsZero() {
		t.Errorf("without a home directory: %+v, %v", s, err)
	}
	for _, text := range []string{"1", "on", "Yes", "TRUE"} {
		s, err := hub.FindSettings(func(name string) string { return map[string]string{"HOME": home, "HF_HUB_OFFLINE": text}[name] })
		if err != nil || !s.Offline {
			t.Errorf("HF_HUB_OFFLINE=%s: %+v, %v", text, s, err)
		}
	}
}

// TestBadSettings holds that what is wrong is named, and not shown.
func TestBadSettings(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	broken := filepath.Join(dir, "broken")
	if err := os.WriteFile(broken, []byte(canaryToken+"\x00"), 0o600); err != nil {
		t.Fatal(err)
	}
	for name, env := range map[string]map[string]string{
		"HF_TOKEN":    {"HF_TOKEN": canaryToken + " é"},
		broken:        {"HF_TOKEN_PATH": broken},
		dir:           {"HF_TOKEN_PATH": dir},
		"HF_ENDPOINT": {"HF_ENDPOINT": "https://me:" + canaryToken + "@hub.example"},
		"a URL":       {"HF_ENDPOINT": "huggingface.co"},
		"no URL":      {"HF_ENDPOINT": "https://" + canaryToken + "%zz"},
		"query":       {"HF_ENDPOINT": "https://hub.example?token=" + canaryToken},
	} {
		_, err := hub.FindSettings(func(name string) string { return env[name] })
		if err == nil || strings.Contains(err.Error(), canaryToken) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if _, isPath := env["HF_TOKEN_PATH"]; isPath && !strings.Contains(err.Error(), name) {
			t.Errorf("%v does not name %s", err, name)
		}
	}
}

// TestTokenIsNotPrinted tries what prints.
func TestTokenIsNotPrinted(t *testing.T) {
	t.Parallel()
	token, err := hub.ParseToken(canaryToken)
	if err != nil {
		t.Fatal(err)
	}
	settings := hub.Settings{Token: token}
	client, err := hub.New(settings, hub.Options{Transport: roundTrip(nil)})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	for _, v := range []any{token, &token, settings, &settings, client, *client} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
			fmt.Fprintf(&out, verb, v)
		}
		_ = json.NewEncoder(&out).Encode(v)
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", v)
	}
	hex := fmt.Sprintf("%x", canaryToken)
	if text := out.String(); strings.Contains(text, canaryToken) || strings.Contains(text, hex) || !strings.Contains(text, "[token]") {
		t.Error(text)
	}
}
