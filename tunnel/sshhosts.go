package tunnel

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/knownhosts"

	"hfhook/internal/neterr"
)

// hostKeys checks the keys of servers against OpenSSH's files of known hosts. A new server is
// trusted on first use and remembered; a server whose key has changed is rejected, because the
// Hub's secret passes through it.
type hostKeys struct {
	own     string // file in which new ones are remembered; empty: none is
	users   string // ~/.ssh/known_hosts; empty: none
	log     *slog.Logger
	problem *Problem // why a server was rejected

	unknown func(addr string, key ssh.PublicKey) // called with a new server, which is then not logged in to; nil: new servers are trusted
}

// errLooked ends a connection that was made only to read the key of a server.
var errLooked = errors.New("the key of the server was looked at")

// A HostKey is the key by which an SSH server identifies itself.
type HostKey struct {
	Addr  string // host:port of the server
	Print string // fingerprint, for example SHA256:…
	Known bool   // an earlier connection has remembered it

	key ssh.PublicKey
}

// HostKey reads the server's key without logging in, so that a person can be asked whether to
// trust a new server. If the key has changed, it returns a *Problem, like Open.
func (s *SSH) HostKey(ctx context.Context) (HostKey, error) {
	user, addr, err := s.server()
	if err != nil {
		return HostKey{}, err
	}
	raw, err := (&net.Dialer{}).DialContext(ctx, "tcp", addr)
	if err != nil {
		return HostKey{}, sshUnreachable(err, addr)
	}
	defer raw.Close()
	defer context.AfterFunc(ctx, func() { _ = raw.Close() })()
	found := HostKey{Addr: addr}
	keys := s.hostKeys()
	keys.unknown = func(_ string, key ssh.PublicKey) { found.key = key }
	conn, _, _, err := ssh.NewClientConn(raw, addr, &ssh.ClientConfig{
		User: user, HostKeyAlgorithms: keys.algorithms(addr),
		HostKeyCallback: func(addr string, remote net.Addr, key ssh.PublicKey) error {
			found.Print = ssh.FingerprintSHA256(key)
			if err := keys.check(addr, remote, key); err != nil {
				return err
			}
			found.Known = true
			return errLooked
		},
	})
	switch {
	case err == nil: // the callback always ends the connection
		_ = conn.Close()
	case keys.problem != nil:
		return HostKey{}, keys.problem
	case ctx.Err() != nil:
		return HostKey{}, inTime(ctx, addr)
	case found.Print == "":
		return HostKey{}, &Problem{Message: addr + " ended the connection before it showed its key: " + oneLine(neterr.Words(err)), Err: err}
	}
	return found, nil
}

// Trust remembers the key of a new server, so that Open logs in to it.
func (s *SSH) Trust(k HostKey) error {
	if k.Known || k.key == nil {
		return nil
	}
	return s.hostKeys().remember(k.Addr, k.key)
}

// files returns those of the two files that exist.
func (k *hostKeys) files() []string {
	var files []string
	for _, file := range []string{k.own, k.users} {
		if _, err := os.Stat(file); file != "" && err == nil {
			files = append(files, file)
		}
	}
	return files
}

// check is an ssh.HostKeyCallback.
func (k *hostKeys) check(addr string, remote net.Addr, key ssh.PublicKey) error {
	known, err := knownhosts.New(k.files()...)
	if err != nil {
		k.problem = &Problem{Message: "the keys of SSH servers cannot be read: " + oneLine(err.Error()), Fix: "Fix or delete that file.", Fatal: true, Err: err}
		return k.problem
	}
	err = known(addr, remote, key)
	var differs *knownhosts.KeyError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &differs) && len(differs.Want) == 0 && k.unknown != nil:
		k.unknown(addr, key)
		return errLooked
	case errors.As(err, &differs) && len(differs.Want) == 0:
		return k.remember(addr, key)
	case errors.As(err, &differs):
		k.problem = &Problem{
			Message: fmt.Sprintf("the SSH server %s has another key than before: %s", addr, ssh.FingerprintSHA256(key)),
			Cause:   "Its owner changed the key, or another server answers in its place.",
			Fix:     fmt.Sprintf("If its owner says so, delete line %d of %s.", differs.Want[0].Line, differs.Want[0].Filename),
			Fatal:   true, Err: err,
		}
	default: // it was revoked
		k.problem = &Problem{Message: "the key of the SSH server " + addr + " cannot be trusted: " + oneLine(err.Error()), Fix: "Use another server: this key is marked as revoked.", Fatal: true, Err: err}
	}
	return k.problem
}

// remember trusts a server that was not seen before.
func (k *hostKeys) remember(addr string, key ssh.PublicKey) error {
	print := ssh.FingerprintSHA256(key)
	if k.own == "" {
		k.problem = &Problem{
			Message: fmt.Sprintf("unknown SSH server %s with the key %s", addr, print),
			Fix:     "Log in to it once with ssh, compare the key with the one its owner publishes, and try again.",
			Fatal:   true,
		}
		return k.problem
	}
	err := os.MkdirAll(filepath.Dir(k.own), 0o700)
	if err == nil {
		err = appendLine(k.own, knownhosts.Line([]string{knownhosts.Normalize(addr)}, key))
	}
	if err != nil {
		k.problem = &Problem{Message: "the key of the SSH server cannot be saved: " + oneLine(err.Error()), Fix: "Check the permissions there.", Fatal: true, Err: err}
		return k.problem
	}
	k.log.Warn("a new SSH server is trusted", "server", addr, "key", print, "file", k.own)
	return nil
}

func appendLine(path, line string) (err error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = f.WriteString(line + "\n")
	return err
}

// algorithms returns the algorithms of a server's known keys, or nil for an unknown server:
// another of its keys would look like a changed one.
func (k *hostKeys) algorithms(addr string) []string {
	known, err := knownhosts.New(k.files()...)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil // check reports the error
	}
	var differs *knownhosts.KeyError
	if !errors.As(known(addr, sshAddr("0.0.0.0:0"), noKey{}), &differs) {
		return nil
	}
	var names []string
	for _, want := range differs.Want {
		switch name := want.Key.Type(); name {
		case ssh.KeyAlgoRSA:
			names = append(names, ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256)
		default:
			names = append(names, name)
		}
	}
	return names
}

// noKey is not the key of any server.
type noKey struct{}

func (noKey) Type() string                        { return "none" }
func (noKey) Marshal() []byte                     { return []byte("none") }
func (noKey) Verify([]byte, *ssh.Signature) error { return errors.New("no key") }
