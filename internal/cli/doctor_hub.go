package cli

// The doctor's checks of the Hub's side: whose token it is, and the whole way from a
// webhook to the store.

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"time"

	"hfhook/filter"
	"hfhook/internal/cli/exit"
	"hfhook/internal/dev"
	"hfhook/internal/duration"
	"hfhook/internal/hub"
	"hfhook/internal/lease"
	"hfhook/internal/plainerr"
	"hfhook/internal/version"
	"hfhook/server"
	"hfhook/store"
)

// checkHub reports the user of the token. A missing token is not a failure: hfhook works
// without.
func checkHub(ctx context.Context, p *program) finding {
	found, err := hub.FindSettings(p.env)
	if err != nil {
		return failed(&exit.Error{Code: exit.CodeConfig, Err: err})
	}
	client, err := hub.New(found, hub.Options{UserAgent: version.UserAgent()})
	if err != nil {
		return failed(&exit.Error{Code: exit.CodeConfig, Err: err})
	}
	account, err := client.Whoami(ctx)
	switch {
	case errors.Is(err, hub.ErrNoToken), errors.Is(err, hub.ErrOffline):
		return warning(advice(err), "not logged in: create the webhook yourself at %s", hubPage)
	case errors.Is(err, hub.ErrUnreachable): // everything but the webhooks works without
		return warning(advice(err), "%s", plainerr.Text(err))
	case err != nil:
		return failed(err)
	case !account.MayWrite():
		return warning(advice(hub.ErrForbidden), "logged in as %s with a read-only token from %s: it cannot create webhooks", account.Name, found.Source)
	}
	return ok("logged in as %s, with the token of %s", account.Name, found.Source)
}

// hasLogin reports whether there is a token that the Hub may be asked with.
func hasLogin(p *program) bool {
	found, err := hub.FindSettings(p.env)
	return err == nil && !found.Token.IsZero() && !found.Offline
}

// checkWebhooks tests the path of an event for each webhook that a running hfhook dev uses, and
// reports hfhook's other webhooks on the Hub. It returns the most serious of several findings,
// with the texts of the others.
func checkWebhooks(ctx context.Context, p *program) finding {
	found, err := hub.FindSettings(p.env)
	if err != nil {
		return failed(&exit.Error{Code: exit.CodeConfig, Err: err})
	}
	keeper, err := newKeeper(p, found, secrets{}, slog.New(slog.DiscardHandler), nil)
	if err == nil {
		err = keeper.Reload(ctx)
	}
	if errors.Is(err, hub.ErrUnreachable) {
		return warning(advice(err), "unknown: the Hub can't be reached")
	}
	if err != nil {
		return failed(err)
	}
	var all []finding
	for _, h := range keeper.State().Hooks {
		switch {
		case h.Others:
			all = append(all, checkHookURL(ctx, p, &h))
		case h.Crashed:
			all = append(all, warning("hfhook webhooks gc", "%s is left over from a crashed hfhook, and is %s", h.ID, stateWord(h.State)))
		case h.Noted:
			all = append(all, ok("%s waits for the next hfhook dev --watch, and is %s", h.ID, stateWord(h.State)))
		}
	}
	if len(all) == 0 {
		return ok("hfhook has none on the Hub; hfhook dev --watch TYPE:NAME creates one")
	}
	grave := []string{"failed", "warning", "ok"}
	slices.SortStableFunc(all, func(a, b finding) int { return slices.Index(grave, a.State) - slices.Index(grave, b.State) })
	worst := all[0]
	for _, f := range all[1:] {
		worst.Detail += "; " + f.Detail
	}
	return worst
}

// checkHookURL tests one webhook: state on the Hub, public URL, secret, and its last event.
func checkHookURL(ctx context.Context, p *program, h *lease.Hook) finding {
	if h.State != hub.Enabled {
		return warning("hfhook webhooks enable "+h.ID, "%s to %s is %s: the Hub sends nothing", h.ID, h.Target(), stateWord(h.State))
	}
	if !h.Old { // the secret goes where hfhook has led it, and nowhere else
		return warning("hfhook webhooks info "+h.ID, "%s points to %s instead of the hfhook dev that uses it: it was changed on the Hub", h.ID, h.Target())
	}
	var present server.Secret
	if s, err := p.knownSecrets(); err == nil && len(s.accepted) > 0 {
		present = s.present()
	}
	way, err := dev.SelfTest(ctx, nil, h.URL, present)
	if err != nil {
		return failed(&exit.Error{Code: exit.CodeTunnel, Err: fmt.Errorf("webhook %s: %w", h.ID, err), Try: "check the tunnel in hfhook dev; hfhook secret origin shows which secret is expected"})
	}
	text := fmt.Sprintf("%s to %s is enabled; a test request took %s, and the secret was accepted", h.ID, h.Target(), duration.Text(way))
	if h.LastTrigger.IsZero() {
		return ok("%s; the Hub has not triggered it yet", text)
	}
	text += "; the Hub triggered it last at " + h.LastTrigger.Local().Format(time.DateTime)
	last, err := lastEventOf(ctx, p, h.ID)
	if err != nil {
		return failed(err)
	}
	// The clocks may differ, and a delivery takes a while.
	if last.Before(h.LastTrigger.Add(-time.Minute)) {
		return warning("the key O in the screen, or "+h.Activity+": failed deliveries can be replayed there", "%s, and that event is not in the store", text)
	}
	return ok("%s, and its last event here is from %s", text, last.Local().Format(time.TimeOnly))
}

// lastEventOf returns when the newest event of a webhook arrived; zero: there is none.
func lastEventOf(ctx context.Context, p *program, id string) (time.Time, error) {
	path, err := p.storePath()
	if err != nil {
		return time.Time{}, err
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return time.Time{}, nil
	}
	of, err := filter.Parse(".webhook.id:"+id+" -is:synthetic", time.Now())
	if err != nil {
		return time.Time{}, err
	}
	events, err := openToRead(ctx, p, path)
	if err != nil {
		return time.Time{}, err
	}
	q := store.Query{Filter: of, Limit: 1}
	for err == nil {
		var page store.Page
		page, err = events.List(ctx, q)
		if len(page.Rows) > 0 {
			return page.Rows[0].Received, events.Close()
		}
		if page.Next == "" {
			break
		}
		q.Before = page.Next
	}
	return time.Time{}, errors.Join(err, events.Close())
}
