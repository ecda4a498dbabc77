package main

// What an archive of a release holds.

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"debug/buildinfo"
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// program is the name of the binary for a system.
func program(system string) string {
	if strings.HasPrefix(system, "windows/") {
		return "hfhook.exe"
	}
	return "hfhook"
}

// checkArchive looks at what one archive holds.
func checkArchive(system string, files map[string][]byte) (about string, err error) {
	for _, n := range []string{program(system), "LICENSE", "README.md", "CHANGELOG.md", "THIRD_PARTY_NOTICES", "man/hfhook.1", "completions/hfhook.bash", "completions/hfhook.zsh", "completions/hfhook.fish", "completions/hfhook.ps1"} {
		if len(files[n]) == 0 {
			return "", fmt.Errorf("%s is missing or empty", n)
		}
	}
	binary := files[program(system)]
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
	if info.Main.Version == "" || info.Main.Version == "(devel)" {
		return "", errors.New("the binary does not know its version: build it in a clone, not in a worktree")
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

// unpack reads an archive: the texts of its files by name.
func unpack(path string) (map[string][]byte, error) {
	if strings.HasSuffix(path, ".zip") {
		return unzip(path)
	}
	return untar(path)
}

func unzip(path string) (map[string][]byte, error) {
	z, err := zip.OpenReader(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	defer z.Close()
	files := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if files[f.Name], err = io.ReadAll(r); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	return files, nil
}

func untar(path string) (map[string][]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	g, err := gzip.NewReader(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	files := map[string][]byte{}
	for t := tar.NewReader(g); ; {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return files, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if files[h.Name], err = io.ReadAll(t); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if name := filepath.Base(h.Name); (name == "hfhook" || name == "hfhook.exe") && h.Mode&0o111 == 0 {
			return nil, fmt.Errorf("%s: %s cannot be run: its mode is %o", path, h.Name, h.Mode)
		}
	}
}
