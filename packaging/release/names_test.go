package release

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const root = "../.."

// verbs are parts of the commands that installs matches. They are found sooner than it.
var verbs = []string{"install", "npm", "npx", "pip", "uv", "pnpm", "yarn", "bunx", "apk add", "pull", "go run"}

// installs matches a command that installs or runs one of the names from a registry.
func installs(n Names) *regexp.Regexp {
	var quoted []string
	for _, name := range []string{n.PyPI, n.NPM, "hf-hook", n.Extension, n.Tap + "/hfhook", n.Bucket + "/hfhook", n.Image, strings.TrimPrefix(n.Repository, "https://"), n.Module} {
		quoted = append(quoted, regexp.QuoteMeta(name))
	}
	return regexp.MustCompile(`\b(pip3? install|pipx (install|run)|uv (tool install|tool run|add|pip install)|uvx|npm (i|install|exec)|npx|pnpm (add|dlx)|yarn (add|dlx)|bunx|` +
		`brew install|scoop install|apt(-get)? install|dnf install|apk add|hf extensions install|(docker|podman) pull)` +
		"( [^`\n]*)?[ \"'](" + strings.Join(quoted, "|") + ")(@|==|[\\s`\"',;:.)]|$)" +
		"|\\bgo (install|run) \\S+\\.\\S+/hfhook\\S*@")
}

func TestInstalls(t *testing.T) {
	t.Parallel()
	names, err := ReadNames(root)
	if err != nil {
		t.Fatal(err)
	}
	matcher := installs(names)
	for text, want := range map[string]bool{
		"pip install hfhook":                              true,
		"`pipx install -q hfhook==1.2.3`":                 true,
		"uvx hfhook dev 8000":                             true,
		"npx hfhook":                                      true,
		"npm i -g hfhook@latest":                          true,
		"brew install OWNER/homebrew-tap/hfhook":          true,
		"hf extensions install OWNER/hf-hook":             true,
		"docker pull ghcr.io/OWNER/hfhook":                true,
		"go install github.com/OWNER/hfhook@latest":       true,
		"pip install dist/hfhook-1.2.3-py3-none-any.whl":  false,
		"npm install -g dist/hfhook-linux-x64-1.2.3.tgz":  false,
		"apt install ./dist/hfhook_1.2.3_linux_amd64.deb": false,
		"go install . puts it on the path":                false,
		"`go install .` puts `hfhook` on your path":       false,
		"podman build -t hfhook build/container":          false,
	} {
		if got := matcher.MatchString(text); got != want {
			t.Errorf("%s: %v, want %v", text, got, want)
		}
	}
}

// TestNothingUnpublishedIsNamed looks for texts that have the reader install a name that
// somebody else may own.
func TestNothingUnpublishedIsNamed(t *testing.T) {
	t.Parallel()
	names, err := ReadNames(root)
	if err != nil {
		t.Fatal(err)
	}
	if names.Published {
		return
	}
	matcher := installs(names)
	exempt := []string{"docs/publishing.md", "packaging/names.toml", "packaging/release/names_test.go", "packaging/rename/main_test.go"}
	read := 0
	err = filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if entry.IsDir() {
			if slices.Contains([]string{".git", "dist", "build", "node_modules"}, entry.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		if !entry.Type().IsRegular() || slices.Contains(exempt, name) {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		read++
		for i, line := range strings.Split(string(text), "\n") {
			if !slices.ContainsFunc(verbs, func(verb string) bool { return strings.Contains(line, verb) }) {
				continue
			}
			// pipx run --spec FILE NAME installs the file.
			if found := matcher.FindString(line); found != "" && !strings.Contains(found, "--spec") {
				t.Errorf("%s:%d: %q would install what is not published", name, i+1, found)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if read < 500 {
		t.Errorf("only %d files were read", read)
	}
}

// TestNamesAgree compares the names with the files that cannot read them.
func TestNamesAgree(t *testing.T) {
	t.Parallel()
	names, err := ReadNames(root)
	if err != nil {
		t.Fatal(err)
	}
	repository := func(path string) string { // as .goreleaser.yaml names one
		owner, name, _ := strings.Cut(strings.TrimPrefix(path, "https://github.com/"), "/")
		return `owner: ` + owner + `\n *name: ` + name + `\n`
	}
	for file, patterns := range map[string][]string{
		".goreleaser.yaml":                 {repository(names.Repository), repository(names.Tap), repository(names.Bucket), "vendor: " + names.Holder + `\n`},
		"packaging/hf-hook/pyproject.toml": {`\ndependencies = \["` + names.PyPI + `"\]\n`, `\nname = "` + names.Extension[strings.Index(names.Extension, "/")+1:] + `"\n`},
		"go.mod":                           {`^module ` + names.Module + `\n`},
	} {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		for _, pattern := range patterns {
			if !regexp.MustCompile(pattern).Match(text) {
				t.Errorf("%s does not match %q of packaging/names.toml", file, pattern)
			}
		}
	}
}
