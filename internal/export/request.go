package export

// The request of an event, without what must not be shared.

import (
	"cmp"
	"fmt"
	"net/http"
	"net/textproto"
	"net/url"
	"slices"
	"strings"

	"hfhook/event"
	"hfhook/internal/jsontree"
)

// credentials are headers that identify a person or grant access. The Hub sends none of them; a
// proxy, a browser or a handler may.
var credentials = []string{"Authorization", "Cookie", "Proxy-Authorization", "Set-Cookie", event.SecretHeader}

func isCredential(name string) bool {
	return slices.Contains(credentials, textproto.CanonicalMIMEHeaderKey(name))
}

// A request is an item as the formats use it.
type request struct {
	Item
	url    *url.URL
	header []event.Field // the sender's, with neither secret nor credentials
	left   []string      // names of headers that others would have passed on
	secret string        // to be written out; empty: to be referred to

	// For a test.
	answers []expectation   // that are right; none: a 2xx is
	ignored []jsontree.Path // what makes no difference in an answer
}

func newRequest(item Item, secret string) (*request, error) {
	u, err := url.Parse(ascii(item.URL))
	if err != nil || u.Host == "" {
		return nil, fmt.Errorf("event %s has no valid target: %q is not a URL", item.Event.ID, item.URL)
	}
	r := &request{Item: item, url: u, secret: secret}
	r.header, r.left = sift(item.Event)
	return r, nil
}

// sift returns the headers of an event that are exported, and the names of those that are left
// out because of their content. Headers that every request sets again are in neither.
func sift(e *event.Event) (kept []event.Field, left []string) {
	for _, f := range e.Sent() {
		if !isCredential(f.Name) {
			kept = append(kept, f)
		}
	}
	for _, f := range e.Header {
		if name := textproto.CanonicalMIMEHeaderKey(f.Name); event.Edge(name) || isCredential(name) {
			left = append(left, name)
		}
	}
	return kept, left
}

// without removes the credentials from the headers of an attempt.
func without(header []event.Field) []event.Field {
	return slices.DeleteFunc(slices.Clone(header), func(f event.Field) bool { return isCredential(f.Name) })
}

// method is that of the request.
func (r *request) method() string { return cmp.Or(r.Event.Method, http.MethodPost) }

// has reports whether the request has a header, by its canonical name.
func (r *request) has(name string) bool {
	return slices.ContainsFunc(r.header, func(f event.Field) bool { return f.Name == name })
}

// origin is the scheme, host and port of the address, and target the rest of it.
func (r *request) origin() string { return r.url.Scheme + "://" + r.url.Host }
func (r *request) target() string {
	target := r.url.EscapedPath()
	if target == "" {
		target = "/"
	}
	if r.url.RawQuery != "" {
		target += "?" + r.url.RawQuery
	}
	return target
}

// title names the event in a test.
func (r *request) title() string {
	title := string(r.Event.ID)
	if p := r.Event.Payload; p != nil {
		title += fmt.Sprintf(" %s/%s", p.Event.Scope, p.Event.Action)
	}
	return title
}

// ascii escapes what a URL cannot have: spaces, control characters and all that is
// beyond ASCII, as a sender may have left it in a query.
func ascii(rawURL string) string {
	var b strings.Builder
	for i := range len(rawURL) {
		if c := rawURL[i]; c > ' ' && c < 0x7f {
			b.WriteByte(c)
		} else {
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
