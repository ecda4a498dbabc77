package tui

// The mouse, for those who ask for it: a click on a key of the footer is that key, one
// on a row selects it, one on a tab or a button presses it, and the wheel scrolls what it is over.

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// wheelLines is how far one turn of the wheel goes.
const wheelLines = 3

// A pointable is a screen that knows what is drawn where. Cells are counted from the
// frame's corner.
type pointable interface {
	// Click takes a press of the left button.
	Click(x, y int, f frame) (step, tea.Cmd)

	// Scroll takes turns of the wheel, downwards where n > 0.
	Scroll(n, x, y int, f frame) tea.Cmd
}

// mouse takes a click or a turn of the wheel.
func (m *model) mouse(msg tea.MouseMsg) tea.Cmd {
	if !fits(m.w, m.h) {
		return nil
	}
	at := msg.Mouse()
	switch msg.(type) {
	case tea.MouseClickMsg:
		if at.Button != tea.MouseLeft {
			return nil
		}
		m.status.key()
		if at.Y == m.h-1 {
			for _, s := range m.theme.placeFooter(m.keys(), m.w) {
				if at.X >= s.x && at.X < s.x+s.width {
					return m.act(s.binding.action)
				}
			}
			return nil
		}
		if p, ok := m.top().(pointable); ok && at.Y < m.frame().h {
			return m.follow(p.Click(at.X, at.Y, m.frame()))
		}
	case tea.MouseWheelMsg:
		n := wheelLines
		switch at.Button {
		case tea.MouseWheelUp:
			n = -wheelLines
		case tea.MouseWheelDown:
		default:
			return nil
		}
		if p, ok := m.top().(pointable); ok {
			return p.Scroll(n, at.X, at.Y, m.frame())
		}
		return m.scroll(n)
	}
	return nil
}

// scroll moves the cursor of a screen as its keys do.
func (m *model) scroll(n int) tea.Cmd {
	a := actDown
	if n < 0 {
		a, n = actUp, -n
	}
	var cmds []tea.Cmd
	for range n {
		if !slices.ContainsFunc(m.shipped(), func(b binding) bool { return b.action == a }) {
			break
		}
		cmds = append(cmds, m.act(a))
	}
	return tea.Batch(cmds...)
}

// listed is the index of the row of a list under a click, whose rows begin on line
// head of the frame with row top; -1 where there is none.
func listed(y, head, top, rows, n int) int {
	if y < head || y >= head+rows || top+y-head >= n {
		return -1
	}
	return top + y - head
}

var tabLabel = regexp.MustCompile(`\[?([1-5])(/5)? [A-Z][a-z]+[^ \]]*\]?`)

// tabUnder is the tab whose label is on cell x of a line, in a drawn tab bar.
func tabUnder(line string, x int) (tab, bool) {
	line = ansi.Strip(line)
	for _, at := range tabLabel.FindAllStringSubmatchIndex(line, -1) {
		from, to := width(line[:at[0]]), width(line[:at[1]])
		n, err := strconv.Atoi(line[at[2]:at[3]])
		if err != nil || x < from || x >= to {
			continue
		}
		if strings.Contains(line[at[0]:at[1]], "/") { // the only one that is drawn: go on to the next
			n = n%5 + 1
		}
		return tab(n - 1), true
	}
	return 0, false
}

func (e *events) Click(x, y int, f frame) (step, tea.Cmd) {
	l := e.layout(f)
	if e.checking(f) {
		return step{}, nil
	}
	body := l.header + l.banner
	rows := body
	if l.head || l.dividerFirst() {
		rows++
	}
	paneX, paneY := 0, rows+l.listHeight
	if l.divider {
		paneY++
	}
	if l.kind == wide {
		paneX, paneY = l.listWidth+1, body
	}
	switch {
	case x < l.listWidth && y >= rows && y < rows+l.listHeight:
		e.inDetail = false
		if i := listed(y, rows, e.list.top(l.listHeight), l.listHeight, len(e.list.items)); i >= 0 {
			e.list.choose(i, l.listHeight)
			e.list.follow = e.list.follow && i == len(e.list.items)-1
			e.list.look(l.listHeight)
		}
	case l.detailHeight > 0 && x >= paneX && y >= paneY && e.detail.item.row != nil:
		if y-paneY < 3 {
			if to, ok := tabUnder(e.View(f)[y], x); ok {
				e.detail.tab = to
				break
			}
		}
		e.inDetail = true
		e.detail.click(y-paneY-len(e.paneHead(f, l)), e.detail.treeTop)
	}
	return step{}, e.settle(f)
}

func (e *events) Scroll(n, x, y int, f frame) tea.Cmd {
	l := e.layout(f)
	if e.checking(f) {
		return nil
	}
	inList := y < l.header+l.banner+l.listHeight+1
	if l.kind == wide {
		inList = x < l.listWidth
	}
	if inList || l.detailHeight == 0 {
		e.list.move(n, l.listHeight)
	} else {
		e.detail.move(n, l.detailWidth)
	}
	return e.settle(f)
}

func (o *opened) Click(x, y int, f frame) (step, tea.Cmd) {
	d := &o.main.detail
	if y < 3 {
		if to, ok := tabUnder(o.View(f)[y], x); ok {
			d.tab = to
		}
	} else {
		d.click(y-3, d.treeTop)
	}
	return step{}, o.main.settle(f)
}

func (o *opened) Scroll(n, _, _ int, f frame) tea.Cmd {
	w, _ := o.main.rect(f)
	o.main.detail.move(n, w)
	return o.main.settle(f)
}

// click puts the cursor of the payload on what is drawn on line y of the tab, of which
// the first lines are warnings; where it is there already it folds or unfolds.
func (d *detail) click(y, warnings int) {
	y -= warnings
	if d.tab != tabPayload || d.tree == nil || y < 0 || y >= len(d.tree.drawn) {
		return
	}
	if was := d.tree.cursor; d.tree.drawn[y] != was {
		d.tree.cursor = d.tree.drawn[y]
		return
	}
	n := d.tree.current()
	switch {
	case n == nil || !n.container() || !n.opened && len(n.raw) > unfoldAside:
	case n.open:
		d.fold()
	default:
		d.tree.unfold()
	}
}

// clickRow is a click on a list of choices that begins below a header and head lines
// more: it selects, or chooses what is selected already.
func clickRow(cursor *int, y, head, n int, f frame, choose func() (step, tea.Cmd)) (step, tea.Cmd) {
	head += arrange(f.w, f.h, noBanner).header
	room := max(f.h-head-1, 1)
	top := max(min(*cursor-room+1, n-room), 0)
	i := listed(y, head, top, room, n)
	switch {
	case i < 0:
	case i == *cursor:
		return choose()
	default:
		*cursor = i
	}
	return step{}, nil
}

// Click presses a button. They stand on a line of their own, which no event's can be like.
func (p *replay) Click(x, y int, f frame) (step, tea.Cmd) {
	line, buttons := "", replayButtons(f.theme)
	if lines := p.View(f); y < len(lines) {
		line = ansi.Strip(lines[y])
	}
	if bar := f.theme.mark.bar; strings.Join(strings.Fields(strings.Trim(line, bar+" ")), " ") != strings.Join(strings.Fields(strings.Join(buttons, " ")), " ") {
		return step{}, nil
	}
	for i, b := range buttons {
		if from := width(line[:strings.Index(line, b)]); x >= from && x < from+width(b) {
			return p.Do(replayActions[i], f)
		}
	}
	return step{}, nil
}

func (p *replay) Scroll(n, _, _ int, f frame) tea.Cmd {
	a := actDown
	if n < 0 {
		a = actUp
	}
	p.Do(a, f) // a field for each turn of the wheel
	return nil
}

func (m *menu) Click(_, y int, f frame) (step, tea.Cmd) {
	return clickRow(&m.cursor, y, 2, len(m.choices), f, func() (step, tea.Cmd) { return m.Do(actChoose, f) })
}

func (m *menu) Scroll(n, _, _ int, _ frame) tea.Cmd {
	m.cursor = max(min(m.cursor+n, len(m.choices)-1), 0)
	return nil
}

func (p *palette) Click(_, y int, f frame) (step, tea.Cmd) {
	n := len(p.found(f.theme))
	return clickRow(&p.cursor, y, 2, n, f, func() (step, tea.Cmd) { return p.Do(actChoose, f) })
}

func (p *palette) Scroll(n, _, _ int, f frame) tea.Cmd {
	p.cursor = max(min(p.cursor+n, len(p.found(f.theme))-1), 0)
	return nil
}

func (p *rejections) Click(x, y int, f frame) (step, tea.Cmd) {
	l, n := p.layout(f), len(f.state.Rejected)
	top := max(min(p.at(f)-l.listHeight/2, n-l.listHeight), 0)
	if i := listed(y, l.header+1, top, l.listHeight, n); i >= 0 && x < l.listWidth {
		p.selected = f.state.Refused - int64(n) + 1 + int64(i)
	}
	return step{}, nil
}

func (p *rejections) Scroll(n, _, _ int, f frame) tea.Cmd {
	i := max(min(p.at(f)+n, len(f.state.Rejected)-1), 0)
	p.selected = f.state.Refused - int64(len(f.state.Rejected)) + 1 + int64(i)
	return nil
}
