package tui

// Rectangles from sizes: the only place that knows how the terminal is divided.

const (
	minWidth, minHeight = 40, 10

	footLines = 2 // the status line and the footer, which are not a screen's
)

type arrangement int

const (
	single  arrangement = iota // one pane: the detail is a screen of its own
	stacked                    // the list above the detail
	wide                       // the list beside the detail
)

// A layout divides the lines of a screen with a header.
type layout struct {
	kind    arrangement
	header  int  // lines of the header, its rule included
	banner  int  // lines of the banner
	closing bool // a rule before the status line
	compact bool // rows without seconds and duration

	listWidth, listHeight     int  // rows, without the head line
	detailWidth, detailHeight int  // 0 where there is no detail
	head                      bool // a line of counts above the rows
	divider                   bool // a line between list and detail
}

// fits tells whether a terminal is large enough for more than a message.
func fits(w, h int) bool { return w >= minWidth && h >= minHeight }

// arrange lays out the main screen in w by h cells of a frame. banner is how many
// lines the banner of each arrangement wants.
func arrange(w, h int, banner func(arrangement) int) layout {
	terminal := h + footLines
	l := layout{header: 3, closing: terminal >= 22, listWidth: w, detailWidth: w}
	switch {
	case w < 60 || terminal < 16:
		l.kind = single
	case w < 100:
		l.kind = stacked
	default:
		l.kind = wide
		l.listWidth = min(56+(w-100)/3, 100)
		l.detailWidth = w - l.listWidth - 1
	}
	if terminal < 12 {
		l.header = 2
	}
	l.compact = l.kind != wide && w < 72

	rest := h - l.header
	if l.closing {
		rest--
	}
	l.banner = min(banner(l.kind), max(rest-4, 1))
	rest -= l.banner

	switch l.kind {
	case single:
		l.head = terminal >= 12
		l.listHeight = rest
	case stacked:
		l.divider = true
		rest--
		l.listHeight = rest
		if l.banner == 0 || rest >= 14 {
			l.listHeight = rest / 2
			l.detailHeight = rest - l.listHeight
		}
	case wide:
		l.head = true
		l.listHeight, l.detailHeight = rest, rest
	}
	if l.head {
		l.listHeight--
	}
	l.listHeight, l.detailHeight = max(l.listHeight, 0), max(l.detailHeight, 0)
	return l
}

// zoom gives the list the room of the detail.
func (l layout) zoom() layout {
	switch l.kind {
	case stacked:
		l.listHeight += l.detailHeight
	case wide:
		l.listWidth += l.detailWidth + 1
	}
	l.detailWidth, l.detailHeight = 0, 0
	return l
}

// dividerFirst tells whether the divider stands between the banner and the list, where
// there is no detail below.
func (l layout) dividerFirst() bool { return l.divider && l.banner > 0 && l.detailHeight == 0 }

// noBanner is for screens that show none.
func noBanner(arrangement) int { return 0 }
