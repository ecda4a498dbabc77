package cli

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Places of hfhook's files: those of the XDG base directories, where they are set
// or the platform has none of its own, else the platform's.

func (p *program) dataDir() (string, error) { return p.place("XDG_DATA_HOME", ".local/share", "") }
func (p *program) stateDir() (string, error) {
	return p.place("XDG_STATE_HOME", ".local/state", "state")
}
func (p *program) configDir() (string, error) {
	return p.place("XDG_CONFIG_HOME", ".config", "config")
}

func (p *program) place(xdg, unix, below string) (string, error) {
	if dir := p.env(xdg); filepath.IsAbs(dir) {
		return filepath.Join(dir, "hfhook"), nil
	}
	switch runtime.GOOS {
	case "windows":
		if dir := p.env("LocalAppData"); dir != "" {
			return filepath.Join(dir, "hfhook", below), nil
		}
	case "darwin":
		if home := p.env("HOME"); home != "" {
			return filepath.Join(home, "Library", "Application Support", "hfhook", below), nil
		}
	default:
		if home := p.env("HOME"); home != "" {
			return filepath.Join(home, filepath.FromSlash(unix), "hfhook"), nil
		}
	}
	return "", &failure{code: exitConfig, err: errors.New("the home directory is not known: HOME is not set"), try: "set HOME, or " + xdg}
}

// makeDir makes a directory that only the user can look into.
func makeDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return &failure{code: exitConfig, err: fmt.Errorf("make the directory %s: %w", dir, err), try: "check who may write there"}
	}
	return nil
}

// isScheme reports whether text is the scheme of a URL, as RFC 3986 has it.
func isScheme(text string) bool {
	for i, c := range text {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789+-.", c)) {
			return false
		}
	}
	return text != ""
}

// storePath is where the events are.
func (p *program) storePath() (string, error) {
	if path := p.settings.store; path != "" {
		if kind, _, found := strings.Cut(path, "://"); found && isScheme(kind) {
			// The rest is not repeated: it may hold a password.
			return "", &failure{code: exitUsage, err: fmt.Errorf("unknown kind of store %s:// in --store", kind), try: "the path of a file, for example --store ./events.db"}
		}
		return path, nil
	}
	dir, err := p.dataDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "events.db"), nil
}
