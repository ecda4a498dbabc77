// Package baseline compares the answers of a target: two with each other, and a new one
// with the answer that the target should give, the baseline.
//
//	b := baseline.Of(attempts, "bot", "http://127.0.0.1:8000/webhooks", nil)
//	if c, ok := b.Compare(&now); !ok || c.Verdict != baseline.Same {
//		return fmt.Errorf("the answer changed: %s", &c)
//	}
package baseline

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/dustin/go-humanize"

	"hfhook/event"
	"hfhook/internal/jsondiff"
	"hfhook/internal/jsontree"
)

// A Verdict says what came of a comparison.
type Verdict int

// The verdicts. Unknown is the zero value, so that nothing is the same by mistake.
const (
	Unknown Verdict = iota // the answers could not be compared
	Same
	Changed
)

// A Comparison is what two answers differ in. Was and Is are only read.
type Comparison struct {
	Was, Is *event.Delivery
	Verdict Verdict
	Body    *jsondiff.Diff // of what is kept of the bodies; nil if that was not needed
	Why     string         // why the answers could not be compared, or what the Diff cannot show; else empty
}

// Compare compares two answers: their status or exit status, and their bodies, as JSON if
// both are JSON. What the paths of ignore lead to makes no difference, and neither do
// headers and times.
//
// If the whole text of a body is not kept, its sum decides. An answer that is not whole,
// or of which neither text nor sum is known, is never the same as another.
func Compare(was, is *event.Delivery, ignore ...jsontree.Path) Comparison {
	c := Comparison{Was: was, Is: is}
	for _, d := range []*event.Delivery{was, is} {
		if reason := unanswered(d); reason != "" {
			c.Why = fmt.Sprintf("attempt %d has no complete answer: %s", d.N, reason)
			return c
		}
	}
	c.compareBodies(ignore)
	if was.Result() != is.Result() {
		c.Verdict, c.Why = Changed, ""
	}
	return c
}

// unanswered says why an attempt has no whole answer; empty if it has one.
func unanswered(d *event.Delivery) string {
	switch {
	case d.State != event.Done:
		return string(d.State)
	case d.Err != "":
		return d.Err
	case d.Result() == "":
		return "none came"
	}
	return ""
}

func (c *Comparison) compareBodies(ignore []jsontree.Path) {
	was, is := c.Was, c.Is
	if known(was.ResponseDecoded, is.ResponseDecoded) && was.ResponseDecoded == is.ResponseDecoded ||
		known(was.ResponseSent, is.ResponseSent) && was.ResponseSent == is.ResponseSent && coding(was) == coding(is) {
		c.Verdict = Same
		return
	}
	c.Body = jsondiff.Compare(was.ResponseBody, is.ResponseBody, ignore...)
	if !was.ResponseCut && !is.ResponseCut {
		c.Verdict = Changed
		if c.Body.Same() {
			c.Verdict = Same
		}
		return
	}
	switch {
	case known(was.ResponseDecoded, is.ResponseDecoded):
		c.Verdict = Changed
		c.Why = fmt.Sprintf("the bodies of %s and %s differ by their SHA-256", size(was.ResponseDecoded), size(is.ResponseDecoded))
		if len(ignore) > 0 {
			c.Why += ", and ignored fields can only be applied to a body that was recorded in full"
		}
	case !sameBeginning(was, is):
		c.Verdict = Changed
	case coding(was) == "" && coding(is) == "" && was.ResponseSize != is.ResponseSize:
		c.Verdict = Changed
		c.Why = fmt.Sprintf("the bodies have %d and %d bytes", was.ResponseSize, is.ResponseSize)
	default:
		c.Why = unreadable(was, is)
	}
}

// unreadable says why neither text nor sum can tell.
func unreadable(was, is *event.Delivery) string {
	for _, d := range []*event.Delivery{is, was} {
		switch {
		case d.ResponseDecoded.Known():
		case !d.ResponseSent.Known():
			return fmt.Sprintf("only the first %[2]s of the answer to attempt %[1]d were recorded, without a SHA-256 of the rest", d.N, humanize.IBytes(uint64(len(d.ResponseBody))))
		default:
			return fmt.Sprintf("the answer to attempt %d, in the content coding %s, cannot be decoded, or not within the limits", d.N, coding(d))
		}
	}
	return "they were not recorded in full"
}

func known(a, b event.Sum) bool { return a.Known() && b.Known() }

func size(s event.Sum) string {
	if s.Size == 1 {
		return "1 byte"
	}
	return humanize.Comma(s.Size) + " bytes"
}

// sameBeginning reports whether as much as is kept of both bodies is equal.
func sameBeginning(was, is *event.Delivery) bool {
	n := min(len(was.ResponseBody), len(is.ResponseBody))
	return bytes.Equal(was.ResponseBody[:n], is.ResponseBody[:n])
}

// coding names the content codings of an answer; empty if it has none.
func coding(d *event.Delivery) string {
	var names []string
	for _, f := range d.ResponseHeader {
		if !strings.EqualFold(f.Name, "Content-Encoding") {
			continue
		}
		for name := range strings.SplitSeq(f.Value, ",") {
			if name = strings.ToLower(strings.TrimSpace(name)); name != "" && name != "identity" {
				names = append(names, name)
			}
		}
	}
	return strings.Join(names, ", ")
}

// String says for people what has changed, a fact a line, without a line break at its end.
// It is empty if nothing has. What stands in it came from outside.
func (c *Comparison) String() string {
	var lines []string
	switch c.Verdict {
	case Same:
		return ""
	case Unknown:
		return "could not be compared: " + c.Why
	}
	if c.Was.Result() != c.Is.Result() {
		lines = append(lines, fmt.Sprintf("status %s → %s", c.Was.Result(), c.Is.Result()))
	}
	if c.Why != "" {
		lines = append(lines, c.Why)
	}
	if c.Body != nil && !c.Body.Same() {
		lines = append(lines, c.Body.String())
	}
	return strings.Join(lines, "\n")
}
