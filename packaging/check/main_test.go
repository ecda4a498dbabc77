package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	t.Parallel()
	got := names("1.2.3")
	for _, name := range []string{"SHA256SUMS", "hfhook_1.2.3_linux_arm64.apk", "hfhook_1.2.3_windows_amd64.zip", "hfhook_1.2.3_darwin_arm64.tar.gz", "hfhook_1.2.3_darwin_arm64.cdx.json"} {
		if !slices.Contains(got, name) {
			t.Errorf("no %s", name)
		}
	}
	if len(got) != 19 { // 6 archives, 6 SBOMs, 6 Linux packages, the checksums
		t.Errorf("%d names: %q", len(got), got)
	}
}

func TestCheckSums(t *testing.T) {
	t.Parallel()
	right := fmt.Sprintf("%x  a\n", sha256.Sum256([]byte("text")))
	for name, c := range map[string]struct{ sums, want string }{
		"right":   {right, ""},
		"wrong":   {strings.Replace(right, right[:4], "0000", 1), "a has "},
		"empty":   {"", "is empty"},
		"missing": {strings.Replace(right, "  a", "  b", 1), "no such file"},
		"invalid": {"a\n", "invalid line"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dist := t.TempDir()
			write(t, filepath.Join(dist, "a"), "text")
			write(t, filepath.Join(dist, "SHA256SUMS"), c.sums)
			err := checkSums(dist)
			if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// TestCheckArchive gives the test's own binary as that of a release.
func TestCheckArchive(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	binary, err := os.ReadFile(self)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"hfhook": binary, "hfhook.exe": binary}
	if _, err := checkArchive("linux/amd64", files); err == nil || !strings.Contains(err.Error(), "LICENSE is missing") {
		t.Errorf("without a licence: %v", err)
	}
	for _, n := range []string{"LICENSE", "README.md", "CHANGELOG.md", "THIRD_PARTY_NOTICES", "man/hfhook.1", "completions/hfhook.bash", "completions/hfhook.zsh", "completions/hfhook.fish", "completions/hfhook.ps1"} {
		files[n] = []byte("x")
	}
	other := "windows/arm64"
	if runtime.GOOS == "windows" {
		other = "linux/arm64"
	}
	if _, err := checkArchive(other, files); err == nil || !strings.Contains(err.Error(), "the binary is for "+runtime.GOOS+"/"+runtime.GOARCH) {
		t.Errorf("for another system: %v", err)
	}
	if _, err := checkArchive(runtime.GOOS+"/"+runtime.GOARCH, files); err == nil || !strings.Contains(err.Error(), "does not know its version") {
		t.Errorf("without a version: %v", err)
	}
}

func TestUntar(t *testing.T) {
	t.Parallel()
	for mode, want := range map[int64]string{0o755: "", 0o644: "cannot be run"} {
		var b bytes.Buffer
		zip := gzip.NewWriter(&b)
		archive := tar.NewWriter(zip)
		if err := archive.WriteHeader(&tar.Header{Name: "package/bin/hfhook", Mode: mode, Size: 1}); err != nil {
			t.Fatal(err)
		}
		if _, err := archive.Write([]byte("x")); err != nil {
			t.Fatal(err)
		}
		if err := archive.Close(); err != nil {
			t.Fatal(err)
		}
		if err := zip.Close(); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "a.tar.gz")
		write(t, path, b.String())
		files, err := untar(path)
		if want == "" && (err != nil || string(files["package/bin/hfhook"]) != "x") || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("mode %o: %q, %v, want %q", mode, files, err, want)
		}
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
