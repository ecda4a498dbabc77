package lease

// The start of a session: chooses its webhook, and sets the public URL of its webhooks.

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"hfhook/internal/hub"
)

// A choice says what a session begins with.
type choice struct {
	use      *entry       // the note of the webhook to use; nil: one is created
	now      *hub.Webhook // the present state of that webhook
	left     []entry      // notes of sessions that crashed
	gone     []entry      // notes about webhooks that no longer exist
	warnings []Line
}

// choose looks through webhooks and notes. url is the public one, or empty if it is not known
// yet.
func (k *Keeper) choose(all []hub.Webhook, entries []entry, url string) choice {
	var c choice
	rank := 0
	noted := map[string]bool{}
	for i := range entries {
		e := &entries[i]
		if !k.ours(*e) {
			continue
		}
		if e.Webhook == "" && !e.inUse {
			e.Webhook = unanswered(*e, all)
		}
		noted[e.Webhook] = true
		at := slices.IndexFunc(all, func(w hub.Webhook) bool { return w.ID == e.Webhook })
		same := len(k.opts.Watch) > 0 && sameWatch(e.Watched, e.Domains, k.opts.Watch, k.opts.Domains)
		switch {
		case e.inUse:
			own := slices.ContainsFunc(k.held, func(h *held) bool { return h.name == e.name })
			if !own && overlaps(e.Watched, e.Domains, k.opts.Watch, k.opts.Domains) {
				c.warnings = append(c.warnings, head('!', "%s watches the same for another running hfhook: both get each event", short(e.Webhook)))
			}
			continue
		case at < 0:
			c.gone = append(c.gone, *e)
			continue
		case e.Used:
			c.left = append(c.left, *e)
		}
		if len(k.opts.Watch) == 0 || k.watching != nil || e.Before != nil {
			continue
		}
		n := 0
		switch sameProject := e.Project == k.opts.Project; {
		case same && sameProject:
			n = 3
		case same:
			n = 2
		case sameProject:
			n = 1
		}
		if n > rank {
			rank, c.use, c.now = n, e, &all[at]
		}
	}
	if c.use != nil {
		c.left = slices.DeleteFunc(c.left, func(e entry) bool { return e.name == c.use.name })
	}
	if len(k.opts.Watch) > 0 {
		for i := range all {
			w := &all[i]
			if !noted[w.ID] && leadsTo(w.URL, url) && w.State == hub.Enabled && overlaps(w.Watched, w.Domains, k.opts.Watch, k.opts.Domains) {
				c.warnings = append(c.warnings, head('!', "%s, not created by hfhook, also points here: some events will arrive twice", short(w.ID)))
			}
		}
	}
	return c
}

// unanswered returns the webhook that was created by a call whose answer was lost; empty if
// there is none.
func unanswered(e entry, all []hub.Webhook) string {
	for _, w := range all {
		if w.URL == e.URL && !slices.Contains(e.Others, w.ID) && sameWatch(w.Watched, w.Domains, e.Watched, e.Domains) {
			return w.ID
		}
	}
	return ""
}

// Prepare returns what the session would change on the Hub once its tunnel is up. url is the
// public URL of its hook, or empty if it is not known yet.
func (k *Keeper) Prepare(ctx context.Context, url string) (*Change, error) {
	ctx, end, err := k.takeTurn(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	if err := k.identify(ctx); err != nil {
		return nil, err
	}
	if !k.account.MayWrite() {
		return nil, fmt.Errorf("watch %s: %w: it is read-only", watchedText(k.opts.Watch), hub.ErrForbidden)
	}
	all, err := k.opts.Client.List(ctx)
	if err != nil {
		return nil, err
	}
	entries, err := k.opts.Notes.all()
	if err != nil {
		return nil, err
	}
	c := k.choose(all, entries, url)
	change := &Change{Title: "On the Hub, as " + k.account.Name}
	will := url
	if will == "" {
		will = "this tunnel's, once it is up"
	} else {
		will = shown(will)
	}
	if c.use == nil {
		change.Lines = append(change.Lines, head('+', "a new webhook"))
		change.Lines = append(change.Lines, k.newRows(will, k.opts.Watch, k.opts.Domains)...)
	} else {
		w := c.now
		change.Lines = append(change.Lines, head(' ', "the webhook %s, which hfhook made on %s", short(w.ID), day(c.use.Made)))
		change.Lines = append(change.Lines, changed("url", w.Target(), will)...)
		change.Lines = append(change.Lines, changed("watched", watchedText(w.Watched), watchedText(k.opts.Watch))...)
		change.Lines = append(change.Lines, changed("domains", domainsText(w.Domains), domainsText(k.opts.Domains))...)
		change.Lines = append(change.Lines, changed("state", stateText(w.State), string(hub.Enabled))...)
		change.Lines = append(change.Lines, k.secretRows(w.HasSecret)...)
		change.Lines = append(change.Lines, row(' ', "at quit", quitText(k.opts.OnQuit)))
	}
	for _, e := range c.left {
		change.Lines = append(change.Lines, leftLine(e))
	}
	change.Lines = append(change.Lines, c.warnings...)
	change.Do = func(context.Context) (string, error) { return "", nil }
	return change, nil
}

func (k *Keeper) newRows(url string, watched []hub.Watched, domains []hub.Domain) []Line {
	return append([]Line{
		row('+', "url", url), row('+', "watched", watchedText(watched)), row('+', "domains", domainsText(domains)),
	}, append(k.secretRows(false), row(' ', "at quit", quitText(k.opts.OnQuit)))...)
}

// secretRows say what happens to the secret. The Hub does not return the present one.
func (k *Keeper) secretRows(has bool) []Line {
	switch {
	case k.wanted() == nil && has:
		return []Line{row(' ', "secret", "its own is kept")}
	case k.wanted() == nil:
		return []Line{row('!', "secret", "none: anyone who knows the URL can post")}
	case has:
		return []Line{row('+', "secret", "the one that hfhook accepts now, set again")}
	}
	return []Line{row('+', "secret", "the one that hfhook accepts now")}
}

// Sync sets the public URL of every webhook of the session, creates or reuses the one for
// Options.Watch, and cleans up after crashes.
func (k *Keeper) Sync(ctx context.Context) error {
	ctx, end, err := k.takeTurn(ctx)
	if err != nil {
		return err
	}
	defer end()
	if k.syncErr = k.sync(ctx); k.syncErr != nil {
		return k.failed(k.syncErr)
	}
	return nil
}

func (k *Keeper) sync(ctx context.Context) error {
	url, up, _ := k.tunnel()
	if !up {
		return nil
	}
	if err := k.identify(ctx); err != nil {
		return err
	}
	all, err := k.opts.Client.List(ctx)
	if err != nil {
		return err
	}
	entries, err := k.opts.Notes.all()
	if err != nil {
		return err
	}
	c := k.choose(all, entries, url)
	k.forget(c.gone)
	for _, h := range slices.Clone(k.held) {
		at := slices.IndexFunc(all, func(w hub.Webhook) bool { return w.ID == h.Webhook })
		if at < 0 {
			k.lost(h)
			continue
		}
		if err := k.bring(ctx, h, &all[at], url, k.paused[h.Webhook] || all[at].State == hub.Suspended); err != nil {
			return err
		}
		delete(k.paused, h.Webhook)
	}
	if len(k.opts.Watch) > 0 && k.watching == nil && k.synced == "" {
		if err := k.begin(ctx, c, all, url); err != nil {
			return err
		}
		for _, line := range c.warnings {
			k.report(Notice{Kind: Doubled, URL: shown(url), Text: line.Text})
		}
		k.giveBack(ctx, c.left)
	}
	k.synced = url
	k.set(func(s *State) { s.Paused, s.PauseAt = false, time.Time{} })
	// The following read is only for display: its failure does not matter here.
	k.syncErr = nil
	_ = k.read(ctx)
	return nil
}

// begin reuses or creates the webhook for Options.Watch.
func (k *Keeper) begin(ctx context.Context, c choice, all []hub.Webhook, url string) error {
	if c.use == nil {
		h, err := k.make(ctx, all, url, k.opts.Watch, k.opts.Domains)
		k.watching = h
		return err
	}
	h, err := k.opts.Notes.take(*c.use)
	if err != nil {
		return err
	}
	err = h.save(func(n *Note) {
		n.Webhook, n.Others, n.Project, n.Used = c.use.Webhook, nil, k.opts.Project, true
		n.Watched, n.Domains, n.OnQuit = k.opts.Watch, k.opts.Domains, k.opts.OnQuit
	})
	if err != nil {
		h.release()
		return err
	}
	k.held = append(k.held, h)
	k.watching = h
	err = k.bring(ctx, h, c.now, url, true)
	if errors.Is(err, hub.ErrNotFound) { // deleted since the list was read
		k.lost(h)
		h, err = k.make(ctx, all, url, k.opts.Watch, k.opts.Domains)
		k.watching = h
	}
	if err != nil && k.watching == h && h != nil {
		// It is tried again; until then its note looks like one of a crash.
		k.drop(h)
		h.release()
	}
	return err
}

// make creates a webhook, after its note.
func (k *Keeper) make(ctx context.Context, all []hub.Webhook, url string, watched []hub.Watched, domains []hub.Domain) (*held, error) {
	others := make([]string, len(all))
	for i := range all {
		others[i] = all[i].ID
	}
	h, err := k.opts.Notes.add(Note{
		Endpoint: k.opts.Endpoint, User: k.account.Name, Project: k.opts.Project, Made: time.Now().UTC(),
		URL: url, Watched: watched, Domains: domains, OnQuit: k.opts.OnQuit, Used: true, Others: others,
	})
	if err != nil {
		return nil, err
	}
	secret := k.wanted()
	w, err := k.opts.Client.Create(ctx, hub.Spec{URL: url, Watched: watched, Domains: domains, Secret: secret})
	if errors.Is(err, hub.ErrUncertain) {
		w, err = k.findMade(ctx, h, err)
	}
	if err != nil {
		if errors.Is(err, hub.ErrUncertain) || ctx.Err() != nil {
			h.release() // the note tells the next session what to look for
		} else if forgetErr := h.forget(); forgetErr != nil {
			err = errors.Join(err, forgetErr)
		}
		return nil, err
	}
	k.held = append(k.held, h)
	if err := h.save(func(n *Note) { n.Webhook, n.Others = w.ID, nil }); err != nil {
		return h, err
	}
	k.noteSecret(w.ID, secret)
	k.reported[w.ID] = w.State
	k.report(Notice{Kind: Created, Webhook: w.ID, URL: w.Target(), Text: "made, for " + watchedText(watched)})
	return h, nil
}

// findMade looks for a webhook that was created by a call whose answer was lost.
func (k *Keeper) findMade(ctx context.Context, h *held, cause error) (*hub.Webhook, error) {
	all, err := k.opts.Client.List(ctx)
	if err != nil {
		return nil, cause
	}
	id := unanswered(entry{Note: h.Note}, all)
	for i := range all {
		if all[i].ID == id {
			return &all[i], nil
		}
	}
	return nil, cause
}

// bring sets a webhook's URL, secret and what it watches, and enables it if wanted. It calls
// the Hub only if something differs, or if this session has not set the secret yet.
func (k *Keeper) bring(ctx context.Context, h *held, now *hub.Webhook, url string, enable bool) error {
	if err := h.save(func(n *Note) { n.URL, n.Used = url, true }); err != nil {
		return err
	}
	change := hub.Change{}
	if secret := k.wanted(); secret != nil && (h.Before == nil || !h.Before.KeepSecret) {
		change.Secret = secret // sent with every change: the Hub may lose it otherwise
	}
	needed := change.Secret != nil && k.secretSince(h.Webhook).IsZero()
	if now.URL != url {
		change.URL, needed = url, true
	}
	if !sameWatch(now.Watched, now.Domains, h.Watched, h.Domains) && h.Before == nil {
		change.Watched, change.Domains, needed = h.Watched, h.Domains, true
	}
	if needed {
		w, err := k.opts.Client.Update(ctx, h.Webhook, change)
		if err != nil {
			return err
		}
		if change.Secret != nil {
			k.noteSecret(h.Webhook, change.Secret)
		}
		text := "points here now"
		if now.URL == url {
			text = "updated"
		}
		k.report(Notice{Kind: Updated, Webhook: w.ID, URL: w.Target(), Text: text})
		now = w
	}
	if enable && now.State != hub.Enabled {
		was := now.State
		w, err := k.opts.Client.Enable(ctx, h.Webhook)
		if err != nil {
			return err
		}
		k.reported[w.ID] = w.State
		k.report(Notice{Kind: Enabled, Webhook: w.ID, URL: w.Target(), Text: "enabled; it was " + stateText(was)})
	}
	return nil
}

// forget deletes notes about webhooks that are no longer on the Hub.
func (k *Keeper) forget(gone []entry) {
	for _, e := range gone {
		h, err := k.opts.Notes.take(e)
		if err == nil {
			err = h.forget()
		}
		if err != nil {
			k.log.Warn("removed the note about a deleted webhook", "webhook", e.Webhook, "error", err)
		}
	}
}
