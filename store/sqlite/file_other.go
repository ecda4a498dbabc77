//go:build !linux

package sqlite

import "io/fs"

// birthOf returns when the file of a name was created; 0 if that is not known.
func birthOf(string) int64 { return 0 }

// newName returns the present name of a file that this process has open; empty if that is not
// known.
func newName(fs.FileInfo) string { return "" }
