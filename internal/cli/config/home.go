package config

import (
	"cmp"
	"os"
	"path/filepath"
	"strings"
)

// ExpandHome replaces a ~ at the beginning of a path by the home directory.
func ExpandHome(env func(string) string, path string) string {
	rest, ok := strings.CutPrefix(path, "~")
	if !ok || rest != "" && !os.IsPathSeparator(rest[0]) {
		return path
	}
	home := cmp.Or(env("HOME"), env("USERPROFILE"))
	if home == "" {
		return path
	}
	return filepath.Join(home, rest)
}
