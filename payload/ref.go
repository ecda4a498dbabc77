package payload

import "strings"

// RefKind is what a git ref is on the Hub.
type RefKind string

// The kinds of a ref.
const (
	RefBranch      RefKind = "branch"  // refs/heads/main
	RefTag         RefKind = "tag"     // refs/tags/v1
	RefPullRequest RefKind = "pr"      // refs/pr/19
	RefConvert     RefKind = "convert" // refs/convert/parquet: what the Hub derives from a dataset
	RefOther       RefKind = "other"
)

var refPrefixes = []struct {
	prefix string
	kind   RefKind
	short  string // stands for the prefix
}{
	{"refs/heads/", RefBranch, ""},
	{"refs/tags/", RefTag, "tags/"},
	{"refs/pr/", RefPullRequest, "pr/"},
	{"refs/convert/", RefConvert, "convert/"},
}

// Kind tells what the ref is.
func (u RefUpdate) Kind() RefKind {
	for _, p := range refPrefixes {
		if strings.HasPrefix(u.Ref, p.prefix) {
			return p.kind
		}
	}
	return RefOther
}

// Short returns the name of the ref as people write it: main, tags/v1, pr/19,
// convert/parquet. A ref of another kind stays whole.
func (u RefUpdate) Short() string {
	for _, p := range refPrefixes {
		if name, ok := strings.CutPrefix(u.Ref, p.prefix); ok {
			return p.short + name
		}
	}
	return u.Ref
}

// Action tells what was done to the ref: create, delete or update.
func (u RefUpdate) Action() Action {
	switch {
	case u.OldSHA == nil && u.NewSHA != nil:
		return ActionCreate
	case u.OldSHA != nil && u.NewSHA == nil:
		return ActionDelete
	}
	return ActionUpdate
}
