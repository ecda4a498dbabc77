// Package sample makes payloads as the Hub would send them: for trying a webhook
// handler with no Hub at hand, and for tests.
//
// A kind of payload is named by its scope and action, for example
// "discussion.comment/create". A variant of it has a word more, behind a colon:
// "discussion.comment/update:hidden" is the update by which a comment is hidden.
// [Templates] lists them all: every scope and action that the Hub documents, and one
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
	"strings"

	"hfhook/internal/nearest"
	"hfhook/payload"
)

// Options say what a payload is about. The zero value is a good one.
type Options struct {
	RepoType payload.RepoType // empty: that of Repo, or the first that the kind has
	Repo     string           // owner/name, or type:owner/name as in dataset:me/corpus; empty: me/corpus
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
//
// The edits change the payload before it is written, each after the one before it.
func New(name string, opts Options, edits ...func(*payload.Payload)) ([]byte, error) {
	k, err := find(name)
	if err != nil {
		return nil, err
	}
	if opts, err = opts.filled(k.RepoTypes[0]); err != nil {
		return nil, err
	}
	if err := k.takes(opts.RepoType); err != nil {
		return nil, err
	}
	p := newMaker(opts).make(k)
	for _, edit := range edits {
		edit(&p)
	}
	return write(p)
}

// Parsed makes what Parse would return for the body that New makes.
func Parsed(name string, opts Options, edits ...func(*payload.Payload)) (*payload.Payload, error) {
	body, err := New(name, opts, edits...)
	if err != nil {
		return nil, err
	}
	p, _, err := payload.Parse(body)
	if err != nil {
		return nil, fmt.Errorf("sample %s: %w", name, err)
	}
	return p, nil
}

// repoTypes are those that the part of Options.Repo before a colon may name.
var repoTypes = []payload.RepoType{payload.TypeModel, payload.TypeDataset, payload.TypeSpace, payload.TypeBucket, payload.TypeKernel}

// filled are the options with what is not in them.
func (o Options) filled(usual payload.RepoType) (Options, error) {
	if before, name, found := strings.Cut(o.Repo, ":"); found {
		t := payload.RepoType(before)
		switch {
		case !slices.Contains(repoTypes, t) || name == "":
			return o, fmt.Errorf("invalid repository %q: want owner/name, or type:owner/name with the type %s", o.Repo, orList(repoTypes))
		case o.RepoType != "" && o.RepoType != t:
			return o, fmt.Errorf("the repository %q does not have type %s: leave out one of the types", o.Repo, o.RepoType)
		}
		o.RepoType, o.Repo = t, name
	}
	if o.RepoType == "" {
		o.RepoType = usual
	}
	if o.Repo == "" {
		o.Repo = "me/corpus"
	}
	if o.Rand == nil {
		var seed [32]byte
		crand.Read(seed[:])
		o.Rand = rand.NewChaCha8(seed)
	}
	return o, nil
}

func find(name string) (Template, error) {
	i := slices.IndexFunc(kinds, func(k Template) bool { return k.Name == name })
	if i < 0 {
		return Template{}, fmt.Errorf("unknown sample %q: did you mean %s?", name, nearest.Word(name, Names()))
	}
	return kinds[i], nil
}

// takes fails where repositories of a type send no such event.
func (k Template) takes(t payload.RepoType) error {
	if !slices.Contains(k.RepoTypes, t) {
		return fmt.Errorf("sample %s is for a repository of type %s, not %q", k.Name, orList(k.RepoTypes), t)
	}
	return nil
}

// NewUnknown makes the body of an event whose scope the Hub does not have yet, below
// one that it has, for example repo.config: a receiver is to take it for an update of that.
// The error says which known scope is the nearest.
func NewUnknown(below payload.Scope, opts Options) ([]byte, error) {
	var scopes []string
	for _, k := range kinds {
		if k.Scope == below && k.Scope.Known() {
			k.Scope, k.Action = below+".unknown", payload.ActionUpdate
			var err error
			if opts, err = opts.filled(k.RepoTypes[0]); err != nil {
				return nil, err
			}
			if err := k.takes(opts.RepoType); err != nil {
				return nil, err
			}
			return write(newMaker(opts).make(k))
		}
		if k.Scope.Known() {
			scopes = append(scopes, string(k.Scope))
		}
	}
	return nil, fmt.Errorf("unknown scope %q: did you mean %s?", below, nearest.Word(string(below), scopes))
}

// write is a payload on one line, in the look of the Hub's own.
func write(p payload.Payload) ([]byte, error) {
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false) // as JSON.stringify does not
	if err := enc.Encode(p); err != nil {
		return nil, fmt.Errorf("write a sample of %s/%s: %w", p.Event.Scope, p.Event.Action, err)
	}
	return bytes.TrimSuffix(body.Bytes(), []byte("\n")), nil
}
