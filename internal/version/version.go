// Package version says which hfhook this is, from what Go records in every binary. There
// is nothing to set at build time: a release, `go install` and a build in a clone all
// know it.
package version

import (
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"time"
)

// Unknown stands for what the build did not record.
const Unknown = "unknown"

// An Info is what is known of the running binary.
type Info struct {
	Version  string // without the v of its tag: "0.2.0", a pseudo-version between tags, or Unknown
	Commit   string // in full; Unknown outside a checkout
	Date     string // of the commit, RFC 3339 in UTC; Unknown outside a checkout
	Modified bool   // files had changed since the commit
	Go       string // that built it: "go1.26.8"
	System   string // that it was built for: "linux/amd64"
}

// Get returns what is known of the running binary.
func Get() Info { return read() }

var read = sync.OnceValue(func() Info {
	build, _ := debug.ReadBuildInfo()
	return from(build)
})

// from reads the build information; nil is a binary that has none.
func from(build *debug.BuildInfo) Info {
	info := Info{Version: Unknown, Commit: Unknown, Date: Unknown, Go: runtime.Version(), System: runtime.GOOS + "/" + runtime.GOARCH}
	if build == nil {
		return info
	}
	if v := build.Main.Version; v != "" && v != "(devel)" {
		info.Version = strings.TrimPrefix(v, "v")
	}
	for _, s := range build.Settings {
		switch s.Key {
		case "vcs.revision":
			info.Commit = s.Value
		case "vcs.time":
			if t, err := time.Parse(time.RFC3339, s.Value); err == nil {
				info.Date = t.UTC().Format(time.RFC3339)
			}
		case "vcs.modified":
			info.Modified = s.Value == "true"
		}
	}
	return info
}

// String is the text of hfhook version.
func (i Info) String() string {
	commit := i.Commit
	if i.Modified {
		commit += ", with changes"
	}
	return fmt.Sprintf("hfhook %s\ncommit  %s\ndate    %s\nbuilt   by %s for %s", i.Version, commit, i.Date, i.Go, i.System)
}

// UserAgent is how hfhook calls itself to the services that it talks to.
func UserAgent() string { return "hfhook/" + Get().Version }
