package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"

	"hfhook/store"
)

// A name is a text that many events share. It is stored once, in the table names.
type name struct{ kind, name, action string }

func pathName(path string) name          { return name{kind: "path", name: path} }
func repoName(repo string) name          { return name{kind: "repo", name: repo} }
func hookName(id string) name            { return name{kind: "webhook", name: id} }
func whatName(scope, action string) name { return name{kind: "what", name: scope, action: action} }

// names remembers keys of the table. Rows of it are never changed or deleted.
type names map[name]int64

// keep adds keys that were committed, and forgets all if there are too many.
func (n *names) keep(fresh map[name]int64) {
	const limit = 1 << 16
	if *n == nil || len(*n)+len(fresh) > limit {
		*n = make(names)
	}
	maps.Copy(*n, fresh)
}

// name returns the key of a name, and adds it to the table if it is new.
func (t *tx) name(n name) (key int64, err error) {
	if key, ok := t.w.names[n]; ok {
		return key, nil
	}
	if key, ok := t.names[n]; ok {
		return key, nil
	}
	err = t.row("SELECT id FROM names WHERE kind = ? AND name = ? AND action = ?", []any{n.kind, n.name, n.action}, &key)
	if errors.Is(err, sql.ErrNoRows) {
		key, err = t.exec("INSERT INTO names (kind, name, action) VALUES (?, ?, ?)", n.kind, n.name, n.action)
	}
	if err != nil {
		return 0, err
	}
	if t.names == nil {
		t.names = make(map[name]int64)
	}
	t.names[n] = key
	return key, nil
}

// Known is documented at [store.Store].
func (s *Store) Known(ctx context.Context, kind store.KnownKind, limit int) (all []string, err error) {
	column := string(kind)
	if kind == store.KnownScopes {
		column = "what"
	}
	var text string
	err = s.read.each(ctx, "SELECT name FROM names WHERE kind = ? AND name <> '' GROUP BY name ORDER BY max(id) DESC LIMIT ?", []any{column, max(limit, 0)},
		[]any{&text}, func() error {
			all = append(all, text)
			return nil
		})
	return all, s.explain(ctx, fmt.Sprintf("look for every known %s", kind), err)
}
