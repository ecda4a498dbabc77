package screen

// Rectangles from sizes: the only place that knows how the terminal is divided.

const (
	minWidth, minHeight = 40, 10

	FootLines = 2 // the status line and the footer, which are not a screen's
)

type Arrangement int

const (
	Single  Arrangement = iota // one pane: the detail is a screen of its own
	stacked                    // the list above the detail
	Wide                       // the list beside the detail
)

// A Layout divides the lines of a screen with a header.
type Layout struct {
	Kind    Arrangement
	Header  int  // lines of the header, its rule included
	Banner  int  // lines of the banner
	Closing bool // a rule before the status line
	Compact bool // rows without seconds and duration
	Copies  bool // the key that copies is named beside the URL

	ListWidth, ListHeight     int  // rows, without the head line
	DetailWidth, DetailHeight int  // 0 if there is no detail
	Head                      bool // a line of counts above the rows
	Divider                   bool // a line between list and detail
}

// Fits reports whether a terminal is large enough for more than a message.
func Fits(w, h int) bool { return w >= minWidth && h >= minHeight }

// Arrange lays out the main screen in w by h cells of a frame. banner is how many
// lines the banner of each arrangement wants.
func Arrange(w, h int, banner func(Arrangement) int) Layout {
	terminal := h + FootLines
	l := Layout{Header: 2, Closing: terminal >= 22, ListWidth: w, DetailWidth: w}
	switch {
	case w < 60 || terminal < 16:
		l.Kind = Single
	case w < 100:
		l.Kind = stacked
	default:
		l.Kind = Wide
		l.ListWidth = min(56+(w-100)/3, 100)
		l.DetailWidth = w - l.ListWidth - 1
	}
	l.Compact = l.Kind != Wide && w < 72

	rest := h - l.Header
	if l.Closing {
		rest--
	}
	l.Banner = min(banner(l.Kind), max(rest-4, 1))
	rest -= l.Banner

	switch l.Kind {
	case Single:
		l.Head = terminal >= 12
		l.ListHeight = rest
	case stacked:
		l.Divider = true
		rest--
		l.ListHeight = rest
		if l.Banner == 0 || rest >= 14 {
			l.ListHeight = rest / 2
			l.DetailHeight = rest - l.ListHeight
		}
	case Wide:
		l.Head = true
		l.ListHeight, l.DetailHeight = rest, rest
	}
	if l.Head {
		l.ListHeight--
	}
	l.ListHeight, l.DetailHeight = max(l.ListHeight, 0), max(l.DetailHeight, 0)
	return l
}

// Zoom gives the list the room of the detail.
func (l Layout) Zoom() Layout {
	switch l.Kind {
	case stacked:
		l.ListHeight += l.DetailHeight
	case Wide:
		l.ListWidth += l.DetailWidth + 1
	}
	l.DetailWidth, l.DetailHeight = 0, 0
	return l
}

// DividerFirst reports whether the divider stands between the banner and the list, if
// there is no detail below.
func (l Layout) DividerFirst() bool { return l.Divider && l.Banner > 0 && l.DetailHeight == 0 }

// NoBanner is for screens that show none.
func NoBanner(Arrangement) int { return 0 }
