package server

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"html/template"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"hfhook/event"
)

//go:embed page.html
var pageSource string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{"pieces": pieces}).Parse(pageSource))

// pageSecurity allows the page's own style sheet, and the empty icon that keeps browsers from
// requesting one: no scripts, no requests. Only the Hub may put the page into a frame, on a
// Space.
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

// A page is the content of the instructions page: no payload, no header, no secret.
type page struct {
	App       string // the program that the server is part of
	Hooks     []hookURLs
	LocalOnly bool   // no address is known that the Hub could reach
	Session   bool   // the server is that of hfhook dev
	Expose    string // command that creates a public URL
	Curl      string // command that sends an event; empty: no address is known
	Secret    bool   // required
	AnyPath   bool   // webhooks are accepted below the listed path, too
	Received  int64
	Refused   int64
	Last      string // when the last event arrived; empty: not shown
}

// hookURLs are the addresses of one webhook: complete URLs, or only the path if the server does
// not know its own address.
type hookURLs struct {
	Path string
	URLs []hookURL
}

type hookURL struct {
	URL   string
	Local bool // points here from this machine only
}

// servePage answers with the instructions: where to send webhooks, and where to set that up on
// the Hub.
func (s *Server) servePage(w http.ResponseWriter, r *http.Request) {
	here := s.fromThisMachine(r)
	p := page{
		App:      appName(),
		Session:  s.inside.URLs != nil,
		Secret:   len(s.secrets()) > 0,
		Received: s.stored.Load(),
		Refused:  s.refused.Load(),
	}
	if here {
		p.Last = "none yet"
		if last := s.last.Load(); last != 0 {
			p.Last = time.Unix(0, last).Format("2006-01-02 15:04 MST")
		}
	}
	s.mu.RLock()
	p.AnyPath = s.takesAny()
	s.mu.RUnlock()
	bases, paths := s.urls(), s.hookPaths()
	for _, path := range paths {
		hook := hookURLs{Path: path}
		for _, base := range bases {
			hook.URLs = append(hook.URLs, hookURL{URL: base + path, Local: isLoopback(base)})
		}
		p.Hooks = append(p.Hooks, hook)
	}
	p.LocalOnly = len(bases) > 0 && !slices.ContainsFunc(bases, func(base string) bool { return !isLoopback(base) })
	if len(paths) > 0 {
		p.Curl = curl(pageBase(r, bases, here), paths[0], p.Secret)
		p.Expose = expose(bases, paths[0], p.Session)
	}
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

// isLoopback reports whether a URL points to the machine that uses it.
func isLoopback(text string) bool {
	u, err := url.Parse(text)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// appName returns the name of the program: the Space or, elsewhere, the executable.
func appName() string {
	if space := cmp.Or(os.Getenv("SPACE_TITLE"), os.Getenv("SPACE_ID")); space != "" {
		return space
	}
	return strings.TrimSuffix(filepath.Base(os.Args[0]), ".exe")
}

// fromThisMachine reports whether the browser is on this machine, without a proxy or tunnel in
// between.
func (s *Server) fromThisMachine(r *http.Request) bool {
	peer, _, err := net.SplitHostPort(r.RemoteAddr)
	if ip := net.ParseIP(peer); err != nil || ip == nil || !ip.IsLoopback() || fromInternet(r.Context()) || !isLoopback("http://"+r.Host) {
		return false
	}
	for name := range r.Header {
		if event.Edge(name) {
			return false
		}
	}
	return true
}

var plainHost = regexp.MustCompile(`^[A-Za-z0-9.:\[\]-]+$`)

// pageBase returns the address for a command to copy: the local one for users of this machine,
// else the public one, else the one of the request.
func pageBase(r *http.Request, bases []string, here bool) string {
	if i := slices.IndexFunc(bases, isLoopback); here && i >= 0 {
		return bases[i]
	}
	switch {
	case len(bases) > 0:
		return bases[0]
	case !plainHost.MatchString(r.Host):
		return ""
	case r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https":
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// tryBody is the smallest event that is accepted.
const tryBody = `{"event":{"action":"update","scope":"repo"},"repo":{"type":"model","name":"me/try","id":"1","private":false,"url":{"web":"https://huggingface.co/me/try"},"owner":{"id":"1"}},"webhook":{"id":"1","version":3}}`

// curl returns the command that sends an event.
func curl(base, path string, secret bool) string {
	if base == "" {
		return ""
	}
	line := "curl -i '" + base + path + "' \\\n"
	if secret {
		line += "  -H \"X-Webhook-Secret: $WEBHOOK_SECRET\" \\\n"
	}
	return line + "  -d '" + tryBody + "'"
}

// expose returns the command that gives a server on this machine a public URL.
func expose(bases []string, path string, session bool) string {
	if session {
		return "hfhook dev --tunnel ssh"
	}
	for _, base := range bases {
		if u, err := url.Parse(base); err == nil && u.Port() != "" {
			line := "hfhook dev " + u.Port()
			if path != Root {
				line += " --path '" + path + "'"
			}
			return line
		}
	}
	return ""
}

// pieces returns the parts of an address or a command between which a line may break.
func pieces(text string) []string {
	var all []string
	from := 0
	for i := range len(text) {
		if strings.IndexByte("/.-_?&=,:", text[i]) >= 0 && i+1 < len(text) && text[i+1] != '/' {
			all = append(all, text[from:i+1])
			from = i + 1
		}
	}
	return append(all, text[from:])
}
