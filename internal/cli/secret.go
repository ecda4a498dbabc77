package cli

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"hfhook/internal/capture"
	"hfhook/internal/cli/exit"
	"hfhook/server"
)

// secrets are what requests have to bring, and where the first came from.
type secrets struct {
	accepted []server.Secret
	source   string
	made     bool
	until    time.Time // when the one before the present one ends; zero: it has no end
}

// present is the secret that is sent and copied; zero where nothing is verified.
func (s secrets) present() server.Secret {
	if len(s.accepted) == 0 {
		return server.Secret{}
	}
	return s.accepted[0]
}

// secrets finds the secret: that of --secret-file, else WEBHOOK_SECRET, else the
// one that hfhook has made for itself. WEBHOOK_SECRET_PREVIOUS is accepted, too,
// while a new one is set on the Hub.
func (p *program) secrets() (secrets, error) {
	return findSecrets(p, func() (secrets, error) { return ownSecret(p) })
}

// knownSecrets is secrets for those who have no use for one that is made now.
func (p *program) knownSecrets() (secrets, error) {
	return findSecrets(p, func() (secrets, error) { return madeSecret(p) })
}

func findSecrets(p *program, own func() (secrets, error)) (secrets, error) {
	if p.settings.noVerify {
		return secrets{}, nil
	}
	var s secrets
	var err error
	switch {
	case p.settings.secretFile != "":
		s, err = secretFromFile(p.settings.secretFile)
	case p.env("WEBHOOK_SECRET") != "":
		s, err = parseSecret(p.env("WEBHOOK_SECRET"), "WEBHOOK_SECRET")
	default:
		s, err = own()
	}
	if err != nil {
		return secrets{}, err
	}
	if previous := p.env("WEBHOOK_SECRET_PREVIOUS"); previous != "" {
		old, err := parseSecret(previous, "WEBHOOK_SECRET_PREVIOUS")
		if err != nil {
			return secrets{}, err
		}
		s.accepted = append(s.accepted, old.accepted...)
	}
	if endPreviousIfOver(p) {
		s.accepted = s.accepted[:1]
	}
	return s, nil
}

func parseSecret(text, source string) (secrets, error) {
	secret, err := server.ParseSecret(text)
	if err != nil {
		return secrets{}, &exit.Error{Code: exit.CodeConfig, Err: fmt.Errorf("%s: %w", source, err)}
	}
	return secrets{accepted: []server.Secret{secret}, source: source}, nil
}

// secretFromFile reads a secret; a line break at the end, as echo and editors
// leave it, is not part of it.
func secretFromFile(path string) (secrets, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return secrets{}, &exit.Error{Code: exit.CodeConfig, Err: fmt.Errorf("read the secret: %w", err), Try: "write it to that file, or leave out --secret-file and hfhook creates one"}
	}
	return parseSecret(strings.TrimRight(string(text), "\r\n"), path)
}

// ownSecret is the secret that hfhook has made, in an earlier run or now.
func ownSecret(p *program) (secrets, error) {
	s, err := madeSecret(p)
	if errors.Is(err, errNoSecret) {
		if err := makeSecret(p, 0); err != nil {
			return secrets{}, err
		}
		return madeSecret(p)
	}
	return s, err
}

// madeSecret is the secret that hfhook has made in an earlier run, and the one before
// it as long as that is accepted. errNoSecret: it has made none.
func madeSecret(p *program) (secrets, error) {
	path, previous, err := findSecretPaths(p)
	if err != nil {
		return secrets{}, err
	}
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return secrets{}, &exit.Error{Code: exit.CodeConfig, Err: errNoSecret, Try: "hfhook secret new creates one, and so does hfhook dev"}
	}
	s, err := secretFromFile(path)
	if err != nil {
		return secrets{}, &exit.Error{Code: exit.CodeConfig, Err: err, Try: "remove " + path + "; hfhook then creates a new secret, which you have to set on the Hub"}
	}
	s.made = true
	if s.until, err = previousUntil(previous); err != nil {
		return secrets{}, &exit.Error{Code: exit.CodeConfig, Err: err, Try: "hfhook secret forget"}
	}
	if !s.until.IsZero() && time.Now().After(s.until) {
		_ = forgetPrevious(previous) // else it is not accepted all the same
		s.until = time.Time{}
		return s, os.Chmod(path, 0o600)
	}
	old, err := secretFromFile(previous)
	switch {
	case err == nil:
		s.accepted = append(s.accepted, old.accepted...)
	case !errors.Is(err, fs.ErrNotExist):
		return secrets{}, &exit.Error{Code: exit.CodeConfig, Err: err, Try: "hfhook secret forget"}
	}
	return s, os.Chmod(path, 0o600)
}

var errNoSecret = errors.New("no secret: WEBHOOK_SECRET is not set, and hfhook has not created one")

// findSecretPaths are the files of the secret that hfhook has made, and of the one before.
func findSecretPaths(p *program) (path, previous string, err error) {
	dir, err := p.stateDir()
	if err != nil {
		return "", "", err
	}
	path = filepath.Join(dir, "secret")
	return path, path + ".previous", nil
}

// makeSecret makes a secret, and keeps the one that was there as the previous one, for a
// time or, with 0, until it is forgotten.
func makeSecret(p *program, previousFor time.Duration) error {
	var random [24]byte
	_, _ = rand.Read(random[:])
	_, err := keepSecret(p, base64.RawURLEncoding.EncodeToString(random[:]), previousFor)
	return err
}

// keepSecret puts a secret in the place of the one that hfhook has made, which becomes the
// previous one for a time or, with 0, until it is forgotten. It returns the file.
func keepSecret(p *program, text string, previousFor time.Duration) (string, error) {
	path, previous, err := findSecretPaths(p)
	if err != nil {
		return "", err
	}
	if err := makeDir(filepath.Dir(path)); err != nil {
		return "", err
	}
	if err := errors.Join(endPrevious(previous, previousFor), replaceSecret(path, previous, text)); err != nil {
		return "", &exit.Error{Code: exit.CodeConfig, Err: fmt.Errorf("keep the secret: %w", err), Try: "set WEBHOOK_SECRET"}
	}
	return path, nil
}

func replaceSecret(path, previous, text string) (err error) {
	file, err := os.CreateTemp(filepath.Dir(path), "secret-*") // which nobody else can read
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, ignoreMissing(os.Remove(file.Name()))) }()
	_, err = file.WriteString(text + "\n")
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return err
	}
	if err := ignoreMissing(os.Rename(path, previous)); err != nil {
		return err
	}
	return os.Rename(file.Name(), path)
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// listOwnSecrets are those that hfhook has made in earlier runs, if this one has its secret from
// elsewhere: the webhook on the Hub may still have one of them.
func listOwnSecrets(p *program, present secrets) []capture.Known {
	if present.made || len(present.accepted) == 0 {
		return nil
	}
	own, err := madeSecret(p)
	if err != nil {
		return nil // there is none, or it cannot be used anyhow
	}
	var known []capture.Known
	for i, secret := range own.accepted {
		known = append(known, capture.Known{
			Secret: secret, Name: fmt.Sprintf("own %d", i+1), Hint: "hfhook created it in an earlier run",
			Cause: "hfhook now takes its secret from " + present.source + ", but the webhook still has the previous one: set the new one there, or start hfhook without " + present.source + ".",
		})
	}
	return known
}
