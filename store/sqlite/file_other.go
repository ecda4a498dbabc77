//go:build !linux

package sqlite

import "io/fs"

// birthOf is when the file of a name was made; 0 if that is not known.
func birthOf(string) int64 { return 0 }

// newName returns the name that a file has now, which this process has open; empty if that
// is not known.
func newName(fs.FileInfo) string { return "" }
