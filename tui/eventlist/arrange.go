package eventlist

// The order of the items on the screen: oldest or newest first, runs of rejected requests as
// one line, and a line between two days. Only what is in the window is looked at.

import (
	"cmp"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/tui/describe"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// arrange puts the items, which are in the order of time, as they are shown.
func (l *List) arrange() {
	if l.NewestFirst {
		l.reverse()
	}
	if !l.rejectedOnly {
		l.foldRuns()
	}
	if !l.now.IsZero() {
		l.separateDays()
	}
}

// reverse puts the newest item first. Replays stay below their event.
func (l *List) reverse() {
	items := make([]Item, 0, cap(l.Items))
	for end := len(l.Items); end > 0; {
		from := end - 1
		for from > 0 && l.Items[from].Replay != nil {
			from--
		}
		items = append(items, l.Items[from:end]...)
		end = from
	}
	l.Items = items
}

// foldRuns puts rejected requests with nothing between them on one line, unless it was
// unfolded.
func (l *List) foldRuns() {
	var items []Item
	for from := 0; from < len(l.Items); {
		end := from
		for end < len(l.Items) && l.Items[end].Rejected != nil {
			end++
		}
		if n := end - from; n < 2 {
			end = from + 1
			if items != nil {
				items = append(items, l.Items[from])
			}
			from = end
			continue
		}
		if items == nil {
			items = append(make([]Item, 0, len(l.Items)+1), l.Items[:from]...)
		}
		run := l.Items[from:end]
		first, last := run[0], run[len(run)-1]
		if l.NewestFirst {
			first, last = last, first
		}
		open := slices.ContainsFunc(run, func(it Item) bool { return l.unfolded[it.Key.Rejected] })
		items = append(items, Item{Rejected: last.Rejected, Run: &Run{Of: requests(run), Open: open, last: last.Key.Rejected}, Key: ItemKey{Rejected: first.Key.Rejected, run: true}})
		if open {
			items = append(items, run...)
		}
		from = end
	}
	if items != nil {
		l.Items = items
	}
}

// A Run is rejected requests with nothing between them.
type Run struct {
	Of   []*event.Rejected
	Open bool // each of them has a line below, too
	last int64
}

func requests(items []Item) []*event.Rejected {
	of := make([]*event.Rejected, len(items))
	for i := range items {
		of[i] = items[i].Rejected
	}
	return of
}

// Number is that of the rejected request which the item shows, from 1; of a run it is the newest
// one. It is 0 for other items.
func (it *Item) Number() int64 {
	if it.Run != nil {
		return it.Run.last
	}
	return it.Key.Rejected
}

// Toggle unfolds the selected run of rejected requests, or folds it again.
func (l *List) Toggle() {
	it, ok := l.Current()
	if !ok || it.Run == nil {
		return
	}
	if it.Run.Open {
		for n := it.Key.Rejected; n <= it.Run.last; n++ {
			delete(l.unfolded, n)
		}
	} else {
		if l.unfolded == nil {
			l.unfolded = map[int64]bool{}
		}
		l.unfolded[it.Key.Rejected] = true
	}
	l.Rebuild()
}

// runOf is the place of the folded run that has a rejected request; -1 if none has.
func (l *List) runOf(number int64) int {
	return slices.IndexFunc(l.Items, func(it Item) bool {
		return it.Run != nil && number >= it.Key.Rejected && number <= it.Run.last
	})
}

// reasons counts why the requests of a run were rejected, the commonest first.
func (r *Run) reasons() string {
	counts := map[string]int{}
	var words []string
	for _, one := range r.Of {
		word := describe.ReasonWords(one.Reason)
		if counts[word]++; counts[word] == 1 {
			words = append(words, word)
		}
	}
	slices.SortStableFunc(words, func(a, b string) int { return cmp.Compare(counts[b], counts[a]) })
	for i, word := range words {
		words[i] = fmt.Sprintf("%d %s", counts[word], word)
	}
	return strings.Join(words, ", ")
}

// runCells are those of a run. It is red if one of the requests may be the Hub's.
func runCells(it Item, f screen.Frame) rowCells {
	t := f.Theme
	c := rowCells{mark: t.Mark.Failed, label: style.Count(int64(len(it.Run.Of))) + " rejected", kind: t.Mark.Closed, look: t.Dim}
	if it.Run.Open {
		c.kind = t.Mark.Open
	}
	for _, one := range it.Run.Of {
		if one.LooksLikeHub {
			c.look = t.Failed
		}
	}
	c.subject = it.Run.reasons()
	return c
}

// separateDays puts a line before the first item of each day, except where all that is above it
// is of today or not known.
func (l *List) separateDays() {
	var items []Item
	last := 0
	cut := l.Older // the window ends before the first item
	if l.NewestFirst {
		cut = l.Newer
	}
	for i := range l.Items {
		it := &l.Items[i]
		day := last
		if at := it.when(); !at.IsZero() && it.Replay == nil {
			day = dayOf(at.In(l.now.Location()))
		}
		if day != last {
			if first := last == 0; !first || !cut && day != dayOf(l.now) {
				if items == nil {
					items = append(make([]Item, 0, len(l.Items)+8), l.Items[:i]...)
				}
				items = append(items, Item{Day: it.when(), Key: ItemKey{day: day}})
			}
			last = day
		}
		if items != nil {
			items = append(items, *it)
		}
	}
	if items != nil {
		l.Items = items
	}
}

// when is the time of an item.
func (it *Item) when() time.Time {
	if it.Row != nil {
		return it.Row.Received
	}
	return it.at()
}

// dayOf numbers days, with gaps.
func dayOf(at time.Time) int {
	y, m, d := at.Date()
	return (y*16+int(m))*32 + d
}

// DayWords names a day, for example Yesterday or Mon 30 Nov.
func DayWords(f screen.Frame, at time.Time) string {
	at = f.At(at)
	same := func(day time.Time) bool { return at.Format(time.DateOnly) == day.Format(time.DateOnly) }
	switch {
	case same(f.Now):
		return "Today"
	case same(f.Now.AddDate(0, 0, -1)):
		return "Yesterday"
	case at.Year() != f.Now.Year():
		return at.Format("Mon 2 Jan 2006")
	}
	return at.Format("Mon 2 Jan")
}

// dayLine draws the line between two days.
func dayLine(f screen.Frame, at time.Time, w int) string {
	t := f.Theme
	words := " " + strings.Repeat(t.Mark.Rule, 2) + " " + DayWords(f, at) + " "
	return t.Dim.Paint(words + strings.Repeat(t.Mark.Rule, max(w-style.Width(words)-1, 0)) + " ")
}

// fromNewest are the items from the newest to the oldest.
func (l *List) fromNewest() iter.Seq2[int, Item] {
	if l.NewestFirst {
		return slices.All(l.Items)
	}
	return slices.Backward(l.Items)
}

// later is how far the next item is that came later: 1, or -1 if the newest stands first.
func (l *List) later() int {
	if l.NewestFirst {
		return -1
	}
	return 1
}

// selectable is the item nearest to place i that can be selected, which the line between two
// days cannot: first in the direction of n.
func (l *List) selectable(i, n int) int {
	for _, step := range []int{n, -n} {
		for k := i; k >= 0 && k < len(l.Items); k += step {
			if l.Items[k].Day.IsZero() {
				return k
			}
		}
	}
	return i
}
