package dev

// The public URL of last time. A webhook on the Hub may still have it, and what is sent there
// is lost.

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

// rememberURL keeps the tunnel's URL once it points here, and says if it is another one than
// before. The webhooks that the session itself has on the Hub follow it.
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
