// Package filter is the one language in which people ask for events: on the command
// line, in the screen, in the configuration and of a target.
//
//	scope:discussion              a scope and all below it
//	action:update  type:dataset   as the Hub names them
//	repo:me/*  path:/webhooks/ci  globs: * is any text, ? any character
//	ref:main  ref:pr/*  ref:tags/*
//	pr:19                         the pull request, or a push to its ref
//	author:61d2f90c3c2083e1c08af22d  of the comment or, if there is none, of the discussion
//	status:200 5xx err pending    what became of the event at a target; err: no whole answer
//	ms:>500  ms:<=2s  size:>10k   how long that took; size of the body, 1k is 1,024 bytes
//	target:bot                    name, host:port or URL of a target: a glob
//	answer:KeyError  answer~"Error$"  in the answer, in any letter case; or a regular expression
//	id:01KAJ3  id:b1946ac9        the id, or how it begins; a Webhook-Id; also those of a replay
//	is:failed                     also replayed edited synthetic pinned duplicate same-body warned missed
//	origin:hub                    also import synthetic edit
//	pin:good-*  note:flaky        the name of a pin: a glob; in the note, in any letter case, note:* for any
//	header.user-agent:python*     a header of the request: a glob; ~ for a regular expression
//	since:2h  before:14:30        also 7d, today, yesterday, monday, 2026-11-01, 2026-11-01T14:30, 2026-11-01T14:30:00Z
//	.comment.content~"re-?run"    a regular expression (RE2) in a value of the body
//	.list[0].x:1  .list[].x:a     a value that is equal; [] is any element
//	.discussion.num>10            a number that is larger; also >= < <=
//	word  "two words"             anywhere in the body, in any letter case
//	a b   a | b   -a   ( )        and, or, not, groups
//
// What became of an event is asked of its targets, see event.Outcomes. The terms status:,
// ms:, answer:, is:failed, is:replayed and target: that stand beside each other speak of one and
// the same target; | and brackets start over, so "status:500 (status:200)" is about two
// targets, or one of each. With a hyphen before it, no target meets what follows.
//
// A value with a space, a bracket, | or a quotation mark stands between quotation
// marks, where \" and \\ stand for the characters and any other backslash for
// itself. A value of the body that is given without them is equal to a text, number
// or true, false and null; with them, to a text alone.
//
//	expr, err := filter.Parse("scope:discussion status:5xx", time.Now())
//	if err != nil {
//		return err // a *filter.Error: column, term, and what was probably meant
//	}
//	ok, err := filter.Compile(expr)(&row, body)
package filter

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/internal/jsontree"
	"hfhook/payload"
)

// An Expr is a filter: one of the types of this package, or nil, which every event
// matches. It is not changed after Parse and may be used by several goroutines. Its
// String is a text that Parse reads as the same Expr.
type Expr interface {
	String() string
	expr()
}

// The operators of filters. A list has at least two elements, and none of its own type.
type (
	And []Expr
	Or  []Expr
	Not struct{ X Expr }

	// Same contains terms about outcomes that one and the same target must meet. A single term
	// is written on its own.
	Same []Expr
)

// Terms about an event's row.
type (
	Scope  payload.Scope // itself or one below it
	Action payload.Action
	Type   payload.RepoType
	Repo   Glob
	Path   Glob // of the request
	Pin    Glob // the name that a person gave the event
	Note   Glob // is in what a person wrote about the event, in any letter case
	Origin event.Origin
	Is     string

	// ID is the event's id or a prefix of it, in any letter case. Only a store knows an event's
	// other ids, its Webhook-Id and those of replays: it replaces an ID by an Or with Among.
	ID string

	// Among lists the ids of some events, at least one. It has no text of its own.
	Among []event.ID

	Size struct { // of the body, in bytes
		Op Op
		N  int64
	}

	// Recorded compares when the event was recorded, to the millisecond, by its ID. An event
	// without an ID counts as recorded when it was received.
	Recorded struct {
		Before bool // else at or after At
		At     time.Time
	}
)

// Terms about the present outcomes, besides Failed and Replayed: the outcome of some target
// must match. See event.Outcomes.
type (
	// Target is the name of the target, the URL of the attempt, or the address part of it, with
	// or without the scheme.
	Target Glob

	// Status is the answer's status, from From to To, both included. If both are 0 it means a
	// finished attempt without a complete answer.
	Status struct{ From, To int }

	// Pending means that it waits or is under way.
	Pending struct{}

	// Took is the duration of a finished attempt.
	Took struct {
		Op Op
		D  time.Duration
	}

	// Answer matches a text in the recorded part of the answer's body: as Word, or as Re if
	// that is not nil.
	Answer struct {
		Text string
		Re   *regexp.Regexp
	}
)

// Header matches a header of the request: one of its values must match Glob, or Re if that is
// not nil. The name is in lower case.
type Header struct {
	Name string
	Glob Glob
	Re   *regexp.Regexp
}

// Terms about the body.
type (
	Ref    Glob   // the short name or the whole one of a ref that was pushed
	PR     int64  // number of the pull request
	Author string // id of the comment's author or, without a comment, of the discussion's
	Word   string // is in the body's text, as it is or as JSON escapes it, in any letter case

	// Value matches a value at Path in the body that is equal: a text or, unless Quoted, a
	// number of the same value, true, false or null.
	Value struct {
		Path   Steps
		Text   string
		Quoted bool
	}

	// Number compares a number at Path in the body. N is a JSON number.
	Number struct {
		Path Steps
		Op   Op
		N    string
	}

	// Like matches a value at Path in the body: a text, or a number, true or false as written.
	Like struct {
		Path Steps
		Re   *regexp.Regexp
	}
)

// The values of Is.
const (
	Failed    Is = "failed"    // a target did not take the event
	Replayed  Is = "replayed"  // the attempt that decides is a replay
	Edited    Is = "edited"    // an edited copy of another event
	Synthetic Is = "synthetic" // made by trigger
	Pinned    Is = "pinned"    // a person gave it a name
	Duplicate Is = "duplicate" // it has the Webhook-Id of an earlier event
	SameBody  Is = "same-body" // neither it nor an earlier event has a Webhook-Id, and the bodies are equal
	Warned    Is = "warned"    // holds what the Hub does not document
	Missed    Is = "missed"    // it was sent first while nothing could be received
)

// An Op compares numbers.
type Op string

// The comparisons.
const (
	Less    Op = "<"
	AtMost  Op = "<="
	Greater Op = ">"
	AtLeast Op = ">="
)

func (And) expr()      {}
func (Or) expr()       {}
func (Not) expr()      {}
func (Same) expr()     {}
func (Target) expr()   {}
func (Scope) expr()    {}
func (Action) expr()   {}
func (Type) expr()     {}
func (Repo) expr()     {}
func (Path) expr()     {}
func (Pin) expr()      {}
func (Note) expr()     {}
func (Origin) expr()   {}
func (Header) expr()   {}
func (Answer) expr()   {}
func (Number) expr()   {}
func (Is) expr()       {}
func (ID) expr()       {}
func (Among) expr()    {}
func (Size) expr()     {}
func (Recorded) expr() {}
func (Status) expr()   {}
func (Pending) expr()  {}
func (Took) expr()     {}
func (Ref) expr()      {}
func (PR) expr()       {}
func (Author) expr()   {}
func (Word) expr()     {}
func (Value) expr()    {}
func (Like) expr()     {}

func (x Same) String() string    { return join(x, " ") }
func (x Target) String() string  { return "target:" + value(string(x)) }
func (x Or) String() string      { return join(x, " | ") }
func (x Not) String() string     { return "-" + operand(x.X) }
func (x Scope) String() string   { return "scope:" + value(string(x)) }
func (x Action) String() string  { return "action:" + value(string(x)) }
func (x Type) String() string    { return "type:" + value(string(x)) }
func (x Repo) String() string    { return "repo:" + value(string(x)) }
func (x Path) String() string    { return "path:" + value(string(x)) }
func (x Pin) String() string     { return "pin:" + value(string(x)) }
func (x Note) String() string    { return "note:" + value(string(x)) }
func (x Origin) String() string  { return "origin:" + value(string(x)) }
func (x Number) String() string  { return x.Path.String() + string(x.Op) + x.N }
func (x Is) String() string      { return "is:" + value(string(x)) }
func (x ID) String() string      { return "id:" + value(string(x)) }
func (x Pending) String() string { return "status:pending" }
func (x Ref) String() string     { return "ref:" + value(string(x)) }
func (x PR) String() string      { return "pr:" + strconv.FormatInt(int64(x), 10) }
func (x Author) String() string  { return "author:" + value(string(x)) }
func (x Like) String() string    { return x.Path.String() + "~" + value(x.Re.String()) }

// Terms about outcomes that may be about different targets are put in brackets.
func (x Among) String() string {
	var any Or
	for _, id := range x {
		any = append(any, ID(id))
	}
	return "(" + join(any, " | ") + ")"
}

func (x And) String() string {
	about := func(x Expr) bool {
		_, isSame := x.(Same)
		return isSame || AboutOutcome(x)
	}
	n := 0
	for _, part := range x {
		if about(part) {
			n++
		}
	}
	var parts []string
	for _, part := range x {
		text := operand(part)
		if about(part) {
			if text = part.String(); n > 1 {
				text = "(" + text + ")"
			}
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}

func (x Size) String() string {
	return "size:" + string(x.Op) + strconv.FormatInt(x.N, 10)
}

func (x Recorded) String() string {
	key := "since:"
	if x.Before {
		key = "before:"
	}
	return key + x.At.UTC().Format(time.RFC3339Nano)
}

func (x Status) String() string {
	switch {
	case x.From == 0:
		return "status:err"
	case x.From == x.To:
		return "status:" + strconv.Itoa(x.From)
	}
	return "status:" + strconv.Itoa(x.From/100) + "xx"
}

func (x Took) String() string {
	return "ms:" + string(x.Op) + x.D.String()
}

func (x Header) String() string {
	if x.Re != nil {
		return "header." + x.Name + "~" + value(x.Re.String())
	}
	return "header." + x.Name + ":" + value(string(x.Glob))
}

func (x Answer) String() string {
	if x.Re != nil {
		return "answer~" + value(x.Re.String())
	}
	return "answer:" + value(x.Text)
}

func (x Word) String() string {
	if notAWord(string(x)) != "" || begins(string(x), "header.") || begins(string(x), "answer~") || strings.HasPrefix(string(x), "-") || strings.HasPrefix(string(x), ".") || strings.Contains(string(x), ":") {
		return jsontree.Quoted(string(x))
	}
	return value(string(x))
}

func (x Value) String() string {
	text := x.Text
	if x.Quoted {
		text = jsontree.Quoted(text)
	}
	return x.Path.String() + ":" + text
}

// join writes the elements of a list.
func join(list []Expr, sep string) string {
	var b strings.Builder
	for i, x := range list {
		if i > 0 {
			b.WriteString(sep)
		}
		b.WriteString(operand(x))
	}
	return b.String()
}

// AboutOutcome reports whether x is a term about the outcome of the event at a target.
func AboutOutcome(x Expr) bool {
	switch x := x.(type) {
	case Status, Pending, Took, Target, Answer:
		return true
	case Is:
		return x == Failed || x == Replayed
	}
	return false
}

// operand writes an expression as part of another one.
func operand(x Expr) string {
	switch x.(type) {
	case And, Or, Same:
		return "(" + x.String() + ")"
	}
	return x.String()
}

// value writes a value of a term, in quotation marks if necessary.
func value(s string) string {
	if s == "" || strings.ContainsFunc(s, endsValue) {
		return jsontree.Quoted(s)
	}
	return s
}
