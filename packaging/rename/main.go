// Rename gives the Go module another path: in go.mod, in every import, and in the texts
// that show an import. hfhook as the name of the program, of headers and of files stays.
//
//	go run ./packaging/rename github.com/me/hfhook
//
// A second run with the same path changes nothing, and renaming back gives the same tree.
package main

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"
	"golang.org/x/mod/module"
)

// unpublished is the path that the module has until its owner publishes it.
const unpublished = "hfhook"

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./packaging/rename MODULE-PATH")
		os.Exit(2)
	}
	changed, err := rename(".", os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "rename:", err)
		os.Exit(1)
	}
	fmt.Printf("changed %d files\n", changed)
}

// check reports why a module path cannot be used.
func check(path string) error {
	if path == unpublished {
		return nil
	}
	if first, _, _ := strings.Cut(path, "/"); !strings.Contains(first, ".") {
		return fmt.Errorf("invalid module path %q: it must begin with a host name, for example github.com/me/hfhook", path)
	}
	if _, major, _ := module.SplitPathVersion(path); major != "" {
		return fmt.Errorf("invalid module path %q: the module has no major version %s", path, major)
	}
	return module.CheckPath(path)
}

// rename gives the module at root another path, and returns how many files it changed.
func rename(root, path string) (changed int, err error) {
	if err := check(path); err != nil {
		return 0, err
	}
	mod := filepath.Join(root, "go.mod")
	text, err := os.ReadFile(mod)
	if err != nil {
		return 0, err
	}
	old := modfile.ModulePath(text)
	if old == path {
		return 0, nil
	}
	files, err := sources(root)
	if err != nil {
		return 0, err
	}
	r := renaming{old: old, path: path, packages: packages(files)}
	for _, name := range files {
		edit := r.editor(name)
		if edit == nil {
			continue
		}
		full := filepath.Join(root, filepath.FromSlash(name))
		before, err := os.ReadFile(full)
		if err != nil {
			return changed, err
		}
		after, err := edit(before)
		if err != nil {
			return changed, fmt.Errorf("%s: %w", name, err)
		}
		if bytes.Equal(before, after) {
			continue
		}
		if err := os.WriteFile(full, after, 0o666); err != nil { // the file's mode stays
			return changed, err
		}
		changed++
	}
	return changed, nil
}

// sources are the files below root, without hidden folders.
func sources(root string) (names []string, err error) {
	err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if path != root && strings.HasPrefix(d.Name(), ".") {
				return fs.SkipDir
			}
			return nil
		}
		name, err := filepath.Rel(root, path)
		if d.Type().IsRegular() {
			names = append(names, filepath.ToSlash(name))
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the files: %w", err)
	}
	return names, nil
}

// packages are the folders that hold Go files.
func packages(files []string) []string {
	var dirs []string
	for _, name := range files {
		if dir, file, ok := cutLast(name); ok && strings.HasSuffix(file, ".go") {
			dirs = append(dirs, dir)
		}
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}

func cutLast(name string) (dir, file string, ok bool) {
	i := strings.LastIndexByte(name, '/')
	if i < 0 {
		return "", name, false
	}
	return name[:i], name[i+1:], true
}

type renaming struct {
	old, path string
	packages  []string
}

// editor is what to do with a file; nil leaves it alone.
func (r renaming) editor(name string) func([]byte) ([]byte, error) {
	switch {
	case name == "go.mod":
		return r.goMod
	case name == "packaging/names.toml":
		return r.names
	case strings.HasSuffix(name, ".go") && !strings.Contains(name, "testdata/"):
		return r.source
	case strings.HasSuffix(name, ".md"), name == ".goreleaser.yaml":
		return r.text
	}
	return nil
}

func (r renaming) goMod(text []byte) ([]byte, error) {
	f, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		return nil, err
	}
	if err := f.AddModuleStmt(r.path); err != nil {
		return nil, err
	}
	return f.Format()
}

func (r renaming) names(text []byte) ([]byte, error) {
	old, path := "module = "+strconv.Quote(r.old)+"\n", "module = "+strconv.Quote(r.path)+"\n"
	if bytes.Count(text, []byte(old)) != 1 {
		return nil, fmt.Errorf("want one line %q", strings.TrimSpace(old))
	}
	return bytes.Replace(text, []byte(old), []byte(path), 1), nil
}

// renamed is the import path of one of the module's packages under the new name.
func (r renaming) renamed(path string) (string, bool) {
	if path == r.old {
		return r.path, true
	}
	below, ok := strings.CutPrefix(path, r.old+"/")
	if !ok || !slices.Contains(r.packages, below) {
		return "", false
	}
	return r.path + "/" + below, true
}

// source changes the imports of a Go file, and the texts in it that are the import path of
// a package.
func (r renaming) source(text []byte) ([]byte, error) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", text, parser.ParseComments)
	if err != nil {
		return nil, err
	}
	imports := map[*ast.BasicLit]bool{}
	for _, spec := range file.Imports {
		imports[spec.Path] = true
	}
	type change struct {
		from, to int
		text     string
	}
	var changes []change
	ast.Inspect(file, func(n ast.Node) bool {
		lit, ok := n.(*ast.BasicLit)
		if !ok || lit.Kind != token.STRING {
			return true
		}
		value, err := strconv.Unquote(lit.Value)
		if err != nil || value == r.old && !imports[lit] {
			return true // the name of the program
		}
		if path, ok := r.renamed(value); ok {
			from := fset.Position(lit.Pos()).Offset
			changes = append(changes, change{from, from + len(lit.Value), strconv.Quote(path)})
		}
		return true
	})
	if len(changes) == 0 {
		return text, nil
	}
	slices.SortFunc(changes, func(a, b change) int { return b.from - a.from })
	for _, c := range changes {
		text = slices.Concat(text[:c.from], []byte(c.text), text[c.to:])
	}
	return format.Source(text)
}

// text changes the import paths in prose and in the code that it shows.
func (r renaming) text(text []byte) ([]byte, error) {
	word := regexp.MustCompile(`(^|[^\w./-])` + regexp.QuoteMeta(r.old) + `/([\w/-]+)`)
	return word.ReplaceAllFunc(text, func(match []byte) []byte {
		parts := word.FindSubmatch(match)
		path, ok := r.renamed(r.old + "/" + string(parts[2]))
		if !ok {
			return match
		}
		return append(slices.Clone(parts[1]), path...)
	}), nil
}
