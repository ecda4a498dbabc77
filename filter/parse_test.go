package filter_test

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/filter"
)

// noon is the now of these tests, in a zone that is not that of the machine.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.FixedZone("", 5*3600+1800))

// byText compares regular expressions.
var byText = cmp.Comparer(func(a, b *regexp.Regexp) bool { return a == b || a != nil && b != nil && a.String() == b.String() })

func parse(t testing.TB, text string) filter.Expr {
	t.Helper()
	x, err := filter.Parse(text, noon)
	if err != nil {
		t.Fatalf("Parse(%q): %v", text, err)
	}
	return x
}

// What a text means is told by how it is written again.
func TestParse(t *testing.T) {
	t.Parallel()
	tests := []struct{ text, want string }{
		{"scope:discussion", "scope:discussion"},
		{"scope:repo.config.dois", "scope:repo.config.dois"},
		{`scope:"discussion"`, "scope:discussion"},
		{"  action:update\ttype:dataset\n", "action:update type:dataset"},
		{`repo:"a b" path:"/x|y"`, `repo:"a b" path:"/x|y"`},
		{`"say \"hi\" \\ \d"`, `"say \"hi\" \\ \\d"`},
		{"status:200 status:5xx status:err status:pending", "status:200 status:5xx status:err status:pending"},
		{"ms:>500 ms:<=2s ms:>=1.5 ms:<1m30s", "ms:>500ms ms:<=2s ms:>=1.5ms ms:<1m30s"},
		{"size:>10k size:<=1M size:<5 size:>=2G", "size:>10240 size:<=1048576 size:<5 size:>=2147483648"},
		{"since:2h", "since:2026-11-23T04:30:00Z"},
		{"before:7d", "before:2026-11-16T06:30:00Z"},
		{"since:1w2d3h", "since:2026-11-14T03:30:00Z"},
		{"since:14:30", "since:2026-11-23T09:00:00Z"},
		{"since:9:30:15", "since:2026-11-23T04:00:15Z"},
		{"since:yesterday before:Yesterday", "since:2026-11-21T18:30:00Z before:2026-11-21T18:30:00Z"},
		{"since:monday since:sun before:Tue", "since:2026-11-22T18:30:00Z since:2026-11-21T18:30:00Z before:2026-11-16T18:30:00Z"},
		{"status:5 status:2", "status:5xx status:2xx"},
		{"origin:hub pin:good-* note:flaky is:missed", "origin:hub pin:good-* note:flaky is:missed"},
		{`note:"two words"`, `note:"two words"`},
		{"header.User-Agent:python* header.x-y~^a", "header.user-agent:python* header.x-y~^a"},
		{`header.x~"a b"`, `header.x~"a b"`},
		{`answer:KeyError Answer~"a|b"`, `answer:KeyError answer~"a|b"`},
		{"status:500 a answer:b", "status:500 answer:b a"},
		{"answer:a (answer:b)", "(answer:a) (answer:b)"},
		{".discussion.num>10 .a[]<=-1.5e3 .b>=0 .c<1", ".discussion.num>10 .a[]<=-1.5e3 .b>=0 .c<1"},
		{`.["a<b"]:c .["a>b"]>1`, `.["a<b"]:c .["a>b"]>1`},
		{`"OR" "AND" "NOT" "!a" "&&" "header.x~a" or and not`, `"OR" "AND" "NOT" "!a" "&&" "header.x~a" or and not`},
		{"since:today", "since:2026-11-22T18:30:00Z"},
		{"before:2026-11-01", "before:2026-10-31T18:30:00Z"},
		{"since:2026-11-01T14:30", "since:2026-11-01T09:00:00Z"},
		{`since:"2026-11-01 14:30:01"`, "since:2026-11-01T09:00:01Z"},
		{"since:2026-11-01T14:30:00.25+01:00", "since:2026-11-01T13:30:00.25Z"},
		{`.comment.content~"re-?run (now|soon)"`, `.comment.content~"re-?run (now|soon)"`},
		{`.a~\d+`, `.a~\d+`},
		{`.a~"\d\\.\""`, `.a~"\\d\\.\""`},
		{`.list[0].x:1 .list[].x:"1"`, `.list[0].x:1 .list[].x:"1"`},
		{`.[0].a:b .["a b"]["c.d"].e:null`, `.[0].a:b .["a b"]["c.d"].e:null`},
		{`."a":b`, ""},
		{`.a.b:c:d .a:~x .a:""`, `.a.b:c:d .a:~x .a:""`},
		{"word @bot re-run a~b *", "word @bot re-run a~b *"},
		{`"a:b" "-x" ".x" "a"`, `"a:b" "-x" ".x" a`},
		{"a b | c d", "(a b) | (c d)"},
		{"a|b|c", "a | b | c"},
		{"a (b | c) d", "a (b | c) d"},
		{"-a -(b c) --d", "-a -(b c) --d"},
		{"((a)) (b c) d", "a b c d"},
		{"(a|b)|c", "a | b | c"},
		{"repo:me/*", "repo:me/*"},
		{"target:bot target:http://127.0.0.1:8000/x", "target:bot target:http://127.0.0.1:8000/x"},
		{"status:5xx a target:b", "status:5xx target:b a"},
		{"a (status:5xx target:b)", "a status:5xx target:b"},
		{"(status:5xx) target:b", "(status:5xx) (target:b)"},
		{"(a status:5xx) (target:b c)", "a (status:5xx) (target:b) c"},
		{"-(is:failed target:b) ms:>5", "-(is:failed target:b) ms:>5ms"},
		{"is:failed -status:5xx", "is:failed -status:5xx"},
		{"is:failed target:a | is:failed (target:b)", "(is:failed target:a) | ((is:failed) (target:b))"},
		{"", ""},
		{" \t", ""},
	}
	for _, tt := range tests {
		x, err := filter.Parse(tt.text, noon)
		if tt.want == "" {
			if x != nil {
				t.Errorf("Parse(%q) = %v; want nothing", tt.text, x)
			}
			continue
		}
		if err != nil {
			t.Errorf("Parse(%q): %v", tt.text, err)
			continue
		}
		if got := x.String(); got != tt.want {
			t.Errorf("Parse(%q) = %s; want %s", tt.text, got, tt.want)
		}
		if again := parse(t, x.String()); !cmp.Equal(again, x, byText) {
			t.Errorf("Parse(%q) = %#v; printed and read again %#v", tt.text, x, again)
		}
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	tests := []struct {
		text    string
		column  int
		term    string
		nearest string
		msg     string // a part of it
	}{
		{"scop:discussion", 1, "scop", "scope:", "unknown key"},
		{"é é  brefore:2h", 6, "brefore", "before:", "unknown key"},
		{"discussion.isPullRequest:true", 1, "discussion.isPullRequest", ".discussion.isPullRequest:", "unknown key"},
		{"https://x", 1, "https", "type:", "unknown key"},
		{"a scope:disscusion", 9, "disscusion", "scope:discussion", "not a documented scope"},
		{"scope:discussionx", 7, "discussionx", "scope:discussion", "not a documented scope"},
		{"action:updated", 8, "updated", "action:update", "not a documented action"},
		{"type:datasets", 6, "datasets", "type:dataset", "not a documented repository type"},
		{"is:fialed", 4, "fialed", "is:failed", "not known"},
		{"is:rejected", 4, "rejected", "is:replayed", "not known"},
		{"status:6x", 8, "6x", "status:2xx", "not a status"},
		{"status:99", 8, "99", "status:2xx", "not a status"},
		{"status:errr", 8, "errr", "status:err", "not a status"},
		{"status:-200", 8, "-200", "status:2xx", "not a status"},
		{"ms:500", 4, "500", "", "ms:>500"},
		{"ms:>", 4, ">", "", "ms:>500"},
		{"ms:>fast", 4, ">fast", "", "ms:>500"},
		{"ms:>-5s", 4, ">-5s", "", "ms:>500"},
		{"size:>10x", 6, ">10x", "", "size:>10k"},
		{"size:>99999999999G", 6, ">99999999999G", "", "size:>10k"},
		{"size:>k", 6, ">k", "", "size:>10k"},
		{"pr:x", 4, "x", "", "number"},
		{"pr:-1", 4, "-1", "", "number"},
		{"pr:9223372036854775808", 4, "9223372036854775808", "", "number"},
		{"since:soon", 7, "soon", "", "2026-11-01T14:30"},
		{"since:-2h", 7, "-2h", "", "not a time"},
		{"since:1969-12-31", 7, "1969-12-31", "", "not a time"},
		{"since:9999-12-31T23:59:59-12:00", 7, "9999-12-31T23:59:59-12:00", "", "not a time"},
		{"since:99999999w", 7, "99999999w", "", "not a time"},
		{"since:2026-13-01", 7, "2026-13-01", "", "not a time"},
		{"repo:", 1, "repo", "", "value"},
		{"scope: discussion", 1, "scope", "", "value"},
		{`author:""`, 1, "author", "", "value"},
		{`""`, 1, `""`, "", "empty word"},
		{`a "b`, 3, `"b`, "", "closing quote"},
		{`a repo:"b\"`, 8, `"b\"`, "", "closing quote"},
		{`a"b"`, 2, `"b"`, "", "put a space"},
		{`"a"b`, 4, "b", "", "put a space"},
		{"foo(bar)", 4, "(bar)", "", "put a space"},
		{"(a)b", 4, "b", "", "put a space"},
		{"(a", 1, "(", "", ") is missing"},
		{"a (b (c)", 3, "(", "", ") is missing"},
		{"a)", 2, ")", "", "unexpected )"},
		{"()", 2, "", "", "term is missing"},
		{"a | ", 5, "", "", "term is missing"},
		{"| a", 1, "", "", "term is missing"},
		{"a || b", 3, "||", "", "single |"},
		{"a OR b", 3, "OR", "", "write | for or"},
		{"a AND b", 3, "AND", "", "leave it out"},
		{"a && b", 3, "&&", "", "leave it out"},
		{"a &&b", 3, "&&b", "", "leave it out"},
		{"NOT is:failed", 1, "NOT", "", "write - for not"},
		{"a !is:failed", 3, "!is", "", "write - for not"},
		{"!(a)", 1, "!", "", "write - for not"},
		{"origin:edited", 8, "edited", "origin:edit", "not an origin"},
		{"origins:edit", 1, "origins", "origin:", "unknown key"},
		{"answr:x", 1, "answr", "answer:", "unknown key"},
		{"header:x", 1, "header:x", "", "header.NAME:VALUE"},
		{"header.x", 1, "header.x", "", "header.NAME:VALUE"},
		{"header.:x", 1, "header.", "", "header.NAME:VALUE"},
		{"header.x:", 1, "header.x:", "", "value is missing"},
		{"header.x~(", 1, "header.x~", "", "value is missing"},
		{`header.x~"("`, 10, `(`, "", "not a regular expression"},
		{"answer~", 1, "answer~", "", "value is missing"},
		{`answer~"("`, 8, "(", "", "not a regular expression"},
		{".a>", 3, ">", "", "not a number"},
		{".a>x", 3, ">x", "", "not a number"},
		{".a>1.", 3, ">1.", "", "not a number"},
		{".a<=>1", 3, "<=>1", "", "not a number"},
		{"since:someday", 7, "someday", "", "yesterday, monday"},
		{"a - b", 3, "-", "", `"-"`},
		{"-", 1, "-", "", `"-"`},
		{".a~(", 4, "", "", ""},
		{`.a~"("`, 4, "(", "", "missing closing )"},
		{`.a~"[z-a]"`, 4, "[z-a]", "", "invalid character class range"},
		{`.a~"(a{1000}){1000}"`, 4, "(a{1000}){1000}", "", "regular expression"},
		{"x .comment.content", 3, ".comment.content", "", ".comment.content:value"},
		{".a:", 1, ".a", "", "value"},
		{".", 1, ".", "", "invalid path"},
		{"...", 1, "...", "", "invalid path"},
		{".a..b:c", 1, ".a..b:c", "", "invalid path"},
		{".a[x]:1", 3, "[x]:1", "", "want [0]"},
		{".a[-1]:1", 3, "[-1]:1", "", "want [0]"},
		{".a[99999999999]:1", 3, "[99999999999]:1", "", "out of range"},
		{`.["a:1`, 3, `"a:1`, "", "closing quote"},
		{"a \xff", 1, "", "", "UTF-8"},
		{strings.Repeat("a", 5000), 1, "", "", "4096 bytes"},
		{strings.Repeat("a ", 201), 401, "", "", "200 terms"},
		{strings.Repeat("(", 1000), 51, "", "", "50 deep"},
		{"." + strings.Repeat("[]", 51) + ":1", 1, "", "", "50 steps"},
		{strings.Repeat("-", 1000) + "a", 51, "", "", "50 deep"},
	}
	for _, tt := range tests {
		x, err := filter.Parse(tt.text, noon)
		if err == nil {
			t.Errorf("Parse(%.80q) = %v; want an error", tt.text, x)
			continue
		}
		e, ok := errors.AsType[*filter.Error](err)
		if !ok {
			t.Errorf("Parse(%.80q): %T; want a *filter.Error", tt.text, err)
			continue
		}
		if tt.msg == "" {
			continue
		}
		want := &filter.Error{Column: tt.column, Term: tt.term, Msg: e.Msg, Nearest: tt.nearest}
		if diff := cmp.Diff(want, e); diff != "" || !strings.Contains(e.Msg, tt.msg) {
			t.Errorf("Parse(%.80q): %v; want %q in it and (-want +got):\n%s", tt.text, e, tt.msg, diff)
		}
	}
}

func TestErrorText(t *testing.T) {
	t.Parallel()
	_, err := filter.Parse("a scop:x", noon)
	if got, want := err.Error(), `filter, column 3: "scop": unknown key (put quotes around a word with a colon): did you mean scope:?`; got != want {
		t.Errorf("%s; want %s", got, want)
	}
	_, err = filter.Parse("(", noon)
	if got, want := err.Error(), "filter, column 2: a term is missing here"; got != want {
		t.Errorf("%s; want %s", got, want)
	}
}

// Whatever is read can be written, and is then read as the same.
func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"scope:discussion status:5xx | -is:replayed (ms:>500 size:>10k)", `.comment.content~"re-?run" .a[0][]["x y"]:"z" pr:19`,
		"since:2h before:14:30 since:2026-11-01 repo:me/* ref:tags/* author:x path:/a", `"a \"b\" \\" --x -(y z) .a:1e5`,
		"origin:edit pin:x* note:y header.x-a:1 header.x~a answer:b answer~c (answer:d) .a>1 .b<=-2e3 is:missed since:monday \"OR\"", ".a:null|é\u2028\u202e", "type:model action:move", `repo:"`, "((((", "-", ".[0]:1", "size:<1G", "ms:<1h2m3s", "target:a* (status:5xx ms:>1s) (is:failed target:b) | -(is:replayed)",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		x, err := filter.Parse(text, noon)
		if err != nil {
			e, ok := errors.AsType[*filter.Error](err)
			if !ok || e.Column < 1 || e.Column > len(text)+1 || e.Msg == "" {
				t.Fatalf("Parse(%q): %#v", text, err)
			}
			return
		}
		if x == nil {
			return
		}
		filter.Compile(x)
		printed := x.String()
		again, err := filter.Parse(printed, noon.Add(time.Hour))
		if err != nil {
			if strings.Contains(err.Error(), "bytes") {
				return // what is written again may be longer than what may be read
			}
			t.Fatalf("Parse(%q) = %q: %v", text, printed, err)
		}
		if !cmp.Equal(x, again, byText) {
			t.Fatalf("Parse(%q) = %#v; printed as %q it is %#v", text, x, printed, again)
		}
	})
}
