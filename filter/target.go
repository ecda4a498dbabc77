package filter

import "strings"

// Match reports whether it matches a target, by its name or the URL of the attempt, for example
// http://127.0.0.1:8000/webhooks, or the command line.
func (x Target) Match(name, url string) bool {
	address := Address(url)
	_, host, _ := strings.Cut(address, "://")
	g := Glob(x)
	return g.Match(name) || g.Match(url) || g.Match(address) || host != "" && g.Match(host)
}

// Address returns a URL without path and query, for example http://127.0.0.1:8000; a command is
// returned unchanged.
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
