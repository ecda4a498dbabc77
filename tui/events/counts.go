package events

// How many events each completion of a filter would show: counted in the store, off the
// update loop, and only as far as a person reads a number.

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/filter"
	"hfhook/store"
	"hfhook/tui/style"
)

const (
	countedMost = 100 // matches, beyond which the number ends with a +
	countedEach = 250 * time.Millisecond
)

// countsMsg answers counts: of texts of filters, how many events match.
type countsMsg map[string]string

// counts counts the matches of some filters, one after the other, each for a short while. One
// that cannot be read, or takes too long, is not in the answer.
func (a *asks) counts(texts []string, now time.Time) tea.Cmd {
	return a.Cmd(func() tea.Msg {
		msg := countsMsg{}
		for _, text := range texts {
			x, err := filter.Parse(text, now)
			if err != nil || x == nil {
				msg[text] = ""
				continue
			}
			msg[text] = a.count(x)
		}
		return msg
	})
}

func (a *asks) count(x filter.Expr) string {
	ctx, cancel := context.WithTimeout(a.Ctx, countedEach)
	defer cancel()
	n := 0
	for q := (store.Query{Filter: x, Limit: countedMost}); ; {
		page, err := a.session.List(ctx, q)
		if err != nil {
			return ""
		}
		n += len(page.Rows)
		switch {
		case page.Next == "":
			return style.Count(int64(n))
		case n >= countedMost:
			return style.Count(int64(n)) + "+"
		}
		q.Before, q.Limit = page.Next, countedMost-n
	}
}
