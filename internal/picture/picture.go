// Package picture draws frames of a terminal as SVG, cell by cell, for the pictures in the
// documentation: they cannot show what the program does not.
package picture

import (
	"fmt"
	"html"
	"image/color"
	"strings"
	"time"

	uv "github.com/charmbracelet/ultraviolet"
)

// The size of a cell, and the space around the frame.
const (
	cellWidth  = 8.4
	cellHeight = 18.0
	margin     = 14.0
)

const (
	ground = "#15181e"
	ink    = "#d6dae2"
)

// A Frame is what a terminal shows, and for how long in an animation.
type Frame struct {
	Text string // with ANSI escape sequences for its styles
	Hold time.Duration
}

// Still draws one frame of the given size, in cells.
func Still(width, height int, text string) string {
	var b strings.Builder
	begin(&b, width, height)
	for y, row := range rows(width, height, text) {
		b.WriteString(drawRow(row, y))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// Animation draws frames that follow each other, and begin again after the last. A row
// that stays the same over several frames is drawn once.
func Animation(width, height int, frames []Frame) string {
	var whole time.Duration
	for _, f := range frames {
		whole += f.Hold
	}
	drawn := make([][]string, len(frames))
	for i, f := range frames {
		drawn[i] = make([]string, height)
		for y, row := range rows(width, height, f.Text) {
			drawn[i][y] = drawRow(row, y)
		}
	}
	var style, body strings.Builder
	spans := map[string]bool{}
	for y := range height {
		var at time.Duration
		for first := 0; first < len(frames); {
			last, until := first, at
			for last < len(frames) && drawn[last][y] == drawn[first][y] {
				until += frames[last].Hold
				last++
			}
			switch row := drawn[first][y]; {
			case row == "":
			case first == 0 && last == len(frames):
				body.WriteString(row)
			default:
				name := fmt.Sprintf("f%d-%d", first, last)
				if !spans[name] {
					spans[name] = true
					writeSpan(&style, name, at, until, whole)
				}
				fmt.Fprintf(&body, "<g class=\"%s\">\n%s</g>\n", name, row)
			}
			first, at = last, until
		}
	}
	var b strings.Builder
	begin(&b, width, height)
	fmt.Fprintf(&b, "<style>\ng{animation-duration:%.1fs;animation-iteration-count:infinite;animation-timing-function:step-end}\n%s</style>\n", whole.Seconds(), style.String())
	b.WriteString(body.String())
	b.WriteString("</svg>\n")
	return b.String()
}

// writeSpan writes the style of what is visible from one time to another.
func writeSpan(b *strings.Builder, name string, from, until, whole time.Duration) {
	percent := func(d time.Duration) float64 { return 100 * d.Seconds() / whole.Seconds() }
	fmt.Fprintf(b, ".%s{animation-name:%s}@keyframes %s{", name, name, name)
	if from > 0 {
		b.WriteString("0%{visibility:hidden}")
	}
	fmt.Fprintf(b, "%.2f%%{visibility:visible}", percent(from))
	if until < whole {
		fmt.Fprintf(b, "%.2f%%{visibility:hidden}", percent(until))
	}
	b.WriteString("}\n")
}

func begin(b *strings.Builder, width, height int) {
	w, h := float64(width)*cellWidth+2*margin, float64(height)*cellHeight+2*margin
	fmt.Fprintf(b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"14\">\n", w, h)
	fmt.Fprintf(b, "<rect width=\"%.0f\" height=\"%.0f\" rx=\"8\" fill=\"%s\"/>\n", w, h, ground)
}

// A run is neighbouring cells of one style.
type run struct {
	x, width int
	text     string
	style    uv.Style
}

func rows(width, height int, text string) [][]run {
	cells := uv.NewScreenBuffer(width, height)
	uv.NewStyledString(text).Draw(cells, cells.Bounds())
	all := make([][]run, height)
	for y := range height {
		for x := 0; x < width; {
			first := cells.CellAt(x, y)
			if first == nil || first.Width == 0 {
				x++
				continue
			}
			r := run{x: x, style: first.Style}
			for x < width {
				c := cells.CellAt(x, y)
				if c == nil || c.Width == 0 || !c.Style.Equal(&first.Style) {
					break
				}
				r.text += c.Content
				x += c.Width
			}
			r.width = x - r.x
			all[y] = append(all[y], r)
		}
	}
	return all
}

// drawRow draws a row, one text element for each run.
func drawRow(runs []run, y int) string {
	var b strings.Builder
	for _, r := range runs {
		drawRun(&b, r, y)
	}
	return b.String()
}

func drawRun(b *strings.Builder, r run, y int) {
	fg, bg := r.style.Fg, r.style.Bg
	if r.style.Attrs&uv.AttrReverse != 0 {
		if bg = fg; bg == nil {
			bg = color.RGBA{0xd6, 0xda, 0xe2, 0xff}
		}
		fg = color.RGBA{0x15, 0x18, 0x1e, 0xff}
	}
	left, top := margin+float64(r.x)*cellWidth, margin+float64(y)*cellHeight
	if bg != nil {
		fmt.Fprintf(b, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n", left, top, float64(r.width)*cellWidth, cellHeight, hex(bg))
	}
	if strings.TrimSpace(r.text) == "" {
		return
	}
	more := ""
	if r.style.Attrs&uv.AttrBold != 0 {
		more += ` font-weight="bold"`
	}
	if r.style.Attrs&uv.AttrFaint != 0 {
		more += ` opacity="0.65"`
	}
	fill := ink
	if fg != nil {
		fill = hex(fg)
	}
	fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%.1f\" textLength=\"%.1f\" fill=\"%s\"%s xml:space=\"preserve\">%s</text>\n",
		left, top+cellHeight*0.75, float64(r.width)*cellWidth, fill, more, html.EscapeString(r.text))
}

func hex(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}
