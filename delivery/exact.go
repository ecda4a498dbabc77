package delivery

// An exact replay: the request as the Hub sent it, without the headers of that connection.
//
// net/http writes headers in its own order and adds some. So an exact replay is sent on a
// connection that replaces the head that net/http writes; net/http still knows where the head
// ends, and reads the answer.

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"

	"hfhook/event"
)

// exactHeader returns the headers of an exact replay: those of the Hub in their order and
// spelling, with the Host and the length of this request, followed by the secret if it is not
// empty. Credentials go to no other host.
func exactHeader(e *event.Event, t Target, secret string) []event.Field {
	var header []event.Field
	length := event.Field{Name: "Content-Length", Value: strconv.Itoa(len(e.Body))}
	placed := len(e.Body) == 0 && !hasBody(e.Method)
	for _, f := range e.Original() {
		switch textproto.CanonicalMIMEHeaderKey(f.Name) {
		case "Host":
		case "Content-Length":
			if !placed {
				header = append(header, event.Field{Name: f.Name, Value: length.Value})
				placed = true
			}
		case "Authorization", "Cookie":
			if t.Loopback() {
				header = append(header, f)
			}
		default:
			header = append(header, f)
		}
	}
	header = append([]event.Field{{Name: "Host", Value: t.URL.Host}}, header...)
	if !placed {
		header = append(header, length)
	}
	if secret != "" {
		header = append(header, event.Field{Name: secretHeader, Value: secret})
	}
	return header
}

// hasBody reports whether a request of this method announces its length even if the body is
// empty: RFC 9110, section 8.6.
func hasBody(method string) bool {
	switch method {
	case "", http.MethodPost, http.MethodPut, http.MethodPatch:
		return true
	}
	return false
}

// exactTransport returns the transport for one exact replay with this header.
func (l *localDialer) exactTransport(t Target, header []event.Field) *http.Transport {
	transport := newTransport(l, nil)
	transport.DisableKeepAlives = true
	transport.DialContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := l.dialKept(ctx, network, address)
		if err != nil {
			return nil, err
		}
		return &exactConn{Conn: conn, header: header}, nil
	}
	transport.DialTLSContext = func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := l.dialKept(ctx, network, address)
		if err != nil {
			return nil, err
		}
		secured := tls.Client(conn, &tls.Config{ServerName: t.URL.Hostname(), InsecureSkipVerify: t.Insecure && t.Loopback(), NextProtos: []string{"http/1.1"}})
		if err := secured.HandshakeContext(ctx); err != nil {
			_ = conn.Close()
			return nil, err
		}
		return &exactConn{Conn: secured, header: header}, nil
	}
	return transport
}

// noProxy rejects an exact replay through a proxy, which would change the head.
func noProxy(transport *http.Transport, r *http.Request) error {
	proxy, err := transport.Proxy(r)
	if err != nil || proxy == nil {
		return err
	}
	return fmt.Errorf("an exact replay does not go through the proxy %s: name %s in NO_PROXY", proxy.Host, r.URL.Hostname())
}

// An exactConn is a connection for one request that replaces the header that is written to it.
type exactConn struct {
	net.Conn
	header []event.Field
	head   []byte // the part of the head that was written so far
	begun  bool   // the head was sent
}

// NetConn returns the connection below.
func (c *exactConn) NetConn() net.Conn { return c.Conn }

func (c *exactConn) Write(b []byte) (int, error) {
	if c.begun {
		return c.Conn.Write(b)
	}
	c.head = append(c.head, b...)
	line, rest, whole := bytes.Cut(c.head, []byte("\r\n\r\n"))
	if !whole {
		return len(b), nil
	}
	line, _, _ = bytes.Cut(line, []byte("\r\n"))
	var out bytes.Buffer
	out.Write(line)
	for _, f := range c.header {
		out.WriteString("\r\n" + f.Name + ": " + oneLine.Replace(f.Value))
	}
	out.WriteString("\r\n\r\n")
	out.Write(rest)
	c.begun, c.head = true, nil
	if _, err := c.Conn.Write(out.Bytes()); err != nil {
		return 0, err
	}
	return len(b), nil
}

// oneLine prevents a value from adding header lines. net/http accepts no line breaks, but an
// import might contain them.
var oneLine = strings.NewReplacer("\r", " ", "\n", " ")
