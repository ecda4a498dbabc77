package lease

// What a user can do with one webhook: shown as a change before it is made.

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"hfhook/internal/hub"
)

// An Action is something to do with a webhook.
type Action string

// The actions. All except Add and TakeOver need a webhook that hfhook made or has taken over.
const (
	Add        Action = "add"         // create one that points here
	Edit       Action = "edit"        // change what it watches
	TakeOver   Action = "take over"   // point it here; if it is not hfhook's, until the end of the session
	PushSecret Action = "push secret" // set the session's present secret
	SwitchOn   Action = "enable"
	SwitchOff  Action = "disable"
	Remove     Action = "delete"
	SetOnQuit  Action = "on quit" // changes nothing on the Hub
)

// A Request is an action and its arguments.
type Request struct {
	Action     Action
	Webhook    string        // id; for all but Add
	Watched    []hub.Watched // for Add and Edit
	Domains    []hub.Domain  // for Add and Edit
	KeepSecret bool          // for TakeOver: do not change the webhook's secret
	OnQuit     OnQuit        // for SetOnQuit
	Handler    string        // of PushSecret: the target whose secret it is; empty: the one that this session wants
	Secret     hub.Secret    // of Handler; the session sets it
}

// ErrNotOurs means that hfhook has neither made the webhook nor taken it over.
var ErrNotOurs = errors.New("hfhook did not make this webhook: take it over first")

// Plan returns what a request would change, without changing it. It reads the Hub.
func (k *Keeper) Plan(ctx context.Context, w Request) (*Change, error) {
	ctx, end, err := k.takeTurn(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	change, err := k.plan(ctx, w)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", w.Action, err)
	}
	return change, nil
}

// Apply makes a change, and says in a sentence what was done.
func (k *Keeper) Apply(ctx context.Context, c *Change) (string, error) {
	if c.Empty() {
		return "no changes", nil
	}
	ctx, end, err := k.takeTurn(ctx)
	if err != nil {
		return "", err
	}
	defer end()
	done, err := c.Do(ctx)
	if err != nil {
		return "", k.failed(err)
	}
	return done, k.read(ctx)
}

func (k *Keeper) plan(ctx context.Context, w Request) (*Change, error) {
	url, _, _ := k.tunnel()
	if (w.Action == Add || w.Action == TakeOver) && url == "" {
		return nil, errors.New("there is no public URL yet")
	}
	if err := k.read(ctx); err != nil {
		return nil, err
	}
	if w.Action == Add {
		return k.planAdd(w, url), nil
	}
	hook := k.State().Hook(w.Webhook)
	if hook == nil {
		return nil, fmt.Errorf("%w: %s", hub.ErrNotFound, w.Webhook)
	}
	if hook.Others {
		return nil, fmt.Errorf("%s: %w", short(hook.ID), errInUse)
	}
	if w.Action == TakeOver {
		return k.planTakeOver(w, hook, url), nil
	}
	if !hook.Noted {
		return nil, fmt.Errorf("%s: %w", short(hook.ID), ErrNotOurs)
	}
	change := &Change{Lines: []Line{head(' ', "the webhook %s", short(hook.ID))}}
	id := hook.ID
	switch w.Action {
	case Edit:
		k.planEdit(change, w, hook, url)
	case PushSecret:
		secret, done := w.Secret, "the secret of "+short(id)+" is now the handler's"
		if secret == nil {
			secret, done = k.wanted(), "the secret of "+short(id)+" is now this hfhook's"
		}
		if secret == nil {
			return nil, errors.New("this session has no secret")
		}
		change.Title = "Set the secret of " + short(id)
		change.Lines = append(change.Lines, row(' ', "url", hook.Target()))
		change.Lines = append(change.Lines, k.secretRows(hook.HasSecret)...)
		change.Do = func(ctx context.Context) (string, error) {
			if hook.Taken { // first, so that the note is removed in any case
				if err := k.note(id, func(n *Note) {
					if n.Before != nil {
						before := *n.Before
						before.KeepSecret = false
						n.Before = &before
					}
				}); err != nil {
					return "", err
				}
			}
			if _, err := k.opts.Client.Update(ctx, id, hub.Change{Secret: secret}); err != nil {
				return "", err
			}
			k.noteSecret(id, secret)
			return done, nil
		}
	case SwitchOn, SwitchOff:
		call, want := k.opts.Client.Enable, hub.Enabled
		if w.Action == SwitchOff {
			call, want = k.opts.Client.Disable, hub.Disabled
		}
		change.Title = fmt.Sprintf("Have %s %s", short(id), want)
		change.Lines = append(change.Lines, row(' ', "url", hook.Target()))
		change.Lines = append(change.Lines, changed("state", stateText(hook.State), string(want))...)
		if hook.State == want {
			return change, nil
		}
		change.Do = func(ctx context.Context) (string, error) {
			w, err := call(ctx, id)
			if err != nil {
				return "", err
			}
			k.reported[id] = w.State
			return short(id) + " is " + string(want), nil
		}
	case Remove:
		if hook.Taken {
			return nil, fmt.Errorf("%s was taken over: hfhook does not delete it", short(id))
		}
		change.Title = "Delete " + short(id)
		change.Lines = []Line{
			head('-', "the webhook %s, with the list of its deliveries", short(id)),
			row('-', "url", hook.Target()), row('-', "watched", watchedText(hook.Watched)), row('-', "domains", domainsText(hook.Domains)),
		}
		change.Do = func(ctx context.Context) (string, error) { return short(id) + " is deleted", k.remove(ctx, id) }
	case SetOnQuit:
		if hook.Taken {
			return nil, fmt.Errorf("%s was taken over: at the end it gets its old URL back", short(id))
		}
		change.Title = "At the end of " + short(id)
		change.Lines = append(change.Lines, changed("at quit", quitText(hook.OnQuit), quitText(w.OnQuit))...)
		change.Do = func(context.Context) (string, error) {
			return "at quit " + quitText(w.OnQuit), k.note(id, func(n *Note) { n.OnQuit = w.OnQuit })
		}
	default:
		return nil, fmt.Errorf("unknown change %q", w.Action)
	}
	return change, nil
}

func (k *Keeper) planAdd(w Request, url string) *Change {
	change := &Change{Title: "A new webhook", Lines: append([]Line{head('+', "a new webhook")}, k.newRows(shown(url), w.Watched, w.Domains)...)}
	for _, h := range k.State().Hooks {
		if h.Here && h.State == hub.Enabled && overlaps(h.Watched, h.Domains, w.Watched, w.Domains) {
			change.Lines = append(change.Lines, head('!', "%s also points here: some events will arrive twice", short(h.ID)))
		}
	}
	change.Do = func(ctx context.Context) (string, error) {
		all, err := k.opts.Client.List(ctx)
		if err != nil {
			return "", err
		}
		h, err := k.make(ctx, all, url, w.Watched, w.Domains)
		if err != nil {
			return "", err
		}
		k.synced = url
		return "made the webhook " + short(h.Webhook), nil
	}
	return change
}

func (k *Keeper) planEdit(change *Change, w Request, hook *Hook, url string) {
	id := hook.ID
	change.Title = "Change " + short(id)
	change.Lines = append(change.Lines, row(' ', "url", hook.Target()))
	change.Lines = append(change.Lines, changed("watched", watchedText(hook.Watched), watchedText(w.Watched))...)
	change.Lines = append(change.Lines, changed("domains", domainsText(hook.Domains), domainsText(w.Domains))...)
	if sameWatch(hook.Watched, hook.Domains, w.Watched, w.Domains) {
		return
	}
	secret := k.wanted()
	if hook.Taken || !hook.Used {
		secret = nil
	}
	change.Do = func(ctx context.Context) (string, error) {
		if _, err := k.opts.Client.Update(ctx, id, hub.Change{Watched: w.Watched, Domains: w.Domains, Secret: secret}); err != nil {
			return "", err
		}
		if secret != nil {
			k.noteSecret(id, secret)
		}
		return short(id) + " watches " + watchedText(w.Watched), k.note(id, func(n *Note) { n.Watched, n.Domains = w.Watched, w.Domains })
	}
}

// planTakeOver points a webhook here: permanently if it is hfhook's own, else until the end of
// the session.
func (k *Keeper) planTakeOver(w Request, hook *Hook, url string) *Change {
	id := hook.ID
	change := &Change{Title: "Take over " + short(id), Lines: []Line{head(' ', "the webhook %s", short(id))}}
	change.Lines = append(change.Lines, changed("url", hook.Target(), shown(url))...)
	change.Lines = append(change.Lines, row(' ', "watched", watchedText(hook.Watched)))
	change.Lines = append(change.Lines, changed("state", stateText(hook.State), string(hub.Enabled))...)
	if w.KeepSecret {
		change.Lines = append(change.Lines, row('!', "secret", "its own is kept: its events are refused unless this hfhook has the same secret"))
	} else {
		change.Lines = append(change.Lines, k.secretRows(hook.HasSecret)...)
	}
	if !hook.Noted {
		change.Lines = append(change.Lines, row(' ', "at quit", "it redirects to "+hook.Target()+" again"))
		if hook.HasSecret && !w.KeepSecret && k.wanted() != nil {
			change.Lines = append(change.Lines, head('!', "its own secret can't be read or restored: set it again yourself"))
		}
	}
	before := &Before{URL: hook.URL, JobSourceID: hook.JobSourceID, State: hook.State, KeepSecret: w.KeepSecret || k.wanted() == nil}
	inline := hook.URL == "" && hook.JobSourceID == ""
	change.Do = func(ctx context.Context) (string, error) {
		if inline {
			return "", hub.ErrInlineJob
		}
		h, err := k.hold(id, before, hook)
		if err != nil {
			return "", err
		}
		now, err := k.opts.Client.Get(ctx, id)
		if err == nil {
			err = k.bring(ctx, h, now, url, true)
		}
		if err != nil {
			return "", err
		}
		k.synced = url
		return short(id) + " points here now", nil
	}
	return change
}

// PlanSecret returns which webhooks would get the secret: all that hfhook has made on this
// machine, and those on loan with hfhook's secret. inUse has the URLs of those that a running
// session uses: it must accept the secret first.
func (k *Keeper) PlanSecret(ctx context.Context) (change *Change, inUse []string, err error) {
	ctx, end, err := k.takeTurn(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer end()
	if err := k.identify(ctx); err != nil {
		return nil, nil, err
	}
	all, err := k.opts.Client.List(ctx)
	if err != nil {
		return nil, nil, err
	}
	entries, err := k.opts.Notes.all()
	if err != nil {
		return nil, nil, err
	}
	change = &Change{Title: "On the Hub, as " + k.account.Name}
	var ids []string
	for _, e := range entries {
		at := slices.IndexFunc(all, func(w hub.Webhook) bool { return w.ID == e.Webhook })
		if !k.ours(e) || at < 0 || e.Before != nil && e.Before.KeepSecret {
			continue
		}
		w := &all[at]
		ids = append(ids, w.ID)
		change.Lines = append(change.Lines, head(' ', "the webhook %s to %s", short(w.ID), w.Target()), row('+', "secret", "this hfhook's new one"))
		if e.inUse {
			inUse = append(inUse, e.URL)
		}
	}
	if len(ids) == 0 {
		return change, nil, nil
	}
	change.Do = func(ctx context.Context) (string, error) {
		secret := k.wanted()
		for i, id := range ids {
			w, err := k.opts.Client.Update(ctx, id, hub.Change{Secret: secret})
			if err != nil {
				return "", fmt.Errorf("%d of %d webhooks have the new secret: %w", i, len(ids), err)
			}
			k.noteSecret(id, secret)
			k.report(Notice{Kind: Updated, Webhook: id, URL: w.Target(), Text: "has the new secret"})
		}
		return "", nil
	}
	return change, inUse, nil
}

// hold locks a webhook for this session: by its note, or by a new one.
func (k *Keeper) hold(id string, before *Before, hook *Hook) (*held, error) {
	if h := k.holding(id); h != nil {
		return h, nil
	}
	entries, err := k.opts.Notes.all()
	if err != nil {
		return nil, err
	}
	var h *held
	at := slices.IndexFunc(entries, func(e entry) bool { return e.Webhook == id && k.ours(e) })
	if at >= 0 {
		if h, err = k.opts.Notes.take(entries[at]); err == nil {
			err = h.save(func(n *Note) { n.Used = true })
		}
	} else {
		h, err = k.opts.Notes.add(Note{
			Webhook: id, Endpoint: k.opts.Endpoint, User: k.account.Name, Project: k.opts.Project, Made: time.Now().UTC(),
			URL: hook.URL, Watched: hook.Watched, Domains: hook.Domains, OnQuit: Disable, Used: true, Before: before,
		})
	}
	if err != nil {
		return nil, err
	}
	k.held = append(k.held, h)
	return h, nil
}

func (k *Keeper) holding(id string) *held {
	for _, h := range k.held {
		if h.Webhook == id {
			return h
		}
	}
	return nil
}

// note changes a note, of this session or one that no session has locked.
func (k *Keeper) note(id string, change func(*Note)) error {
	if h := k.holding(id); h != nil {
		return h.save(change)
	}
	entries, err := k.opts.Notes.all()
	if err != nil {
		return err
	}
	for _, e := range entries {
		if e.Webhook != id || !k.ours(e) {
			continue
		}
		h, err := k.opts.Notes.take(e)
		if err != nil {
			return err
		}
		defer h.release()
		return h.save(change)
	}
	return fmt.Errorf("%s: %w", short(id), ErrNotOurs)
}

// remove deletes a webhook of hfhook's own, and its note.
func (k *Keeper) remove(ctx context.Context, id string) error {
	if err := k.opts.Client.Delete(ctx, id); err != nil && !errors.Is(err, hub.ErrNotFound) {
		return err
	}
	if h := k.holding(id); h != nil {
		k.drop(h)
		return h.forget()
	}
	entries, err := k.opts.Notes.all()
	if err != nil {
		return err
	}
	k.forget(slices.DeleteFunc(entries, func(e entry) bool { return e.Webhook != id || !k.ours(e) }))
	return nil
}
