package edit

// Presets: edits that a handler should bear, by one key.

import (
	"fmt"
	"strings"

	"hfhook/internal/jsonedit"
	"hfhook/internal/jsontree"
	"hfhook/payload"
)

// A preset is one of them.
type preset struct {
	Name  string
	tag   string                            // beside the name, where there is room
	about string                            // in the menu
	Apply func(body []byte) ([]byte, error) // nil: it does not fit the payload
}

// bigBody is how large the large body is, in bytes.
const bigBody = 5 << 20

// deadSha is the commit of a branch that is deleted, where the payload has none.
const deadSha = "c379e821c9c95d613899e8c4343e4bfee2b0c600"

// An amendment sets the value at a path or, where it has none, takes it away.
type amendment struct{ path, value string }

func applyAmendments(body []byte, list ...amendment) ([]byte, error) {
	for _, a := range list {
		path, err := jsontree.ParsePath(a.path)
		if err != nil {
			return nil, err
		}
		if a.value == "" {
			doc, err := jsontree.Parse(body)
			if err != nil {
				return nil, err
			}
			if _, there := doc.Lookup(path); there {
				body, err = jsonedit.Unset(body, path)
			}
			if err != nil {
				return nil, err
			}
			continue
		}
		if body, err = jsonedit.Set(body, path, []byte(a.value)); err != nil {
			return nil, err
		}
	}
	return body, nil
}

// presets are those that fit the body: of one with faults, those for any JSON object.
func (d *draft) presets() []preset {
	if d.faults != nil {
		return Presets(nil)
	}
	return Presets(d.payload)
}

// Presets are those for a payload, which is nil for a body that is none: then only those
// that fit any JSON object.
func Presets(p *payload.Payload) []preset {
	if p == nil {
		p = &payload.Payload{}
	}
	make := func(name, about string, fits bool, list ...amendment) preset {
		made := preset{Name: name, about: about}
		if fits {
			made.Apply = func(body []byte) ([]byte, error) { return applyAmendments(body, list...) }
		}
		return made
	}
	pr := make("PR instead of discussion", "isPullRequest, and its target branch", p.Discussion != nil,
		amendment{".discussion.isPullRequest", "true"}, amendment{".discussion.changes", `{"base":"refs/heads/main"}`})
	if p.Discussion != nil && p.Discussion.IsPullRequest {
		pr = make("discussion instead of PR", "not isPullRequest, no changes", true,
			amendment{".discussion.isPullRequest", "false"}, amendment{".discussion.changes", ""})
	}
	all := []preset{
		make("hidden comment", "and drops its content", p.Comment != nil, amendment{".comment.hidden", "true"}, amendment{".comment.content", ""}),
		make("unknown scope repo.config.dois", "is it handled like repo.config?", true, amendment{".event.scope", `"repo.config.dois"`}),
		make("private repo", ".repo.private is true", p.Repo.Name != "" && !p.Repo.Private, amendment{".repo.private", "true"}),
		pr, deletedBranch(p),
	}
	all[0].tag = "drops content"
	return append(all, preset{Name: "5 MB body", about: "a long comment, or a long unknown field", Apply: enlarge})
}

// deletedBranch makes of the first ref one that was deleted or, of an event about
// something else, a push that deletes a branch.
func deletedBranch(p *payload.Payload) preset {
	made := preset{Name: "deleted branch", tag: "newSha null", about: "a push whose newSha is null"}
	sha := p.Repo.HeadSHA
	if sha == "" {
		sha = deadSha
	}
	list := []amendment{
		{".event", `{"action":"update","scope":"repo.content"}`}, {".discussion", ""}, {".comment", ""},
		{".updatedRefs", fmt.Sprintf(`[{"ref":"refs/heads/gone","oldSha":%s,"newSha":null}]`, jsontree.Quote(sha))},
	}
	switch {
	case len(p.UpdatedRefs) > 0 && p.UpdatedRefs[0].OldSHA == nil:
		list = []amendment{{".updatedRefs[0].oldSha", string(jsontree.Quote(sha))}, {".updatedRefs[0].newSha", "null"}}
	case len(p.UpdatedRefs) > 0:
		list = []amendment{{".updatedRefs[0].newSha", "null"}}
	}
	if p.Repo.Name != "" {
		made.Apply = func(body []byte) ([]byte, error) { return applyAmendments(body, list...) }
	}
	return made
}

// enlarge makes the comment so long that the body has 5 MiB; without a comment it is a
// field that nobody knows.
func enlarge(body []byte) ([]byte, error) {
	doc, err := jsontree.Parse(body)
	if err != nil {
		return nil, err
	}
	path := ".padding"
	if n, there := doc.Lookup(jsontree.Path{{Name: "comment", Index: jsontree.ByName}}); there && n.Kind() == jsontree.Object {
		path = ".comment.content"
	}
	const line = "This comment has the maximum length. "
	text := strings.Repeat(line, bigBody/len(line)+1)
	return applyAmendments(body, amendment{path, string(jsontree.Quote(text[:max(bigBody-len(body), 1)]))})
}
