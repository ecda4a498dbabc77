package filter

import "slices"

// What a shell or a screen can offer to somebody who writes a filter.

// Keys returns what can stand before the colon of a term.
func Keys() []string {
	var names []string
	for _, k := range keys {
		names = append(names, k.name)
	}
	return names
}

// Values returns the usual values of a key, where it has some.
func Values(key string) []string {
	for _, k := range keys {
		if k.name == key {
			return slices.Clone(k.known)
		}
	}
	return nil
}
