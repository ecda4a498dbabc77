package tui

// What a filter has matched in a payload, to be marked there.

import (
	"regexp"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/filter"
)

// A matcher finds a part of a value that a filter matches.
type matcher struct {
	path string                            // of the value, with [] for any element; empty: any value
	in   func(value string) (from, to int) // to 0: nowhere
	said bool                              // it was written, not one of the few values of a field
}

// at tells whether the matcher is about the value at a path.
func (m matcher) at(path string) bool {
	return m.path == "" || m.path == path || m.path == anyIndex.ReplaceAllString(path, "[]")
}

// matchers are those of a filter. What it excludes marks nothing.
func matchers(x filter.Expr) (all []matcher) {
	everything := func(v string) (int, int) { return 0, len(v) }
	whole := func(path string) { all = append(all, matcher{path: path, in: everything}) }
	switch x := x.(type) {
	case filter.And:
		for _, part := range x {
			all = append(all, matchers(part)...)
		}
	case filter.Or:
		for _, part := range x {
			all = append(all, matchers(part)...)
		}
	case filter.Word:
		// A word is found in any letter case.
		re, err := regexp.Compile("(?i)" + regexp.QuoteMeta(string(x)))
		if err == nil {
			all = append(all, matcher{in: inRegexp(re), said: true})
		}
	case filter.Like:
		all = append(all, matcher{x.Path.String(), inRegexp(x.Re), true})
	case filter.Value:
		all = append(all, matcher{x.Path.String(), everything, true})
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
		all = append(all, matcher{path: ".updatedRefs[].ref", in: func(v string) (int, int) {
			if filter.Glob(x).Match(v) || filter.Glob(x).Match(strings.TrimPrefix(strings.TrimPrefix(v, "refs/heads/"), "refs/")) {
				return 0, len(v)
			}
			return 0, 0
		}})
	case filter.Author:
		for _, path := range []string{".comment.author.id", ".discussion.author.id"} {
			all = append(all, matcher{path: path, in: func(v string) (int, int) {
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
func (t *theme) markMatch(value, path string, all []matcher) (text, middle string) {
	for _, m := range all {
		if !m.at(path) {
			continue
		}
		inner, quotes := value, ""
		if n := len(value); n >= 2 && value[0] == '"' && value[n-1] == '"' {
			inner, quotes = value[1:n-1], `"`
		}
		if from, to := m.in(inner); to > from {
			middle = t.mark.quotes[0] + inner[from:to] + t.mark.quotes[1]
			return quotes + inner[:from] + middle + inner[to:] + quotes, middle
		}
	}
	return value, ""
}

// maxSought is how long a value may be in which a match is looked for to bring it into sight.
const maxSought = 64 << 10

// seek puts the cursor on the first value in which what a filter looks for is found: what
// matched is then in sight. It stays where there is none.
func (t *tree) seek(all []matcher) {
	sought := slices.DeleteFunc(slices.Clone(all), func(m matcher) bool { return !m.said })
	if len(sought) == 0 {
		return
	}
	for i, n := range t.nodes {
		if n.container() || len(n.raw) > maxSought {
			continue
		}
		path, value := n.path(), string(n.raw)
		if n.isString() {
			value = n.str()
		}
		for _, m := range sought {
			if !m.at(path) {
				continue
			}
			if _, to := m.in(value); to > 0 {
				t.cursor = i
				return
			}
		}
	}
}

// maxTermText is how long a text may be for a filter on it to be of use, in bytes.
const maxTermText = 300

// valueTerm is the filter on the value under the cursor of the payload, or in the tab
// headers on the path of the request: the language asks for no other header.
func (d *detail) valueTerm() string {
	if d.event == nil {
		return ""
	}
	if d.tab == tabHeaders {
		return filter.Path(d.event.Path).String()
	}
	n := d.node()
	if n == nil || n.container() {
		return ""
	}
	text := n.str()
	if !n.isString() {
		text = string(n.raw)
	}
	if text == "" || len(text) > maxTermText {
		return ""
	}
	path := n.path()
	var x filter.Expr
	switch p := d.event.Payload; {
	case path == ".repo.name":
		x = filter.Repo(text)
	case path == ".repo.type":
		x = filter.Type(text)
	case path == ".event.scope":
		x = filter.Scope(text)
	case path == ".event.action":
		x = filter.Action(text)
	case path == ".comment.author.id":
		x = filter.Author(text)
	case path == ".discussion.num" && p != nil && p.Discussion != nil && p.Discussion.IsPullRequest:
		x = filter.PR(p.Discussion.Num)
	}
	if x != nil {
		// What the language does not know, as a scope of the future, is asked for by
		// its path.
		if _, err := filter.Parse(x.String(), time.Now()); err == nil {
			return x.String()
		}
	}
	way, err := filter.Parse(path+":x", time.Now())
	at, ok := way.(filter.Value)
	if err != nil || !ok {
		return ""
	}
	return filter.Value{Path: at.Path, Text: text, Quoted: n.isString()}.String()
}

// filterValue opens the filter with the value under the cursor added to it.
func (e *events) filterValue(f frame) (step, tea.Cmd) {
	term := e.detail.valueTerm()
	if term == "" {
		return step{}, nil
	}
	text := strings.TrimSpace(e.list.text + " " + term)
	if slices.Contains(strings.Fields(e.list.text), term) {
		text = e.list.text
	}
	bar := newFilterBar(e, text)
	e.whole, e.inDetail = false, false
	return step{pop: true, push: bar}, tea.Batch(bar.apply(text, f), e.ask.words(e.detail.event))
}
