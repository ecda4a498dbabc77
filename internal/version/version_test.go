package version

import (
	"runtime"
	"runtime/debug"
	"testing"
)

func TestFrom(t *testing.T) {
	t.Parallel()
	host := runtime.GOOS + "/" + runtime.GOARCH
	vcs := func(modified string) []debug.BuildSetting {
		return []debug.BuildSetting{{Key: "vcs.revision", Value: "8a044fb"}, {Key: "vcs.time", Value: "2026-11-30T12:00:00+02:00"}, {Key: "vcs.modified", Value: modified}}
	}
	for name, c := range map[string]struct {
		build *debug.BuildInfo
		want  Info
	}{
		"nothing recorded":       {nil, Info{Unknown, Unknown, Unknown, false, runtime.Version(), host}},
		"go build outside a tag": {&debug.BuildInfo{Main: debug.Module{Version: "(devel)"}}, Info{Unknown, Unknown, Unknown, false, runtime.Version(), host}},
		"go install":             {&debug.BuildInfo{Main: debug.Module{Version: "v0.2.0"}}, Info{"0.2.0", Unknown, Unknown, false, runtime.Version(), host}},
		"a release":              {&debug.BuildInfo{Main: debug.Module{Version: "v0.2.0"}, Settings: vcs("false")}, Info{"0.2.0", "8a044fb", "2026-11-30T10:00:00Z", false, runtime.Version(), host}},
		"a clone with changes":   {&debug.BuildInfo{Main: debug.Module{Version: "v0.2.1-0.20261130100000-8a044fb+dirty"}, Settings: vcs("true")}, Info{"0.2.1-0.20261130100000-8a044fb+dirty", "8a044fb", "2026-11-30T10:00:00Z", true, runtime.Version(), host}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := from(c.build); got != c.want {
				t.Errorf("got  %+v\nwant %+v", got, c.want)
			}
		})
	}
}
