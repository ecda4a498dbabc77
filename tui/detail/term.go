package detail

// The filter on the value under the cursor.

import (
	"time"

	"hfhook/filter"
)

// maxTermText is how long a text may be for a filter on it to be of use, in bytes.
const maxTermText = 300

// ValueTerm is the filter on the value under the cursor of the payload, or in the tab
// headers on the path of the request: the language asks for no other header.
func (d *Pane) ValueTerm() string {
	if d.Event == nil {
		return ""
	}
	if d.Tab == TabHeaders {
		return filter.Path(d.Event.Path).String()
	}
	n := d.Node()
	if n == nil || n.Container() || len(n.Raw) > 6*maxTermText { // of which each may be an escape
		return ""
	}
	text := n.Str()
	if !n.IsString() {
		text = string(n.Raw)
	}
	if text == "" || len(text) > maxTermText {
		return ""
	}
	path := n.Path()
	var x filter.Expr
	switch p := d.Event.Payload; {
	case path == ".repo.name":
		x = filter.Repo(text)
	case path == ".repo.type":
		x = filter.Type(text)
	case path == ".event.scope":
		x = filter.Scope(text)
	case path == ".event.action":
		x = filter.Action(text)
	case path == ".comment.author.id":
		x = filter.Author(text)
	case path == ".discussion.num" && p != nil && p.Discussion != nil && p.Discussion.IsPullRequest:
		x = filter.PR(p.Discussion.Num)
	}
	if x != nil {
		// What the language does not know, as a scope of the future, is asked for by
		// its path.
		if _, err := filter.Parse(x.String(), time.Now()); err == nil {
			return x.String()
		}
	}
	term := filter.Value{Path: n.Steps(), Text: text, Quoted: n.IsString()}.String()
	if _, err := filter.Parse(term, time.Now()); err != nil {
		return ""
	}
	return term
}
