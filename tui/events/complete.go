package events

// Completing a filter: the term under the caret, and what it can become. Keys and the
// values of the language come from here, the user's own from the store.

import (
	"slices"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"hfhook/event"
	"hfhook/internal/visible"
	"hfhook/payload"
	"hfhook/store"
	"hfhook/tui/jsonview"
	"hfhook/tui/style"
)

// filterWords are the keys of the filter language, and values that they take: package
// filter has the whole of it.
var filterWords = []struct {
	key    string
	values []string
	hint   string // what else the values can be
}{
	{"scope:", []string{"repo", "repo.content", "repo.config", "discussion", "discussion.comment"}, "a scope and all below it"},
	{"action:", []string{"create", "update", "delete", "move"}, ""},
	{"type:", []string{"model", "dataset", "space", "bucket", "kernel"}, ""},
	{"repo:", nil, "a glob, for example me/*"},
	{"status:", []string{"2xx", "4xx", "5xx", "err", "pending"}, "or a number, for example 404"},
	{"target:", nil, "a glob: name, host:port or URL"},
	{"is:", []string{"failed", "replayed", "edited", "synthetic", "pinned", "duplicate", "same-body", "warned", "missed"}, ""},
	{"origin:", []string{"hub", "import", "synthetic", "edit"}, "where it came from"},
	{"answer:", nil, "a text in the answer; answer~ takes a regexp"},
	{"answer~", nil, "a regexp"},
	{"header.", nil, "for example header.user-agent:python*; ~ regexp"},
	{"pin:", nil, "the name of a pin, a glob"},
	{"note:", []string{"*"}, "a text in the note"},
	{"since:", []string{"1h", "2h", "today", "yesterday", "7d"}, "or 14:30, 2026-11-01"},
	{"before:", []string{"1h", "2h", "today", "yesterday", "7d"}, "or 14:30, 2026-11-01"},
	{"ref:", []string{"main", "pr/*", "tags/*"}, "a glob"},
	{"pr:", nil, "a number"},
	{"author:", nil, "an id"},
	{"id:", nil, "of the event, or its Webhook-Id"},
	{"path:", nil, "a glob, for example /webhooks/ci"},
	{"ms:", nil, "a comparison, for example >500 or <=2s"},
	{"size:", nil, "a comparison, for example >10k or <=1M"},
}

// filterGuide is the panel while no term is begun: the language in short.
var filterGuide = []string{
	"status:  2xx 4xx 5xx err pending  <n>  target: <name>",
	"scope:   repo repo.content repo.config discussion",
	"         discussion.comment  (a prefix matches below)",
	"action:  create update delete move",
	"repo:    glob, e.g. me/*    type: model dataset space",
	"ref:     main, pr/*, tags/* pr: <n>   author: <id>",
	"is:      failed replayed edited synthetic pinned",
	"         duplicate same-body warned missed",
	"origin:  hub import synthetic edit   pin:  note:",
	`answer:  text, answer~"re"   header.x-foo:  glob, ~re`,
	"ms:>500  size:>10k  since:2h  before:14:30",
	`.comment.content~"re-?run"  .discussion.num>10`,
	"-x  not     a b  and     a | b  or     ( )  group",
}

// filterGuideShort is the same where there is hardly room.
var filterGuideShort = []string{
	"status: 2xx 4xx 5xx err pending <n>",
	"scope:  repo repo.config discussion …",
	"is:     failed replayed pinned …",
	".path~re   -not   a | b   since:2h   ms:>500",
}

// offeredWords is how many values of the user's own are known for a key.
const offeredWords = 300

// storeWords are values of the user's own, by key; those of "." are paths into the
// selected event's body.
type storeWords map[string][]string

// storeWordsMsg answers words.
type storeWordsMsg storeWords

// recentBodies is how many of the newest events are read for their refs and people.
const recentBodies = 50

// words reads what a filter can be completed with. What cannot be read is not offered.
func (a *asks) words(selected *event.Event) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		words := storeWords{}
		for key, kind := range map[string]store.KnownKind{"repo:": store.KnownRepos, "path:": store.KnownPaths, "scope:": store.KnownScopes, "target:": store.KnownTargets} {
			words[key], _ = a.session.Known(a.Ctx, kind, offeredWords)
		}
		add := func(key, value string) {
			if value != "" && value != "0" && !slices.Contains(words[key], value) {
				words[key] = append(words[key], value)
			}
		}
		page, _ := a.session.List(a.Ctx, store.Query{Limit: recentBodies})
		for _, r := range page.Rows {
			if r.Size > 256<<10 {
				continue
			}
			if e, err := a.session.Event(a.Ctx, r.ID); err == nil && e.Payload != nil {
				wordsOf(e.Payload, add)
			}
		}
		if selected != nil {
			words["."] = leaves(selected.Body)
		}
		return storeWordsMsg(words)
	})
}

func wordsOf(p *payload.Payload, add func(key, value string)) {
	for _, u := range p.UpdatedRefs {
		add("ref:", u.Short())
	}
	if d := p.Discussion; d != nil {
		if d.IsPullRequest {
			add("pr:", style.Count(d.Num))
		}
		add("author:", d.Author.ID)
	}
	if p.Comment != nil {
		add("author:", p.Comment.Author.ID)
	}
}

// leaves are the paths of single values in a body, as far as a person looks.
func leaves(body []byte) (paths []string) {
	var walk func(n *jsonview.Node, depth int)
	walk = func(n *jsonview.Node, depth int) {
		for _, k := range n.Members() {
			switch {
			case len(paths) >= offeredWords:
				return
			case !k.Container():
				paths = append(paths, k.Path())
			case depth < 6 && k.Size < 200:
				walk(k, depth+1)
			}
		}
	}
	walk(jsonview.NewNode(body), 0)
	return paths
}

// A completion is what the term under the caret can become.
type completion struct {
	from, to int      // of the term, in characters of the text
	key      string   // that the values belong to; empty: the terms are keys
	terms    []string // that take its place
	hint     string
	fresh    bool // nothing is begun: the terms are all the keys, which the guide tells

	names map[string]string // of the terms that are saved filters
}

// term is where the term under the caret begins and ends, without a minus before it.
func term(text []rune, caret int) (from, to int) {
	quoted := false
	ends := func(r rune) bool { return !quoted && strings.ContainsRune(" ()|", r) }
	for i, r := range text {
		if r == '"' {
			quoted = !quoted
		}
		if i < caret && ends(r) {
			from = i + 1
		}
		if i >= caret && ends(r) {
			to = i
			break
		}
		to = i + 1
	}
	if from < len(text) && from < caret && text[from] == '-' {
		from++
	}
	return from, max(to, from)
}

// complete finds what the term under the caret can become.
func (w storeWords) complete(text string, caret int) (c completion) {
	runes := []rune(text)
	caret = min(caret, len(runes))
	c.from, c.to = term(runes, caret)
	begun := string(runes[c.from:max(caret, c.from)])
	switch {
	case begun == "" && c.to > c.from: // the caret is before a term
		return c
	case begun == "":
		c.fresh = true
	case strings.HasPrefix(begun, "."):
		c.key = "."
		for _, path := range w["."] {
			if strings.HasPrefix(strings.ToLower(path), strings.ToLower(begun)) {
				c.terms = append(c.terms, path+":")
			}
		}
		c.hint = "a path in the body; : equals, ~ regexp"
		return c
	}
	for _, word := range filterWords {
		value, ok := strings.CutPrefix(begun, word.key)
		if !ok {
			if strings.HasPrefix(word.key, begun) {
				c.terms = append(c.terms, word.key)
			}
			continue
		}
		c.key, c.hint = word.key, word.hint
		value = strings.ToLower(strings.TrimPrefix(value, `"`))
		var begins, holds []string
		for _, v := range slices.Concat(word.values, w[word.key]) {
			if strings.ContainsAny(v, ` ()|"`) {
				v = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(v) + `"`
			}
			switch low := strings.ToLower(v); {
			case slices.Contains(begins, word.key+v) || slices.Contains(holds, word.key+v):
			case strings.HasPrefix(strings.TrimPrefix(low, `"`), value):
				begins = append(begins, word.key+v)
			case strings.Contains(low, value):
				holds = append(holds, word.key+v)
			}
		}
		c.terms = append(begins, holds...)
		if len(c.terms) == 1 && c.terms[0] == begun {
			c.terms = nil // it is written
		}
	}
	return c
}

// withSaved adds the saved filters whose name or text goes on from a whole text that ends at
// the caret.
func (c completion) withSaved(saved []SavedFilter, text string, caret int) completion {
	begun, length := strings.ToLower(strings.TrimSpace(text)), utf8.RuneCountInString(text)
	if begun == "" || caret < length || c.from > 0 && len(c.terms) > 0 {
		return c
	}
	for _, s := range saved {
		to := strings.TrimSpace(s.Text)
		if to == text || slices.Contains(c.terms, to) || !strings.HasPrefix(strings.ToLower(s.Name), begun) && !strings.HasPrefix(strings.ToLower(to), begun) {
			continue
		}
		if c.names == nil {
			c.names = map[string]string{}
		}
		c.from, c.to, c.names[to] = 0, length, s.Name
		c.terms = append(slices.Clip(c.terms), to)
	}
	return c
}

// listed are the terms as the panel shows them: values without their key, saved filters
// with their name.
func (c completion) listed() []string {
	out := make([]string, len(c.terms))
	for i, term := range c.terms {
		out[i] = visible.Line(term)
		if name, saved := c.names[term]; saved {
			out[i] = visible.Line(name + " = " + term)
			continue
		}
		if c.key != "" && c.key != "." {
			out[i] = visible.Line(strings.TrimPrefix(term, c.key))
		}
	}
	return out
}
