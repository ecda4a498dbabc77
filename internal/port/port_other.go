//go:build !linux

package port

func listed(string, uint16) (id string, ok, known bool) { return "", false, false }

func own() (all []Service, known bool) { return nil, false }

// HeldBy reports whether a process of a group holds the socket that [Listener] has found.
// It reports false, too, if that is not known.
func HeldBy(string, int) bool { return false }
