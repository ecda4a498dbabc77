// Package payload is what the Hugging Face Hub says in a webhook delivery: the
// types of its JSON body under their wire names, a parser that refuses only what
// no receiver could use, and the meaning of an event in one line.
//
// The Hub adds scopes, actions, repository types and keys over time, and it
// suspends a webhook whose receiver refuses them. So a value that is not known
// here is kept and reported as a [Warning]; only a missing required field or one
// of the wrong JSON type is a [Fault].
//
//	p, warnings, err := payload.Parse(body)
//	if err != nil {
//		return err // a *InvalidError that lists every fault
//	}
//	fmt.Println(p.Summary()) // comment me/corpus#19 "LGTM"
//
// Sources: https://huggingface.co/docs/hub/webhooks and the WebhookPayload model
// of the Python library huggingface_hub.
package payload

import "encoding/json"

// A Payload is the body of one webhook delivery, version 3.
//
// Fields that the Hub sends only with some scopes are pointers or slices and nil
// where the body has none. A key that has no field here is in the Unknown of the
// object that held it, with its value as it was written, up to 10,000 of an object;
// Unknown is nil if there is no such key. Lists have at most 100,000 elements, and a
// warning says if the body has more. Values are not changed after Parse and may be read by several
// goroutines.
//
// The fields of all types are in the order of the Hub's own bodies, so json.Marshal
// gives a body of the same look, with the keys of Unknown behind the others of their
// object. [Payload.Raw] is the body as it was.
type Payload struct {
	Event      EventInfo   `json:"event"`
	Repo       Repo        `json:"repo"`
	Discussion *Discussion `json:"discussion,omitempty"` // with the scope discussion and those below it
	Comment    *Comment    `json:"comment,omitempty"`    // when a comment was written, also with the discussion that it opens

	UpdatedRefs           []RefUpdate                `json:"updatedRefs,omitzero"`            // with repo.content, except for buckets
	UpdatedConfig         map[string]json.RawMessage `json:"updatedConfig,omitzero"`          // with repo.config; the only documented key is "private"
	UpdatedFiles          []FileUpdate               `json:"updatedFiles,omitzero"`           // with repo.content of a bucket
	UpdatedFilesTruncated bool                       `json:"updatedFilesTruncated,omitempty"` // the bucket changed in more than 10,000 places
	MovedTo               *MovedTo                   `json:"movedTo,omitempty"`               // with repo/move

	Webhook Webhook `json:"webhook"`

	Unknown map[string]json.RawMessage `json:"-"`

	raw []byte
}

// Raw returns the bytes that Parse was given. The caller must not change them.
func (p *Payload) Raw() []byte { return p.raw }

// An EventInfo says what happened.
type EventInfo struct {
	Action  Action                     `json:"action"`
	Scope   Scope                      `json:"scope"`
	Unknown map[string]json.RawMessage `json:"-"`
}

// A Repo is the repository that the event is about.
type Repo struct {
	Type      RepoType                   `json:"type"`
	Name      string                     `json:"name"` // owner/name; some old ones are a single segment, for example "gpt2"
	ID        string                     `json:"id"`
	Private   bool                       `json:"private"`
	Subdomain string                     `json:"subdomain,omitempty"` // of spaces
	URL       URL                        `json:"url"`
	HeadSHA   string                     `json:"headSha,omitempty"` // commit of main, with the scope repo and those below it; never for buckets
	Owner     Account                    `json:"owner"`
	Tags      []string                   `json:"tags,omitzero"`
	Unknown   map[string]json.RawMessage `json:"-"`
}

// A URL is the pair of addresses of an object on the Hub.
type URL struct {
	Web     string                     `json:"web"`
	API     string                     `json:"api,omitempty"`
	Unknown map[string]json.RawMessage `json:"-"`
}

// An Account names a user or an organisation by id; the Hub sends no name.
type Account struct {
	ID      string                     `json:"id"`
	Unknown map[string]json.RawMessage `json:"-"`
}

// A Discussion is a discussion or, where IsPullRequest is true, a pull request.
type Discussion struct {
	ID            string                     `json:"id"`
	Title         string                     `json:"title"`
	URL           URL                        `json:"url"`
	Status        Status                     `json:"status"`
	Author        Account                    `json:"author"`
	Num           int64                      `json:"num"`
	IsPullRequest bool                       `json:"isPullRequest"`
	Changes       *Changes                   `json:"changes,omitempty"` // of pull requests
	Pinned        *bool                      `json:"pinned,omitempty"`
	Unknown       map[string]json.RawMessage `json:"-"`
}

// Changes are the base of a pull request and, once merged, its commit.
type Changes struct {
	Base          string                     `json:"base"` // for example refs/heads/main
	MergeCommitID string                     `json:"mergeCommitId,omitempty"`
	Unknown       map[string]json.RawMessage `json:"-"`
}

// A Comment is one message of a discussion.
type Comment struct {
	ID      string                     `json:"id"`
	Author  Account                    `json:"author"`
	Content *string                    `json:"content,omitempty"` // nil when the comment is hidden
	Hidden  bool                       `json:"hidden"`
	URL     URL                        `json:"url"`
	Unknown map[string]json.RawMessage `json:"-"`
}

// A Webhook is the registration on the Hub that made the delivery.
type Webhook struct {
	ID      string                     `json:"id"`
	Version int64                      `json:"version"`
	Unknown map[string]json.RawMessage `json:"-"`
}

// MovedTo is the new place of a repository.
type MovedTo struct {
	Name    string                     `json:"name"`
	Owner   Account                    `json:"owner"`
	Unknown map[string]json.RawMessage `json:"-"`
}

// A RefUpdate is one branch, tag or pull-request ref that a push changed.
type RefUpdate struct {
	Ref     string                     `json:"ref"`
	OldSHA  *string                    `json:"oldSha"` // nil when the ref was created
	NewSHA  *string                    `json:"newSha"` // nil when the ref was deleted
	Unknown map[string]json.RawMessage `json:"-"`
}

// A FileUpdate is one file of a bucket that was added, overwritten or deleted.
type FileUpdate struct {
	Path    string                     `json:"path"`
	Action  string                     `json:"action"` // "add", also for an overwrite, or "delete"
	XetHash string                     `json:"xetHash,omitempty"`
	Size    *int64                     `json:"size,omitempty"` // bytes
	Unknown map[string]json.RawMessage `json:"-"`
}
