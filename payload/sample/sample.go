// Package sample makes payloads as the Hub would send them: for trying a webhook
// handler with no Hub at hand, and for tests.
//
// A kind of payload is named by its scope and action, as in
// "discussion.comment/create". A variant of it has a word more, behind a colon:
// "discussion.comment/update:hidden" is the update by which a comment is hidden.
// [Kinds] lists them all: every scope and action that the Hub documents, and one
// scope that it does not have yet.
//
//	body, err := sample.New("discussion/create:pr", sample.Options{Repo: "me/corpus"})
package sample

import (
	"bytes"
	crand "crypto/rand"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"

	"hfhook/internal/nearest"
	"hfhook/payload"
)

// Options say what a payload is about. The zero value is a good one.
type Options struct {
	RepoType payload.RepoType // empty: the first that the kind has
	Repo     string           // owner/name; empty: me/corpus
	Num      int64            // of the discussion, where the kind has one; 0: any
	Content  string           // of the comment, where the kind has one; empty: some text

	// Rand is what ids are made from. Calls with equal sources give the same
	// repository, owner, webhook, author and discussion, so their payloads tell one
	// story. Nil: a source of its own for each call, which nobody can guess.
	Rand rand.Source
}

// New makes the body of a delivery of the named kind, in the look of the Hub's own:
// the same keys in the same order, on one line. The error says which kind is the
// nearest to a name that there is not, or which types of repository send such an
// event.
func New(name string, opts Options) ([]byte, error) {
	i := slices.IndexFunc(kinds, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return nil, fmt.Errorf("there is no sample %q: did you mean %s?", name, nearest.Word(name, Names()))
	}
	k := kinds[i]
	if opts.RepoType == "" {
		opts.RepoType = k.RepoTypes[0]
	}
	if !slices.Contains(k.RepoTypes, opts.RepoType) {
		return nil, fmt.Errorf("sample %s is for a repository of type %s, not %q", name, orList(k.RepoTypes), opts.RepoType)
	}
	if opts.Repo == "" {
		opts.Repo = "me/corpus"
	}
	if opts.Rand == nil {
		var seed [32]byte
		crand.Read(seed[:])
		opts.Rand = rand.NewChaCha8(seed)
	}

	m := newMaker(k, opts)
	k.fill(m)

	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false) // as JSON.stringify does not
	if err := enc.Encode(m.Payload); err != nil {
		return nil, fmt.Errorf("write sample %s: %w", name, err)
	}
	return bytes.TrimSuffix(body.Bytes(), []byte("\n")), nil
}
