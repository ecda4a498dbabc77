package reading

// The lines that are in sight, with their looks and what was found in them.

import (
	"sort"
	"strings"

	"hfhook/tui/style"
)

// A Hit is a part of the text that was looked for.
type Hit struct{ From, To int }

// Draw draws up to h lines from the given one. hits are in the order of the text; the current
// one is marked most.
func (l *Lines) Draw(t *style.Theme, from, h int, hits []Hit, current int) []string {
	out := make([]string, 0, h)
	for i := max(from, 0); i < len(l.all) && len(out) < h; i++ {
		var b strings.Builder
		for _, p := range l.all[i].parts {
			if p.words != "" {
				b.WriteString(painted(t, t.Mark.Say(p.words), p.look))
			} else {
				l.text(&b, t, p.from, p.to, hits, current)
			}
		}
		out = append(out, b.String())
	}
	return out
}

// text draws a range of the text, in pieces of one look.
func (l *Lines) text(b *strings.Builder, t *style.Theme, from, to int, hits []Hit, current int) {
	spans := l.doc.spans
	s := sort.Search(len(spans), func(i int) bool { return spans[i].to > from })
	k := sort.Search(len(hits), func(i int) bool { return hits[i].To > from })
	for from < to {
		end, look, found := to, Plain, -1
		if s < len(spans) {
			switch {
			case spans[s].from > from:
				end = min(end, spans[s].from)
			default:
				look, end = spans[s].look, min(end, spans[s].to)
			}
		}
		if k < len(hits) {
			switch {
			case hits[k].From > from:
				end = min(end, hits[k].From)
			default:
				found, end = k, min(end, hits[k].To)
			}
		}
		text := l.doc.Text[from:end]
		switch {
		case found >= 0 && found == current:
			b.WriteString(t.Selected.Paint(text))
		case found >= 0:
			b.WriteString(t.Match.Paint(text))
		default:
			b.WriteString(painted(t, text, look))
		}
		from = end
		for s < len(spans) && spans[s].to <= from {
			s++
		}
		for k < len(hits) && hits[k].To <= from {
			k++
		}
	}
}

// painted is a text in a look. Every style has all of the text, so that one within another
// ends with it.
func painted(t *style.Theme, text string, look Look) string {
	if text == "" {
		return ""
	}
	for _, one := range []struct {
		look  Look
		style style.Style
	}{{Aside, t.Dim}, {Address, t.Dim}, {Link, t.Link}, {Code, t.Value}, {Strong, t.Bold}, {Emphasis, t.Italic}, {Struck, t.Struck}} {
		if look&one.look != 0 {
			text = one.style.Paint(text)
		}
	}
	return text
}
