package cli

import (
	"testing"

	"hfhook/delivery"
	"hfhook/internal/port"
)

func TestTryPorts(t *testing.T) {
	t.Parallel()
	gradio, node := port.Service{Port: "7860"}, port.Service{Port: "8000", Program: "node"}
	for want, services := range map[string][]port.Service{
		"":                                       nil,
		"--to 7860: that port takes connections": {gradio},
		"--to 7860 or 8000 (node): these ports take connections": {gradio, node},
	} {
		if got := tryPorts(services, "--to "); got != want {
			t.Errorf("got %q; want %q", got, want)
		}
	}
	for _, text := range []string{"exec ./job.sh", "http://192.0.2.1:8000"} {
		target, err := delivery.ParseTarget(text)
		if err != nil {
			t.Fatal(err)
		}
		if ports := otherServices(target); len(ports) > 0 {
			t.Errorf("%s may be at %v", text, ports)
		}
	}
}
