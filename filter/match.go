package filter

// Evaluates a filter for one event.

import (
	"bytes"
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/payload"
)

// A Predicate reports whether an event matches a filter. row says what is known of the
// event and what became of it at its targets: the attempts of its outcomes have their
// ResponseBody if NeedsAnswers says so, and Row.Missed is set if NeedsMissed does. The
// functions of rest are called at most once each, and only if the row does not decide:
// their errors are returned as they are. What they return may be changed once the
// Predicate has returned. A Predicate may be called by several goroutines at once.
type Predicate func(row *event.Row, rest Rest) (bool, error)

// A Rest reads what a row does not have. A function that no term of the filter needs may be
// nil.
type Rest struct {
	Body   func() ([]byte, error)
	Header func() ([]event.Field, error)
}

// RestOf returns the Rest of an event in memory.
func RestOf(e *event.Event) Rest {
	return Rest{
		Body:   func() ([]byte, error) { return e.Body, nil },
		Header: func() ([]event.Field, error) { return e.Header, nil },
	}
}

// Compile makes a Predicate of a filter.
func Compile(x Expr) Predicate {
	match := compile(x)
	return func(row *event.Row, rest Rest) (bool, error) {
		s := subject{row: row, rest: rest}
		ok := match(&s)
		return ok && s.err == nil, s.err
	}
}

// NeedsBody reports whether the event's body may be needed.
func NeedsBody(x Expr) bool { return some(x, aboutBody) }

func aboutBody(x Expr) bool {
	switch x.(type) {
	case Ref, PR, Author, Word, Value, Number, Like:
		return true
	}
	return false
}

// NeedsHeader reports whether the headers of the request may be needed.
func NeedsHeader(x Expr) bool { return some(x, aboutHeader) }

func aboutHeader(x Expr) bool {
	_, ok := x.(Header)
	return ok
}

// NeedsAnswers reports whether the bodies of answers may be needed.
func NeedsAnswers(x Expr) bool {
	return some(x, func(x Expr) bool {
		_, ok := x.(Answer)
		return ok
	})
}

// NeedsMissed reports whether it matters that an event was missed.
func NeedsMissed(x Expr) bool { return some(x, func(x Expr) bool { return x == Expr(Missed) }) }

// NeedsRow reports whether more than body and headers may be needed.
func NeedsRow(x Expr) bool {
	return some(x, func(x Expr) bool { return !aboutBody(x) && !aboutHeader(x) })
}

// NeedsOutcomes reports whether the row's outcomes matter.
func NeedsOutcomes(x Expr) bool { return some(x, AboutOutcome) }

// Unsettled reports whether the result for an event may change later: whether its deliveries,
// its pin, its note or the ids of its replays matter. Whether an event was missed is known once
// it is recorded.
func Unsettled(x Expr) bool {
	return some(x, func(x Expr) bool {
		switch x.(type) {
		case ID, Among, Pin, Note:
			return true
		}
		return x == Expr(Pinned) || x == Expr(Missed) || AboutOutcome(x)
	})
}

// some reports whether f is true for one of the terms.
func some(x Expr, f func(Expr) bool) bool {
	switch x := x.(type) {
	case nil:
		return false
	case And:
		return slices.ContainsFunc(x, func(x Expr) bool { return some(x, f) })
	case Or:
		return slices.ContainsFunc(x, func(x Expr) bool { return some(x, f) })
	case Same:
		return slices.ContainsFunc(x, func(x Expr) bool { return some(x, f) })
	case Not:
		return some(x.X, f)
	}
	return f(x)
}

// A subject is an event that is being evaluated. After its body could not be read, no further
// results are valid.
type subject struct {
	row    *event.Row
	rest   Rest
	loaded bool
	text   []byte
	err    error

	hasHeader bool
	fields    []event.Field

	parsed bool
	said   *payload.Payload
}

func (s *subject) body() []byte {
	if !s.loaded {
		s.loaded = true
		text, err := s.rest.Body()
		s.text, s.err = bytes.TrimPrefix(text, []byte("\ufeff")), cmp.Or(s.err, err)
	}
	return s.text
}

func (s *subject) header() []event.Field {
	if !s.hasHeader {
		s.hasHeader = true
		fields, err := s.rest.Header()
		s.fields, s.err = fields, cmp.Or(s.err, err)
	}
	return s.fields
}

// payload returns what can be read of the body.
func (s *subject) payload() *payload.Payload {
	if !s.parsed {
		s.parsed = true
		if s.said, _ = payload.ParseLenient(s.body()); s.said == nil {
			s.said = &payload.Payload{}
		}
	}
	return s.said
}

// recorded returns the time that a Recorded compares.
func (s *subject) recorded() time.Time {
	if s.row.ID == "" {
		return s.row.Received
	}
	return s.row.ID.Time()
}

func compile(x Expr) func(*subject) bool {
	switch x := x.(type) {
	case nil:
		return func(*subject) bool { return true }
	case And:
		list := compileList(x)
		return func(s *subject) bool {
			return !slices.ContainsFunc(list, func(f func(*subject) bool) bool { return !f(s) })
		}
	case Or:
		list := compileList(x)
		return func(s *subject) bool {
			return slices.ContainsFunc(list, func(f func(*subject) bool) bool { return f(s) })
		}
	case Not:
		f := compile(x.X)
		return func(s *subject) bool { return !f(s) }
	case Same:
		return x.compile()
	case Word:
		f := compileWord(string(x))
		return func(s *subject) bool { return f(s.body()) }
	}
	if AboutOutcome(x) {
		return Same{x}.compile()
	}
	return func(s *subject) bool { return holds(x, s) }
}

// compileList puts terms first that do not need the body.
func compileList(list []Expr) []func(*subject) bool {
	list = slices.Clone(list)
	cost := func(x Expr) int {
		switch {
		case NeedsBody(x):
			return 2
		case NeedsHeader(x):
			return 1
		}
		return 0
	}
	slices.SortStableFunc(list, func(a, b Expr) int { return cmp.Compare(cost(a), cost(b)) })
	var compiled []func(*subject) bool
	for _, x := range list {
		compiled = append(compiled, compile(x))
	}
	return compiled
}

// holds evaluates a single term.
func holds(x Expr, s *subject) bool {
	row := s.row
	switch x := x.(type) {
	case Scope:
		return row.Scope.Within(payload.Scope(x))
	case Action:
		return row.Action == payload.Action(x)
	case Type:
		return row.RepoType == payload.RepoType(x)
	case Repo:
		return Glob(x).Match(row.Repo)
	case Path:
		return Glob(x).Match(row.Path)
	case Pin:
		return row.Pin != "" && Glob(x).Match(row.Pin)
	case Note:
		return x.Match(row.Note)
	case Origin:
		return row.Origin == event.Origin(x)
	case Header:
		return slices.ContainsFunc(s.header(), x.matches)
	case ID:
		return len(x) <= len(row.ID) && strings.EqualFold(string(row.ID[:len(x)]), string(x))
	case Among:
		return slices.Contains(x, row.ID)
	case Size:
		return compare(row.Size, x.Op, x.N)
	case Recorded:
		return s.recorded().Before(x.At) == x.Before
	case Is:
		return is(x, row)
	case Ref:
		return slices.ContainsFunc(s.payload().UpdatedRefs, func(u payload.RefUpdate) bool {
			return Glob(x).Match(u.Short()) || Glob(x).Match(u.Ref)
		})
	case PR:
		return aboutPR(s.payload(), x)
	case Author:
		return author(s.payload()) == string(x)
	case Value:
		return x.Path.any(s.body(), x.equals)
	case Number:
		return x.Path.any(s.body(), x.holds)
	case Like:
		return x.Path.any(s.body(), x.matches)
	}
	return false
}

// compile reports of events whether some target of it meets all terms.
func (x Same) compile() func(*subject) bool {
	var terms []func(*event.Outcome) bool
	for _, term := range x {
		if a, ok := term.(Answer); ok {
			terms = append(terms, a.compile())
			continue
		}
		terms = append(terms, func(o *event.Outcome) bool { return meets(term, o) })
	}
	return func(s *subject) bool {
		return slices.ContainsFunc(s.row.Outcomes, func(o event.Outcome) bool {
			return o.Last.Counts() && !slices.ContainsFunc(terms, func(meets func(*event.Outcome) bool) bool { return !meets(&o) })
		})
	}
}

// compile reports of targets whether the text is in the answer.
func (x Answer) compile() func(*event.Outcome) bool {
	holds := compileWord(x.Text)
	if x.Re != nil {
		holds = x.Re.Match
	}
	return func(o *event.Outcome) bool { return o.Last.State == event.Done && holds(o.Last.ResponseBody) }
}

// matches reports whether a header is as it is wanted.
func (x Header) matches(f event.Field) bool {
	if !strings.EqualFold(f.Name, x.Name) {
		return false
	}
	if x.Re != nil {
		return x.Re.MatchString(f.Value)
	}
	return x.Glob.Match(f.Value)
}

// Match reports whether a note has the text in it. No text is in an empty note.
func (x Note) Match(note string) bool {
	return note != "" && Glob("*"+strings.ToLower(string(x))+"*").Match(strings.ToLower(note))
}

// meets asks what became of the event at one target.
func meets(x Expr, o *event.Outcome) bool {
	last := &o.Last
	switch x := x.(type) {
	case Target:
		return x.Match(o.Target, last.URL)
	case Status:
		return last.State == event.Done && x.From <= outcome(last) && outcome(last) <= x.To
	case Pending:
		return o.Pending()
	case Took:
		return last.State == event.Done && compare(last.Took, x.Op, x.D)
	case Is:
		if x == Replayed {
			return last.Kind == event.Replay
		}
		return o.Failed()
	}
	return false
}

// outcome is the status of a whole answer, else 0.
func outcome(d *event.Delivery) int {
	if d.Err != "" {
		return 0
	}
	return d.Status
}

func is(what Is, row *event.Row) bool {
	switch what {
	case Edited:
		return row.Origin == event.FromEdit
	case Synthetic:
		return row.Origin == event.Synthetic
	case Pinned:
		return row.Pin != ""
	case Duplicate:
		return row.Duplicate != ""
	case SameBody:
		return row.SameBody != ""
	case Warned:
		return row.Warnings > 0
	case Missed:
		return row.Missed
	}
	return false
}

func compare[T cmp.Ordered](a T, op Op, b T) bool {
	switch op {
	case Less:
		return a < b
	case AtMost:
		return a <= b
	case Greater:
		return a > b
	}
	return a >= b
}

func aboutPR(p *payload.Payload, n PR) bool {
	if d := p.Discussion; d != nil && d.IsPullRequest && d.Num == int64(n) {
		return true
	}
	ref := "refs/pr/" + strconv.FormatInt(int64(n), 10)
	return slices.ContainsFunc(p.UpdatedRefs, func(u payload.RefUpdate) bool { return u.Ref == ref })
}

func author(p *payload.Payload) string {
	switch {
	case p.Comment != nil:
		return p.Comment.Author.ID
	case p.Discussion != nil:
		return p.Discussion.Author.ID
	}
	return ""
}

func (x Value) equals(raw []byte) bool {
	text, isString, ok := scalar(raw)
	switch {
	case !ok:
		return false
	case isString:
		return text == x.Text
	}
	return !x.Quoted && (text == x.Text || sameNumber(text, x.Text))
}

func (x Like) matches(raw []byte) bool {
	text, isString, ok := scalar(raw)
	return ok && (isString || text != "null") && x.Re.MatchString(text)
}
