package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/attempt"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/dev"
	"hfhook/internal/lease"
	"hfhook/internal/visible"
	"hfhook/store"
	"hfhook/tunnel"
)

// A plain is the face of a session without a screen: lines on stdout, for people or,
// with --json, for programs.
type plain struct {
	p             *program
	session       *dev.Session
	readyFile     *readyFile
	last          event.ID // the newest event that was printed
	failed        *tunnel.Problem
	tunnelChanges output.TunnelChanges
	refused       *lease.Notice // by the Hub, for good
}

// runPlain prints what happens in a session until it has ended. demanded says that the
// user has asked for the tunnel by name, and so wants to hear by the exit code that
// it can't be had.
func runPlain(ctx context.Context, p *program, session *dev.Session, ready *readyFile, demanded bool) error {
	f := &plain{p: p, session: session, readyFile: ready}
	changed := session.Watch(ctx)
	// The session ends with ctx; what it has to tell is told to the end.
	printing := context.WithoutCancel(ctx)
	newest, err := session.List(printing, store.Query{Limit: 1})
	if err != nil {
		return err
	}
	if len(newest.Rows) > 0 {
		f.last = newest.Rows[0].ID
	}
	waiting := p.settings.readyWhen != readyLocal // for the session to be ready
	if !waiting {
		if err := f.ready(printing); err != nil {
			return err
		}
	}
	for {
		isReady := isReady(p.settings.readyWhen, session.State())
		// The end of a session is told, too: it comes after the last delivery.
		ended := ctx.Err() != nil || session.Ended()
		if ended {
			<-session.Done()
		}
		unread, err := f.print(printing)
		if err != nil {
			return err
		}
		if waiting && isReady { // what made it so was printed
			waiting = false
			if err := f.ready(printing); err != nil {
				return err
			}
		}
		if demanded && f.failed != nil {
			return &exit.Error{Code: exit.CodeTunnel, Err: fmt.Errorf("open the tunnel: %w", f.failed), Try: f.failed.Fix}
		}
		if f.refused != nil && len(p.settings.watch) > 0 && !ended {
			return f.refused.Err
		}
		if ended && demanded && !f.tunnelChanges.Up && f.tunnelChanges.Last != nil && errors.Is(context.Cause(ctx), errTimeUp) {
			return &exit.Error{Code: exit.CodeTunnel, Err: fmt.Errorf("the tunnel never came up: %s", f.tunnelChanges.Last.Error()), Try: f.tunnelChanges.Last.Fix}
		}
		if ended {
			return unread
		}
		var again <-chan time.Time
		if unread != nil { // the session tells what is wrong with the store
			again = time.After(time.Second)
		}
		select {
		case <-changed:
		case <-again:
		case <-session.Done():
		}
	}
}

// ready says that requests are taken.
func (f *plain) ready(ctx context.Context) error {
	line := newReadyLine(f.session.State())
	if err := f.readyFile.write(ctx, line); err != nil {
		return err
	}
	if f.p.settings.as.JSON {
		return output.WriteLine(f.p.out, line)
	}
	st := f.session.State()
	text := "ready      " + line.LocalURL + "  store " + line.Store
	if len(line.Targets) > 0 {
		text += "  targets " + strings.Join(line.Targets, " ")
	}
	if err := f.line("%s", text); err != nil {
		return err
	}
	switch {
	case !st.Secret.Verified:
		return f.line("secret     NOT VERIFIED: anyone who knows the URL can post")
	case st.Secret.Made:
		next := "set it on the Hub, too"
		if len(f.p.settings.watch) > 0 {
			next = "hfhook sets it on the webhook"
		}
		return f.line("secret     generated, saved in %s: %s", st.Secret.Source, next)
	default:
		return f.line("secret     from %s", st.Secret.Source)
	}
}

func newReadyLine(st *dev.State) output.ReadyLine {
	line := output.ReadyLine{
		Schema: 1, Type: "ready", PID: os.Getpid(), URL: st.HookURL, LocalURL: st.LocalURL, Tunnel: st.Tunnel.Provider,
		Targets: []string{}, Store: st.Store.Location,
	}
	if line.Tunnel == "" {
		line.Tunnel = "none"
	}
	for _, t := range st.Targets {
		line.Targets = append(line.Targets, t.URL)
	}
	return line
}

// print writes what is new. The journal is taken before the store is read, and
// printed after, so that an event always comes before its deliveries. unread is why
// events could not be read, which is no reason to end.
func (f *plain) print(ctx context.Context) (unread, err error) {
	entries := f.session.Journal()
	unread, err = f.events(ctx)
	if err != nil {
		return unread, err
	}
	for _, e := range entries {
		if err := f.entry(e); err != nil {
			return unread, err
		}
	}
	return unread, nil
}

// events writes the events that were not printed yet.
func (f *plain) events(ctx context.Context) (unread, err error) {
	for more := true; more; {
		if f.session.State().Store.Gone() {
			return store.ErrGone, nil // to read it would wait for it
		}
		page, err := f.session.List(ctx, store.Query{After: f.last, Limit: 200})
		if err != nil {
			return err, nil
		}
		for _, row := range slices.Backward(page.Rows) {
			if unread, err := f.event(ctx, row); unread != nil || err != nil {
				return unread, err
			}
			f.last = row.ID
		}
		more = page.Newer
	}
	return nil, nil
}

func (f *plain) event(ctx context.Context, row event.Row) (unread, err error) {
	gaps := f.session.State().Gaps
	e := &event.Event{}
	// The row says all of the line, unless the event may have been missed in a gap.
	if f.p.settings.as.JSON || !f.p.settings.quiet && slices.ContainsFunc(gaps, func(g store.Gap) bool { return !g.Covered }) {
		e, err = f.session.Event(ctx, row.ID)
	}
	if errors.Is(err, store.ErrNotFound) {
		return nil, nil // deleted meanwhile
	}
	if errors.Is(err, store.ErrDamaged) {
		return nil, nil // it will not get better, and what comes after it can be read
	}
	if err != nil {
		return err, nil
	}
	if !f.p.settings.as.JSON {
		note := ""
		if g, missed := store.Missed(e, gaps); missed {
			note = "  missed while offline " + output.Offline(g)
		}
		switch {
		case row.Duplicate != "":
			note += "  same Webhook-Id as " + string(row.Duplicate)
		case row.SameBody != "":
			note += "  same body as " + string(row.SameBody) + " of " + row.SameBodyAt.Local().Format(time.TimeOnly)
		}
		if row.Unwanted {
			note += "  " + output.UnwantedText
		}
		if row.Origin != event.FromHub {
			note += "  " + string(row.Origin)
		}
		return nil, f.line("event      %s  %-15s %s %s%s", row.ID, row.Label, output.RepoLetter(row.RepoType), row.Subject, note)
	}
	return nil, output.WriteLine(f.p.out, output.NewEventLine(e, gaps))
}

func (f *plain) entry(e dev.Entry) error {
	switch {
	case e.Delivery != nil:
		d := e.Delivery
		if f.p.settings.as.JSON {
			line := output.NewDeliveryLine(d)
			line.Send = e.Send
			return output.WriteLine(f.p.out, line)
		}
		return f.line("%s", deliveryText(d, e.Send))
	case e.Rejected != nil:
		r := e.Rejected
		if f.p.settings.as.JSON {
			return output.WriteLine(f.p.out, output.NewRejectedLine(r))
		}
		return f.line("rejected   %d %s  %s %s  %s  %s", r.Status, r.Reason, r.Method, r.Path, output.Size(r.Bytes), r.Detail)
	case e.Hub != nil:
		n := e.Hub
		if n.Kind == lease.Failed && lease.Hopeless(n.Err) {
			f.refused = n
		}
		if f.p.settings.as.JSON {
			return output.WriteLine(f.p.out, output.NewHubLine(n))
		}
		return f.hub(n)
	case e.Notice != nil:
		if f.p.settings.as.JSON {
			return output.WriteLine(f.p.out, output.NewNoticeLine(e.Notice))
		}
		return f.line("%-10s %s", strings.TrimSuffix(e.Notice.About, "uration"), e.Notice)
	case e.Store != nil:
		if f.p.settings.as.JSON {
			return output.WriteLine(f.p.out, output.NewStoreLine(e.Store))
		}
		return f.line("%-10s %s", "store", e.Store.Text)
	case e.Target != nil:
		if f.p.settings.as.JSON {
			return output.WriteLine(f.p.out, output.NewTargetLine(e.Target))
		}
		return f.target(e.Target)
	case e.Tunnel != nil:
		st := e.Tunnel
		if st.Phase == tunnel.Down && st.Problem != nil {
			f.failed = st.Problem
		}
		// At the end of the session the tunnel is closed, which is not an error.
		word := output.TunnelWord(st)
		if f.p.settings.as.JSON {
			word = output.PhaseWord(st.Phase)
		}
		if st.Phase == tunnel.Off && f.session.Ending() || !f.tunnelChanges.News(st, word) {
			return nil
		}
		if f.p.settings.as.JSON {
			return output.WriteLine(f.p.out, output.NewStateLine(st, f.hookPath()))
		}
		return f.tunnel(st)
	case e.Handler != nil:
		// For people the remarks between its output say it.
		if f.p.settings.as.JSON {
			return output.WriteLine(f.p.out, output.NewHandlerLine(e.Handler))
		}
	case e.HandlerRestart != nil:
		if f.p.settings.as.JSON {
			return output.WriteLine(f.p.out, output.NewRestartLine(e.HandlerRestart))
		}
		return f.line("restart    %s  %s", e.HandlerRestart.URL, e.HandlerRestart)
	}
	return nil
}

// deliveryText is a delivery in a line. send is the command that sends one that was withheld.
func deliveryText(d *event.Delivery, send string) string {
	if d.State == event.Withheld {
		return fmt.Sprintf("withheld   %s  %s  %s  Send it: %s", d.Event, d.URL, output.WithheldText(d), send)
	}
	text := fmt.Sprintf("delivery   %s  %s  %s", d.Event, attempt.Text(d), d.URL)
	if why := cmp.Or(d.Err, d.Redirect()); why != "" {
		text += "  " + why
	}
	return text
}

func (f *plain) target(t *delivery.TargetState) error {
	text := "target     " + string(t.Health) + "  " + t.Name
	if t.Name != t.URL && t.URL != "http://"+t.Name {
		text += "  " + t.URL
	}
	switch {
	case t.Paused:
		text += "  paused"
	case !t.Until.IsZero():
		text += "  asked to wait until " + t.Until.Local().Format(time.TimeOnly)
	}
	if t.Waiting > 0 {
		text += fmt.Sprintf("  %d waiting", t.Waiting)
	}
	if t.Health != delivery.Healthy && t.Err != "" {
		text += "  " + t.Err
	}
	if t.Hint != "" {
		text += "  Hint: " + t.Hint
	}
	return f.line("%s", text)
}

func (f *plain) hub(n *lease.Notice) error {
	text := "hub        " + string(n.Kind)
	if n.Webhook != "" {
		text += "  " + n.Webhook
	}
	if n.URL != "" {
		text += "  " + n.URL
	}
	text += "  " + n.Text
	if n.Fix != "" {
		text += "  Fix: " + n.Fix
	}
	return f.line("%s", text)
}

// hookPath is the part of the hook's URL after the server's address.
func (f *plain) hookPath() string { return f.session.Path() }

// line prints one line for people, with the time before it.
func (f *plain) line(format string, args ...any) error {
	if f.p.settings.quiet || f.p.settings.as.JSON {
		return nil
	}
	_, err := fmt.Fprintf(f.p.out, "%s  %s\n", time.Now().Format(time.TimeOnly), visible.Line(fmt.Sprintf(format, args...)))
	return err
}

// tunnel is the line of a state for people.
func (f *plain) tunnel(st *tunnel.State) error {
	text := "tunnel     " + output.TunnelWord(st)
	if st.URL != "" {
		text += "  " + st.URL + f.hookPath()
	}
	if st.Phase == tunnel.Waiting {
		text += "  next attempt at " + st.Retry.Local().Format(time.TimeOnly) + ", and so on"
	}
	if p := st.Problem; p != nil {
		text += "  " + p.Error()
		if fix := output.TunnelFix(st); fix != "" {
			text += "  Fix: " + fix
		}
	}
	return f.line("%s", text)
}
