package delivery

// Targets whose address or command contains the secret, as a person has written it: they are
// called with it, but shown and recorded without.

import (
	"net/url"
	"slices"
	"strings"

	"hfhook/internal/redact"
)

// unredacted is the real address or command of a redacted target.
type unredacted struct {
	url  *url.URL
	args []string
}

// Redacted returns the target with a mark in place of each secret in its name, its address and
// its command. It is still called with the secret. A mark that a person has written into an
// address stands for the present secret.
func (t Target) Redacted(r redact.Redactor) Target {
	t.Name = r.Path(t.Name)
	was := t.unredacted
	if was == nil {
		was = &unredacted{url: t.URL}
		if t.Command != nil {
			was.args = t.Command.Args
		}
	}
	if t.Command != nil {
		args := slices.Clone(t.Command.Args)
		for i, arg := range args {
			args[i] = r.Value(arg)
			if name, value, ok := strings.Cut(args[i], "="); ok { // --token=…
				args[i] = name + "=" + r.Value(value)
			}
		}
		if slices.Equal(args, t.Command.Args) {
			return t
		}
		t.Command = &Command{Args: args, Env: t.Command.Env}
		t.unredacted = was
		return t
	}
	u := *t.URL
	u.RawPath, u.RawQuery = r.Path(t.URL.EscapedPath()), r.Query(t.URL.RawQuery)
	if u.RawPath == t.URL.EscapedPath() && u.RawQuery == t.URL.RawQuery {
		return t
	}
	if path, err := url.PathUnescape(u.RawPath); err == nil {
		u.Path = path
	}
	t.URL, t.unredacted = &u, was
	return t
}

// WithAddressOf returns t with the real address of o if both look the same redacted: a person
// has then changed other parts of the target, not its address.
func (t Target) WithAddressOf(o Target) Target {
	if t.unredacted == nil && t.Where() == o.Where() {
		t.unredacted = o.unredacted
	}
	return t
}

// withSecrets returns the target with the secrets in its address or command. Use it only to
// send.
func (t Target) withSecrets(secret string) Target {
	switch {
	case t.unredacted != nil && t.Command != nil:
		t.Command = &Command{Args: t.unredacted.args, Env: t.Command.Env}
	case t.unredacted != nil:
		t.URL = t.unredacted.url
	case t.Command == nil && secret != "" && (strings.Contains(t.URL.Path, redact.Mark) || strings.Contains(t.URL.RawQuery, redact.Mark)):
		u := *t.URL
		u.Path = strings.ReplaceAll(u.Path, redact.Mark, secret)
		u.RawPath = strings.ReplaceAll(t.URL.EscapedPath(), redact.Mark, url.PathEscape(secret))
		u.RawQuery = strings.ReplaceAll(u.RawQuery, redact.Mark, url.QueryEscape(secret))
		t.URL = &u
	}
	t.unredacted = nil
	return t
}

// sameAddress reports whether both targets have the same real address or command.
func (t Target) sameAddress(o Target) bool {
	return t.withSecrets("").Where() == o.withSecrets("").Where()
}
