package server_test

import (
	"strings"
	"testing"

	"hfhook/server"
)

// The Hub looks for a Space at one port, from outside of its container; on a laptop
// nobody else is to reach the server.
func TestUsualAddr(t *testing.T) {
	tests := []struct{ space, port, gradio, want string }{
		{"", "", "", "127.0.0.1:7860"},
		{"me/bot", "", "", "0.0.0.0:7860"},
		{"me/bot", "8080", "9000", "0.0.0.0:8080"},
		{"me/bot", "", "9000", "0.0.0.0:7860"},
		{"", "8000", "9000", "127.0.0.1:8000"},
		{"", "", "9000", "127.0.0.1:9000"},
		{"", "0", "", "127.0.0.1:0"},
		{"", "65536", "", `invalid port "65536" in the environment variable PORT`},
		{"", "-1", "9000", `invalid port "-1" in the environment variable PORT`},
		{"", "http", "", `invalid port "http" in the environment variable PORT`},
		{"", "tcp://10.0.0.1:80", "", `invalid port "tcp://10.0.0.1:80"`},
		{"", "", " 80", `invalid port " 80" in the environment variable GRADIO_SERVER_PORT`},
		{"me/bot", "x", "", `invalid port "x"`},
	}
	for _, tt := range tests {
		t.Setenv("SPACE_ID", tt.space)
		t.Setenv("PORT", tt.port)
		t.Setenv("GRADIO_SERVER_PORT", tt.gradio)
		got, err := server.UsualAddr()
		if err != nil {
			got = err.Error()
		}
		if !strings.HasPrefix(got, tt.want) || err == nil && got != tt.want {
			t.Errorf("%+v: %s", tt, got)
		}
		if strings.HasPrefix(tt.want, "invalid") {
			err := newServer(t, server.Options{Open: true}).ListenAndServe(t.Context(), "")
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
				t.Errorf("%+v: ListenAndServe: %v", tt, err)
			}
		}
	}
}
