package main_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestHouse holds the code to the import table of ARCHITECTURE.md.
func TestHouse(t *testing.T) {
	t.Parallel()
	table := importTable(t)
	module := modulePath(t)
	seen := map[string]bool{}
	for _, pkg := range listPackages(t) {
		name, inside := strings.CutPrefix(pkg.ImportPath, module+"/")
		if !inside {
			continue
		}
		allowed, known := table[name]
		if !known {
			if len(pkg.GoFiles) > 0 {
				t.Errorf("package %s is not in the table of ARCHITECTURE.md", name)
			}
			continue
		}
		seen[name] = true
		var got []string
		for _, path := range pkg.Imports {
			if own, ok := strings.CutPrefix(path, module+"/"); ok {
				got = append(got, own)
				continue
			}
			host, _, outside := strings.Cut(path, "/")
			if !outside || !strings.Contains(host, ".") {
				continue
			}
			switch {
			case strings.HasPrefix(path, "charm.land/") && name != "tui" && !strings.HasPrefix(name, "tui/"):
				t.Errorf("%s imports %s: only tui draws", name, path)
			case strings.HasPrefix(name, "payload"):
				t.Errorf("%s imports %s: payload needs the standard library alone", name, path)
			case name == "server" && host != "golang.org":
				t.Errorf("server imports %s: it stands alone", path)
			}
		}
		slices.Sort(got)
		if !slices.Equal(got, allowed) {
			t.Errorf("%s imports %v, and the table says %v", name, got, allowed)
		}
	}
	for name := range table {
		if !seen[name] {
			t.Errorf("the table of ARCHITECTURE.md has %s, which is not a package", name)
		}
	}
}

// modulePath is the path of this module, which its owner may change.
func modulePath(t *testing.T) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-m").Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(string(out))
}

type goPackage struct {
	ImportPath string
	GoFiles    []string
	Imports    []string
}

func listPackages(t *testing.T) []goPackage {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,GoFiles,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []goPackage
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var p goPackage
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < 5 {
		t.Fatalf("go list knows %d packages only", len(all))
	}
	return all
}

// importTable reads the rows "| `package` | imports | why |".
func importTable(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	table := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || !strings.HasPrefix(strings.TrimSpace(cells[1]), "`") {
			continue
		}
		name := strings.Trim(strings.TrimSpace(cells[1]), "`")
		var imports []string
		for item := range strings.SplitSeq(cells[2], ",") {
			if item = strings.TrimSpace(item); item != "–" {
				imports = append(imports, item)
			}
		}
		slices.Sort(imports)
		table[name] = imports
	}
	return table
}
