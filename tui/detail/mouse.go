package detail

// Clicks in the detail.

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"hfhook/tui/jsonview"
	"hfhook/tui/style"
)

var tabLabel = regexp.MustCompile(`\[?([1-5])(/5)? [A-Z][a-z]+[^ \]]*\]?`)

// TabUnder is the tab whose label is on cell x of a line, in a drawn tab bar.
func TabUnder(line string, x int) (Tab, bool) {
	line = ansi.Strip(line)
	for _, at := range tabLabel.FindAllStringSubmatchIndex(line, -1) {
		from, to := style.Width(line[:at[0]]), style.Width(line[:at[1]])
		n, err := strconv.Atoi(line[at[2]:at[3]])
		if err != nil || x < from || x >= to {
			continue
		}
		if strings.Contains(line[at[0]:at[1]], "/") { // the only one that is drawn: go on to the next
			n = n%5 + 1
		}
		return Tab(n - 1), true
	}
	return 0, false
}

// Click puts the cursor of the payload on what is drawn on line y of the tab, of which
// the first lines are warnings; where it is there already it folds or unfolds.
func (d *Pane) Click(y, warnings int) {
	y -= warnings
	if d.Tab != TabPayload || d.Tree == nil || y < 0 || y >= len(d.Tree.Drawn) {
		return
	}
	if was := d.Tree.Cursor; d.Tree.Drawn[y] != was {
		d.Tree.Cursor = d.Tree.Drawn[y]
		return
	}
	n := d.Tree.Current()
	switch {
	case n == nil || !n.Container() || !n.Opened && len(n.Raw) > jsonview.UnfoldAside:
	case n.Open:
		d.fold()
	default:
		d.Tree.Unfold()
	}
}
