package tui

// How the detail is drawn: its tabs, what it says of the event, and the payload with the
// newest delivery below it.

import (
	"cmp"
	"fmt"
	"strings"

	"hfhook/event"
	"hfhook/internal/visible"
	"hfhook/payload"
)

// tabs is the tab bar on w cells: with whole words, with short ones, or only the
// tab that is shown.
func (d *detail) tabs(t *theme, w int) string {
	attempts := ""
	if n := len(d.deliveries); n > 0 {
		attempts = t.mark.dot + count(int64(n))
	}
	for _, try := range []struct {
		names []string
		gap   string
	}{
		{[]string{"Payload", "Headers", "Deliveries" + attempts, "Raw", "Diff"}, "   "},
		{[]string{"Payload", "Hdrs", "Deliv" + attempts, "Raw", "Diff"}, " "},
	} {
		parts := make([]string, len(try.names))
		for i, name := range try.names {
			text := fmt.Sprintf("%d %s", i+1, name)
			if tab(i) == d.tab {
				parts[i] = t.bold.paint("[" + text + "]")
			} else {
				parts[i] = t.dim.paint(text)
			}
		}
		if line := strings.Join(parts, try.gap); width(line) <= w {
			return line
		}
	}
	names := [...]string{"Payload", "Headers", "Deliveries" + attempts, "Raw", "Diff"}
	return t.bold.paint(fmt.Sprintf("[%d/%d %s]", d.tab+1, len(names), names[d.tab]))
}

// title names the event, as in "01JD4X7M9C  discussion.comment / create".
func (d *detail) title(t *theme) string {
	name := ""
	if pin := d.item.row.Pin; pin != "" {
		name = " " + t.bold.paint("*"+visible.Line(pin))
	}
	return t.link.paint(d.item.row.ID.Short()) + name + "  " + d.what()
}

// what says what happened in the words of the Hub's API.
func (d *detail) what() string {
	return visible.Line(fmt.Sprintf("%s / %s", d.item.row.Scope, d.item.row.Action))
}

// about says to what it happened, as in "me/corpus (dataset) #19  by 61d2f90c…".
func (d *detail) about(f frame) string {
	r := d.item.row
	text := fmt.Sprintf("%s (%s)", r.Repo, r.RepoType)
	var p *payload.Payload
	if d.event != nil {
		p = d.event.Payload
	}
	if p != nil && p.Discussion != nil {
		text += fmt.Sprintf(" #%d", p.Discussion.Num)
	}
	if p != nil && p.Comment != nil {
		text += "  by " + shorten(p.Comment.Author.ID)
	}
	return f.theme.mark.say(visible.Line(text)) + d.marks(f)
}

// marks say what is special about the event.
func (d *detail) marks(f frame) string {
	r := d.item.row
	var words []string
	switch r.Origin {
	case event.Synthetic:
		words = append(words, "synthetic")
	case event.FromImport:
		words = append(words, "imported")
	case event.FromEdit:
		words = append(words, "edited copy of "+visible.Line(r.Parent.Short()))
	}
	if d.event != nil && d.missed {
		words = append(words, "missed while offline, sent again")
	}
	if r.Duplicate != "" {
		words = append(words, "same Webhook-Id as "+visible.Line(r.Duplicate.Short()))
	}
	if r.SameBody != "" {
		words = append(words, fmt.Sprintf("same body as %s (%s)", visible.Line(r.SameBody.Short()), f.moment(r.SameBodyAt)))
	}
	if r.Warnings > 0 {
		words = append(words, plural(int64(r.Warnings), "warning"))
	}
	if len(words) == 0 {
		return ""
	}
	return "  " + f.theme.warn.paint(strings.Join(words, ", "))
}

// body draws the tab on w by h cells. full is the whole screen.
func (d *detail) body(f frame, w, h int, full, focused bool) []string {
	t := f.theme
	switch {
	case d.item.rejected != nil:
		return rejectedView(d.item.rejected, f, w, h, f.label(actOpen)+", then ")
	case d.item.gap != nil:
		return gapView(d.item.gap, f, w)
	case d.err != nil:
		return append([]string{""}, d.paragraphs(f, w, t.failed, "This event can not be shown: "+d.err.Error())...)
	case d.event == nil:
		return nil
	}
	switch d.tab {
	case tabHeaders:
		return headersView(d, f, w, h, focused)
	case tabDeliveries:
		return attemptsView(d, f, w, h, focused)
	case tabRaw:
		return d.raw.view(t, d.event, d.bytes, w, h, d.marked())
	case tabDiff:
		return d.compare.view(f, d.item, w, h)
	}
	last := d.last(f, w, h)
	wrap := 8
	if h < 12 {
		wrap = 1
	}
	room := h - len(last)
	var warnings []string
	if note := visible.Block(d.event.Note); note != "" {
		for i, line := range t.wrap(strings.ReplaceAll(note, "\n", " "), w-8, min(max(h/6, 1), 4)) {
			word := "note  "
			if i > 0 {
				word = spaces(6)
			}
			warnings = append(warnings, " "+t.dim.paint(word)+t.bold.paint(line))
		}
	}
	for i, warning := range d.event.Warnings {
		if room, left := h/6-len(warnings), len(d.event.Warnings)-i; room == 1 && left > 1 {
			warnings = append(warnings, t.warn.paint(t.cut(fmt.Sprintf(" ! and %s more, beside their fields", plural(int64(left), "warning")), w)))
			break
		} else if room > 0 {
			warnings = append(warnings, t.warn.paint(t.cut(visible.Line(" ! "+warning.Path+" "+warning.Text), w)))
		}
	}
	room -= len(warnings)
	d.treeTop = len(warnings)
	lines := append(warnings, d.tree.view(t, treeLook{w: w, h: room, focused: focused, notes: full, wrap: wrap, find: d.sought(), filter: d.matchers}, d.remarks(f))...)
	return append(lines, last...)
}

// remarks are what the Hub means by the payload.
func (d *detail) remarks(f frame) remarks {
	r := remarks{p: d.event.Payload}
	if r.p == nil {
		return r
	}
	r.today, r.warnings = seenToday(f, r.p.Webhook.ID), d.warned
	if f.state.Hub != nil {
		r.hooks = f.label(actHooks)
	}
	return r
}

// last is the newest delivery below the payload: one line where there is little
// room, else a few.
func (d *detail) last(f frame, w, h int) []string {
	if len(d.deliveries) == 0 || h < 4 {
		return nil
	}
	t := f.theme
	a := &d.deliveries[len(d.deliveries)-1]
	result, look := attemptResult(a, f)
	first, _, _ := strings.Cut(visible.Block(string(a.ResponseBody[:min(len(a.ResponseBody), 512)])), "\n")
	room := 1
	if why := cmp.Or(a.Err, a.Advice()); why != "" {
		first, room = visible.Line(why), 3
	}
	if a.State == event.Withheld {
		first, room = f.label(actReplay)+" sends it", 3
	}
	if h < 14 {
		return []string{" " + t.mark.arrow + " " + visible.Line(address(a.URL, true)) + " " + look.paint(result) + " " + first}
	}
	lines := []string{
		"",
		" " + t.bold.paint("Last delivery") + "  " + t.mark.arrow + " " + visible.Line(address(a.URL, false)),
		" " + look.paint(result) + t.dim.paint(fmt.Sprintf("  attempt %d of %d", a.N, len(d.deliveries))),
	}
	for _, line := range t.wrap(first, w-2, room) {
		if line != "" {
			lines = append(lines, " "+line)
		}
	}
	return lines
}

func (d *detail) paragraphs(f frame, w int, look style, text string) []string {
	var lines []string
	for _, line := range f.theme.wrap(visible.Line(text), w-2, 6) {
		lines = append(lines, " "+look.paint(line))
	}
	return lines
}
