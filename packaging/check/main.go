// Check compares dist/ with the list of what a release has, unpacks each archive, reads which
// system and version its binary is for, and compares that binary with the one in the Python
// wheel, in the npm package, and with the checksums that Homebrew and Scoop get.
//
//	go run ./packaging/check dist
package main

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// maxBinary is how large a binary may be, in bytes.
const maxBinary = 38 << 20

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./packaging/check DIST")
		os.Exit(2)
	}
	if err := check(os.Args[1], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "check:", err)
		os.Exit(1)
	}
}

// systems are those that hfhook is released for.
var systems = []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64"}

// baseOf is the name of the files for a system without what stands after the dot.
func baseOf(version, system string) string {
	return "hfhook_" + version + "_" + strings.ReplaceAll(system, "/", "_")
}

// archiveOf is the file name of the archive for a system.
func archiveOf(version, system string) string {
	if strings.HasPrefix(system, "windows/") {
		return baseOf(version, system) + ".zip"
	}
	return baseOf(version, system) + ".tar.gz"
}

// names are the files of a release of this version.
func names(version string) []string {
	list := []string{"SHA256SUMS"}
	for _, system := range systems {
		base := baseOf(version, system)
		list = append(list, archiveOf(version, system), base+".cdx.json")
		if strings.HasPrefix(system, "linux/") {
			list = append(list, base+".deb", base+".rpm", base+".apk")
		}
	}
	slices.Sort(list)
	return list
}

func check(dist string, w io.Writer) error {
	text, err := os.ReadFile(filepath.Join(dist, "metadata.json"))
	if err != nil {
		return err
	}
	var meta struct{ Version string }
	if err := json.Unmarshal(text, &meta); err != nil {
		return err
	}
	var problems []error
	fail := func(format string, args ...any) { problems = append(problems, fmt.Errorf(format, args...)) }

	entries, err := os.ReadDir(dist)
	if err != nil {
		return err
	}
	var have []string
	for _, e := range entries {
		if n := e.Name(); n == "SHA256SUMS" || strings.HasPrefix(n, "hfhook_") && !e.IsDir() {
			have = append(have, n)
		}
	}
	want := names(meta.Version)
	for _, n := range want {
		if !slices.Contains(have, n) {
			fail("%s is missing", n)
		}
	}
	for _, n := range have {
		if !slices.Contains(want, n) {
			fail("%s is not in the list", n)
		}
	}
	if err := checkSums(dist); err != nil {
		fail("%w", err)
	}
	copies, err := programs(dist)
	if err != nil {
		fail("%w", err)
	}
	for _, system := range systems {
		base := archiveOf(meta.Version, system)
		files, err := unpack(filepath.Join(dist, base))
		if err != nil {
			fail("%w", err)
			continue
		}
		about, err := checkArchive(system, files)
		if err != nil {
			fail("%s: %w", base, err)
			continue
		}
		if n := copies[sha256.Sum256(files[program(system)])]; n != 2 {
			fail("%s: %d packages for Python and npm have this binary, want 2", system, n)
		}
		fmt.Fprintf(w, "%-14s %s\n", system, about)
		if system == "linux/amd64" {
			if err := checkCask(dist, files); err != nil {
				fail("%w", err)
			}
		}
	}
	if err := checkInstallers(dist, meta.Version); err != nil {
		fail("%w", err)
	}
	return errors.Join(problems...)
}
