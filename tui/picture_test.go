package tui

// The README's pictures: the real screen, drawn into SVG cell by cell, so that they
// can't show what the program does not. go test ./tui -update writes them again.

import (
	"fmt"
	"html"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	uv "github.com/charmbracelet/ultraviolet"
)

// The size of a cell in the picture.
const (
	cellWidth  = 8.4
	cellHeight = 18.0
	margin     = 14.0
)

func TestPictures(t *testing.T) {
	for _, p := range []struct {
		file string
		w, h int
		keys []string
	}{
		{"main.svg", 100, 30, []string{"k", "k", "k", "k", "k"}},
		{"narrow.svg", 60, 20, []string{"k", "k", "k", "k", "k"}},
	} {
		m := newTestModel(t, day(), p.w, p.h)
		press(m, p.keys...)
		got := svg(m)
		path := filepath.Join("..", "docs", p.file)
		if *update {
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
			continue
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(want) != got {
			t.Errorf("%s is not what the screen shows: go test ./tui -run Pictures -update writes it again", path)
		}
	}
}

// svg draws a screen, one text element for each run of cells of one style.
func svg(m *model) string {
	cells := uv.NewScreenBuffer(m.w, m.h)
	uv.NewStyledString(m.View().Content).Draw(cells, cells.Bounds())
	var b strings.Builder
	width, height := float64(m.w)*cellWidth+2*margin, float64(m.h)*cellHeight+2*margin
	fmt.Fprintf(&b, "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" font-family=\"ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace\" font-size=\"14\">\n", width, height)
	fmt.Fprintf(&b, "<rect width=\"%.0f\" height=\"%.0f\" rx=\"8\" fill=\"#15181e\"/>\n", width, height)
	for y := range m.h {
		for x := 0; x < m.w; {
			first := cells.CellAt(x, y)
			if first == nil || first.Width == 0 {
				x++
				continue
			}
			begin, text := x, ""
			for x < m.w {
				c := cells.CellAt(x, y)
				if c == nil || c.Width == 0 || !c.Style.Equal(&first.Style) {
					break
				}
				text += c.Content
				x += c.Width
			}
			drawRun(&b, begin, y, x-begin, text, first.Style)
		}
	}
	b.WriteString("</svg>\n")
	return b.String()
}

func drawRun(b *strings.Builder, x, y, width int, text string, style uv.Style) {
	fg, bg := style.Fg, style.Bg
	if style.Attrs&uv.AttrReverse != 0 {
		fg, bg = color.RGBA{0x15, 0x18, 0x1e, 0xff}, color.RGBA{0xd6, 0xda, 0xe2, 0xff}
	}
	left, top := margin+float64(x)*cellWidth, margin+float64(y)*cellHeight
	if bg != nil {
		fmt.Fprintf(b, "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>\n", left, top, float64(width)*cellWidth, cellHeight, hex(bg))
	}
	if strings.TrimSpace(text) == "" {
		return
	}
	more := ""
	if style.Attrs&uv.AttrBold != 0 {
		more += ` font-weight="bold"`
	}
	if style.Attrs&uv.AttrFaint != 0 {
		more += ` opacity="0.65"`
	}
	ink := "#d6dae2"
	if fg != nil {
		ink = hex(fg)
	}
	fmt.Fprintf(b, "<text x=\"%.1f\" y=\"%.1f\" textLength=\"%.1f\" fill=\"%s\"%s xml:space=\"preserve\">%s</text>\n",
		left, top+cellHeight*0.75, float64(width)*cellWidth, ink, more, html.EscapeString(text))
}

func hex(c color.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}
