package detail

// How the detail is drawn: its tabs, what it says of the event, and the payload.

import (
	"fmt"
	"strings"

	"hfhook/event"
	"hfhook/internal/visible"
	"hfhook/payload"
	"hfhook/tui/describe"
	"hfhook/tui/eventlist"
	"hfhook/tui/jsonview"
	"hfhook/tui/keymap"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// Tabs is the tab bar on w cells: with whole words, with short ones, or only the
// tab that is shown.
func (d *Pane) Tabs(t *style.Theme, w int) string {
	attempts := ""
	if n := len(d.Deliveries); n > 0 {
		attempts = t.Mark.Dot + style.Count(int64(n))
	}
	whole := []string{"Payload", "Headers", "Deliveries" + attempts, "Raw", "Diff"}
	for _, try := range []struct {
		names []string
		gap   string
	}{
		{whole, "   "}, {whole, "  "}, {whole, " "},
		{[]string{"Payload", "Hdrs", "Deliv" + attempts, "Raw", "Diff"}, " "},
	} {
		parts := make([]string, len(try.names))
		for i, name := range try.names {
			text := fmt.Sprintf("%d %s", i+1, name)
			if Tab(i) == d.Tab {
				parts[i] = t.Bold.Paint("[" + text + "]")
			} else {
				parts[i] = t.Dim.Paint(text)
			}
		}
		if line := strings.Join(parts, try.gap); style.Width(line) <= w {
			return line
		}
	}
	return t.Bold.Paint(fmt.Sprintf("[%d/%d %s]", d.Tab+1, len(whole), whole[d.Tab]))
}

// Title names the event, for example "01JD4X7M9C  discussion.comment / create".
func (d *Pane) Title(t *style.Theme, focused bool) string {
	name := ""
	if pin := d.Item.Row.Pin; pin != "" {
		name = " " + t.Bold.Paint("*"+visible.Line(pin))
	}
	if focused {
		title := t.Bold.With(t.Link)
		return title.Paint(d.Item.Row.ID.Short()) + name + title.Paint("  "+d.What())
	}
	return t.Link.Paint(d.Item.Row.ID.Short()) + name + "  " + d.What()
}

// What says what happened in the words of the Hub's API.
func (d *Pane) What() string {
	return visible.Line(fmt.Sprintf("%s / %s", d.Item.Row.Scope, d.Item.Row.Action))
}

// About says to what it happened, for example "me/corpus (dataset) #19".
func (d *Pane) About(f screen.Frame) string {
	r := d.Item.Row
	text := fmt.Sprintf("%s (%s)", r.Repo, r.RepoType)
	var p *payload.Payload
	if d.Event != nil {
		p = d.Event.Payload
	}
	if p != nil && p.Discussion != nil {
		text += fmt.Sprintf(" #%d", p.Discussion.Num)
	}
	return f.Theme.Mark.Say(visible.Line(text)) + d.Remarks(f)
}

// Remarks say what is special about the event.
func (d *Pane) Remarks(f screen.Frame) string {
	r := d.Item.Row
	var words []string
	switch r.Origin {
	case event.Synthetic:
		words = append(words, "synthetic")
	case event.FromImport:
		words = append(words, "imported")
	case event.FromEdit:
		words = append(words, "edited copy of "+visible.Line(r.Parent.Short()))
	}
	if d.Event != nil && d.missed {
		words = append(words, "missed while offline, sent again")
	}
	if r.Duplicate != "" {
		words = append(words, "same Webhook-Id as "+visible.Line(r.Duplicate.Short()))
	}
	if r.SameBody != "" {
		words = append(words, fmt.Sprintf("same body as %s (%s)", visible.Line(r.SameBody.Short()), f.Moment(r.SameBodyAt)))
	}
	if r.Warnings > 0 {
		words = append(words, style.Plural(int64(r.Warnings), "warning"))
	}
	if len(words) == 0 {
		return ""
	}
	return "  " + f.Theme.Warn.Paint(strings.Join(words, ", "))
}

// Body draws the tab on w by h cells. full is the whole screen.
func (d *Pane) Body(f screen.Frame, w, h int, full, focused bool) []string {
	t := f.Theme
	switch {
	case d.Item.Rejected != nil:
		return describe.RejectedView(d.Item.Rejected, f, w, h, f.Label(keymap.ActOpen)+", then ")
	case d.Item.Gap != nil:
		return eventlist.GapView(d.Item.Gap, f, w)
	case d.Err != nil:
		return append([]string{""}, d.paragraphs(f, w, t.Failed, "This event cannot be shown: "+screen.Plain(d.Err))...)
	case d.Event == nil:
		return nil
	}
	switch d.Tab {
	case TabHeaders:
		return headersView(d, f, w, h, focused)
	case TabDeliveries:
		return attemptsView(d, f, w, h, focused)
	case TabRaw:
		return d.raw.View(t, d.Event, d.bytes, w, h, d.searched())
	case TabDiff:
		return d.Compare.view(f, d.Item, w, h, focused)
	}
	room := h
	var warnings []string
	if note := visible.Block(d.Event.Note); note != "" {
		for i, line := range t.Wrap(strings.ReplaceAll(note, "\n", " "), w-8, min(max(h/6, 1), 4)) {
			word := "note  "
			if i > 0 {
				word = style.Spaces(6)
			}
			warnings = append(warnings, " "+t.Dim.Paint(word)+t.Bold.Paint(line))
		}
	}
	for i, warning := range d.Event.Warnings {
		if room, left := h/6-len(warnings), len(d.Event.Warnings)-i; room == 1 && left > 1 {
			warnings = append(warnings, t.Warn.Paint(t.Cut(fmt.Sprintf(" ! and %s more, beside their fields", style.Plural(int64(left), "warning")), w)))
			break
		} else if room > 0 {
			warnings = append(warnings, t.Warn.Paint(t.Cut(visible.Line(" ! "+warning.Path+" "+warning.Text), w)))
		}
	}
	room -= len(warnings)
	// A long text has what the other fields leave, if that is more than its share.
	wrap := max(room-len(d.Tree.Nodes), min(room/3, 8), 1)
	d.TreeTop = len(warnings)
	if short := d.short(f, w, room); short != nil && !full && !focused && room < shortBelow {
		d.Tree.Drawn = d.Tree.Drawn[:0]
		return append(warnings, short...)
	}
	look := jsonview.TreeLook{W: w, H: room, Focused: focused, Notes: full, Wrap: wrap, Find: d.Sought(), At: d.Search.hit(TabPayload), Filter: d.Matchers}
	if focused {
		look.Read = f.Label(keymap.ActRead)
	}
	return append(warnings, d.Tree.View(t, look, d.remarks(f))...)
}

// remarks are what the Hub means by the payload.
func (d *Pane) remarks(f screen.Frame) describe.Remarks {
	r := describe.Remarks{P: d.Event.Payload}
	if r.P == nil {
		return r
	}
	r.Today, r.Warnings = describe.SeenToday(f, r.P.Webhook.ID), d.warned
	if f.State.Hub != nil {
		r.Hooks = f.Label(keymap.ActHooks)
	}
	return r
}

func (d *Pane) paragraphs(f screen.Frame, w int, look style.Style, text string) []string {
	var lines []string
	for _, line := range f.Theme.Wrap(visible.Line(text), w-2, 6) {
		lines = append(lines, " "+look.Paint(line))
	}
	return lines
}

// Subject is what the event is about, for example "dataset me/corpus #19".
func (d *Pane) Subject() string {
	text := string(d.Item.Row.RepoType) + " " + d.Item.Row.Repo
	if p := d.Payload(); p != nil && p.Discussion != nil {
		text += fmt.Sprintf(" #%d", p.Discussion.Num)
	}
	return visible.Line(text)
}
