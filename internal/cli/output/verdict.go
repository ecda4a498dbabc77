package output

import (
	"fmt"
	"strings"

	"hfhook/event"
	"hfhook/internal/baseline"
)

// A Verdict is what is to be said of an attempt.
type Verdict struct {
	Failed bool
	Found  Compared // empty: the answer was to be 2xx, and no more
	With   baseline.Comparison
	Now    *event.Delivery
	Pass   bool // by --allow-new
}

// A Compared says in a word what a comparison with the baseline has found, as JSON has it.
type Compared string

const (
	FoundSame    Compared = "same"
	FoundChanged Compared = "changed"
	FoundUnknown Compared = "unknown" // they could not be compared
	FoundNew     Compared = "new"     // there is nothing to compare with
)

// ComparedWords are the verdicts of a comparison.
var ComparedWords = map[baseline.Verdict]Compared{baseline.Same: FoundSame, baseline.Changed: FoundChanged, baseline.Unknown: FoundUnknown}

// Text says for people what the comparison has found, in lines; it is empty if there is
// nothing to say.
func (v *Verdict) Text() string {
	text := ""
	switch {
	case v.Now.Status == 0 && !v.Now.Exited: // there was no answer, which is said anyway
	case v.Found == FoundNew && !v.Pass && v.Now.OK():
		text = "nothing to compare with: accept this answer with hfhook accept, or allow it with --allow-new"
	case v.Found == FoundChanged, v.Found == FoundUnknown:
		text = v.With.String()
	}
	if text != "" {
		text += "\n"
	}
	return text
}

// A TallyOfCompared counts what made answers fail.
type TallyOfCompared map[Compared]int

func (t TallyOfCompared) String() string {
	var parts []string
	for _, f := range []struct {
		of   Compared
		text string
	}{{FoundChanged, "changed"}, {FoundUnknown, "could not be compared"}, {FoundNew, "with nothing to compare with"}, {"", "not 2xx"}} {
		if n := t[f.of]; n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, f.text))
		}
	}
	return strings.Join(parts, ", ")
}
