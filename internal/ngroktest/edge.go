package ngroktest

import (
	"context"
	"crypto/tls"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
)

// An endpoint is a public URL with the session that serves it.
type endpoint struct {
	sess      *session
	id        string
	url       string
	token     string // with which its agent may have it back
	transport *http.Transport
	proxy     *httputil.ReverseProxy
}

func newEndpoint(sess *session, id, url, token string) *endpoint {
	e := &endpoint{sess: sess, id: id, url: url, token: token}
	e.transport = &http.Transport{DialContext: e.dial, DisableCompression: true}
	e.proxy = &httputil.ReverseProxy{
		Transport: e.transport,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = "http", r.In.Host
			r.Out.Host = r.In.Host
			r.Out.Header["X-Forwarded-For"] = r.In.Header["X-Forwarded-For"] // the edge adds to it
			r.SetXForwarded()
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) {
			refuse(w, http.StatusBadGateway, 3004, "ngrok gateway error: the server returned an invalid or incomplete HTTP response.")
		},
		ErrorLog: log.New(io.Discard, "", 0),
	}
	return e
}

type clientKey struct{}

// serveEdge answers the public.
func (s *Service) serveEdge(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	intercept := s.hooks.intercept
	e := s.online[strings.ToLower(r.Host)]
	s.mu.Unlock()
	switch {
	case intercept != nil && intercept(w, r):
	case e == nil:
		refuse(w, http.StatusNotFound, 3200, fmt.Sprintf("The endpoint %s is offline.", r.Host))
	default:
		e.proxy.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), clientKey{}, r.RemoteAddr)))
	}
}

func refuse(w http.ResponseWriter, status, code int, message string) {
	w.Header().Set("Ngrok-Error-Code", fmt.Sprintf("ERR_NGROK_%d", code))
	http.Error(w, fmt.Sprintf("%s\r\n\r\nERR_NGROK_%d", message, code), status)
}

// dial opens a stream to the agent: a header that tells who the client is, and then
// the bytes of the public connection without its TLS.
func (e *endpoint) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	client, _ := ctx.Value(clientKey{}).(string)
	header, err := json.Marshal(proxyHeader{ID: e.id, ClientAddr: client, Proto: "https", EdgeType: "3"})
	if err != nil {
		return nil, err
	}
	stream, err := e.sess.mux.OpenTypedStream(typeProxy)
	if err != nil {
		return nil, err
	}
	prefix := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	if _, err := stream.Write(append(prefix, header...)); err != nil {
		_ = stream.Close()
		return nil, err
	}
	return stream, nil
}

// TLSConfig is for clients that speak to EdgeURL themselves, below HTTP.
func (s *Service) TLSConfig() *tls.Config { return &tls.Config{RootCAs: s.ca.pool} }

func (s *Service) newClient() *http.Client {
	var dialer net.Dialer
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig: &tls.Config{RootCAs: s.ca.pool},
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, "tcp", s.public.Addr().String())
		},
	}}
}
