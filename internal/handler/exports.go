package handler

// Files that hfhook has written into the project: exports and reports. They are known by how
// they begin, for another process may have written them.

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"slices"
)

// exportHeads are texts near the beginning of what hfhook writes.
var exportHeads = [][]byte{
	[]byte("Webhook deliveries that hfhook has recorded"), // tests
	[]byte(`"creator":{"name":"hfhook"`),                  // HAR
	[]byte(`<testsuite name="hfhook`),                     // JUnit
}

// recordHead is how exports as json and ndjson begin, without white space.
var recordHead = []byte(`{"schema":1,"type":"record"`)

// isExport reports whether hfhook has written a file.
func isExport(name string) bool {
	f, err := os.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, 512)
	n, _ := io.ReadFull(f, head) // of a short file it is all there is
	head = head[:n]
	if slices.ContainsFunc(exportHeads, func(text []byte) bool { return bytes.Contains(head, text) }) {
		return true
	}
	return bytes.HasPrefix(bytes.Join(bytes.Fields(head), nil), recordHead)
}

// dropExports forgets the changed files that hfhook has written.
func (f *files) dropExports() {
	f.names = slices.DeleteFunc(f.names, func(name string) bool {
		file := name
		if !filepath.IsAbs(file) {
			file = filepath.Join(f.dir, name)
		}
		return isExport(file)
	})
}
