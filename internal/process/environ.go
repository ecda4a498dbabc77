package process

import (
	"slices"
	"strings"
)

// kept are the variables that programs need to find their way, and that hold nothing
// which somebody else should not know. One that ends in an underscore stands for all
// that begin so.
var kept = []string{
	"PATH", "HOME", "USER", "LOGNAME", "SHELL", "LANG", "LC_", "TZ", "TMPDIR", "VIRTUAL_ENV",
	// Windows
	"SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "TEMP", "TMP", "USERPROFILE", "USERNAME",
	"APPDATA", "LOCALAPPDATA", "PROGRAMDATA", "PROGRAMFILES", "PROGRAMFILES(X86)", "NUMBER_OF_PROCESSORS",
}

// Environment returns those variables of environ, as of os.Environ, that a program
// needs to find its way, and those that are named besides: not the tokens and keys
// that lie in the environment of a developer's shell.
func Environment(environ []string, besides ...string) []string {
	var env []string
	for _, kv := range environ {
		name, _, _ := strings.Cut(kv, "=")
		if slices.Contains(besides, name) || slices.ContainsFunc(kept, func(k string) bool {
			return strings.EqualFold(k, name) || strings.HasSuffix(k, "_") && strings.HasPrefix(name, k)
		}) {
			env = append(env, kv)
		}
	}
	return env
}
