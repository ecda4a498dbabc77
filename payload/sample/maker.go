package sample

import (
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"hfhook/payload"
)

const hub = "https://huggingface.co"

// A maker fills in a payload, with ids of the Hub's shape from its source of
// random numbers.
type maker struct {
	payload.Payload
	opts Options

	author, discussion string // ids
}

// newMaker makes the parts that every payload has.
func newMaker(k Kind, opts Options) *maker {
	m := &maker{opts: opts}
	// What the payloads of one story share comes first and in one order: sources
	// of the same seed then give them the same ids.
	repo, owner, webhook := m.id(), m.id(), m.id()
	m.author, m.discussion = m.id(), m.id()
	num := 1 + int64(opts.Rand.Uint64()%99)
	if m.opts.Num == 0 {
		m.opts.Num = num
	}

	m.Event = payload.Event{Action: k.Action, Scope: k.Scope}
	m.Repo = payload.Repo{
		Type:  opts.RepoType,
		Name:  opts.Repo,
		ID:    repo,
		URL:   repoURL(opts.RepoType, opts.Repo),
		Owner: payload.Owner{ID: owner},
	}
	if opts.RepoType == payload.TypeSpace {
		m.Repo.Subdomain = strings.ToLower(strings.NewReplacer("/", "-", "_", "-", ".", "-").Replace(opts.Repo))
	}
	if k.Scope.Within(payload.ScopeRepo) && opts.RepoType != payload.TypeBucket {
		m.Repo.HeadSha = m.sha()
	}
	m.Webhook = payload.Webhook{ID: webhook, Version: 3}
	return m
}

func repoURL(t payload.RepoType, name string) payload.URL {
	page := hub + "/" + string(t) + "s/" + name
	if t == payload.TypeModel {
		page = hub + "/" + name
	}
	return payload.URL{Web: page, API: hub + "/api/" + string(t) + "s/" + name}
}

func (m *maker) move() {
	_, name, ok := strings.Cut(m.Repo.Name, "/")
	if !ok {
		name = m.Repo.Name
	}
	m.MovedTo = &payload.MovedTo{Name: "new-home/" + name, Owner: payload.Owner{ID: m.id()}}
}

func (m *maker) prRef() string { return "refs/pr/" + strconv.FormatInt(m.opts.Num, 10) }

// refs adds one ref that was created, deleted or updated.
func (m *maker) refs(ref string, action payload.Action) {
	u := payload.RefUpdate{Ref: ref}
	if action != payload.ActionCreate {
		u.OldSha = new(m.sha())
	}
	if action != payload.ActionDelete {
		u.NewSha = new(m.sha())
	}
	if ref == "refs/heads/main" {
		m.Repo.HeadSha = *u.NewSha
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

func (m *maker) discuss(status payload.Status) {
	path := fmt.Sprintf("/discussions/%d", m.opts.Num)
	m.Discussion = &payload.Discussion{
		ID:     m.discussion,
		Title:  "Names of the splits",
		URL:    payload.URL{Web: m.Repo.URL.Web + path, API: m.Repo.URL.API + path},
		Status: status,
		Author: payload.Owner{ID: m.author},
		Num:    m.opts.Num,
	}
}

func (m *maker) pullRequest(status payload.Status) {
	m.discuss(status)
	m.Discussion.Title = "Fix split names"
	m.Discussion.IsPullRequest = true
	m.Discussion.Changes = &payload.Changes{Base: "refs/heads/main"}
}

// comment adds a comment to the discussion: by its author where the event opens it,
// else by somebody else.
func (m *maker) comment(content string) {
	if m.opts.Content != "" {
		content = m.opts.Content
	}
	id, author := m.id(), m.id()
	if m.Event.Scope == payload.ScopeDiscussion {
		author = m.author
	}
	m.Comment = &payload.Comment{
		ID:      id,
		Author:  payload.Owner{ID: author},
		Content: &content,
		URL:     payload.URL{Web: m.Discussion.URL.Web + "#" + id},
	}
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
