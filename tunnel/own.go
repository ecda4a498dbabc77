package tunnel

import (
	"context"
	"errors"
	"net"
	"net/url"
	"strings"
)

// Own is the provider for a public URL of the user: another program forwards it to the server's
// local listener. It is only probed.
type Own struct {
	URL string // for example https://hooks.example.com
}

// Name implements Provider.
func (Own) Name() string { return "own" }

// Open implements Provider. It only checks the URL.
func (o Own) Open(context.Context, string) (Conn, error) {
	u, err := baseURL(o.URL)
	if err != nil {
		return nil, &Problem{
			Message: "the public URL cannot be used: " + err.Error(),
			Fix:     "Write it like https://hooks.example.com",
			Fatal:   true,
		}
	}
	return ownConn(u), nil
}

// ownConn is the URL.
type ownConn string

func (c ownConn) URL() string            { return string(c) }
func (ownConn) Listener() net.Listener   { return nil }
func (ownConn) Events() <-chan ConnEvent { return nil }
func (ownConn) Close() error             { return nil }

// baseURL checks a URL to which paths are to be added, and removes trailing slashes. Its errors
// do not repeat the URL, which may contain a password.
func baseURL(text string) (string, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil:
		return "", errors.New("it is not a URL")
	case u.Scheme != "https" && u.Scheme != "http":
		return "", errors.New("it does not begin with https://")
	case u.Hostname() == "":
		return "", errors.New("it names no host")
	case u.User != nil:
		return "", errors.New("it contains a user name or password, which everyone would see")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return "", errors.New("it has a query or fragment")
	}
	return strings.TrimRight(u.String(), "/"), nil
}
