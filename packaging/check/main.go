// Check compares dist/ with the list of what a release has, unpacks each archive, and reads
// which system and version its binary is for.
//
//	go run ./packaging/check dist
package main

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"debug/buildinfo"
	"debug/elf"
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

var systems = []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64"}

// names are the files of a release of this version.
func names(version string) []string {
	list := []string{"SHA256SUMS"}
	for _, system := range systems {
		base := "hfhook_" + version + "_" + strings.ReplaceAll(system, "/", "_")
		ext := ".tar.gz"
		if strings.HasPrefix(system, "windows/") {
			ext = ".zip"
		}
		list = append(list, base+ext, base+".cdx.json")
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
	for _, system := range systems {
		base := "hfhook_" + meta.Version + "_" + strings.ReplaceAll(system, "/", "_")
		files, err := unpack(dist, base)
		if err != nil {
			fail("%w", err)
			continue
		}
		about, err := checkArchive(system, files)
		if err != nil {
			fail("%s: %w", base, err)
			continue
		}
		fmt.Fprintf(w, "%-14s %s\n", system, about)
	}
	return errors.Join(problems...)
}

// checkArchive looks at what one archive holds.
func checkArchive(system string, files map[string][]byte) (about string, err error) {
	program := "hfhook"
	if strings.HasPrefix(system, "windows/") {
		program += ".exe"
	}
	for _, n := range []string{program, "LICENSE", "README.md", "CHANGELOG.md", "THIRD_PARTY_NOTICES", "man/hfhook.1", "completions/hfhook.bash", "completions/hfhook.zsh", "completions/hfhook.fish", "completions/hfhook.ps1"} {
		if len(files[n]) == 0 {
			return "", fmt.Errorf("%s is missing or empty", n)
		}
	}
	binary := files[program]
	if len(binary) > maxBinary {
		return "", fmt.Errorf("the binary has %d bytes, more than %d", len(binary), maxBinary)
	}
	info, err := buildinfo.Read(bytes.NewReader(binary))
	if err != nil {
		return "", err
	}
	set := map[string]string{}
	for _, s := range info.Settings {
		set[s.Key] = s.Value
	}
	if got := set["GOOS"] + "/" + set["GOARCH"]; got != system {
		return "", fmt.Errorf("the binary is for %s", got)
	}
	if set["CGO_ENABLED"] != "0" {
		return "", errors.New("the binary was built with cgo")
	}
	if strings.HasPrefix(system, "linux/") {
		if err := static(binary); err != nil {
			return "", err
		}
	}
	for _, dep := range info.Deps {
		if !bytes.Contains(files["THIRD_PARTY_NOTICES"], []byte("\n"+dep.Path+" "+dep.Version+" (")) {
			return "", fmt.Errorf("THIRD_PARTY_NOTICES does not have %s %s", dep.Path, dep.Version)
		}
	}
	return fmt.Sprintf("%s %s, %.1f MB, %s", info.Main.Path, info.Main.Version, float64(len(binary))/1e6, info.GoVersion), nil
}

// static reports whether an ELF binary needs no other file to run.
func static(binary []byte) error {
	f, err := elf.NewFile(bytes.NewReader(binary))
	if err != nil {
		return err
	}
	for _, p := range f.Progs {
		if p.Type == elf.PT_INTERP || p.Type == elf.PT_DYNAMIC {
			return errors.New("the binary is not static")
		}
	}
	if f.Section(".symtab") != nil {
		return errors.New("the binary is not stripped")
	}
	return nil
}

// unpack reads the archive of this base name.
func unpack(dist, base string) (map[string][]byte, error) {
	files := map[string][]byte{}
	if z, err := zip.OpenReader(filepath.Join(dist, base+".zip")); err == nil {
		defer z.Close()
		for _, f := range z.File {
			r, err := f.Open()
			if err != nil {
				return nil, err
			}
			if files[f.Name], err = io.ReadAll(r); err != nil {
				return nil, err
			}
		}
		return files, nil
	}
	f, err := os.Open(filepath.Join(dist, base+".tar.gz"))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	g, err := gzip.NewReader(f)
	if err != nil {
		return nil, err
	}
	for t := tar.NewReader(g); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, err
		}
		if files[h.Name], err = io.ReadAll(t); err != nil {
			return nil, err
		}
		if h.Name == "hfhook" && h.Mode&0o111 == 0 {
			return nil, fmt.Errorf("%s: the program cannot be run: mode %o", base, h.Mode)
		}
	}
}

// checkSums compares each file with its row of SHA256SUMS.
func checkSums(dist string) error {
	text, err := os.ReadFile(filepath.Join(dist, "SHA256SUMS"))
	if err != nil {
		return err
	}
	n := 0
	for line := range strings.Lines(string(text)) {
		sum, name, ok := strings.Cut(strings.TrimSpace(line), "  ")
		if !ok {
			return fmt.Errorf("SHA256SUMS: invalid line %q", line)
		}
		data, err := os.ReadFile(filepath.Join(dist, name))
		if err != nil {
			return err
		}
		if got := fmt.Sprintf("%x", sha256.Sum256(data)); got != sum {
			return fmt.Errorf("SHA256SUMS: %s has %s", name, got)
		}
		n++
	}
	if n == 0 {
		return errors.New("SHA256SUMS is empty")
	}
	return nil
}
