package filter

import "slices"

// What a shell or a screen can offer to somebody who writes a filter.

// Keys returns how the terms can begin that are about more than a value of the body, for
// example "scope:" and "header.".
func Keys() []string {
	var begins []string
	for _, k := range keys {
		begins = append(begins, k.name+":")
	}
	return append(begins, "answer:", "answer~", "header.")
}

// Values returns the usual values of one of the Keys, if it has some.
func Values(key string) []string {
	if key == "since:" || key == "before:" {
		return slices.Clone(times)
	}
	for _, k := range keys {
		if k.name+":" == key {
			return slices.Clone(k.known)
		}
	}
	return nil
}
