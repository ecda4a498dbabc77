package sample

import (
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"hfhook/payload"
)

const (
	hub    = "https://huggingface.co"
	main   = "refs/heads/main"
	author = "author" // who opened the discussion
)

// A maker fills in one payload after another, all of one story: the same repository,
// webhook, people and discussion, with ids of the Hub's shape from its source of
// random numbers. What one payload changes the next ones keep: the heads of refs, the
// state and title of the discussion, whether the repository is private, its name.
type maker struct {
	payload.Payload
	opts Options

	people     map[string]string // ids, by what they are called in a scenario
	by         string            // who comments; empty: whoever usually does
	discussion string            // its id
	title      string
	status     payload.Status
	isPR       bool
	merge      string                     // commit of the merge, of which main has not been told yet
	merged     string                     // the same, for good
	comments   map[string]payload.Comment // the last one of each person
	heads      map[string]string          // commits, by ref
	moved      *payload.Repo              // what the repository is from the next payload on
}

// newMaker makes what all payloads of a story have. The options say of which type the
// repository is.
func newMaker(opts Options) *maker {
	m := &maker{opts: opts, people: map[string]string{}, comments: map[string]payload.Comment{}, heads: map[string]string{}}
	// What every payload has comes first and in one order: sources of the same seed
	// then give the payloads of several makers the same ids.
	repo, owner, webhook := m.id(), m.id(), m.id()
	m.people[author], m.discussion = m.id(), m.id()
	num := 1 + int64(opts.Rand.Uint64()%99)
	if m.opts.Num == 0 {
		m.opts.Num = num
	}
	m.Repo = payload.Repo{
		Type:  opts.RepoType,
		ID:    repo,
		Owner: payload.Account{ID: owner},
	}
	name(&m.Repo, opts.Repo)
	m.Webhook = payload.Webhook{ID: webhook, Version: 3}
	return m
}

// make makes the payload of a kind.
func (m *maker) make(k Template) payload.Payload {
	if m.moved != nil {
		m.Repo, m.moved = *m.moved, nil
	}
	m.Payload = payload.Payload{
		Event:   payload.EventInfo{Action: k.Action, Scope: k.Scope},
		Repo:    m.Repo,
		Webhook: m.Webhook,
	}
	m.Repo.HeadSHA = ""
	if k.Scope.Within(payload.ScopeRepo) && m.Repo.Type != payload.TypeBucket {
		m.Repo.HeadSHA = m.head(main)
	}
	k.fill(m)
	return m.Payload
}

// name gives a repository its name, and what follows from it.
func name(r *payload.Repo, name string) {
	r.Name, r.URL = name, repoURL(r.Type, name)
	if r.Type == payload.TypeSpace {
		r.Subdomain = strings.ToLower(strings.NewReplacer("/", "-", "_", "-", ".", "-").Replace(name))
	}
}

func repoURL(t payload.RepoType, name string) payload.URL {
	page := hub + "/" + string(t) + "s/" + name
	if t == payload.TypeModel {
		page = hub + "/" + name
	}
	return payload.URL{Web: page, API: hub + "/api/" + string(t) + "s/" + name}
}

func (m *maker) move() {
	_, rest, ok := strings.Cut(m.Repo.Name, "/")
	if !ok {
		rest = m.Repo.Name
	}
	m.MovedTo = &payload.MovedTo{Name: "new-home/" + rest, Owner: payload.Account{ID: m.id()}}
	after := m.Repo
	after.Owner = m.MovedTo.Owner
	name(&after, m.MovedTo.Name)
	m.moved = &after
}

func (m *maker) prRef() string { return "refs/pr/" + strconv.FormatInt(m.opts.Num, 10) }

// head is the commit that a ref points to.
func (m *maker) head(ref string) string {
	if m.heads[ref] == "" {
		m.heads[ref] = m.sha()
	}
	return m.heads[ref]
}

// refs adds one ref that was created, deleted or updated.
func (m *maker) refs(ref string, action payload.Action) {
	u := payload.RefUpdate{Ref: ref}
	if action != payload.ActionCreate {
		u.OldSHA = new(m.head(ref))
	}
	delete(m.heads, ref)
	if ref == main {
		m.heads[ref], m.merge = m.merge, ""
	}
	if action != payload.ActionDelete {
		u.NewSHA = new(m.head(ref))
	}
	if ref == main {
		m.Repo.HeadSHA = *u.NewSHA
	}
	m.UpdatedRefs = append(m.UpdatedRefs, u)
}

func (m *maker) files() {
	m.UpdatedFiles = []payload.FileUpdate{
		{Path: "data/train.txt", Action: "add", XetHash: m.hex(64), Size: new(int64(20))},
		{Path: "data/old.txt", Action: "delete"},
	}
}

// config tells that a setting changed, but not which.
func (m *maker) config() { m.UpdatedConfig = map[string]json.RawMessage{} }

func (m *maker) setPrivate(private bool) {
	m.config()
	m.UpdatedConfig["private"] = json.RawMessage(strconv.FormatBool(private))
	m.Repo.Private = private
}

// discuss adds the discussion, or the pull request where it has been one before. An
// empty status is the one that it has; it begins open.
func (m *maker) discuss(status payload.Status) {
	m.status = cmp.Or(status, m.status, payload.StatusOpen)
	title := "Names of the splits"
	if m.isPR {
		title = "Fix split names"
	}
	path := fmt.Sprintf("/discussions/%d", m.opts.Num)
	m.Discussion = &payload.Discussion{
		ID:     m.discussion,
		Title:  cmp.Or(m.title, title),
		URL:    payload.URL{Web: m.Repo.URL.Web + path, API: m.Repo.URL.API + path},
		Status: m.status,
		Author: payload.Account{ID: m.people[author]},
		Num:    m.opts.Num,
	}
	if m.isPR {
		m.Discussion.IsPullRequest = true
		m.Discussion.Changes = &payload.Changes{Base: main}
	}
	if m.status == payload.StatusMerged {
		m.Discussion.Changes.MergeCommitID = m.merged
	}
}

func (m *maker) pullRequest(status payload.Status) {
	m.isPR = true
	if status == payload.StatusMerged {
		m.merge = m.sha()
		m.merged = m.merge
	}
	m.discuss(status)
}

// rename gives the discussion another title.
func (m *maker) rename() {
	m.discuss("")
	m.title = m.Discussion.Title + " (train and test)"
	m.Discussion.Title = m.title
}

// comment adds a comment to the discussion: by its author where the event opens it,
// else by somebody else, unless a scenario says by whom. An update is of the last
// comment of that person.
func (m *maker) comment(content string) {
	if m.opts.Content != "" {
		content = m.opts.Content
	}
	by := cmp.Or(m.by, "commenter")
	if m.Event.Scope == payload.ScopeDiscussion {
		by = cmp.Or(m.by, author)
	}
	c, known := m.comments[by]
	if !known || m.Event.Action == payload.ActionCreate {
		id := m.id()
		if m.people[by] == "" {
			m.people[by] = m.id()
		}
		c = payload.Comment{
			ID:     id,
			Author: payload.Account{ID: m.people[by]},
			URL:    payload.URL{Web: m.Discussion.URL.Web + "#" + id},
		}
	}
	c.Content = &content
	m.comments[by] = c
	m.Comment = &c
}

// id makes an object id of 24 hexadecimal digits. It begins with the time, which
// makes that a 6 for all of these years.
func (m *maker) id() string { return "6" + m.hex(23) }

// sha makes the name of a commit.
func (m *maker) sha() string { return m.hex(40) }

// hex makes n hexadecimal digits.
func (m *maker) hex(n int) string {
	var b []byte
	for 2*len(b) < n {
		b = binary.BigEndian.AppendUint64(b, m.opts.Rand.Uint64())
	}
	return hex.EncodeToString(b)[:n]
}
