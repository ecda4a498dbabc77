package header

// How the parts on the way are that are set up, each in a line below the steps that are not.

import (
	"fmt"

	"hfhook/internal/dev"
	"hfhook/internal/visible"
	"hfhook/tui/describe"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// A check is one line about a part.
type check struct {
	mark string
	look style.Style
	text string
}

func secretCheck(f screen.Frame) check {
	t, st := f.Theme, f.State.Secret
	if !st.Verified {
		return check{t.Mark.Warn, t.Warn, "secret not checked: anyone who knows the URL can post"}
	}
	text := "secret from " + fromHome(st.Source)
	switch {
	case st.Typed:
		text = "secret entered here, for this run"
	case st.Made:
		text = fmt.Sprintf("secret created (%s)", fromHome(st.Source))
	}
	if st.Previous {
		text += "; the previous one is accepted too"
	}
	return check{t.Mark.Ok, t.Ok, text}
}

func handlerCheck(f screen.Frame, target *dev.Target, short bool) check {
	t, where := f.Theme, target.URL
	if short {
		where = describe.TargetName(target.Name, target.URL)
	}
	switch f.State.Health(target) {
	case dev.Healthy:
		if path := describe.ProposedPath(f.State, target); path != "" {
			return check{t.Mark.Warn, t.Warn, where + " has POST " + visible.Line(path)}
		}
		return check{t.Mark.Ok, t.Ok, where + " is listening"}
	case dev.Failing:
		said := "answered " + target.Result
		if target.Status == 0 {
			said = "gave no answer"
		}
		return check{t.Mark.Failed, t.Failed, where + " " + said}
	case dev.Away:
		if short {
			return check{t.Mark.Warn, t.Warn, where + " refused; events are queued"}
		}
		return check{t.Mark.Warn, t.Warn, where + " connection refused; events are queued"}
	}
	return check{t.Mark.Idle, t.Dim, where + " (not tried yet)"}
}

// HostOf is the host and port of a URL.
func HostOf(raw string) string {
	return style.HostPart(raw, false)
}
