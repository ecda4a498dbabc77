package filter

// A term: a word, a key and its value, or a path into the body and the value there.

import (
	"errors"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"hfhook/event"
	"hfhook/internal/jsontree"
	"hfhook/internal/nearest"
	"hfhook/payload"
)

// A key is the text before the colon of a term. Its read returns nil for an invalid value.
type key struct {
	name  string
	takes string   // what its value has to be, in a few words
	known []string // values, of which the nearest is proposed
	read  func(value string, now time.Time) Expr
}

var (
	scopes  = []string{string(payload.ScopeRepo), string(payload.ScopeRepoContent), string(payload.ScopeRepoConfig), string(payload.ScopeDiscussion), string(payload.ScopeDiscussionComment)}
	actions = []string{string(payload.ActionCreate), string(payload.ActionDelete), string(payload.ActionMove), string(payload.ActionUpdate)}
	types   = []string{string(payload.TypeModel), string(payload.TypeDataset), string(payload.TypeSpace), string(payload.TypeBucket), string(payload.TypeKernel)}
	states  = []string{string(Failed), string(Replayed), string(Edited), string(Synthetic), string(Pinned), string(Duplicate), string(SameBody), string(Warned), string(Missed)}
	origins = []string{string(event.FromHub), string(event.FromImport), string(event.Synthetic), string(event.FromEdit)}
	times   = []string{"1h", "2h", "today", "yesterday", "7d"}
)

var keys = []key{
	{"scope", "not a documented scope (.event.scope: takes any)", scopes, readScope},
	{"action", "not a documented action (.event.action: takes any)", actions, oneOf[Action](actions)},
	{"type", "not a documented repository type (.repo.type: takes any)", types, oneOf[Type](types)},
	{"repo", "", nil, text[Repo]},
	{"ref", "", nil, text[Ref]},
	{"pr", "want a number, for example pr:19", nil, readPR},
	{"author", "", nil, text[Author]},
	{"path", "", nil, text[Path]},
	{"origin", "not an origin", origins, oneOf[Origin](origins)},
	{"pin", "", nil, text[Pin]},
	{"note", "", nil, text[Note]},
	{"id", "", nil, text[ID]},
	{"status", "not a status: want 200, 5xx, err or pending", []string{"2xx", "3xx", "4xx", "5xx", "err", "pending"}, readStatus},
	{"target", "", nil, text[Target]},
	{"ms", "want a comparison, for example ms:>500 or ms:<=2s", nil, readTook},
	{"size", "want a comparison, for example size:>10k or size:<=1M", nil, readSize},
	{"is", "not known", states, oneOf[Is](states)},
	{"since", wrongTime, nil, func(v string, now time.Time) Expr { return readTime(v, now, false) }},
	{"before", wrongTime, nil, func(v string, now time.Time) Expr { return readTime(v, now, true) }},
}

const wrongTime = "not a time: want 2h, 7d, 14:30, today, yesterday, monday, 2026-11-01 or 2026-11-01T14:30"

func (p *parser) term() (Expr, *Error) {
	switch start := p.pos; p.next() {
	case '"':
		word, err := p.quoted()
		if err == nil && word == "" {
			err = p.fail(start, `""`, "an empty word matches every body")
		}
		return Word(word), err
	case '.':
		return p.path()
	}
	start := p.pos
	if rest := p.text[start:]; begins(rest, "header.") || begins(rest, "header:") {
		return p.header()
	} else if begins(rest, "answer:") || begins(rest, "answer~") {
		return p.answer()
	}
	word := p.upTo(func(r rune) bool { return r == ':' || endsValue(r) })
	if why := notAWord(word); why != "" {
		return nil, p.fail(start, word, why)
	}
	if p.next() != ':' {
		return Word(word), nil
	}
	i := slices.IndexFunc(keys, func(k key) bool { return k.name == word })
	if i < 0 {
		err := p.fail(start, word, "unknown key (put quotes around a word with a colon)")
		err.Nearest = nearestKey(word)
		return nil, err
	}
	p.pos++
	k, at := keys[i], p.pos
	v, _, err := p.value()
	if err != nil {
		return nil, err
	}
	if v == "" {
		return nil, p.fail(start, k.name, "the value after the colon is missing")
	}
	x := k.read(v, p.now)
	if x == nil {
		err := p.fail(at, v, k.takes)
		if k.known != nil {
			err.Nearest = k.name + ":" + nearest.Word(v, k.known)
		}
		return nil, err
	}
	return x, nil
}

func nearestKey(word string) string {
	if strings.Contains(word, ".") {
		return "." + word + ":" // a path without its first point
	}
	var names []string
	for _, k := range keys {
		names = append(names, k.name)
	}
	return nearest.Word(word, append(names, "answer")) + ":"
}

// notAWord says what to write in place of an operator of other languages; it is empty for an
// ordinary word.
func notAWord(word string) string {
	switch {
	case word == "OR":
		return `write | for or, for example is:failed | is:pinned; to search for the word write "OR"`
	case word == "AND":
		return "adjacent terms are all required: leave it out; to search for the word write \"AND\""
	case word == "&", strings.HasPrefix(word, "&&"):
		return "adjacent terms are all required: leave it out; to search for it put quotes around it"
	case word == "NOT":
		return `write - for not, for example -is:failed; to search for the word write "NOT"`
	case strings.HasPrefix(word, "!"):
		return `write - for not, for example -is:failed; to search for it put quotes around it`
	}
	return ""
}

// begins reports whether a text begins with a prefix, in any letter case.
func begins(text, prefix string) bool {
	return len(text) >= len(prefix) && strings.EqualFold(text[:len(prefix)], prefix)
}

// header reads header.name:glob or header.name~regexp.
func (p *parser) header() (Expr, *Error) {
	start := p.pos
	p.pos += len("header.")
	name := strings.ToLower(p.upTo(func(r rune) bool { return r == ':' || r == '~' || endsValue(r) }))
	if p.text[start+len("header")] == ':' || name == "" || p.next() != ':' && p.next() != '~' {
		return nil, p.fail(start, p.text[start:p.pos], "want header.NAME:VALUE or header.NAME~REGEXP, for example header.user-agent~python")
	}
	text, re, err := p.textOrRegexp(start)
	return Header{Name: name, Glob: Glob(text), Re: re}, err
}

// answer reads answer:text or answer~regexp.
func (p *parser) answer() (Expr, *Error) {
	start := p.pos
	p.pos += len("answer")
	text, re, err := p.textOrRegexp(start)
	return Answer{Text: text, Re: re}, err
}

// textOrRegexp parses a colon and a text, or ~ and a regular expression, of the term that
// begins at start.
func (p *parser) textOrRegexp(start int) (text string, re *regexp.Regexp, err *Error) {
	op := p.next()
	p.pos++
	at := p.pos
	text, _, err = p.value()
	switch {
	case err != nil:
		return "", nil, err
	case text == "":
		return "", nil, p.fail(start, p.text[start:at], "the value is missing")
	case op == ':':
		return text, nil, nil
	}
	re, err = p.regexp(at, text)
	return "", re, err
}

// regexp compiles a regular expression that stands at a place.
func (p *parser) regexp(at int, text string) (*regexp.Regexp, *Error) {
	re, err := regexp.Compile(text)
	if err != nil {
		return nil, p.fail(at, text, "not a regular expression: "+strings.TrimPrefix(err.Error(), "error parsing regexp: "))
	}
	return re, nil
}

// value reads a value, which may have quotation marks.
func (p *parser) value() (v string, isQuoted bool, err *Error) {
	if p.next() != '"' {
		return p.upTo(endsValue), false, nil
	}
	v, err = p.quoted()
	return v, true, err
}

// quoted parses a text in quotation marks.
func (p *parser) quoted() (string, *Error) {
	v, rest, ok := jsontree.CutQuoted(p.text[p.pos:])
	if !ok {
		return "", p.fail(p.pos, p.text[p.pos:], "the closing quote is missing")
	}
	p.pos = len(p.text) - len(rest)
	return v, nil
}

// path reads a term about the body: .list[0].name:value or ~regexp.
func (p *parser) path() (Expr, *Error) {
	start := p.pos
	var steps Steps
	for first := true; ; first = false {
		step, ok, err := p.step(first)
		if err != nil {
			return nil, err
		}
		if !ok {
			break
		}
		if steps = append(steps, step); len(steps) > maxDepth {
			return nil, p.fail(start, "", fmt.Sprintf("a path can have at most %d steps", maxDepth))
		}
	}
	op := p.next()
	if len(steps) > 0 && (op == '<' || op == '>') {
		return p.number(start, steps)
	}
	if len(steps) == 0 || op != ':' && op != '~' {
		end := p.pos
		p.upTo(endsValue)
		if len(steps) == 0 || p.pos > end {
			return nil, p.fail(start, p.text[start:p.pos], "invalid path: want for example .list[0].name or .list[].name; put quotation marks around a word that starts with a point")
		}
		return nil, p.fail(start, p.text[start:p.pos], "a value is missing: want "+steps.String()+":value, "+steps.String()+"~regexp or "+steps.String()+">10")
	}
	p.pos++
	at := p.pos
	text, isQuoted, err := p.value()
	switch {
	case err != nil:
		return nil, err
	case text == "" && !isQuoted:
		return nil, p.fail(start, steps.String(), `the value is missing; put quotes around an empty value or one with a bracket or |`)
	case op == ':':
		return Value{Path: steps, Text: text, Quoted: isQuoted}, nil
	}
	re, err := p.regexp(at, text)
	if err != nil {
		return nil, err
	}
	return Like{Path: steps, Re: re}, nil
}

// number reads the comparison that ends a term about a number of the body.
func (p *parser) number(start int, steps Steps) (Expr, *Error) {
	at := p.pos
	text := p.upTo(endsValue)
	op, n, _ := comparison(text)
	if !isNumber(n) {
		return nil, p.fail(at, text, "not a number: want a comparison such as "+steps.String()+">10")
	}
	return Number{Path: steps, Op: op, N: n}, nil
}

// endsName reports whether a character ends a name of a path that has no quotation marks.
func endsName(r rune) bool { return endsValue(r) || strings.ContainsRune(".[]:~<>", r) }

// step reads .name, [0], [] or ["any name"], if there is one. Every path begins with a point,
// behind which the first step may be one with brackets.
func (p *parser) step(first bool) (s Step, ok bool, bad *Error) {
	step, rest, err := jsontree.CutStep(p.text[p.pos:], first, endsName)
	if err != nil {
		if wrong, ok := errors.AsType[*jsontree.StepError](err); ok {
			p.pos += wrong.At
		}
		start := p.pos
		p.upTo(unicode.IsSpace)
		return s, false, p.fail(start, p.text[start:p.pos], err.Error())
	}
	ok = len(rest) < len(p.text)-p.pos
	p.pos = len(p.text) - len(rest)
	return Step(step), ok, nil
}

func text[T interface {
	~string
	Expr
}](v string, _ time.Time) Expr {
	return T(v)
}

func oneOf[T interface {
	~string
	Expr
}](known []string) func(string, time.Time) Expr {
	return func(v string, _ time.Time) Expr {
		if !slices.Contains(known, v) {
			return nil
		}
		return T(v)
	}
}

// readScope takes scopes of the future too, which the Hub puts below the present
// ones.
func readScope(v string, _ time.Time) Expr {
	for _, known := range scopes {
		if payload.Scope(v).Within(payload.Scope(known)) {
			return Scope(v)
		}
	}
	return nil
}

func readPR(v string, _ time.Time) Expr {
	n, err := strconv.ParseUint(v, 10, 63)
	if err != nil {
		return nil
	}
	return PR(n)
}

func readStatus(v string, _ time.Time) Expr {
	switch v {
	case "err":
		return Status{}
	case "pending":
		return Pending{}
	}
	if len(v) == 1 {
		v += "xx" // a class by its digit
	}
	if class, ok := strings.CutSuffix(v, "xx"); ok && len(class) == 1 && class[0] >= '1' && class[0] <= '9' {
		from := 100 * int(class[0]-'0')
		return Status{from, from + 99}
	}
	n, err := strconv.ParseUint(v, 10, 16)
	if err != nil || n < 100 || n > 999 {
		return nil
	}
	return Status{int(n), int(n)}
}

// comparison parts >=500 into its operator and its number.
func comparison(v string) (op Op, number string, ok bool) {
	for _, op := range []Op{AtMost, AtLeast, Less, Greater} { // the longer ones first
		if number, ok := strings.CutPrefix(v, string(op)); ok {
			return op, number, true
		}
	}
	return "", "", false
}

func readTook(v string, _ time.Time) Expr {
	op, number, ok := comparison(v)
	if !ok || number == "" {
		return nil
	}
	if strings.Trim(number, "0123456789.") == "" {
		number += "ms"
	}
	d, err := time.ParseDuration(number)
	if err != nil || d < 0 {
		return nil
	}
	return Took{op, d}
}

func readSize(v string, _ time.Time) Expr {
	op, number, ok := comparison(v)
	if !ok || number == "" {
		return nil
	}
	unit := int64(1)
	switch number[len(number)-1] | 0x20 {
	case 'k':
		unit = 1 << 10
	case 'm':
		unit = 1 << 20
	case 'g':
		unit = 1 << 30
	}
	if unit > 1 {
		number = number[:len(number)-1]
	}
	n, err := strconv.ParseUint(number, 10, 63)
	if err != nil || int64(n) > math.MaxInt64/unit {
		return nil
	}
	return Size{op, int64(n) * unit}
}
