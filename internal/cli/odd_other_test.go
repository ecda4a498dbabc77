//go:build !linux

package cli_test

// notePeak is for tests that measure memory, as Linux tells it.
func notePeak() {}
