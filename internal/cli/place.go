package cli

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/pflag"

	"hfhook/internal/cli/config"
	"hfhook/internal/cli/exit"
	"hfhook/internal/visible"
)

// Places of hfhook's files: those of the XDG base directories, if they are set or the
// platform has none of its own, else the platform's.

func (p *program) dataDir() (string, error) { return p.place("XDG_DATA_HOME", ".local/share", "") }

func (p *program) configDir() (string, error) {
	return p.place("XDG_CONFIG_HOME", ".config", "config")
}

// stateDir is the directory of the log, the made secret, locks and notes. If hfhook may not
// write there, as in a container whose home is read-only, it is one beside the store that
// --store names.
func (p *program) stateDir() (string, error) {
	dir, err := p.place("XDG_STATE_HOME", ".local/state", "state")
	if err == nil && writable(dir) || p.settings.store == "" {
		return dir, err
	}
	beside, err := filepath.Abs(filepath.Dir(p.settings.store))
	if err != nil {
		return "", fmt.Errorf("find the working directory: %w", err)
	}
	return filepath.Join(beside, "hfhook-state"), nil
}

// printStateDir says where the state is if that is not where it is looked for.
func printStateDir(p *program, dir string) {
	usual, err := p.place("XDG_STATE_HOME", ".local/state", "state")
	if usual == dir {
		return
	}
	why := usual + " is not writable"
	if err != nil {
		why = err.Error()
	}
	fmt.Fprintf(p.err, "hfhook: %s: log and state are in %s\n", visible.Line(why), visible.Line(dir))
}

// homePath is a path with the home directory in place of a ~ that begins it. Shells do
// that for words of a command line, and nobody does it for files and the environment.
func homePath(p *program, path string) string { return config.ExpandHome(p.env, path) }

// fileVar adds a flag whose value is the path of a file.
func (p *program) fileVar(f *pflag.FlagSet, to *string, name, usage string) {
	f.Var(fileValue{p, to}, name, usage)
}

// A fileValue sets a path, with ~ for the home directory.
type fileValue struct {
	p  *program
	to *string
}

func (v fileValue) String() string {
	if v.to == nil { // pflag asks the zero value, too
		return ""
	}
	return *v.to
}

func (v fileValue) Set(text string) error {
	*v.to = homePath(v.p, text)
	return nil
}

func (fileValue) Type() string { return "string" }

func (p *program) place(xdg, unix, below string) (string, error) {
	return placeOn(runtime.GOOS, p.env, xdg, unix, below)
}

// placeOn is place on a system, which is named as GOOS has it.
func placeOn(system string, env func(string) string, xdg, unix, below string) (string, error) {
	if dir := config.ExpandHome(env, env(xdg)); filepath.IsAbs(dir) {
		return filepath.Join(dir, "hfhook"), nil
	}
	variable := "HOME"
	if system == "windows" {
		variable = "LocalAppData"
	}
	base := env(variable)
	switch {
	case base == "":
		return "", &exit.Error{Code: exit.CodeConfig, Err: fmt.Errorf("the home directory is not known: %s is not set", variable), Try: "set " + variable + ", or " + xdg}
	case system == "windows":
		return filepath.Join(base, "hfhook", below), nil
	case system == "darwin":
		return filepath.Join(base, "Library", "Application Support", "hfhook", below), nil
	}
	return filepath.Join(base, filepath.FromSlash(unix), "hfhook"), nil
}

// makeDir makes a directory of hfhook's own that only the user can look into, and lets nobody
// else look into it any more if there is one already.
func makeDir(dir string) error {
	closeDir(dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return &exit.Error{Code: exit.CodeConfig, Err: fmt.Errorf("make the directory %s: %w", dir, err), Try: "use --store with a writable directory; hfhook keeps its other files there too"}
	}
	return nil
}

// closeDir lets nobody but the user look into a directory of hfhook's own. What cannot be
// changed is told by openDir.
func closeDir(dir string) {
	if info, err := os.Stat(dir); err == nil && runtime.GOOS != "windows" && info.Mode().Perm()&0o077 != 0 {
		_ = os.Chmod(dir, info.Mode().Perm()&0o700)
	}
}

// An openDir is a directory that others may use, and what to do about it.
type openDir struct {
	text, fix string
	write     bool // they can put another file in a file's place
}

// openTo returns what others can do in the directory of a file, or nil if that is nothing.
func openTo(path string) *openDir {
	dir := filepath.Dir(path)
	info, err := os.Stat(dir)
	if err != nil || runtime.GOOS == "windows" || info.Mode().Perm()&0o077 == 0 {
		return nil
	}
	fix := "chmod 700 " + dir + ", or a directory of its own for --store"
	if info.Mode().Perm()&0o022 != 0 && info.Mode()&fs.ModeSticky == 0 {
		return &openDir{"others on this machine can write in " + dir + ", and replace the store by another file", fix, true}
	}
	return &openDir{"others on this machine can see the names of the files in " + dir + ", but not read the store", fix, false}
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
			return "", &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("unknown store type %s:// in --store", kind), Try: "the path of a file, for example --store ./events.db"}
		}
		return path, nil
	}
	dir, err := p.dataDir()
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, "events.db"), nil
}
