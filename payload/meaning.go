package payload

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// A Meaning is an event in the words of the Hub's users. Its texts hold what
// strangers wrote, control characters included: whoever shows them makes them
// harmless.
type Meaning struct {
	Label   string // what happened, in at most 18 cells: "push main", "PR merged", "comment hidden"
	Subject string // to what, in at most 240 characters: `me/corpus#19 "LGTM, merging"`, `me/my-model a1b2c3d→c3d4e5f`
}

// Bounds of the texts: of a label in cells, of the others in characters.
const (
	labelCells   = 18
	maxSubject   = 240
	quotedLength = 80
	shaLength    = 7
)

// Summary returns the event in one line: its [Meaning].
func (p *Payload) Summary() string {
	m := p.Meaning()
	return strings.TrimSpace(m.Label + " " + m.Subject)
}

// Meaning tells what happened. It is defined for every payload, also one of
// an unknown scope or with parts missing.
func (p *Payload) Meaning() Meaning {
	label, subject := p.describe()
	label, subject = strings.TrimSpace(label), strings.TrimSpace(subject) // parts of them may be missing
	if short, cut := fitCells(label, labelCells); cut {
		// The subject tells the word whole for which the label has no room.
		subject += " " + label[strings.LastIndexByte(label, ' ')+1:]
		label = short
	}
	return Meaning{Label: label, Subject: truncate(subject, maxSubject)}
}

func (p *Payload) describe() (label, subject string) {
	e, repo := p.Event, p.Repo.Name
	switch {
	case e.Scope == ScopeRepo:
		if e.Action == ActionMove && p.MovedTo != nil {
			repo += " → " + p.MovedTo.Name
		}
		return verb(e.Action), repo
	case e.Scope == ScopeRepoContent && e.Action == ActionUpdate:
		if p.Repo.Type == TypeBucket || p.UpdatedFiles != nil {
			return "files", repo + countFiles(p.UpdatedFiles, p.UpdatedFilesTruncated)
		}
		return p.describePush()
	case e.Scope == ScopeRepoConfig && e.Action == ActionUpdate:
		return "settings", repo + describeConfig(p.UpdatedConfig)
	case e.Scope == ScopeDiscussion:
		return p.describeDiscussion()
	case e.Scope == ScopeDiscussionComment:
		return p.describeComment()
	case e.Scope.Known():
		_, part, _ := strings.Cut(string(e.Scope), ".")
		return part + " " + verb(e.Action), repo
	}
	return "unknown", p.thread() + " " + string(e.Scope)
}

// thread names the discussion or, if there is none, the repository.
func (p *Payload) thread() string { return p.Repo.Name + p.number() }

// number is the number of the discussion, as #19. It is empty without a discussion,
// and for one whose number could not be read: they are counted from 1.
func (p *Payload) number() string {
	if p.Discussion == nil || p.Discussion.Num == 0 {
		return ""
	}
	return "#" + strconv.FormatInt(p.Discussion.Num, 10)
}

func (p *Payload) describePush() (label, subject string) {
	repo := p.Repo.Name
	if len(p.UpdatedRefs) == 0 { // bodies from before March 2024, and the scopes of the future
		if p.Repo.HeadSHA == "" {
			return "push", repo
		}
		return "push", repo + " →" + prefix(p.Repo.HeadSHA, shaLength)
	}

	u := p.UpdatedRefs[0]
	kind, action := u.Kind(), u.Action()
	switch {
	case kind == RefTag && action == ActionUpdate:
		label, subject = "tag moved", repo+" "+strings.TrimPrefix(u.Short(), "tags/")+describeShas(u)
	case kind == RefTag:
		label, subject = newOrGone("tag", action), repo+" "+strings.TrimPrefix(u.Short(), "tags/")
	case kind == RefBranch && action != ActionUpdate:
		label, subject = newOrGone("branch", action), repo+" "+u.Short()
	default:
		label, subject = "push "+u.Short(), repo+describeShas(u)
	}
	switch more := len(p.UpdatedRefs) - 1; more {
	case 0:
	case 1:
		subject += " +1 ref"
	default:
		subject += fmt.Sprintf(" +%d refs", more)
	}
	return label, subject
}

func describeShas(u RefUpdate) string {
	from, to := "new", "gone"
	switch {
	case u.OldSHA == nil && u.NewSHA == nil:
		return ""
	case u.OldSHA != nil:
		from = prefix(*u.OldSHA, shaLength)
	}
	if u.NewSHA != nil {
		to = prefix(*u.NewSHA, shaLength)
	}
	return " " + from + "→" + to
}

func countFiles(files []FileUpdate, truncated bool) string {
	var added, deleted, other int
	for _, f := range files {
		switch f.Action {
		case "add":
			added++
		case "delete":
			deleted++
		default:
			other++
		}
	}
	var s strings.Builder
	for _, c := range []struct {
		mark string
		n    int
	}{{"+", added}, {"-", deleted}, {"~", other}} {
		if c.n > 0 {
			s.WriteString(" " + c.mark + strconv.Itoa(c.n))
		}
	}
	if truncated {
		s.WriteString(" …")
	}
	return s.String()
}

// describeConfig tells the change of the one documented setting, whose old value is
// the other of two, and the names of further ones.
func describeConfig(config map[string]json.RawMessage) string {
	var changes []string
	for _, name := range slices.Sorted(maps.Keys(config)) {
		switch value := string(config[name]); {
		case name == "private" && value == "true":
			changes = append(changes, "public→private")
		case name == "private" && value == "false":
			changes = append(changes, "private→public")
		default:
			changes = append(changes, name)
		}
	}
	if changes == nil {
		return ""
	}
	return " " + strings.Join(changes, ", ")
}

func (p *Payload) describeDiscussion() (label, subject string) {
	d := p.Discussion
	if d == nil {
		return "discussion " + verb(p.Event.Action), p.Repo.Name
	}
	label = "discussion"
	if d.IsPullRequest {
		label = "PR"
	}
	switch {
	case p.Event.Action == ActionCreate && d.IsPullRequest:
		label += " opened"
	case p.Event.Action == ActionCreate:
	case p.Event.Action == ActionUpdate && d.Status != StatusOpen && d.Status != "":
		label += " " + string(d.Status)
	default:
		label += " " + verb(p.Event.Action)
	}
	return label, p.thread() + firstLine(d.Title)
}

func (p *Payload) describeComment() (label, subject string) {
	label, subject = "comment", p.thread()
	c := p.Comment
	switch action := p.Event.Action; {
	case action == ActionCreate:
	case action == ActionUpdate && c != nil && c.Hidden:
		label += " hidden"
	case action == ActionUpdate:
		label += " edited"
	default:
		label += " " + verb(action)
	}
	if c != nil && c.Content != nil {
		subject += firstLine(*c.Content)
	}
	return label, subject
}

// verb says what was done.
func verb(a Action) string {
	switch a {
	case ActionCreate:
		return "created"
	case ActionDelete:
		return "deleted"
	case ActionUpdate:
		return "updated"
	case ActionMove:
		return "renamed"
	}
	return string(a)
}

func newOrGone(what string, a Action) string {
	if a == ActionCreate {
		return "new " + what
	}
	return what + " " + verb(a)
}

// firstLine returns the first line of a text that is not blank, between quotation
// marks and behind a space, with … where the text goes on. Of a blank text it is
// empty.
func firstLine(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return ""
	}
	line := text
	if end := strings.IndexAny(text, "\r\n"); end >= 0 {
		line = strings.TrimRight(text[:end], " \t")
	}
	short := truncate(line, quotedLength)
	if short == line && line != text {
		short += "…"
	}
	return ` "` + short + `"`
}

// truncate cuts s to n characters, the last of them then a ….
func truncate(s string, n int) string {
	if prefix(s, n) == s {
		return s
	}
	return prefix(s, n-1) + "…"
}

// prefix returns the first n characters of s.
func prefix(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// fitCells cuts s so that it is no wider than n cells of a terminal, and reports
// whether it had to. Whatever is not ASCII may be two cells wide.
func fitCells(s string, n int) (string, bool) {
	width, room := 0, 0 // room is where the text ends that leaves a cell for the …
	for i, r := range s {
		if width < n {
			room = i
		}
		if width++; r > '~' {
			width++
		}
		if width > n {
			return s[:room] + "…", true
		}
	}
	return s, false
}

// quote returns a part of a body for a line of text.
func quote(s string) string { return strconv.Quote(truncate(s, quotedLength)) }
