package filter

import "strings"

// Match reports whether a target is meant, by its name and the URL that it was sent to:
// for example http://127.0.0.1:8000/webhooks, or how a command is called.
func (x Target) Match(name, url string) bool {
	address := Address(url)
	_, host, _ := strings.Cut(address, "://")
	g := Glob(x)
	return g.Match(name) || g.Match(url) || g.Match(address) || host != "" && g.Match(host)
}

// Address is a URL without path and query, for example http://127.0.0.1:8000; of a command it
// is all of it.
func Address(url string) string {
	i := strings.Index(url, "://")
	if i < 0 {
		return url
	}
	if end := strings.IndexAny(url[i+3:], "/?#"); end >= 0 {
		return url[:i+3+end]
	}
	return url
}
