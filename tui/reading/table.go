package reading

// Tables: in columns where they have room, else a line for each cell.

import (
	"strings"

	"hfhook/tui/style"
)

const leastColumn = 6 // cells, for a column that is not narrower by itself

func (l *Lines) table(b *block, first, rest string, room int) {
	widths := make([]int, 0, 8)
	for _, row := range b.rows {
		for i, c := range row {
			if i == len(widths) {
				widths = append(widths, 1)
			}
			widths[i] = max(widths[i], style.Width(l.doc.Text[c.from:c.to]))
		}
	}
	const between = " │ "
	if !narrow(widths, room-3*(len(widths)-1)) {
		l.list(b, first, rest, room)
		return
	}
	before := first
	for i, row := range b.rows {
		for _, parts := range l.row(row, widths, between) {
			l.add(row[0].from, lead(before, parts...)...)
			before = rest
		}
		if i == 0 {
			var dashes []string
			for _, w := range widths {
				dashes = append(dashes, strings.Repeat("─", w))
			}
			l.add(row[len(row)-1].to, lead(before, part{words: strings.Join(dashes, "─┼─"), look: Aside})...)
		}
	}
}

// narrow makes columns fit into so many cells together: the widest become narrower. It returns
// false if that leaves too little of them.
func narrow(widths []int, room int) bool {
	sum := func(most int) (n int) {
		for _, w := range widths {
			n += min(w, most)
		}
		return n
	}
	most := room
	for most > 0 && sum(most) > room {
		most--
	}
	if most < leastColumn && sum(1<<30) > room {
		return false
	}
	for i := range widths {
		widths[i] = min(widths[i], most)
	}
	return true
}

// row draws a row on as many lines as its highest cell has.
func (l *Lines) row(row []cell, widths []int, between string) (lines [][]part) {
	for at, c := range row {
		n := 0
		wrap(l.doc.Text[c.from:c.to], widths[at], true, func(from, to int) {
			if n == len(lines) {
				lines = append(lines, nil)
			}
			lines[n] = l.column(lines[n], widths[:at], between)
			lines[n] = append(lines[n], part{from: c.from + from, to: c.from + to})
			n++
		})
	}
	return lines
}

// column fills a line with blanks up to the column that begins after these widths.
func (l *Lines) column(line []part, widths []int, between string) []part {
	if len(widths) == 0 {
		return line
	}
	filled, end := 0, 0
	for _, p := range line {
		filled += l.cells(p)
	}
	var blank strings.Builder
	for _, w := range widths {
		end += w
		if filled < end {
			blank.WriteString(style.Spaces(end - max(filled, end-w)))
		}
		if end += style.Width(between); filled < end {
			blank.WriteString(between)
		}
	}
	return append(line, part{words: blank.String(), look: Aside})
}

func (l *Lines) cells(p part) int {
	if p.words != "" {
		return style.Width(p.words)
	}
	return style.Width(l.doc.Text[p.from:p.to])
}

// list draws each cell on lines of its own, with the head of its column.
func (l *Lines) list(b *block, first, rest string, room int) {
	before := first
	for i, row := range b.rows[1:] {
		if i > 0 {
			l.add(row[0].from, lead(rest)...)
		}
		for at, c := range row {
			name := ""
			if at < len(b.rows[0]) {
				head := b.rows[0][at]
				name = l.doc.Text[head.from:head.to] + ": "
			}
			if style.Width(name) > room/2 {
				name = ""
			}
			wrap(l.doc.Text[c.from:c.to], room-style.Width(name), true, func(from, to int) {
				parts := []part{{from: c.from + from, to: c.from + to}}
				if name != "" {
					parts = append([]part{{words: name, look: Aside}}, parts...)
					name = style.Spaces(style.Width(name))
				}
				l.add(c.from+from, lead(before, parts...)...)
				before = rest
			})
		}
	}
}
