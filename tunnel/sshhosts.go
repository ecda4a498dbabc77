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

// hostKeys report whether a server is the one that it was: by OpenSSH's files of known
// hosts. A new server is trusted at first sight and remembered; a secret of the Hub's
// goes through it, so one that has changed is not trusted at all.
type hostKeys struct {
	own     string // file in which new ones are remembered; empty: none is
	users   string // ~/.ssh/known_hosts; empty: none
	log     *slog.Logger
	problem *Problem // why a server was refused

	unknown func(addr string, key ssh.PublicKey) // is told of a new server, which is then not logged in to; nil: it is trusted
}

// errLooked ends a connection that was made only to see the key of a server.
var errLooked = errors.New("the key of the server was looked at")

// A HostKey is the key with which an SSH server shows who it is.
type HostKey struct {
	Addr  string // host:port of the server
	Print string // fingerprint, for example SHA256:…
	Known bool   // a connection before has remembered it

	key ssh.PublicKey
}

// HostKey asks the server for its key and logs in nowhere, so that a person can be asked
// whether a new server is to be trusted. A server that has another key than before is an
// error, a *Problem, as it is for Open.
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
	case err == nil: // the callback never lets it come so far
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

// Trust remembers the key of a new server, which Open then logs in to.
func (s *SSH) Trust(k HostKey) error {
	if k.Known || k.key == nil {
		return nil
	}
	return s.hostKeys().remember(k.Addr, k.key)
}

// files are those of the two that are there.
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

// algorithms are those of the keys that a server is known by, or nil for one that is
// not: with another of its keys it would seem to have changed.
func (k *hostKeys) algorithms(addr string) []string {
	known, err := knownhosts.New(k.files()...)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil // check tells
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

// noKey is the key of no server.
type noKey struct{}

func (noKey) Type() string                        { return "none" }
func (noKey) Marshal() []byte                     { return []byte("none") }
func (noKey) Verify([]byte, *ssh.Signature) error { return errors.New("no key") }
