package lease

// Changes on the Hub, shown before they are made.

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"hfhook/internal/hub"
)

// A Line is a line of a diff.
type Line struct {
	Op   rune // + for added, - for removed, ! for a warning, a space for unchanged
	Text string
}

// A Change is a planned change on the Hub.
type Change struct {
	Title string
	Lines []Line

	Do func(context.Context) (done string, err error) // makes the change, for Keeper.Apply; nil: there is nothing to change
}

// Empty reports whether there is nothing to change.
func (c *Change) Empty() bool { return c.Do == nil }

// rows are lines with a name and a value.
func row(op rune, name, value string) Line { return Line{op, fmt.Sprintf("  %-8s %s", name, value)} }

// changed adds a row for an unchanged value, or two for a changed one.
func changed(name, before, after string) []Line {
	if before == after {
		return []Line{row(' ', name, after)}
	}
	return []Line{row('-', name, before), row('+', name, after)}
}

func head(op rune, format string, args ...any) Line { return Line{op, fmt.Sprintf(format, args...)} }

func watchedText(watched []hub.Watched) string {
	words := make([]string, len(watched))
	for i, w := range watched {
		words[i] = w.String()
	}
	return strings.Join(words, ", ")
}

func domainsText(domains []hub.Domain) string {
	words := make([]string, len(domains))
	for i, d := range domains {
		words[i] = string(d)
	}
	return strings.Join(words, ", ")
}

// quitText says what happens to a webhook at the end.
func quitText(q OnQuit) string {
	switch q {
	case Keep:
		return "it is kept as it is"
	case Delete:
		return "it is deleted"
	}
	return "it is disabled"
}

// sameWatch reports whether two webhooks watch the same.
func sameWatch(a []hub.Watched, ad []hub.Domain, b []hub.Watched, bd []hub.Domain) bool {
	sortedWatch := func(w []hub.Watched) []string {
		words := strings.Split(watchedText(w), ", ")
		slices.Sort(words)
		return words
	}
	sortedDomains := func(d []hub.Domain) []hub.Domain { d = slices.Clone(d); slices.Sort(d); return d }
	return slices.Equal(sortedWatch(a), sortedWatch(b)) && slices.Equal(sortedDomains(ad), sortedDomains(bd))
}

// overlaps reports whether both webhooks would send some event.
func overlaps(a []hub.Watched, ad []hub.Domain, b []hub.Watched, bd []hub.Domain) bool {
	covers := func(x, y hub.Watched) bool {
		owner, _, _ := strings.Cut(y.Name, "/")
		return x == y || (x.Type == "user" || x.Type == "org") && x.Name == owner
	}
	both := slices.ContainsFunc(ad, func(d hub.Domain) bool { return slices.Contains(bd, d) })
	return both && slices.ContainsFunc(a, func(x hub.Watched) bool {
		return slices.ContainsFunc(b, func(y hub.Watched) bool { return covers(x, y) || covers(y, x) })
	})
}

// short shortens an id.
func short(id string) string {
	if len(id) > 8 {
		return id[:8]
	}
	return id
}

func day(t time.Time) string { return t.Local().Format(time.DateOnly) }

// stateText returns a state in a word.
func stateText(s hub.State) string {
	if s == hub.Suspended {
		return "suspended"
	}
	return string(s)
}
