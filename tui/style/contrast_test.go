package style

import (
	"fmt"
	"image/color"
	"math"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
)

// luminance is that of https://www.w3.org/TR/WCAG22/#dfn-relative-luminance.
func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	part := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*part(r) + 0.7152*part(g) + 0.0722*part(b)
}

func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// TestColorsCanBeRead: on white, and on the black and the grey that dark terminals have,
// each colour stands out as text has to, also where it is the nearest of 256.
func TestColorsCanBeRead(t *testing.T) {
	grounds := map[bool][]color.Color{
		false: {color.White},
		true:  {color.Black, lipgloss.Color("#1e1e1e")},
	}
	for dark, behind := range grounds {
		th := NewTheme(dark, false)
		for name, of := range settable {
			on := of(th).On
			_, digits, ok := strings.Cut(on, "38;2;")
			if !ok {
				if strings.Contains(on, "38;") {
					t.Errorf("%s has a colour that is not known here: %q", name, on)
				}
				continue
			}
			var rgb color.RGBA
			if _, err := fmt.Sscanf(digits, "%d;%d;%dm", &rgb.R, &rgb.G, &rgb.B); err != nil {
				t.Fatalf("%s: %q: %v", name, on, err)
			}
			rgb.A = 255
			for _, ground := range behind {
				for _, profile := range []colorprofile.Profile{colorprofile.TrueColor, colorprofile.ANSI256} {
					if got := contrast(profile.Convert(rgb), ground); got < 4.5 {
						t.Errorf("dark %v: %s with %v has a contrast of %.1f on %v", dark, name, profile, got, ground)
					}
				}
			}
		}
	}
}
