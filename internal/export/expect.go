package export

// What a test expects of the handler: the answers that are right, see package baseline.

import (
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"

	"hfhook/event"
	"hfhook/internal/baseline"
	"hfhook/internal/jsontree"
)

// An Unanswered is the error of a test for an event of which no right answer is known, or
// none that a test can compare with.
type Unanswered struct {
	Event event.ID
	Why   string
}

func (u *Unanswered) Error() string {
	return fmt.Sprintf("event %s has no answer for a test to compare with: %s", u.Event, u.Why)
}

// An expectation is one right answer.
type expectation struct {
	Status int
	Body   []byte
	SHA256 string // of a body that is not kept whole, in place of it
	Size   int64
}

// expect returns the right answers of an item, of which any one will do, and the paths
// that make no difference. Without any, a 2xx is asked for.
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
