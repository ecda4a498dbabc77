package lease

// The end of a session, and cleaning up after sessions that crashed.

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"hfhook/internal/hub"
)

// Quit carries out OnQuit for each webhook of the session, or restores it: all at once, and
// within Options.QuitWithin. What could not be done is reported, and left for the next session
// or for hfhook webhooks gc. The Keeper makes no other calls from then on.
func (k *Keeper) Quit(ctx context.Context) error {
	k.leave() // calls in progress end now
	ctx, cancel := context.WithTimeoutCause(ctx, k.opts.QuitWithin, slowError{k.opts.QuitWithin})
	defer cancel()
	select {
	case k.turn <- struct{}{}:
		defer func() { <-k.turn }()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	all := slices.Clone(k.held)
	errs := make([]error, len(all))
	var ending sync.WaitGroup
	for i, h := range all {
		ending.Go(func() {
			if err := k.end(ctx, h); err != nil {
				errs[i] = fmt.Errorf("webhook %s to %s: %w", h.Webhook, shown(h.URL), err)
			}
		})
	}
	ending.Wait()
	for _, h := range all {
		k.drop(h)
	}
	return errors.Join(errs...)
}

// A slowError says that the end of a session did not wait longer for the Hub.
type slowError struct{ limit time.Duration }

func (e slowError) Error() string {
	return fmt.Sprintf("the Hub did not answer within %s, but may still do it", e.limit)
}

// end carries out OnQuit for a webhook, and unlocks its note.
func (k *Keeper) end(ctx context.Context, h *held) error {
	notice, err := k.settle(ctx, h)
	switch {
	case errors.Is(err, hub.ErrNotFound):
		notice = Notice{Kind: Forgotten, Text: "was no longer on the Hub"}
	case err != nil:
		h.release()
		return err
	}
	notice.Webhook = h.Webhook
	if notice.URL == "" {
		notice.URL = shown(h.URL)
	}
	k.report(notice)
	if notice.Kind == Disabled || notice.Kind == Kept {
		err = h.save(func(n *Note) { n.Used = false })
		h.release()
		return err
	}
	return h.forget()
}

// settle changes the webhook on the Hub.
func (k *Keeper) settle(ctx context.Context, h *held) (Notice, error) {
	c := k.opts.Client
	switch {
	case h.Before != nil:
		change := hub.Change{URL: h.Before.URL, JobSourceID: h.Before.JobSourceID}
		if !h.Before.KeepSecret {
			change.Secret = anySecret{} // whoever gets its events then must not get hfhook's secret with them
		}
		w, err := c.Update(ctx, h.Webhook, change)
		if err == nil && h.Before.State != hub.Enabled {
			w, err = c.Disable(ctx, h.Webhook)
		}
		if err != nil {
			return Notice{}, err
		}
		text := "has its old URL again"
		if !h.Before.KeepSecret && w.HasSecret {
			text += "; its own secret can't be restored and this hfhook's was removed: set it on the Hub"
		}
		return Notice{Kind: Restored, URL: w.Target(), Text: text}, nil
	case h.OnQuit == Keep:
		return Notice{Kind: Kept, Text: "left enabled: deliveries will fail and the Hub will suspend it"}, nil
	case h.OnQuit == Delete:
		return Notice{Kind: Deleted, Text: "deleted"}, c.Delete(ctx, h.Webhook)
	default:
		_, err := c.Disable(ctx, h.Webhook)
		return Notice{Kind: Disabled, Text: "disabled; --watch, or w on the screen, enables it again"}, err
	}
}

// anySecret is a new random secret, which nobody knows.
type anySecret struct{}

func (anySecret) Reveal() string { return rand.Text() }

// leftLine says what will happen to a webhook that was left by a crash.
func leftLine(e entry) Line {
	what := "disable it"
	switch {
	case e.Before != nil:
		what = "set its URL back to " + (&hub.Webhook{URL: e.Before.URL, JobSourceID: e.Before.JobSourceID}).Target()
	case e.OnQuit == Delete:
		what = "delete it"
	case e.OnQuit == Keep:
		return head(' ', "%s is left over from a crashed hfhook: it is kept, as configured", short(e.Webhook))
	}
	return head('-', "%s is left over from a crashed hfhook: %s", short(e.Webhook), what)
}

// giveBack cleans up after a session that crashed. What fails is reported, and stays for later.
func (k *Keeper) giveBack(ctx context.Context, left []entry) {
	for _, e := range left {
		h, err := k.opts.Notes.take(e)
		if errors.Is(err, errInUse) {
			continue
		}
		if err == nil {
			h.Webhook = e.Webhook
			err = k.end(ctx, h)
		}
		if err != nil {
			_ = k.failed(fmt.Errorf("the webhook %s, left over from a crashed hfhook: %w", e.Webhook, err))
		}
	}
}

// PlanCollect returns what hfhook webhooks gc would do: with webhooks of crashed sessions, or
// with deleteAll with all that hfhook has made and no session uses.
func (k *Keeper) PlanCollect(ctx context.Context, deleteAll bool) (*Change, error) {
	ctx, end, err := k.takeTurn(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	entries, err := k.opts.Notes.all()
	if err != nil {
		return nil, err
	}
	if len(entries) == 0 { // this needs no login
		return &Change{Title: "On the Hub"}, nil
	}
	if err := k.identify(ctx); err != nil {
		return nil, err
	}
	all, err := k.opts.Client.List(ctx)
	if err != nil {
		return nil, err
	}
	c := k.choose(all, entries, "")
	change := &Change{Title: "On the Hub, as " + k.account.Name}
	work := c.left
	for i := range entries {
		e := &entries[i]
		switch {
		case !k.ours(*e):
		case e.inUse:
			change.Lines = append(change.Lines, head(' ', "%s is used by a running hfhook: it is kept", short(e.Webhook)))
		case slices.ContainsFunc(c.gone, func(g entry) bool { return g.name == e.name }):
			if e.Webhook == "" {
				e.Webhook = "a webhook"
			}
			change.Lines = append(change.Lines, head('-', "%s is no longer on the Hub: remove its note", short(e.Webhook)))
		case deleteAll && e.Before == nil:
			e.OnQuit = Delete
			change.Lines = append(change.Lines, head('-', "%s, created by hfhook on %s for %s: delete it", short(e.Webhook), day(e.Made), watchedText(e.Watched)))
			work = slices.DeleteFunc(work, func(l entry) bool { return l.name == e.name })
			work = append(work, *e)
		case e.Used:
			change.Lines = append(change.Lines, leftLine(*e))
		default:
			change.Lines = append(change.Lines, head(' ', "%s, created by hfhook on %s for %s, is kept for the next hfhook", short(e.Webhook), day(e.Made), watchedText(e.Watched)))
		}
	}
	if len(work) == 0 && len(c.gone) == 0 {
		return change, nil
	}
	change.Do = func(ctx context.Context) (string, error) {
		k.forget(c.gone)
		for _, e := range c.gone {
			k.report(Notice{Kind: Forgotten, Webhook: e.Webhook, URL: shown(e.URL), Text: "was no longer on the Hub"})
		}
		var errs []error
		for _, e := range work {
			h, err := k.opts.Notes.take(e)
			if err == nil {
				h.Webhook, h.OnQuit = e.Webhook, e.OnQuit
				err = k.end(ctx, h)
			}
			if err != nil {
				errs = append(errs, fmt.Errorf("webhook %s: %w", e.Webhook, err))
			}
		}
		return "", errors.Join(errs...)
	}
	return change, nil
}
