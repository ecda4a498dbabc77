// Npm packs hfhook for npm: a launcher, and one package for each system that holds the
// binary. npm installs the launcher and, of the others, the one that fits the machine.
// No script runs at installation.
//
//	go run ./packaging/npm -version 0.2.0 -notices THIRD_PARTY_NOTICES -out dist SYSTEM=BINARY…
//
// SYSTEM is GOOS/GOARCH.
package main

import (
	"archive/tar"
	"compress/gzip"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"
)

//go:embed launcher.js
var launcher []byte

// A platform is a system as Node.js calls it.
type platform struct{ os, cpu string }

var platforms = map[string]platform{
	"linux/amd64":   {"linux", "x64"},
	"linux/arm64":   {"linux", "arm64"},
	"darwin/amd64":  {"darwin", "x64"},
	"darwin/arm64":  {"darwin", "arm64"},
	"windows/amd64": {"win32", "x64"},
	"windows/arm64": {"win32", "arm64"},
}

// program is the file name of hfhook's binary.
func (p platform) program() string {
	if p.os == "win32" {
		return "hfhook.exe"
	}
	return "hfhook"
}

// packages are what all packages of one version share.
type packages struct {
	name     string // of the launcher; the others are name-os-cpu
	version  string // semantic version without a v
	home     string // URL of the repository; empty: none
	licence  []byte
	notices  []byte
	readme   []byte
	modified time.Time // of every file
}

// manifest is a package.json.
type manifest struct {
	Name         string            `json:"name"`
	Version      string            `json:"version"`
	Description  string            `json:"description"`
	License      string            `json:"license"`
	Repository   string            `json:"repository,omitempty"`
	Bin          map[string]string `json:"bin,omitempty"`
	OS           []string          `json:"os,omitempty"`
	CPU          []string          `json:"cpu,omitempty"`
	Files        []string          `json:"files"`
	PreferUnplug bool              `json:"preferUnplugged,omitempty"` // the binary has to be a file on disk
	Engines      map[string]string `json:"engines,omitempty"`
	Optional     map[string]string `json:"optionalDependencies,omitempty"`
}

// A file is one of a package.
type file struct {
	name string
	mode int64
	text []byte
}

func (r packages) packageOf(p platform) string { return r.name + "-" + p.os + "-" + p.cpu }

// launcherPackage is the one that people install. systems are those that have a package.
func (r packages) launcherPackage(systems []string) (name string, files []file, err error) {
	m := manifest{
		Name: r.name, Version: r.version, Description: "Debug Hugging Face webhooks on your own machine", License: "Apache-2.0", Repository: r.home,
		Bin: map[string]string{"hfhook": "bin/hfhook.js"}, Files: []string{"bin"}, Engines: map[string]string{"node": ">=18"}, Optional: map[string]string{},
	}
	for _, s := range systems {
		m.Optional[r.packageOf(platforms[s])] = r.version
	}
	script := strings.ReplaceAll(string(launcher), "@NAME@", r.name)
	files, err = r.files(m, file{"bin/hfhook.js", 0o755, []byte(script)})
	return r.name, files, err
}

// platformPackage is the one that holds the binary for a system.
func (r packages) platformPackage(system string, binary []byte) (name string, files []file, err error) {
	p, ok := platforms[system]
	if !ok {
		return "", nil, fmt.Errorf("unknown system %q", system)
	}
	name = r.packageOf(p)
	m := manifest{
		Name: name, Version: r.version, Description: "hfhook's program for " + p.os + " " + p.cpu, License: "Apache-2.0", Repository: r.home,
		OS: []string{p.os}, CPU: []string{p.cpu}, Files: []string{"bin"}, PreferUnplug: true,
	}
	files, err = r.files(m, file{"bin/" + p.program(), 0o755, binary})
	return name, files, err
}

func (r packages) files(m manifest, more ...file) ([]file, error) {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return nil, err
	}
	return append([]file{
		{"package.json", 0o644, append(text, '\n')}, {"README.md", 0o644, r.readme}, {"LICENSE", 0o644, r.licence}, {"THIRD_PARTY_NOTICES", 0o644, r.notices},
	}, more...), nil
}

// archive is the file name of a package, as npm pack has it.
func (r packages) archive(name string) string {
	return strings.NewReplacer("@", "", "/", "-").Replace(name) + "-" + r.version + ".tgz"
}

func (r packages) write(w io.Writer, files []file) error {
	zip := gzip.NewWriter(w)
	t := tar.NewWriter(zip)
	for _, f := range files {
		h := &tar.Header{Name: "package/" + f.name, Mode: f.mode, Size: int64(len(f.text)), ModTime: r.modified, Format: tar.FormatPAX, Typeflag: tar.TypeReg}
		if err := t.WriteHeader(h); err != nil {
			return err
		}
		if _, err := t.Write(f.text); err != nil {
			return err
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	return zip.Close()
}

var semantic = regexp.MustCompile(`^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?$`)

// semver is a version of Go or a tag without its v and what stands after a +.
func semver(version string) (string, error) {
	v, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), "+")
	if !semantic.MatchString(v) {
		return "", fmt.Errorf("invalid version %q: want one such as 1.2.3 or 1.2.3-rc.1", version)
	}
	return v, nil
}
