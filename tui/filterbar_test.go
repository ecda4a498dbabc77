package tui

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/filter"
	"hfhook/payload"
	"hfhook/tui/eventlist"
	"hfhook/tui/events"
	"hfhook/tui/screen"
)

func typed(m *model, text string) {
	for _, r := range text {
		if r == ' ' {
			press(m, "space")
			continue
		}
		press(m, string(r))
	}
}

func TestFilterIsLive(t *testing.T) {
	s := day()
	m := newTestModel(t, s, 100, 30)
	press(m, "g", "j", "j", "j") // event 3, a failed comment
	was := m.root.List.Selected
	press(m, "/")
	typed(m, "status:5xx")
	if n := len(m.root.List.Items); n != 1 || m.root.List.Selected != was {
		t.Errorf("%d items, %+v is selected", n, m.root.List.Selected)
	}
	typed(m, " nosuch")
	if n := len(m.root.List.Items); n != 0 || !strings.Contains(screenText(m), "0 of 8") {
		t.Errorf("%d items in\n%s", n, screenText(m))
	}
	press(m, "esc")
	if m.root.List.Filter != nil || len(m.root.List.Rows) != 8 {
		t.Error("esc does not go back to all events")
	}

	press(m, "/")
	typed(m, "statos:5")
	if !strings.Contains(screenText(m), "did you mean status") {
		t.Errorf("not said what was meant:\n%s", screenText(m))
	}
	press(m, "enter")
	if m.top().Name() != "filter" {
		t.Error("a wrong filter is kept")
	}
	press(m, "ctrl+u")
	typed(m, "sta")
	press(m, "tab")
	typed(m, "2")
	press(m, "tab", "enter")
	if m.root.List.Text != "status:2xx" || m.root.List.Command() != "hfhook ls status:2xx" {
		t.Errorf("kept is %q, as a command %s", m.root.List.Text, m.root.List.Command())
	}
	press(m, "y", "f")
	if !strings.Contains(screenText(m), "copied the filter as a command") {
		t.Error("the command is not copied")
	}
	// What comes later is there if it matches.
	s.add(row("14:35:59.000", "push main", payload.TypeModel, "me/late", payload.ScopeRepoContent, payload.ActionUpdate, delivered(200, 1)))
	s.add(row("14:35:59.000", "push main", payload.TypeModel, "me/other", payload.ScopeRepoContent, payload.ActionUpdate, delivered(500, 1)))
	send(m, screen.ChangedMsg{State: s.State()})
	if text := screenText(m); !strings.Contains(text, "me/late") || strings.Contains(text, "me/other") {
		t.Errorf("the list is\n%s", text)
	}
	press(m, "esc")
	if m.root.List.Filter != nil {
		t.Error("esc does not end the filter")
	}
}

// TestSearchGoesOn looks for a few among many, which no single page finds.
func TestSearchGoesOn(t *testing.T) {
	s := healthy()
	s.count = 5000
	s.make = func(i int) fakeEvent {
		e := plainEvent(i)
		if i%1000 == 7 {
			e.row.Repo = "me/rare"
		}
		return e
	}
	x, err := filter.Parse("repo:me/rare", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	const h = 10
	l := eventlist.New()
	settleList(t, &l, s, h)
	l.SetFilter(x, "repo:me/rare", h)
	settleList(t, &l, s, h)
	if got := fmt.Sprint(shownIDs(&l)); got != fmt.Sprint([]event.ID{fakeID(7), fakeID(1007), fakeID(2007), fakeID(3007), fakeID(4007)}) || l.Older || l.Newer {
		t.Fatalf("found are %s, older %v, newer %v", got, l.Older, l.Newer)
	}
	for range 900 {
		s.add(plainEvent(0))
	}
	late := plainEvent(0)
	late.row.Repo = "me/rare"
	s.add(late)
	l.Wake(6000)
	settleList(t, &l, s, h)
	if n := len(l.Rows); n != 6 {
		t.Errorf("%d rows after one more came", n)
	}

	// Nothing matches: the next wake-up looks at what is new, not at everything again.
	none, err := filter.Parse("repo:me/none", time.Now())
	if err != nil {
		t.Fatal(err)
	}
	l.SetFilter(none, "repo:me/none", h)
	settleList(t, &l, s, h)
	before := s.lists
	s.add(plainEvent(0))
	l.Wake(6001)
	settleList(t, &l, s, h)
	if n := s.lists - before; n > 2 {
		t.Errorf("%d reads for one new event", n)
	}
}

// TestGuideIsWhole: of the lines that explain the filter none is cut, at any width.
func TestGuideIsWhole(t *testing.T) {
	for _, w := range []int{40, 53, 55, 56, 60, 99, 100, 140} {
		m := newTestModel(t, withSaved(), w, 60)
		press(m, "/")
		b := m.top().(*events.FilterBar)
		list := w
		if w >= 100 {
			list = b.Main.Layout(m.frame()).ListWidth
		}
		for _, line := range b.Panel(m.frame(), list, 30) {
			if strings.HasSuffix(line, "…") && !strings.HasSuffix(line, " …") {
				t.Errorf("%d columns: %q is cut", w, line)
			}
		}
	}
}

// TestLongFilter: what a long filter matches is counted all the same.
func TestLongFilter(t *testing.T) {
	for _, w := range []int{60, 80, 100, 140} {
		m := newTestModel(t, day(), w, 30)
		press(m, "/")
		typed(m, "scope:discussion repo:me/corpus status:5xx -is:synthetic size:>10 @bot since:2000-01-01")
		press(m, "enter")
		if text := screenText(m); !strings.Contains(text, " of 8") {
			t.Errorf("at %d columns it does not say how many match:\n%s", w, text)
		}
	}
}

// TestMatchIsInSight: what a filter has found is shown, however far down it is.
func TestMatchIsInSight(t *testing.T) {
	s := day()
	last := &s.extra[len(s.extra)-1]
	last.body = `{"event":{"action":"create","scope":"discussion.comment"},"repo":{"type":"dataset","name":"me/corpus"},"comment":{` +
		strings.Repeat(`"a":1,`, 40) + `"content":"a needle here"},"webhook":{"id":"x","version":3}}`
	m := newTestModel(t, s, 100, 30)
	press(m, "G")
	if text := screenText(m); strings.Contains(text, "needle") {
		t.Fatalf("it is in sight at once:\n%s", text)
	}
	press(m, "/")
	typed(m, "needle")
	if text := screenText(m); !strings.Contains(text, "«needle»") || !strings.Contains(text, "« » marks what the filter matched") {
		t.Errorf("the match is not in sight:\n%s", text)
	}
	press(m, "enter")
	if text := screenText(m); !strings.Contains(text, "«needle»") {
		t.Errorf("nor when the filter is kept:\n%s", text)
	}
}

// TestFilterBeforeTheFirstEvent looks among the events of earlier runs from the checklist,
// and goes back to it.
func TestFilterBeforeTheFirstEvent(t *testing.T) {
	s := day()
	s.state.Received, s.state.Refused, s.state.Rejected, s.state.Store.Newest = 0, 0, nil, time.Time{}
	m := newTestModel(t, s, 100, 30)
	text := screenText(m)
	if !strings.Contains(text, "Ready to receive") || !strings.Contains(text, "/ filter") {
		t.Fatalf("no checklist with a filter:\n%s", text)
	}
	press(m, "/")
	typed(m, "status:5xx")
	if text := screenText(m); !strings.Contains(text, "1 of 8") || !strings.Contains(text, "LGTM") {
		t.Errorf("the events of earlier runs are not filtered:\n%s", text)
	}
	press(m, "esc")
	if text := screenText(m); !strings.Contains(text, "Ready to receive") {
		t.Errorf("esc does not go back to the checklist:\n%s", text)
	}
	press(m, "/")
	typed(m, "status:5xx")
	press(m, "enter")
	if text := screenText(m); strings.Contains(text, "Ready to receive") || !strings.Contains(text, "LGTM") {
		t.Errorf("what matches is not kept:\n%s", text)
	}
	press(m, "esc", "esc")
	if text := screenText(m); !strings.Contains(text, "Ready to receive") || m.root.List.Filter != nil {
		t.Errorf("esc does not go back to the checklist:\n%s", text)
	}

	none := fresh()
	none.state.Store.Events = 0
	if text := screenText(newTestModel(t, none, 100, 30)); strings.Contains(text, "/ filter") {
		t.Errorf("a filter is offered if there is nothing:\n%s", text)
	}
}

// TestTabBeginsATerm: where nothing is begun, tab goes through the keys of the language.
func TestTabBeginsATerm(t *testing.T) {
	m := newTestModel(t, day(), 100, 30)
	press(m, "/")
	if text := screenText(m); !strings.Contains(text, "tab complete") || strings.Contains(text, "▸scope:") {
		t.Errorf("before the key:\n%s", text)
	}
	press(m, "tab")
	if text := screenText(m); !strings.Contains(text, "/ scope:▏") || !strings.Contains(text, "▸scope:") {
		t.Errorf("after the key:\n%s", text)
	}
	press(m, "tab", "shift+tab")
	typed(m, "disc")
	press(m, "tab", "space", "tab", "tab")
	if text := screenText(m); !strings.Contains(text, "/ scope:discussion action:▏") {
		t.Errorf("a second term:\n%s", text)
	}
}
