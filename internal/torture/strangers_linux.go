package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// strangers lets people without the secret at a session, who have the same address as the Hub's
// deliveries: as a client of this machine, and through a tunnel of one's own. Real deliveries go
// on beside them.
func (m *machine) strangers(opts options) error {
	if err := manyFiles(); err != nil {
		return err
	}
	for _, way := range []struct{ name, host string }{{"on this machine", ""}, {"through a tunnel", "hook.example"}} {
		home, err := m.home("strangers" + way.host)
		if err != nil {
			return err
		}
		h, err := m.newHandler("127.0.0.1:0")
		if err != nil {
			return err
		}
		args := []string{"--store", home + "/events.db", h.url + ",concurrency=4"}
		if way.host != "" {
			args = append(args, "--url", "https://"+way.host)
		}
		s, err := m.dev(home, args...)
		if err != nil {
			return err
		}
		err = m.besiege(s, way.name, way.host, opts)
		m.stop(s)
		_ = h.server.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// manyFiles lets this process and those that it starts have as many files as is allowed.
func manyFiles() error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return err
	}
	limit.Cur = limit.Max
	return syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit)
}

// besiege has strangers of all kinds at a session for a while, and measures real deliveries.
func (m *machine) besiege(s *session, name, host string, opts options) error {
	u, err := url.Parse(s.url)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(m.ctx, opts.stay)
	defer cancel()
	b := &siege{m: m, address: u.Host, host: host}
	var wg sync.WaitGroup
	for range opts.strangers {
		wg.Go(func() {
			// A head that promises a body, which never comes.
			b.hold(ctx, "POST /webhooks HTTP/1.1\r\nHost: HOST\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n", 0)
		})
		wg.Go(func() { b.hold(ctx, "", 0) })
		wg.Go(func() { b.hold(ctx, "GET / HTTP/1.1\r\nHost: HOST\r\nX-Slow: ", time.Second) })
	}
	for range 8 {
		wg.Go(func() { b.post(ctx) })
	}
	wg.Go(func() { b.oddities(ctx) })
	var took []time.Duration
	answers := map[int]int{}
	wg.Go(func() { took, answers = b.deliver(ctx, s.url) })
	most := int64(0)
	wg.Go(func() {
		for ctx.Err() == nil {
			most = max(most, resident(s.cmd.Process.Pid))
			<-time.After(100 * time.Millisecond)
		}
	})
	wg.Wait()
	if m.ctx.Err() != nil {
		return m.ctx.Err()
	}
	if len(took) == 0 {
		m.fault("%s: no real delivery was answered", name)
		return nil
	}
	slices.Sort(took)
	m.figure(name+": half-sent, idle and slow strangers", "%d each, %d connections in %v", opts.strangers, b.opened.Load(), opts.stay)
	m.figure("  requests without the secret", "%d, %.0f a second", b.refused.Load(), float64(b.refused.Load())/opts.stay.Seconds())
	m.figure("  odd requests", "%d, %d answered, %d hung up on", b.odd.Load(), b.oddAnswered.Load(), b.odd.Load()-b.oddAnswered.Load())
	m.figure("  real deliveries", "%d, p50 %v, p99 %v, the longest %v", len(took), round(took[len(took)/2]), round(took[len(took)*99/100]), round(took[len(took)-1]))
	m.figure("  memory of hfhook, at most", "%d MiB", most>>20)
	for status, n := range answers {
		if status != http.StatusOK {
			m.fault("%s: %d real deliveries were answered %d", name, n, status)
		}
	}
	if p99 := took[len(took)*99/100]; p99 > time.Second {
		m.fault("%s: a real delivery waits %v, p99", name, p99)
	}
	return nil
}

func round(d time.Duration) time.Duration { return d.Round(100 * time.Microsecond) }

// A siege is what strangers do to a session.
type siege struct {
	m       *machine
	address string
	host    string // of the public URL; empty: they are on this machine

	opened, refused, odd, oddAnswered atomic.Int64
}

func (b *siege) hostHeader() string {
	if b.host != "" {
		return b.host
	}
	return b.address
}

// hold keeps a connection open that has sent a text, and goes on with a byte each every.
// When hfhook closes it, it comes back after some seconds.
func (b *siege) hold(ctx context.Context, text string, every time.Duration) {
	text = strings.ReplaceAll(text, "HOST", b.hostHeader())
	for ctx.Err() == nil {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", b.address)
		if err != nil {
			b.pause(ctx)
			continue
		}
		b.opened.Add(1)
		stop := context.AfterFunc(ctx, func() { _ = conn.Close() })
		_, err = io.WriteString(conn, text)
		if every > 0 {
			go func() {
				for err := error(nil); err == nil && ctx.Err() == nil; {
					<-time.After(every)
					_, err = io.WriteString(conn, "x")
				}
			}()
		}
		if err == nil {
			_, _ = io.Copy(io.Discard, conn) // until hfhook has enough
		}
		stop()
		_ = conn.Close()
		b.pause(ctx)
	}
}

func (b *siege) pause(ctx context.Context) {
	select {
	case <-ctx.Done():
	case <-time.After(time.Second + b.m.random.within(4*time.Second)):
	}
}

// post posts without the secret and with a wrong one, about 125 times a second.
func (b *siege) post(ctx context.Context) {
	client, closeIdle := newClient(1)
	defer closeIdle()
	tick := time.NewTicker(8 * time.Millisecond)
	defer tick.Stop()
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+b.address+"/webhooks", strings.NewReader(`{"a":1}`))
		if err != nil {
			b.m.fault("%v", err)
			return
		}
		req.Host = b.hostHeader()
		if i%2 == 1 {
			req.Header.Set("X-Webhook-Secret", "wrong-"+strconv.Itoa(i))
		}
		resp, err := client.Do(req)
		if err != nil {
			continue // no place is left for strangers
		}
		_, _ = io.Copy(io.Discard, resp.Body)
		_ = resp.Body.Close()
		b.refused.Add(1)
		switch resp.StatusCode {
		case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests, http.StatusServiceUnavailable:
		default:
			b.m.fault("a stranger is answered %s", resp.Status)
		}
	}
}

// deliver posts right events, 20 a second, each on a connection of its own half of the time,
// and returns how long each took, and the answers by their status.
func (b *siege) deliver(ctx context.Context, hook string) (took []time.Duration, answers map[int]int) {
	answers = map[int]int{}
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	var mu sync.Mutex
	var wg sync.WaitGroup
	kept, closeKept := newClient(4)
	defer closeKept()
	for i := 0; ; i++ {
		select {
		case <-ctx.Done():
			wg.Wait()
			return took, answers
		case <-tick.C:
		}
		wg.Go(func() {
			client, connection := kept, "a kept connection"
			if i%2 == 1 {
				own, closeOwn := newClient(1)
				defer closeOwn()
				client, connection = own, "a new connection"
			}
			body, err := b.m.body(1000)
			if err != nil {
				b.m.fault("%v", err)
				return
			}
			began := time.Now()
			// The delivery is waited for also after the strangers have gone.
			a, err := post(b.m.ctx, client, hook, body, b.hostHeader())
			if err != nil {
				if b.m.ctx.Err() == nil {
					b.m.fault("a real delivery on %s gets no answer, after %v: %v", connection, time.Since(began), err)
				}
				return
			}
			mu.Lock()
			defer mu.Unlock()
			took = append(took, time.Since(began))
			answers[a.status]++
		})
	}
}

// oddities sends requests that no honest client sends, one after another, again and again.
// Each has to be answered or hung up on.
func (b *siege) oddities(ctx context.Context) {
	for ctx.Err() == nil {
		for _, text := range oddRequests {
			if ctx.Err() != nil {
				return
			}
			b.odd.Add(1)
			if b.one(ctx, strings.ReplaceAll(strings.ReplaceAll(text, "HOST", b.hostHeader()), "SECRET", secret)) {
				b.oddAnswered.Add(1)
			}
		}
	}
}

// one sends an odd request and the end of the stream, and reports whether it was answered.
func (b *siege) one(ctx context.Context, text string) bool {
	conn, err := new(net.Dialer).DialContext(ctx, "tcp", b.address)
	if err != nil {
		return false
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	_, _ = io.WriteString(conn, text)
	_ = conn.(*net.TCPConn).CloseWrite()
	head, _ := bufio.NewReader(conn).ReadString('\n')
	if head != "" && !strings.HasPrefix(head, "HTTP/1.") {
		b.m.fault("%.100q is answered %.100q", text, head)
	}
	if strings.HasPrefix(head, "HTTP/1.1 5") && !strings.Contains(head, " 501 ") && !strings.Contains(head, " 503 ") && !strings.Contains(head, " 505 ") {
		b.m.fault("%.100q is answered %.100q", text, head)
	}
	return head != ""
}

// oddRequests are odd in their head or in their body. Those with the secret in them get as far
// as the parser of payloads.
var oddRequests = append([]string{
	"\r\n", "\x00", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "GET  / HTTP/1.1\r\nHost: HOST\r\n\r\n",
	"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", "SSH-2.0-OpenSSH_9\r\n",
	"GET http://other.example/ HTTP/1.1\r\nHost: HOST\r\n\r\n", "CONNECT other.example:443 HTTP/1.1\r\nHost: HOST\r\n\r\n", "OPTIONS * HTTP/1.1\r\nHost: HOST\r\n\r\n",
	"TRACE /webhooks HTTP/1.1\r\nHost: HOST\r\n\r\n", "POST /webhooks/../webhooks HTTP/1.1\r\nHost: HOST\r\n\r\n", "POST //webhooks HTTP/1.1\r\nHost: HOST\r\n\r\n",
	"POST /webhooks%00 HTTP/1.1\r\nHost: HOST\r\n\r\n", "POST /webhooks/%2e%2e/ HTTP/1.1\r\nHost: HOST\r\n\r\n", "POST /webhooks?" + strings.Repeat("a=b&", 2000) + " HTTP/1.1\r\nHost: HOST\r\n\r\n",
	"POST /webhooks HTTP/1.1\r\nHost: HOST\r\nHost: other\r\n\r\n", "POST /webhooks HTTP/1.1\r\nHost: HOST\r\nContent-Length: -1\r\n\r\n",
	"POST /webhooks HTTP/1.1\r\nHost: HOST\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello", "POST /webhooks HTTP/1.1\r\nHost: HOST\r\nContent-Length: 99999999999999999999\r\n\r\n",
	"POST /webhooks HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: HOST\r\n\r\n",
	"POST /webhooks HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", "POST /webhooks HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
	"POST /webhooks HTTP/1.1\r\nHost: HOST\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n", "POST /webhooks HTTP/1.1\r\nHost: HOST\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n",
	"POST /webhooks HTTP/1.1\r\nHost: HOST\r\nX-Webhook-Secret: " + strings.Repeat("x", 100_000) + "\r\n\r\n", "POST /webhooks HTTP/1.1\r\nHost: HOST\r\n" + strings.Repeat("X-Many: 1\r\n", 5000) + "\r\n",
	"POST /webhooks HTTP/1.1\r\nHost: HOST\r\nX-Webhook-Secret: \x00\xff\r\n\r\n", "POST /webhooks HTTP/1.1\r\nHost: HOST\r\nX-Webhook-Secret: SECRET \r\n\r\n", "POST /webhooks HTTP/1.1\r\nHost: HOST\r\n X-Folded: 1\r\n\r\n",
	"GET /healthz HTTP/1.1\r\nHost: HOST\r\n\r\n", "GET /webhooks/.probe HTTP/1.1\r\nHost: HOST\r\n\r\n", "GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost: HOST\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
}, withSecret(
	"", "null", "[]", "{", "\ufeff{}", "\xff\xfe{\x00}\x00", strings.Repeat("[", 100_000), strings.Repeat(`{"a":`, 50_000), strings.Repeat("[", 50_000)+strings.Repeat("]", 50_000),
	"1e999999999", strings.Repeat("9", 200_000), `"`+strings.Repeat(`\ud800`, 20_000)+`"`, `{`+strings.Repeat(`"a":1,`, 50_000)+`"b":2}`, "{\"event\":{\"action\":\"\x1b[2J\"}}", strings.Repeat(" ", 500_000),
)...)

// withSecret are requests with the secret and these bodies.
func withSecret(bodies ...string) []string {
	var all []string
	for _, body := range bodies {
		var b bytes.Buffer
		fmt.Fprintf(&b, "POST /webhooks HTTP/1.1\r\nHost: HOST\r\nX-Webhook-Secret: SECRET\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
		all = append(all, b.String())
	}
	return all
}

// resident is the memory of a process in bytes; 0: it is gone.
func resident(pid int) int64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(text), "VmRSS:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kb, _ := strconv.ParseInt(fields[0], 10, 64)
	return kb << 10
}
