package delivery

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"
)

const (
	// idleTimeout is how long a connection is kept for the next event. It is shorter than the
	// keep-alive time of every common server (gunicorn 2 s, uvicorn and Node 5 s), so that none
	// closes a connection at the moment that it is used.
	idleTimeout = time.Second

	idlePerTarget    = 64        // connections kept
	maxAnswerHeaders = 256 << 10 // bytes
)

// newTransport returns the transport of all attempts. It does not follow redirects, cache or
// add encodings, and speaks HTTP/1.1.
func newTransport(local *localDialer, proxy func(*http.Request) (*url.URL, error)) *http.Transport {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	return &http.Transport{
		Proxy: func(r *http.Request) (*url.URL, error) {
			if proxy == nil || loopback(r.URL.Hostname()) {
				return nil, nil
			}
			return proxy(r)
		},
		OnProxyConnectResponse: onConnect,
		DialContext:            local.dialKept,
		Protocols:              protocols,
		DisableCompression:     true,
		MaxIdleConnsPerHost:    idlePerTarget,
		IdleConnTimeout:        idleTimeout,
		MaxResponseHeaderBytes: maxAnswerHeaders,
	}
}

// dialKept connects to an address, for several requests.
func (l *localDialer) dialKept(ctx context.Context, network, address string) (net.Conn, error) {
	conn, err := l.dialAddress(ctx, network, address)
	if err != nil {
		return nil, err
	}
	return &kept{Conn: conn}, nil
}

// kept is a connection that is used for several requests. If a handler restarts between two
// events, its connection is dead. Sending a POST again, on another connection, is right only if
// nothing of it was written: so a kept connection checks whether it is still alive before it
// writes a request, and knows whether it has written any of it.
type kept struct {
	net.Conn
	fresh  atomic.Bool // nothing but the present request was ever written
	unused atomic.Bool // nothing of the present request was written
}

var errStale = errors.New("the kept connection was closed meanwhile")

func (c *kept) Write(b []byte) (int, error) {
	if c.unused.Load() && !c.fresh.Load() && stale(c.Conn) {
		return 0, errStale
	}
	c.unused.Store(false)
	n, err := c.Conn.Write(b)
	acknowledgeAtOnce(c.Conn)
	return n, err
}

// keptConn returns the connection that a request is about to use, and prepares it.
func keptConn(info httptrace.GotConnInfo) *kept {
	conn := info.Conn
	for {
		above, ok := conn.(interface{ NetConn() net.Conn })
		if !ok {
			break
		}
		conn = above.NetConn()
	}
	c, ok := conn.(*kept)
	if ok {
		c.fresh.Store(!info.Reused)
		c.unused.Store(true)
	}
	return c
}

func (c *kept) isUnused() bool { return c != nil && c.unused.Load() }
