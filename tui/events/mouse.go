package events

// Clicks and the wheel on the main screen.

import (
	tea "charm.land/bubbletea/v2"

	"hfhook/tui/detail"
	"hfhook/tui/screen"
)

func (e *Screen) Click(x, y int, f screen.Frame) (screen.Step, tea.Cmd) {
	l := e.Layout(f)
	defer e.chose()
	if e.Checking(f) {
		return screen.Step{}, nil
	}
	body := l.Header + l.Banner
	rows := body
	if l.Head || l.DividerFirst() {
		rows++
	}
	paneX, paneY := 0, rows+l.ListHeight
	if l.Divider {
		paneY++
	}
	if l.Kind == screen.Wide {
		paneX, paneY = l.ListWidth+1, body
	}
	switch {
	case x < l.ListWidth && y >= rows && y < rows+l.ListHeight:
		e.InDetail = false
		if i := screen.Listed(y, rows, e.List.Top(l.ListHeight), l.ListHeight, len(e.List.Items)); i >= 0 {
			e.List.Choose(i, l.ListHeight)
		}
	case l.DetailHeight > 0 && x >= paneX && y >= paneY && e.Detail.Item.Row != nil:
		if y-paneY < len(e.paneHead(f, l)) {
			if to, ok := detail.TabUnder(e.View(f)[y], x); ok {
				e.Detail.Tab = to
				e.List.Detach(l.ListHeight)
				break
			}
		}
		e.InDetail = true
		e.List.Detach(l.ListHeight)
		e.Detail.Click(y-paneY-len(e.paneHead(f, l)), e.Detail.TreeTop)
	}
	return screen.Step{}, e.settle(f)
}

func (e *Screen) Scroll(n, x, y int, f screen.Frame) tea.Cmd {
	l := e.Layout(f)
	defer e.chose()
	if e.Checking(f) {
		return nil
	}
	inList := y < l.Header+l.Banner+l.ListHeight+1
	if l.Kind == screen.Wide {
		inList = x < l.ListWidth
	}
	if inList || l.DetailHeight == 0 {
		e.List.Move(n, l.ListHeight)
	} else {
		e.List.Detach(l.ListHeight)
		e.Detail.Move(n, l.DetailWidth)
	}
	return e.settle(f)
}

func (o *Opened) Click(x, y int, f screen.Frame) (screen.Step, tea.Cmd) {
	d := &o.main.Detail
	if head := len(o.head(f)); y < head {
		if to, ok := detail.TabUnder(o.View(f)[y], x); ok {
			d.Tab = to
		}
	} else {
		d.Click(y-head, d.TreeTop)
	}
	return screen.Step{}, o.main.settle(f)
}

func (o *Opened) Scroll(n, _, _ int, f screen.Frame) tea.Cmd {
	w, _ := o.main.rect(f)
	o.main.Detail.Move(n, w)
	return o.main.settle(f)
}
