package main

// The load: connections that each post one event after another.

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"hfhook/payload/sample"
)

const (
	secret = "secret-of-the-measurement"
	size   = 2048 // of a body
)

// newBody is a payload of the size that is measured with.
func newBody() ([]byte, error) {
	body, err := sample.New("repo.content/update", sample.Options{})
	if err != nil {
		return nil, err
	}
	pad := fmt.Sprintf(`{"pad":%q,`, strings.Repeat("x", size-len(body)-len(`{"pad":"",`)+1))
	return append([]byte(pad), bytes.TrimSpace(body)[1:]...), nil
}

// sent counts the events of all measurements: no two have the same Webhook-Id.
var sent atomic.Int64

// post posts events over so many connections for a time, and returns how many there were in
// a second and how long each took, sorted.
func post(ctx context.Context, addr string, connections int, span time.Duration) (rate float64, took []time.Duration, err error) {
	body, err := newBody()
	if err != nil {
		return 0, nil, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var mu sync.Mutex
	var wg sync.WaitGroup
	began := time.Now()
	for range connections {
		wg.Go(func() {
			own, err := postAll(ctx, addr, body, began.Add(span))
			if err != nil {
				cancel(err)
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, own...)
		})
	}
	wg.Wait()
	if err := context.Cause(ctx); err != nil {
		return 0, nil, err
	}
	rate = float64(len(took)) / time.Since(began).Seconds()
	slices.Sort(took)
	return rate, took, nil
}

// postAll posts events over one connection until a time. The requests are written by hand, so
// that they cost little beside the server.
func postAll(ctx context.Context, addr string, body []byte, until time.Time) (took []time.Duration, err error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	r := bufio.NewReader(conn)
	var request []byte
	for start := time.Now(); start.Before(until) && ctx.Err() == nil; start = time.Now() {
		request = fmt.Appendf(request[:0], "POST /webhooks HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nX-Webhook-Secret: %s\r\n"+
			"Webhook-Id: %08x-5f1e-4a6b-9c3d-2b7a8e901f4c\r\nContent-Length: %d\r\n\r\n%s", addr, secret, sent.Add(1), len(body), body)
		if _, err := conn.Write(request); err != nil {
			return nil, err
		}
		if err := readAnswer(r); err != nil {
			return nil, err
		}
		took = append(took, time.Since(start))
	}
	return took, nil
}

// readAnswer reads a 200 with a length, as all of these servers send it.
func readAnswer(r *bufio.Reader) error {
	line, err := r.ReadSlice('\n')
	if err != nil {
		return err
	}
	if !bytes.HasPrefix(line, []byte("HTTP/1.1 200 ")) {
		return fmt.Errorf("answered %q", bytes.TrimSpace(line))
	}
	length := 0
	for len(bytes.TrimSpace(line)) > 0 {
		if line, err = r.ReadSlice('\n'); err != nil {
			return err
		}
		if name, value, ok := bytes.Cut(line, []byte(":")); ok && bytes.EqualFold(name, []byte("Content-Length")) {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return err
			}
		}
	}
	_, err = r.Discard(length)
	return err
}
