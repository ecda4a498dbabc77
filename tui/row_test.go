package tui

import (
	"testing"

	uv "github.com/charmbracelet/ultraviolet"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/tui/eventlist"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// TestColumnsStandInLine draws rows of all sorts, and looks where the repository's kind,
// the subject and the duration begin.
func TestColumnsStandInLine(t *testing.T) {
	f := screen.Frame{Theme: style.NewTheme(true, false), Now: noon}
	labelled := func(label string) eventlist.Item {
		row := &event.Row{ID: fakeID(1), Received: noon, Label: label, RepoType: payload.TypeDataset, Subject: "SUBJECT", Deliveries: 1, Last: delivered(200, 9)}
		return eventlist.Item{Key: eventlist.ItemKey{ID: row.ID}, Row: row}
	}
	sent := delivered(200, 9)
	sent.N, sent.Started, sent.URL = 12, noon, "http://127.0.0.1:8000"
	replayed := labelled("push main")
	replayed.Replay = &sent
	folded := replayed
	folded.More = 1234
	items := map[string]eventlist.Item{
		"short": labelled("PR opened"), "longest": labelled("comment hidden"), "cut": labelled("push convert/…"), "wide": labelled("push 日本語日本語"),
		"replay": replayed, "folded": folded, "rejected": {Rejected: &event.Rejected{At: noon, Status: 403, Reason: event.WrongSecret}},
	}
	for _, w := range []int{40, 56, 60, 71, 72, 99, 140} {
		for name, it := range items {
			for _, selected := range []bool{false, true} {
				buf := uv.NewScreenBuffer(w, 1)
				uv.NewStyledString(eventlist.Look{Compact: true}.Row(it, f, w, selected)).Draw(buf, buf.Bounds())
				kind := len(" 15:04 ") + eventlist.LabelWidth(w) + 1
				begin := kind
				for begin < w && (begin <= kind || buf.CellAt(begin, 0).Content == " ") {
					begin++
				}
				if before := buf.CellAt(kind-1, 0).Content; before != " " || begin != kind+2 {
					t.Errorf("%d cells: of %q the subject begins at %d and not %d:\n%s", w, name, begin, kind+2, buf.String())
				}
			}
		}
	}
}
