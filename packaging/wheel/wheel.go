// Wheel packs hfhook's binaries as Python wheels, one for each system: the binary itself is
// the script that pip puts on the PATH, so no Python process stands between the terminal
// and hfhook.
//
//	go run ./packaging/wheel -version 0.2.0 -notices THIRD_PARTY_NOTICES -out dist SYSTEM=BINARY…
//
// SYSTEM is GOOS/GOARCH. The format is that of
// https://packaging.python.org/specifications/binary-distribution-format.
package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// tags are the platform tags of each system. A static binary runs with any libc, so one
// wheel serves glibc and musl.
var tags = map[string]string{
	"linux/amd64":   "manylinux_2_17_x86_64.manylinux2014_x86_64.musllinux_1_1_x86_64",
	"linux/arm64":   "manylinux_2_17_aarch64.manylinux2014_aarch64.musllinux_1_1_aarch64",
	"darwin/amd64":  "macosx_12_0_x86_64",
	"darwin/arm64":  "macosx_12_0_arm64",
	"windows/amd64": "win_amd64",
	"windows/arm64": "win_arm64",
}

// A Wheel is what one file is made of.
type Wheel struct {
	Name    string // of the distribution
	Version string // by PEP 440
	System  string // GOOS/GOARCH
	Binary  []byte
	Summary string
	Readme  []byte // Markdown
	Licence []byte
	Notices []byte
	Home    string    // URL of the project; empty: none
	Time    time.Time // of every file in it, so that the same input gives the same bytes
}

// File is the wheel's file name.
func (w Wheel) File() string {
	return fmt.Sprintf("%s-%s-py3-none-%s.whl", w.base(), w.Version, tags[w.System])
}

// base is the name as file names have it.
func (w Wheel) base() string {
	return strings.ToLower(regexp.MustCompile(`[-_.]+`).ReplaceAllString(w.Name, "_"))
}

// Write writes the wheel.
func (w Wheel) Write(out io.Writer) error {
	if tags[w.System] == "" {
		return fmt.Errorf("no wheel tag for %q", w.System)
	}
	program := "hfhook"
	if strings.HasPrefix(w.System, "windows/") {
		program += ".exe"
	}
	info, scripts := fmt.Sprintf("%s-%s.dist-info/", w.base(), w.Version), fmt.Sprintf("%s-%s.data/scripts/", w.base(), w.Version)
	var compat strings.Builder
	for tag := range strings.SplitSeq(tags[w.System], ".") {
		fmt.Fprintf(&compat, "Tag: py3-none-%s\n", tag)
	}
	files := []struct {
		name string
		mode os.FileMode
		text []byte
	}{
		{"hfhook/__init__.py", 0o644, []byte(initPy)},
		{"hfhook/__main__.py", 0o644, []byte(mainPy)},
		{scripts + program, 0o755, w.Binary},
		{info + "licenses/LICENSE", 0o644, w.Licence},
		{info + "licenses/THIRD_PARTY_NOTICES", 0o644, w.Notices},
		{info + "METADATA", 0o644, w.metadata()},
		{info + "WHEEL", 0o644, []byte("Wheel-Version: 1.0\nGenerator: hfhook packaging/wheel\nRoot-Is-Purelib: false\n" + compat.String())},
	}
	z := zip.NewWriter(out)
	var record strings.Builder
	add := func(name string, mode os.FileMode, text []byte) error {
		h := &zip.FileHeader{Name: name, Method: zip.Deflate, Modified: w.Time.UTC()}
		h.SetMode(mode)
		f, err := z.CreateHeader(h)
		if err == nil {
			_, err = f.Write(text)
		}
		return err
	}
	for _, f := range files {
		if err := add(f.name, f.mode, f.text); err != nil {
			return err
		}
		sum := sha256.Sum256(f.text)
		fmt.Fprintf(&record, "%s,sha256=%s,%d\n", f.name, base64.RawURLEncoding.EncodeToString(sum[:]), len(f.text))
	}
	fmt.Fprintf(&record, "%sRECORD,,\n", info)
	if err := add(info+"RECORD", 0o644, []byte(record.String())); err != nil {
		return err
	}
	return z.Close()
}

func (w Wheel) metadata() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "Metadata-Version: 2.4\nName: %s\nVersion: %s\nSummary: %s\n", w.Name, w.Version, w.Summary)
	b.WriteString("License-Expression: Apache-2.0\nLicense-File: LICENSE\nLicense-File: THIRD_PARTY_NOTICES\nRequires-Python: >=3.8\n")
	if w.Home != "" {
		fmt.Fprintf(&b, "Project-URL: Homepage, %s\n", w.Home)
	}
	b.WriteString("Description-Content-Type: text/markdown\n\n")
	b.Write(w.Readme)
	return b.Bytes()
}

const initPy = `"""hfhook: debug Hugging Face webhooks on your own machine. The program is a binary; see find()."""

import os
import shutil
import sysconfig


def find():
    """Return the path of the hfhook program that this package has installed."""
    name = "hfhook" + (sysconfig.get_config_var("EXE") or "")
    schemes = [sysconfig.get_path("scripts")]
    for scheme in sysconfig.get_scheme_names():
        if "user" in scheme:
            schemes.append(sysconfig.get_path("scripts", scheme))
    # pip install --target puts scripts into a folder beside the package
    schemes.append(os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "bin"))
    for folder in schemes:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
    found = shutil.which(name)
    if found:
        return found
    raise FileNotFoundError("the program hfhook is not in " + ", ".join(schemes) + "; install the package hfhook again")
`

const mainPy = `"""python -m hfhook: runs the program in place of this process."""

import os
import subprocess
import sys

from hfhook import find

if __name__ == "__main__":
    path = find()
    if os.name == "nt":  # execv starts a second process there, and this one ends before it
        sys.exit(subprocess.call([path] + sys.argv[1:]))
    os.execv(path, [path] + sys.argv[1:])
`

// python is the PEP 440 form of a version of Go or a tag.
func python(version string) (string, error) {
	m := regexp.MustCompile(`^v?(\d+\.\d+\.\d+)(?:-(?:(alpha|beta|rc|dev)\.?(\d+)|(.*?)))?(?:\+.*)?$`).FindStringSubmatch(version)
	switch {
	case m == nil:
		return "", fmt.Errorf("invalid version %q: want one such as 1.2.3 or 1.2.3-rc.1", version)
	case m[2] != "":
		return m[1] + map[string]string{"alpha": "a", "beta": "b", "rc": "rc", "dev": ".dev"}[m[2]] + m[3], nil
	case m[4] != "": // between tags, or a snapshot
		return m[1] + ".dev0", nil
	}
	return m[1], nil
}

func writeFile(dir string, w Wheel) (path string, err error) {
	path = filepath.Join(dir, w.File())
	f, err := os.Create(path)
	if err != nil {
		return "", err
	}
	err = w.Write(f)
	if closed := f.Close(); err == nil {
		err = closed
	}
	return path, err
}
