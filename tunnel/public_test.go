package tunnel

import "testing"

func TestPublic(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]bool{
		"https://amused-otter.ngrok-free.app/webhooks": true, "http://8.8.8.8": true, "https://[2001:4860:4860::8888]/x": true,
		"http://127.0.0.1:4665/webhooks": false, "http://localhost:1": false, "http://a.localhost": false, "http://[::1]:8000": false,
		"http://192.168.1.2": false, "http://10.0.0.1": false, "http://[fd00::1]": false, "http://0.0.0.0": false, "http://169.254.1.1": false,
		"http://[::ffff:127.0.0.1]": false, "http://nas.local": false, "http://nas": false, "https://localhost.": false, "": false, "::": false,
	} {
		if got := Public(raw); got != want {
			t.Errorf("%s: %v", raw, got)
		}
	}
}
