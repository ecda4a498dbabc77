package dev

// Remembers the public URL of the last run. A webhook on the Hub may still have it, and its
// events would be lost.

import (
	"fmt"

	"hfhook/tunnel"
)

// A URLMemory keeps a public URL from one run to the next. Its methods are called by one
// goroutine at a time.
type URLMemory interface {
	Last() (url string, err error) // empty: there was none
	Keep(url string) error
}

// rememberURL stores the tunnel's URL once it points here, and warns if it differs from the
// last run's. The session's own webhooks on the Hub follow it automatically.
func (s *Session) rememberURL() {
	if s.opts.URLs == nil {
		return
	}
	st := s.tunnel.State()
	if st.Phase != tunnel.Up {
		return
	}
	url := st.URL + s.opts.Path
	if url == s.knownURL {
		return
	}
	last, err := s.opts.URLs.Last()
	if err == nil && last != "" && last != url && !s.opts.URLFollowed {
		s.Notify(Notice{
			About: "url", URL: url, Text: fmt.Sprintf("the public URL has changed from %s: events sent to the old one are lost", last),
			Fix: "set " + url + " in the webhook at https://huggingface.co/settings/webhooks",
		})
	}
	if err == nil && last != url {
		err = s.opts.URLs.Keep(url)
	}
	if err != nil {
		s.log.Warn("remember the public URL", "error", err)
	}
	s.knownURL = url
}
