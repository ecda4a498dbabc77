//go:build unix && !darwin

// Elsewhere Go does not read SSL_CERT_FILE.

package tunnel

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"hfhook/internal/ngroktest"
)

// TestProgram runs itself as a program of its own, which knows of the fake only by
// its environment, as hfhook would.
func TestProgram(t *testing.T) {
	if os.Getenv("TUNNEL_TEST_PROGRAM") != "" {
		s := service{provider: &Ngrok{Settings: func() (NgrokSettings, error) { return FindNgrok(os.Getenv) }}}
		r := run(t, s, nil)
		up := r.await(t, Up)
		resp, err := http.Post(up.URL+"/webhooks", "text/plain", bytes.NewReader(nil))
		if err != nil {
			t.Fatal(err)
		}
		_ = resp.Body.Close()
		fmt.Printf("up at %s, POST answers %d\n", up.URL, resp.StatusCode)
		return
	}
	fake := ngroktest.Start(t, ngroktest.Options{Authtokens: []string{testToken}})
	dir := t.TempDir()
	ca, err := fake.CAFile(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "ngrok"), 0o700); err != nil {
		t.Fatal(err)
	}
	text := fmt.Sprintf("version: 3\nagent:\n  connect_url: %s\n  connect_cas: %s\n", fake.ConnectURL(), ca)
	if err := os.WriteFile(filepath.Join(dir, "ngrok", "ngrok.yml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestProgram$")
	cmd.Env = append(os.Environ(), "TUNNEL_TEST_PROGRAM=1", "NGROK_AUTHTOKEN="+testToken, "XDG_CONFIG_HOME="+dir, "SSL_CERT_FILE="+ca)
	out, err := cmd.CombinedOutput()
	want := fmt.Sprintf("up at %s, POST answers 202\n", fake.EdgeURL())
	if err != nil || !bytes.Contains(out, []byte(want)) || bytes.Contains(out, []byte(testToken)) {
		t.Errorf("%v, the output is:\n%s", err, out)
	}
}
