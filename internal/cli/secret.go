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

	"hfhook/server"
)

// secrets are what requests have to bring, and where the first came from.
type secrets struct {
	accepted []server.Secret
	source   string
	made     bool
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
		s, err = p.ownSecret()
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
	return s, nil
}

func parseSecret(text, source string) (secrets, error) {
	secret, err := server.ParseSecret(text)
	if err != nil {
		return secrets{}, &failure{code: exitConfig, err: fmt.Errorf("%s: %w", source, err)}
	}
	return secrets{accepted: []server.Secret{secret}, source: source}, nil
}

// secretFromFile reads a secret; a line break at the end, as echo and editors
// leave it, is not part of it.
func secretFromFile(path string) (secrets, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return secrets{}, &failure{code: exitConfig, err: fmt.Errorf("read the secret: %w", err), try: "write it into that file, or leave --secret-file away and hfhook makes one"}
	}
	return parseSecret(strings.TrimRight(string(text), "\r\n"), path)
}

// ownSecret is the secret that hfhook has made, in an earlier run or now.
func (p *program) ownSecret() (secrets, error) {
	dir, err := p.stateDir()
	if err != nil {
		return secrets{}, err
	}
	if err := makeDir(dir); err != nil {
		return secrets{}, err
	}
	path := filepath.Join(dir, "secret")
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	switch {
	case errors.Is(err, fs.ErrExist):
		s, err := secretFromFile(path)
		if err != nil {
			return secrets{}, &failure{code: exitConfig, err: err, try: "remove " + path + ", and hfhook makes a new secret, which has to be set on the Hub again"}
		}
		s.made = true
		return s, os.Chmod(path, 0o600)
	case err != nil:
		return secrets{}, &failure{code: exitConfig, err: fmt.Errorf("keep the secret: %w", err), try: "set WEBHOOK_SECRET"}
	}
	var random [24]byte
	_, _ = rand.Read(random[:])
	text := base64.RawURLEncoding.EncodeToString(random[:])
	_, err = file.WriteString(text + "\n")
	if err = errors.Join(err, file.Close()); err != nil {
		_ = os.Remove(path)
		return secrets{}, &failure{code: exitConfig, err: fmt.Errorf("keep the secret: %w", err), try: "set WEBHOOK_SECRET"}
	}
	s, err := parseSecret(text, path)
	s.made = true
	return s, err
}
