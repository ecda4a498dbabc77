package payload

// The fields of each type, in the order of the WebhookPayload model of
// huggingface_hub (src/huggingface_hub/_webhooks_payload.py), and behind them those
// that the model lacks. A field is required where the model requires it.

// A need says what becomes of a body in which a field is absent or of a wrong type.
type need int

const (
	optional need = iota // absent or null is fine, a wrong type is a fault
	required             // absent, null and a wrong type are faults
	lenient              // nothing is a fault: what is wrong at the field or within it is a warning
)

// A field that the Hub added after the first model of huggingface_hub is lenient: a
// receiver that knows nothing of it works, so its form is no reason for a refusal,
// after which the Hub suspends the webhook.

var payloadFields = []field[Payload]{
	{"event", required, func(d *decoder, p *Payload) { readEvent(d, &p.Event) }},
	{"repo", required, func(d *decoder, p *Payload) { readRepo(d, &p.Repo) }},
	{"discussion", optional, func(d *decoder, p *Payload) { readPointer(d, &p.Discussion, readDiscussion) }},
	{"comment", optional, func(d *decoder, p *Payload) { readPointer(d, &p.Comment, readComment) }},
	{"webhook", required, func(d *decoder, p *Payload) { readWebhook(d, &p.Webhook) }},
	{"movedTo", optional, func(d *decoder, p *Payload) { readPointer(d, &p.MovedTo, readMovedTo) }},
	{"updatedRefs", lenient, func(d *decoder, p *Payload) { readList(d, &p.UpdatedRefs, readRefUpdate) }},
	{"updatedConfig", lenient, func(d *decoder, p *Payload) { readMap(d, &p.UpdatedConfig) }},
	{"updatedFiles", lenient, func(d *decoder, p *Payload) { readList(d, &p.UpdatedFiles, readFileUpdate) }},
	{"updatedFilesTruncated", lenient, func(d *decoder, p *Payload) { readBool(d, &p.UpdatedFilesTruncated) }},
}

var eventFields = []field[EventInfo]{
	{"action", required, func(d *decoder, e *EventInfo) { readString(d, &e.Action) }},
	{"scope", required, func(d *decoder, e *EventInfo) { readString(d, &e.Scope) }},
}

var repoFields = []field[Repo]{
	{"id", required, func(d *decoder, r *Repo) { readString(d, &r.ID) }},
	{"owner", required, func(d *decoder, r *Repo) { readAccount(d, &r.Owner) }},
	{"headSha", lenient, func(d *decoder, r *Repo) { readString(d, &r.HeadSHA) }},
	{"name", required, func(d *decoder, r *Repo) { readString(d, &r.Name) }},
	{"private", required, func(d *decoder, r *Repo) { readBool(d, &r.Private) }},
	{"subdomain", optional, func(d *decoder, r *Repo) { readString(d, &r.Subdomain) }},
	{"tags", optional, func(d *decoder, r *Repo) { readList(d, &r.Tags, readString) }},
	{"type", required, func(d *decoder, r *Repo) { readString(d, &r.Type) }},
	{"url", required, func(d *decoder, r *Repo) { readURL(d, &r.URL) }},
}

var discussionFields = []field[Discussion]{
	{"id", required, func(d *decoder, v *Discussion) { readString(d, &v.ID) }},
	{"num", required, func(d *decoder, v *Discussion) { readInt(d, &v.Num) }},
	{"author", required, func(d *decoder, v *Discussion) { readAccount(d, &v.Author) }},
	{"url", required, func(d *decoder, v *Discussion) { readURL(d, &v.URL) }},
	{"title", required, func(d *decoder, v *Discussion) { readString(d, &v.Title) }},
	{"isPullRequest", required, func(d *decoder, v *Discussion) { readBool(d, &v.IsPullRequest) }},
	{"status", required, func(d *decoder, v *Discussion) { readString(d, &v.Status) }},
	{"changes", optional, func(d *decoder, v *Discussion) { readPointer(d, &v.Changes, readChanges) }},
	{"pinned", optional, func(d *decoder, v *Discussion) { readPointer(d, &v.Pinned, readBool) }},
}

var changesFields = []field[Changes]{
	{"base", required, func(d *decoder, c *Changes) { readString(d, &c.Base) }},
	{"mergeCommitId", optional, func(d *decoder, c *Changes) { readString(d, &c.MergeCommitID) }},
}

var commentFields = []field[Comment]{
	{"id", required, func(d *decoder, c *Comment) { readString(d, &c.ID) }},
	{"author", required, func(d *decoder, c *Comment) { readAccount(d, &c.Author) }},
	{"hidden", required, func(d *decoder, c *Comment) { readBool(d, &c.Hidden) }},
	{"content", optional, func(d *decoder, c *Comment) { readPointer(d, &c.Content, readString) }},
	{"url", required, func(d *decoder, c *Comment) { readURL(d, &c.URL) }},
}

var webhookFields = []field[Webhook]{
	{"id", required, func(d *decoder, w *Webhook) { readString(d, &w.ID) }},
	{"version", required, func(d *decoder, w *Webhook) { readInt(d, &w.Version) }},
}

var movedToFields = []field[MovedTo]{
	{"name", required, func(d *decoder, m *MovedTo) { readString(d, &m.Name) }},
	{"owner", required, func(d *decoder, m *MovedTo) { readAccount(d, &m.Owner) }},
}

var refUpdateFields = []field[RefUpdate]{
	{"ref", required, func(d *decoder, u *RefUpdate) { readString(d, &u.Ref) }},
	{"oldSha", optional, func(d *decoder, u *RefUpdate) { readPointer(d, &u.OldSHA, readString) }},
	{"newSha", optional, func(d *decoder, u *RefUpdate) { readPointer(d, &u.NewSHA, readString) }},
}

var fileUpdateFields = []field[FileUpdate]{
	{"path", required, func(d *decoder, u *FileUpdate) { readString(d, &u.Path) }},
	{"action", required, func(d *decoder, u *FileUpdate) { readString(d, &u.Action) }},
	{"xetHash", optional, func(d *decoder, u *FileUpdate) { readString(d, &u.XetHash) }},
	{"size", optional, func(d *decoder, u *FileUpdate) { readPointer(d, &u.Size, readInt) }},
}

var urlFields = []field[URL]{
	{"web", required, func(d *decoder, u *URL) { readString(d, &u.Web) }},
	{"api", optional, func(d *decoder, u *URL) { readString(d, &u.API) }},
}

var accountFields = []field[Account]{
	{"id", required, func(d *decoder, a *Account) { readString(d, &a.ID) }},
}

func readPayload(d *decoder, p *Payload)       { readObject(d, p, &p.Unknown, payloadFields) }
func readEvent(d *decoder, e *EventInfo)       { readObject(d, e, &e.Unknown, eventFields) }
func readRepo(d *decoder, r *Repo)             { readObject(d, r, &r.Unknown, repoFields) }
func readDiscussion(d *decoder, v *Discussion) { readObject(d, v, &v.Unknown, discussionFields) }
func readChanges(d *decoder, c *Changes)       { readObject(d, c, &c.Unknown, changesFields) }
func readComment(d *decoder, c *Comment)       { readObject(d, c, &c.Unknown, commentFields) }
func readWebhook(d *decoder, w *Webhook)       { readObject(d, w, &w.Unknown, webhookFields) }
func readMovedTo(d *decoder, m *MovedTo)       { readObject(d, m, &m.Unknown, movedToFields) }
func readRefUpdate(d *decoder, u *RefUpdate)   { readObject(d, u, &u.Unknown, refUpdateFields) }
func readFileUpdate(d *decoder, u *FileUpdate) { readObject(d, u, &u.Unknown, fileUpdateFields) }
func readURL(d *decoder, u *URL)               { readObject(d, u, &u.Unknown, urlFields) }
func readAccount(d *decoder, a *Account)       { readObject(d, a, &a.Unknown, accountFields) }
