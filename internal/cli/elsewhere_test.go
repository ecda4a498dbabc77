package cli

import (
	"testing"

	"hfhook/delivery"
)

func TestTryElsewhere(t *testing.T) {
	t.Parallel()
	for want, ports := range map[string][]string{
		"":                                       nil,
		"--to 7860: that port takes connections": {"7860"},
		"--to 7860 or 8000: these ports take connections": {"7860", "8000"},
	} {
		if got := tryElsewhere(ports, "--to "); got != want {
			t.Errorf("got %q; want %q", got, want)
		}
	}
	for _, text := range []string{"exec ./job.sh", "http://192.0.2.1:8000"} {
		target, err := delivery.ParseTarget(text)
		if err != nil {
			t.Fatal(err)
		}
		if ports := elsewhere(t.Context(), target); len(ports) > 0 {
			t.Errorf("%s may be at %v", text, ports)
		}
	}
}
