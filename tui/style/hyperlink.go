package style

import (
	"net/url"
	"strings"

	"hfhook/internal/visible"
)

// IsPage reports whether a text is the address of a web page. A browser is given
// nothing else: other schemes start programs.
func IsPage(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && visible.Line(raw) == raw && !strings.Contains(raw, " ")
}

// Opens says which page o opens, without the scheme.
func Opens(raw string) string {
	if !IsPage(raw) {
		return ""
	}
	_, rest, _ := strings.Cut(raw, "://")
	return "o opens " + rest
}

// Hyperlink makes text a link of the terminal, where there is a page.
func Hyperlink(t *Theme, text, page string) string {
	if page == "" || text == "" || !t.Links {
		return text
	}
	return "\x1b]8;;" + page + "\x1b\\" + text + "\x1b]8;;\x1b\\"
}
