package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
)

// TestTests holds the tests to two rules. A test does not sleep: it waits for a channel, by
// internal/waittest, or sleeps under the clock of testing/synctest, where a sleep ends when
// everything else waits. And a package with fuzz targets runs its tests by internal/fuzztest.
func TestTests(t *testing.T) {
	t.Parallel()
	fuzzed, prepared := map[string]bool{}, map[string]bool{}
	files := 0
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		files++
		dir := filepath.Dir(name)
		imports := map[string]bool{}
		for _, i := range file.Imports {
			imports[strings.Trim(i.Path.Value, `"`)] = true
		}
		prepared[dir] = prepared[dir] || imports["hfhook/internal/fuzztest"]
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				if n.Recv == nil && strings.HasPrefix(n.Name.Name, "Fuzz") {
					fuzzed[dir] = true
				}
			case *ast.SelectorExpr:
				of, ok := n.X.(*ast.Ident)
				if ok && of.Name == "time" && n.Sel.Name == "Sleep" && !imports["testing/synctest"] {
					t.Errorf("%s: a test sleeps: wait for what it waits for, for example by internal/waittest", set.Position(n.Pos()))
				}
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 100 || len(fuzzed) < 10 {
		t.Errorf("found %d files of tests and %d packages with fuzz targets only", files, len(fuzzed))
	}
	for dir := range fuzzed {
		if !prepared[dir] {
			t.Errorf("%s has fuzz targets: its TestMain has to call fuzztest.Main", dir)
		}
	}
}
