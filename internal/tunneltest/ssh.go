package tunneltest

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"
	"testing"

	"golang.org/x/crypto/ssh"
)

func randomText() string { return rand.Text() }

// SSH is an SSH server that forwards port 80 of a public name to whoever asks, as
// localhost.run does. Its methods may be called by several goroutines at once.
type SSH struct {
	*edge
	opts Options
	ln   net.Listener
	key  ssh.Signer
	wg   sync.WaitGroup

	mu      sync.Mutex
	refused bool
	conns   map[net.Conn]ssh.Conn
	say     func(string) // to the newest session
}

// Options are how a fake begins. The zero value is good.
type Options struct {
	OwnURL bool // the public URL is the edge's own address, which needs no DNS
}

// StartSSH starts a server that ends with the test.
func StartSSH(t testing.TB, opts Options) *SSH {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s := &SSH{edge: newEdge(), opts: opts, conns: map[net.Conn]ssh.Conn{}}
	if s.key, err = ssh.NewSignerFromSigner(private); err != nil {
		t.Fatal(err)
	}
	if s.ln, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	s.wg.Go(s.accept)
	t.Cleanup(func() {
		_ = s.ln.Close()
		s.Cut()
		s.wg.Wait()
		s.edge.close()
	})
	return s
}

// Addr is where the server listens.
func (s *SSH) Addr() string { return s.ln.Addr().String() }

// HostKey is the server's key.
func (s *SSH) HostKey() ssh.PublicKey {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.key.PublicKey()
}

// ChangeKey gives the server another key.
func (s *SSH) ChangeKey() error {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	key, err := ssh.NewSignerFromSigner(private)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.key = key
	return nil
}

// Refuse has the server forward nothing, or again.
func (s *SSH) Refuse(on bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused = on
}

// Cut breaks all connections without a word.
func (s *SSH) Cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for raw := range s.conns {
		_ = raw.Close()
	}
}

// Drop ends all connections in order.
func (s *SSH) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, conn := range s.conns {
		if conn != nil {
			_ = conn.Close()
		}
	}
}

// Rename gives the client another public URL, as a service does after some hours.
func (s *SSH) Rename() {
	s.mu.Lock()
	say := s.say
	s.mu.Unlock()
	say(s.announcement("https://" + word() + ".lhr.life"))
}

func (s *SSH) accept() {
	for {
		raw, err := s.ln.Accept()
		if err != nil {
			return
		}
		s.mu.Lock()
		s.conns[raw] = nil
		s.mu.Unlock()
		s.wg.Go(func() {
			defer func() {
				s.mu.Lock()
				delete(s.conns, raw)
				s.mu.Unlock()
				_ = raw.Close()
			}()
			s.serve(raw)
		})
	}
}

func (s *SSH) serve(raw net.Conn) {
	config := &ssh.ServerConfig{NoClientAuth: true}
	s.mu.Lock()
	config.AddHostKey(s.key)
	refused := s.refused
	s.mu.Unlock()
	conn, chans, requests, err := ssh.NewServerConn(raw, config)
	if err != nil {
		return
	}
	s.mu.Lock()
	s.conns[raw] = conn
	s.mu.Unlock()
	sessions := make(chan ssh.Channel, 1)
	s.wg.Go(func() { s.requests(conn, requests, sessions, refused) })
	for asked := range chans {
		if asked.ChannelType() != "session" {
			_ = asked.Reject(ssh.UnknownChannelType, "only sessions")
			continue
		}
		session, requests, err := asked.Accept()
		if err != nil {
			continue
		}
		s.wg.Go(func() {
			for r := range requests {
				_ = r.Reply(r.Type == "shell", nil)
				if r.Type != "shell" {
					continue
				}
				_, _ = io.WriteString(session, "\r\n===============================\r\nWelcome to the fake of localhost.run!\r\nTo set up a key, see https://admin.example/ or https://example.com/docs/faq\r\n")
				if refused {
					_, _ = io.WriteString(session, "you have too many tunnels, sorry\r\n")
				}
				sessions <- session
			}
		})
		s.wg.Go(func() { _, _ = io.Copy(io.Discard, session); _ = session.Close() })
	}
}

// requests answers those about forwarding.
func (s *SSH) requests(conn ssh.Conn, requests <-chan *ssh.Request, sessions <-chan ssh.Channel, refused bool) {
	for r := range requests {
		switch r.Type {
		case "tcpip-forward":
			var want struct {
				Host string
				Port uint32
			}
			session := <-sessions
			if err := ssh.Unmarshal(r.Payload, &want); err != nil || want.Port != 80 || refused {
				_ = r.Reply(false, nil)
				continue
			}
			_ = r.Reply(true, nil)
			host := want.Host
			if host == "localhost" {
				if host = word() + ".lhr.life"; s.opts.OwnURL {
					host = ""
				}
			}
			url := s.edge.lead(host, func(_ context.Context, from string) (net.Conn, error) { return s.open(conn, want.Host, from) })
			say := func(text string) { _, _ = io.WriteString(session, text) }
			s.mu.Lock()
			s.say = say
			s.mu.Unlock()
			say(s.announcement(url))
		case "cancel-tcpip-forward":
			s.edge.away()
			_ = r.Reply(true, nil)
		default:
			_ = r.Reply(false, nil) // as OpenSSH answers keepalive@openssh.com
		}
	}
	s.edge.away()
}

// announcement is the line in which localhost.run tells the URL.
func (s *SSH) announcement(url string) string {
	return fmt.Sprintf("%s tunneled with tls termination, %s\r\n", url[len("https://"):], url)
}

// open begins a forwarded connection. The name that it was bound to is not the one that
// was asked for, as with some services.
func (s *SSH) open(conn ssh.Conn, _, from string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(from)
	if err != nil {
		return nil, err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	channel, requests, err := conn.OpenChannel("forwarded-tcpip", ssh.Marshal(struct {
		Host string
		Port uint32
		From string
		Of   uint32
	}{"0.0.0.0", 80, host, uint32(number)}))
	if err != nil {
		return nil, err
	}
	go ssh.DiscardRequests(requests)
	return pipe(channel)
}

// pipe makes a net.Conn, with its deadlines, of a channel.
func pipe(channel ssh.Channel) (net.Conn, error) {
	near, far := net.Pipe()
	go func() {
		_, err := io.Copy(far, channel)
		_ = far.Close()
		if errors.Is(err, io.ErrClosedPipe) {
			_ = channel.Close()
		}
	}()
	go func() {
		_, _ = io.Copy(channel, far)
		_ = channel.Close()
	}()
	return near, nil
}
