// Package contract is what a server of webhooks answers, request by request: more than
// 400 of them, written to the connection as they are. The same table holds for the
// package server, for a session of hfhook dev, and for one behind a tunnel.
package contract

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"
)

// Secret is that of a server under test.
const Secret = "contract-secret-5T"

// A Case is a request and its answer.
type Case struct {
	Name   string
	Method string   // empty: POST
	Path   string   // with its query; empty: /webhooks
	Secret []string // values of X-Webhook-Secret; nil: the right one; empty: none
	Header []string // lines besides
	Body   string

	Raw    string // the whole request in place of the above, with {host} for the host
	Direct bool   // a proxy in front would not pass it on as it is

	Status int
	Answer string // the body; empty: any. The id of a stored event is any, too
	Allow  string // header
}

// Cases are all of them.
func Cases() []Case { return append(fieldCases(), requestCases()...) }

// A Server is what is put to the test: one that takes webhooks on every path, with
// Secret and MaxBody.
type Server struct {
	Host  string // for the Host header
	Dial  func(ctx context.Context) (net.Conn, error)
	Proxy bool // there is one in front
}

// Run sends each request, and looks at its answer.
func Run(t *testing.T, s Server) {
	t.Helper()
	cases := Cases()
	sent := 0
	for _, c := range cases {
		if c.Direct && s.Proxy {
			continue
		}
		sent++
		if err := s.check(t.Context(), c); err != nil {
			t.Errorf("%s: %v", c.Name, err)
		}
	}
	if sent < 300 {
		t.Errorf("only %d requests were sent", sent)
	}
}

// timeout is for one request: long, since only a defect reaches it.
const timeout = 30 * time.Second

var anyID = regexp.MustCompile(`^\{"id":"[0-9A-Z]{26}",`)

func (s Server) check(ctx context.Context, c Case) error {
	conn, err := s.Dial(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if err := conn.SetDeadline(time.Now().Add(timeout)); err != nil {
		return err
	}
	// Written beside the reading: a server may answer before it has read all.
	go func() {
		_, _ = io.WriteString(conn, c.request(s.Host))
		if half, ok := conn.(interface{ CloseWrite() error }); ok && c.Direct {
			_ = half.CloseWrite()
		}
	}()
	r := bufio.NewReader(conn)
	method := c.Method
	if c.Raw != "" || method == "" {
		method = http.MethodPost
	}
	var resp *http.Response
	for resp == nil || resp.StatusCode == http.StatusContinue {
		if resp, err = http.ReadResponse(r, &http.Request{Method: method}); err != nil {
			return err
		}
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	answer := anyID.ReplaceAllString(string(body), `{"id":…,`)
	want := c.Answer
	if method == http.MethodHead {
		want = ""
	}
	if resp.StatusCode != c.Status || want != "" && answer != want {
		return fmt.Errorf("answered %d %.300s, want %d %.300s", resp.StatusCode, answer, c.Status, want)
	}
	if got := resp.Header.Get("Allow"); got != c.Allow {
		return fmt.Errorf("the header Allow is %q, want %q", got, c.Allow)
	}
	if got := resp.Header.Get("Content-Type"); want != "" && got != "application/json" {
		return fmt.Errorf("the type of the content is %q", got)
	}
	return nil
}

// request is the text of a case.
func (c Case) request(host string) string {
	if c.Raw != "" {
		return strings.ReplaceAll(c.Raw, "{host}", host)
	}
	method, path := c.Method, c.Path
	if method == "" {
		method = http.MethodPost
	}
	if path == "" {
		path = "/webhooks"
	}
	lines := []string{method + " " + path + " HTTP/1.1", "Host: " + host, "Connection: close"}
	if c.Secret == nil {
		lines = append(lines, "X-Webhook-Secret: "+Secret)
	}
	for _, value := range c.Secret {
		lines = append(lines, "X-Webhook-Secret: "+value)
	}
	lines = append(lines, c.Header...)
	if method != http.MethodHead && method != http.MethodTrace {
		lines = append(lines, fmt.Sprintf("Content-Length: %d", len(c.Body)))
	}
	return strings.Join(lines, "\r\n") + "\r\n\r\n" + c.Body
}
