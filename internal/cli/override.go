package cli

// Changes of synthetic events: --set takes what the Hub sends, so that a typing error in a path
// is an error, and no event that quietly lacks what was meant.

import (
	"fmt"
	"slices"

	"hfhook/internal/jsontree"
	"hfhook/internal/nearest"
	"hfhook/payload"
	"hfhook/payload/sample"
)

// override makes the changes in a synthetic body.
func (r recipe) override(body []byte) ([]byte, error) {
	for _, c := range r {
		after, err := c.apply(body)
		if err == nil && c.sets {
			err = documented(body, after)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.flag, err)
		}
		body = after
	}
	return body, nil
}

// overrideAll makes the changes in the steps of a scenario: those of --set and --unset
// where there is something at their path.
func (r recipe) overrideAll(steps []sample.Step) error {
	for _, c := range r {
		done := false
		var failed error
		for i := range steps {
			s := &steps[i]
			if len(c.path) > 0 {
				doc, err := jsontree.Parse(s.Body)
				if err != nil {
					return fmt.Errorf("step %d is not JSON: %w", i+1, err)
				}
				if _, ok := doc.Lookup(c.path); !ok {
					if _, err := (recipe{c}).override(s.Body); err != nil {
						failed = err
					}
					continue
				}
			}
			body, err := recipe{c}.override(s.Body)
			if err != nil {
				return fmt.Errorf("step %d: %w", i+1, err)
			}
			s.Body, done = body, true
		}
		switch {
		case done:
		case failed != nil:
			return failed
		default:
			return fmt.Errorf("%s: no event of the scenario has that", c.flag)
		}
	}
	return nil
}

// documented fails where after has a key that the Hub does not send and before has not.
// What is wrong with a value the server says.
func documented(before, after []byte) error {
	_, old := payload.Check(before)
	_, found := payload.Check(after)
	var known []string
	for _, w := range found {
		if slices.Contains(old, w) {
			continue
		}
		if known == nil {
			known = documentedPaths()
		}
		if !slices.Contains(known, w.Path) {
			return fmt.Errorf("the Hub sends no %s: did you mean %s? --patch adds what it does not send", w.Path, nearest.Word(w.Path, known))
		}
	}
	return nil
}

// documentedPaths are the paths of all samples, and what no sample has.
func documentedPaths() []string {
	seen := map[string]bool{".repo.tags": true, ".discussion.pinned": true, ".updatedFilesTruncated": true}
	for _, k := range sample.Templates() {
		for _, t := range k.RepoTypes {
			body, err := sample.New(k.Name, sample.Options{RepoType: t})
			if err != nil {
				continue
			}
			if doc, err := jsontree.Parse(body); err == nil {
				addPaths(seen, nil, doc.Root)
			}
		}
	}
	var all []string
	for path := range seen {
		all = append(all, path)
	}
	slices.Sort(all)
	return all
}

func addPaths(seen map[string]bool, at jsontree.Path, n jsontree.Node) {
	if len(at) > 0 {
		seen[at.String()] = true
	}
	for _, m := range n.Members() {
		addPaths(seen, append(slices.Clone(at), jsontree.Step{Name: m.Name(), Index: jsontree.ByName}), m.Value)
	}
	for i, e := range n.Elements() {
		addPaths(seen, append(slices.Clone(at), jsontree.Step{Index: i}), e)
	}
}
