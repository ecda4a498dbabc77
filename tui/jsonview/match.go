package jsonview

// What a filter has matched, to be marked.

import (
	"regexp"
	"slices"
	"strings"

	"hfhook/filter"
	"hfhook/tui/style"
)

// anyIndex is an element's place in a path.
var anyIndex = regexp.MustCompile(`\[\d+\]`)

// A Matcher finds a part of a value that a filter matches.
type Matcher struct {
	path string                            // of the value, with [] for any element; empty: any value
	in   func(value string) (from, to int) // to 0: nowhere
	Said bool                              // it was written, not one of the few values of a field
}

// at reports whether the matcher is about the value at a path.
func (m Matcher) at(path string) bool {
	return m.path == "" || m.path == path || m.path == anyIndex.ReplaceAllString(path, "[]")
}

// Matchers are those of a filter. What it excludes marks nothing.
func Matchers(x filter.Expr) (all []Matcher) {
	everything := func(v string) (int, int) { return 0, len(v) }
	whole := func(path string) { all = append(all, Matcher{path: path, in: everything}) }
	switch x := x.(type) {
	case filter.And:
		for _, part := range x {
			all = append(all, Matchers(part)...)
		}
	case filter.Or:
		for _, part := range x {
			all = append(all, Matchers(part)...)
		}
	case filter.Word:
		// A word is found in any letter case.
		re, err := regexp.Compile("(?i)" + regexp.QuoteMeta(string(x)))
		if err == nil {
			all = append(all, Matcher{in: inRegexp(re), Said: true})
		}
	case filter.Like:
		all = append(all, Matcher{x.Path.String(), inRegexp(x.Re), true})
	case filter.Value:
		all = append(all, Matcher{x.Path.String(), everything, true})
	case filter.Scope:
		whole(".event.scope")
	case filter.Action:
		whole(".event.action")
	case filter.Type:
		whole(".repo.type")
	case filter.Repo:
		whole(".repo.name")
	case filter.PR:
		whole(".discussion.num")
	case filter.Ref:
		all = append(all, Matcher{path: ".updatedRefs[].ref", in: func(v string) (int, int) {
			if filter.Glob(x).Match(v) || filter.Glob(x).Match(strings.TrimPrefix(strings.TrimPrefix(v, "refs/heads/"), "refs/")) {
				return 0, len(v)
			}
			return 0, 0
		}})
	case filter.Author:
		for _, path := range []string{".comment.author.id", ".discussion.author.id"} {
			all = append(all, Matcher{path: path, in: func(v string) (int, int) {
				if v == string(x) {
					return 0, len(v)
				}
				return 0, 0
			}})
		}
	}
	return all
}

func inRegexp(re *regexp.Regexp) func(string) (int, int) {
	return func(v string) (int, int) {
		if at := re.FindStringIndex(v); at != nil {
			return at[0], at[1]
		}
		return 0, 0
	}
}

// markMatch puts the marks of the theme around what matchers find in the value at a path,
// the first of them. The result's middle is what is between the marks; empty where
// nothing matches.
func markMatch(t *style.Theme, value, path string, all []Matcher) (text, middle string) {
	for _, m := range all {
		if !m.at(path) {
			continue
		}
		inner, quotes := value, ""
		if n := len(value); n >= 2 && value[0] == '"' && value[n-1] == '"' {
			inner, quotes = value[1:n-1], `"`
		}
		if from, to := m.in(inner); to > from {
			middle = t.Mark.Quotes[0] + inner[from:to] + t.Mark.Quotes[1]
			return quotes + inner[:from] + middle + inner[to:] + quotes, middle
		}
	}
	return value, ""
}

// maxSought is how long a value may be in which a match is looked for to bring it into sight.
const maxSought = 64 << 10

// Seek puts the cursor on the first value in which what a filter looks for is found: what
// matched is then in sight. It stays if there is none.
func (t *Tree) Seek(all []Matcher) {
	sought := slices.DeleteFunc(slices.Clone(all), func(m Matcher) bool { return !m.Said })
	if len(sought) == 0 {
		return
	}
	for i, n := range t.Nodes {
		if n.Container() || len(n.Raw) > maxSought {
			continue
		}
		path, value := n.Path(), string(n.Raw)
		if n.IsString() {
			value = n.Str()
		}
		for _, m := range sought {
			if !m.at(path) {
				continue
			}
			if _, to := m.in(value); to > 0 {
				t.Cursor = i
				return
			}
		}
	}
}
