package server

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

//go:embed page.html
var pageSource string

var pageTemplate = template.Must(template.New("page").Parse(pageSource))

// pageSecurity lets the page's own style sheet through, and the empty icon that keeps browsers from
// asking for one, and nothing else: no script, no request. Nobody may put it into a frame but, on a
// Space, the Hub, which shows it so.
func pageSecurity(space bool) string {
	_, rest, _ := strings.Cut(pageSource, "<style>")
	style, _, _ := strings.Cut(rest, "</style>")
	sum := sha256.Sum256([]byte(style))
	frames := "'none'"
	if space {
		frames = "https://huggingface.co"
	}
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) +
		"'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors " + frames
}

// A page is what the instructions page tells: no payload, no header, no secret.
type page struct {
	Hooks     []hookURLs
	LocalOnly bool // no address is known that the Hub could reach
	Secret    bool // required
	AnyPath   bool // webhooks are taken below the listed path, too
	Received  int64
	Refused   int64
}

// hookURLs are the addresses of one webhook: the whole URLs, or the path alone
// where the server does not know how it is reached.
type hookURLs struct {
	Path string
	URLs []hookURL
}

type hookURL struct {
	URL   string
	Local bool // points here from this machine alone
}

// servePage answers with the instructions: where to send webhooks, and where on
// the Hub that is set up.
func (s *Server) servePage(w http.ResponseWriter) {
	p := page{
		Secret:   len(s.secrets()) > 0,
		Received: s.stored.Load(),
		Refused:  s.refused.Load(),
	}
	s.mu.RLock()
	p.AnyPath = s.takesAny()
	s.mu.RUnlock()
	bases := s.urls()
	for _, path := range s.hookPaths() {
		hook := hookURLs{Path: path}
		for _, base := range bases {
			hook.URLs = append(hook.URLs, hookURL{URL: base + path, Local: isLoopback(base)})
		}
		p.Hooks = append(p.Hooks, hook)
	}
	p.LocalOnly = len(bases) > 0 && !slices.ContainsFunc(bases, func(base string) bool { return !isLoopback(base) })
	var b bytes.Buffer
	if err := pageTemplate.Execute(&b, p); err != nil {
		s.log.Error("instructions page", "error", err)
		writeJSON(w, http.StatusInternalServerError, detailAnswer{"Internal Server Error"})
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	h.Set("Content-Security-Policy", s.security)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cache-Control", "no-store")
	_, _ = w.Write(b.Bytes())
}

// isLoopback reports whether a URL leads to the machine that asks for it.
func isLoopback(text string) bool {
	u, err := url.Parse(text)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
