package tui

// What the Hub means by the parts of a payload, in a few words beside them.

import (
	"fmt"
	"strings"

	"hfhook/internal/visible"
	"hfhook/payload"
)

// remarks knows the payload whose tree is drawn; nil where it is none.
type remarks struct {
	p     *payload.Payload
	today int    // events of its webhook that came here in the last day
	hooks string // the key that shows the webhooks; empty: the Hub was not asked for them

	warnings map[string]string // what is unusual about a field, by its path
}

// warning is what is unusual about a node.
func (r remarks) warning(n *node) string {
	if len(r.warnings) == 0 {
		return ""
	}
	if text := r.warnings[n.path()]; text != "" {
		return "! " + text
	}
	return ""
}

// section is the gist of an object or array.
func (r remarks) section(n *node) string {
	if n.depth > 0 || r.p == nil {
		return n.contents()
	}
	switch n.name { // what an edit has spoilt is empty
	case "event":
		if text := strings.TrimSpace(fmt.Sprintf("%s %s", r.p.Event.Action, r.p.Event.Scope)); text != "" {
			return visible.Line(text)
		}
	case "repo":
		if text := strings.TrimSpace(fmt.Sprintf("%s %s", r.p.Repo.Type, r.p.Repo.Name)); text != "" {
			return visible.Line(text)
		}
	case "discussion":
		if d := r.p.Discussion; d != nil && d.Num != 0 {
			return visible.Line(fmt.Sprintf("%s #%d %s", discussionWord(d), d.Num, d.Status))
		}
	case "webhook":
		if r.p.Webhook.Version == 0 {
			break
		}
		text := visible.Line(fmt.Sprintf("v%d %s", r.p.Webhook.Version, shorten(r.p.Webhook.ID)))
		if r.today > 0 {
			text += fmt.Sprintf(" %d/%d", r.today, dayLimit)
		}
		return text
	case "comment":
		if c := r.p.Comment; c != nil && c.Hidden {
			return "hidden"
		}
		return ""
	case "movedTo":
		if m := r.p.MovedTo; m != nil {
			return visible.Line("to " + m.Name)
		}
	case "updatedRefs":
		if len(r.p.UpdatedRefs) == 1 {
			return visible.Line(r.p.UpdatedRefs[0].Ref)
		}
	}
	return n.contents()
}

// field is what to know about a single value.
func (r remarks) field(n *node) string {
	if r.p == nil {
		return ""
	}
	path := n.path()
	switch path {
	case ".event.scope":
		return scopeRemark(r.p.Event.Scope)
	case ".repo.name":
		return opens(r.p.Repo.URL.Web)
	case ".repo.headSha":
		return "o opens the commit"
	case ".discussion.num":
		if d := r.p.Discussion; d != nil {
			return "o opens the " + map[bool]string{true: "pull request", false: "discussion"}[d.IsPullRequest]
		}
	case ".comment.id":
		return "o opens the comment"
	case ".comment.hidden":
		return "when true, content is absent"
	case ".comment.content":
		s := n.str()
		if s == "" {
			return "empty"
		}
		return fmt.Sprintf("%s, %s", plural(int64(len([]rune(s))), "char"), plural(int64(strings.Count(s, "\n")+1), "line"))
	case ".webhook.id":
		return r.webhook()
	case ".webhook.version":
		return "of the payload's format"
	}
	if strings.HasPrefix(path, ".updatedRefs[") && string(n.raw) == "null" {
		switch n.name {
		case "oldSha":
			return "the ref was created"
		case "newSha":
			return "the ref was deleted"
		}
	}
	return ""
}

// webhook is what is known of the webhook that sent the event.
func (r remarks) webhook() string {
	var parts []string
	if r.hooks != "" {
		parts = append(parts, r.hooks+" shows this webhook")
	}
	if r.today > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d in 24 h", r.today, dayLimit))
	}
	return strings.Join(parts, ", ")
}

// scopeRemark says which broader scopes a receiver may take the event for. The Hub
// asks for that: https://huggingface.co/docs/hub/webhooks.
func scopeRemark(s payload.Scope) string {
	switch s {
	case payload.ScopeRepo, payload.ScopeDiscussion:
		return "a whole domain"
	case payload.ScopeRepoContent, payload.ScopeRepoConfig, payload.ScopeDiscussionComment:
		broad, _, _ := strings.Cut(string(s), ".")
		return fmt.Sprintf("known scope; parent %q / update also applies", broad)
	}
	if i := strings.LastIndexByte(string(s), '.'); i > 0 {
		return visible.Line("not known: treat it as an update of " + string(s)[:i])
	}
	return "not known"
}

func discussionWord(d *payload.Discussion) string {
	if d.IsPullRequest {
		return "PR"
	}
	return "discussion"
}

// shorten cuts the middle out of what is only to be recognised, as an object's id.
func shorten(id string) string {
	if len(id) <= 12 {
		return id
	}
	return id[:8] + "…"
}

// link is the page that field says o opens.
func (r remarks) link(n *node) string {
	if r.p == nil {
		return ""
	}
	switch path := n.path(); path {
	case ".repo.name", ".repo.headSha", ".discussion.num", ".comment.id":
		return page(r.p, path)
	}
	return ""
}
