package export

// What a test expects of the handler: the accepted answers, see package baseline.

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"hfhook/event"
	"hfhook/internal/baseline"
	"hfhook/internal/jsontree"
)

// An Unanswered is the error of a test for an event without an accepted answer, or without one
// that a test can compare with.
type Unanswered struct {
	Event event.ID
	Why   string
}

func (u *Unanswered) Error() string {
	return fmt.Sprintf("event %s has no answer for a test to compare with: %s", u.Event, u.Why)
}

// An expectation is one accepted answer.
type expectation struct {
	Status int
	Body   []byte
	SHA256 string // of a body that is not kept whole, in place of it
	Size   int64
}

// expect returns the accepted answers of an item, any of which passes, and the paths to ignore.
// Without any, the test expects a 2xx.
func expect(item Item, opts Options) ([]expectation, []jsontree.Path, error) {
	b := baseline.Of(item.Deliveries, item.Target, item.URL, opts.Ignore)
	var answers []expectation
	for _, d := range b.Answers() {
		a := expectation{Status: d.Status, Body: d.ResponseBody}
		switch {
		case !d.ResponseCut:
		case d.ResponseDecoded.Known():
			a.Body, a.SHA256, a.Size = nil, hex.EncodeToString(d.ResponseDecoded.SHA256[:]), d.ResponseDecoded.Size
		default:
			return nil, nil, &Unanswered{item.Event.ID, fmt.Sprintf("the body of attempt %d was not recorded in full", d.N)}
		}
		answers = append(answers, a)
	}
	if len(answers) == 0 && !opts.AllowNew {
		return nil, nil, &Unanswered{item.Event.ID, "no answer is accepted or 2xx"}
	}
	return answers, b.Ignored(), nil
}

// pathLiteral writes a path as a list in a language: any is how that writes each element.
func pathLiteral(p jsontree.Path, quote func(string) string, any string) string {
	steps := make([]string, len(p))
	for i, s := range p {
		switch s.Index {
		case jsontree.ByName:
			steps[i] = quote(s.Name)
		case jsontree.Any:
			steps[i] = any
		default:
			steps[i] = strconv.Itoa(s.Index)
		}
	}
	return strings.Join(steps, ", ")
}
