// Package describe puts an event, an attempt, a target, a rejected request or a webhook
// into a few words, and knows the page on the Hub that it is about.
package describe

// What the Hub means by the parts of a payload, in a few words beside them.

import (
	"fmt"
	"strings"

	"hfhook/internal/dev"
	"hfhook/internal/visible"
	"hfhook/payload"
	"hfhook/tui/jsonview"
	"hfhook/tui/style"
)

// Remarks knows the payload whose tree is drawn; nil if it is none.
type Remarks struct {
	P     *payload.Payload
	Today int    // events of its webhook that came here in the last day
	Hooks string // the key that shows the webhooks; empty: the Hub was not asked for them

	Warnings map[string]string // what is unusual about a field, by its path
}

// Warning is what is unusual about a node.
func (r Remarks) Warning(n *jsonview.Node) string {
	if len(r.Warnings) == 0 {
		return ""
	}
	if text := r.Warnings[n.Path()]; text != "" {
		return "! " + text
	}
	return ""
}

// Section is the summary of an object or array.
func (r Remarks) Section(n *jsonview.Node) string {
	switch {
	case r.P == nil:
		return n.Contents()
	case n.Depth == 1 && n.Name == "owner" && n.Path() == ".repo.owner":
		if owner, _, ok := strings.Cut(r.P.Repo.Name, "/"); ok && owner != "" {
			return visible.Line(owner)
		}
		return n.Contents()
	case n.Depth > 0:
		return n.Contents()
	}
	switch n.Name { // what an edit has spoilt is empty
	case "event":
		if text := strings.TrimSpace(fmt.Sprintf("%s %s", r.P.Event.Action, r.P.Event.Scope)); text != "" {
			return visible.Line(text)
		}
	case "repo":
		if text := strings.TrimSpace(fmt.Sprintf("%s %s", r.P.Repo.Type, r.P.Repo.Name)); text != "" {
			return visible.Line(text)
		}
	case "discussion":
		if d := r.P.Discussion; d != nil && d.Num != 0 {
			text := visible.Line(fmt.Sprintf("#%d %s", d.Num, d.Status))
			if d.IsPullRequest {
				text = "PR " + text
			}
			return text
		}
	case "webhook":
		if r.P.Webhook.Version == 0 {
			break
		}
		text := visible.Line(fmt.Sprintf("payload v%d", r.P.Webhook.Version))
		if r.Today > 0 {
			text += fmt.Sprintf(", %d of %d today", r.Today, dev.DayLimit)
		}
		return text
	case "comment":
		if c := r.P.Comment; c != nil && c.Hidden {
			return "hidden"
		}
		return ""
	case "movedTo":
		if m := r.P.MovedTo; m != nil {
			return visible.Line("to " + m.Name)
		}
	case "updatedRefs":
		if len(r.P.UpdatedRefs) == 1 {
			return visible.Line(r.P.UpdatedRefs[0].Ref)
		}
	}
	return n.Contents()
}

// Field is what to know about a single value.
func (r Remarks) Field(n *jsonview.Node) string {
	if r.P == nil {
		return ""
	}
	path := n.Path()
	switch path {
	case ".event.scope":
		return scopeRemark(r.P.Event.Scope)
	case ".repo.name":
		return style.Opens(r.P.Repo.URL.Web)
	case ".repo.headSha":
		return "o opens the commit"
	case ".discussion.num":
		if d := r.P.Discussion; d != nil {
			return "o opens the " + map[bool]string{true: "pull request", false: "discussion"}[d.IsPullRequest]
		}
	case ".comment.id":
		return "o opens the comment"
	case ".comment.hidden":
		return "when true, content is absent"
	case ".comment.content":
		s := n.Str()
		if s == "" {
			return "empty"
		}
		return fmt.Sprintf("%s, %s", style.Plural(int64(len([]rune(s))), "char"), style.Plural(int64(strings.Count(s, "\n")+1), "line"))
	case ".webhook.id":
		return r.webhook()
	case ".webhook.version":
		return "of the payload's format"
	}
	if strings.HasPrefix(path, ".updatedRefs[") && string(n.Raw) == "null" {
		switch n.Name {
		case "oldSha":
			return "the ref was created"
		case "newSha":
			return "the ref was deleted"
		}
	}
	return ""
}

// webhook is what is known of the webhook that sent the event.
func (r Remarks) webhook() string {
	var parts []string
	if r.Hooks != "" {
		parts = append(parts, r.Hooks+" shows this webhook")
	}
	if r.Today > 0 {
		parts = append(parts, fmt.Sprintf("%d of %d in 24 h", r.Today, dev.DayLimit))
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
		return fmt.Sprintf("unknown sub-scope: also handled by %q / update", broad)
	}
	if i := strings.LastIndexByte(string(s), '.'); i > 0 {
		return visible.Line("unknown scope: treat as an update of " + string(s)[:i])
	}
	return "not known"
}

// Shorten cuts the middle out of what is only to be recognised, as an object's id.
func Shorten(id string) string {
	if len(id) <= 12 {
		return id
	}
	return id[:8] + "…"
}

// Link is the page that field says o opens.
func (r Remarks) Link(n *jsonview.Node) string {
	if r.P == nil {
		return ""
	}
	switch path := n.Path(); path {
	case ".repo.name", ".repo.headSha", ".discussion.num", ".comment.id":
		return Page(r.P, path)
	}
	return ""
}
