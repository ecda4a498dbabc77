package describe

// Pages of the Hub: which one belongs to a part of a payload, and how it is opened.

import (
	"net/url"
	"strings"

	"hfhook/payload"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// Page is the web page that the part of the payload at path is about, or what the
// whole payload is about where the part has none; empty if there is no page.
func Page(p *payload.Payload, path string) string {
	if p == nil {
		return ""
	}
	section, _, _ := strings.Cut(strings.TrimPrefix(path, "."), ".")
	section, _, _ = strings.Cut(section, "[")
	commit := func(sha string) string {
		if sha == "" || p.Repo.URL.Web == "" {
			return ""
		}
		return strings.TrimSuffix(p.Repo.URL.Web, "/") + "/commit/" + url.PathEscape(sha)
	}
	pushed := func() string {
		if len(p.UpdatedRefs) > 0 && p.UpdatedRefs[0].NewSHA != nil {
			return commit(*p.UpdatedRefs[0].NewSHA)
		}
		return ""
	}
	var candidates []string
	switch {
	case path == ".repo.headSha":
		candidates = append(candidates, commit(p.Repo.HeadSHA))
	case path == ".discussion.changes.mergeCommitId" && p.Discussion != nil && p.Discussion.Changes != nil:
		candidates = append(candidates, commit(p.Discussion.Changes.MergeCommitID))
	case section == "updatedRefs":
		candidates = append(candidates, pushed())
	case section == "repo":
		candidates = append(candidates, p.Repo.URL.Web)
	case section == "discussion" && p.Discussion != nil:
		candidates = append(candidates, p.Discussion.URL.Web)
	}
	if p.Comment != nil {
		candidates = append(candidates, p.Comment.URL.Web)
	}
	if p.Discussion != nil {
		candidates = append(candidates, p.Discussion.URL.Web)
	}
	for _, c := range append(candidates, pushed(), p.Repo.URL.Web) {
		if style.IsPage(c) {
			return c
		}
	}
	return ""
}

func ActivityCommand(id string) string { return "hfhook open hub --webhook " + screen.ShellWord(id) }
