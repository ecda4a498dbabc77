package style

import (
	"strings"
	"testing"
)

func TestTheme(t *testing.T) {
	for _, tt := range []struct {
		theme Colors
		want  string
	}{
		{Colors{}, ""},
		{Colors{Background: "light", Colors: map[string]string{"ok": "#57c267", "failed": "bright red", "dim": "245", "link": "none"}}, ""},
		{Colors{Background: "blue"}, "unknown theme"},
		{Colors{Colors: map[string]string{"okay": "red"}}, "unknown colour"},
		{Colors{Colors: map[string]string{"ok": "256"}}, "invalid colour"},
		{Colors{Colors: map[string]string{"ok": "#12"}}, "invalid colour"},
		{Colors{Colors: map[string]string{"ok": "\x1b[2J"}}, "invalid colour"},
	} {
		err := tt.theme.Check()
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%v: %v, want %q", tt.theme, err, tt.want)
		}
	}
	chosen := Colors{Background: "light", Colors: map[string]string{"ok": "#010203", "link": "none"}}
	light, dark := chosen.Theme(true, false, false), Colors{}.Theme(true, false, false)
	if light.Failed == dark.Failed || light.Ok.On != "\x1b[38;2;1;2;3m" || light.Link.On != "" {
		t.Errorf("got %+v", light)
	}
}
