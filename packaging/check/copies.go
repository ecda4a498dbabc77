package main

// What else is made of the archives and their binaries: checksums, packages for Python and
// npm, and files for Homebrew and Scoop.

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

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

// programs counts, by checksum, the binaries in the wheels and npm packages of a folder.
func programs(dist string) (map[[sha256.Size]byte]int, error) {
	count := map[[sha256.Size]byte]int{}
	for pattern, open := range map[string]func(string) (map[string][]byte, error){"hfhook-*.whl": unzip, "hfhook-*.tgz": untar} {
		paths, err := filepath.Glob(filepath.Join(dist, pattern))
		if err != nil {
			return nil, err
		}
		for _, path := range paths {
			files, err := open(path)
			if err != nil {
				return nil, err
			}
			for name, text := range files {
				if base := filepath.Base(name); base == "hfhook" || base == "hfhook.exe" {
					count[sha256.Sum256(text)]++
				}
			}
		}
	}
	return count, nil
}

// checkCask reports a man page of an archive that Homebrew would not install.
func checkCask(dist string, archive map[string][]byte) error {
	path := filepath.Join(dist, "homebrew", "Casks", "hfhook.rb")
	cask, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var missing []string
	for name := range archive {
		if strings.HasPrefix(name, "man/") && !bytes.Contains(cask, []byte(`manpage "`+name+`"`)) {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		return fmt.Errorf("%s does not have %s: add it to homebrew_casks in .goreleaser.yaml", path, strings.Join(missing, ", "))
	}
	return nil
}

// checkInstallers looks for the checksum of each archive in what Homebrew or Scoop gets.
func checkInstallers(dist, version string) error {
	for _, system := range systems {
		archive, installer := archiveOf(version, system), filepath.Join("homebrew", "Casks", "hfhook.rb")
		if strings.HasPrefix(system, "windows/") {
			installer = filepath.Join("scoop", "hfhook.json")
		}
		data, err := os.ReadFile(filepath.Join(dist, archive))
		if err != nil {
			return err
		}
		text, err := os.ReadFile(filepath.Join(dist, installer))
		if err != nil {
			return err
		}
		if sum := fmt.Sprintf("%x", sha256.Sum256(data)); !bytes.Contains(text, []byte(sum)) {
			return fmt.Errorf("%s does not have the checksum of %s", installer, archive)
		}
	}
	return nil
}
