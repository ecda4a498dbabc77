package main_test

import (
	"bytes"
	"flag"
	"go/ast"
	"go/build"
	"go/parser"
	"go/printer"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var updateAPI = flag.Bool("update-api", false, "write api.txt again")

// libraryPackages are those that programs of others import.
var libraryPackages = []string{
	"event", "filter", "payload", "payload/sample", "server", "server/servertest",
	"store", "store/sqlite", "store/storetest", "tunnel",
}

// TestAPI compares what the library exports with api.txt: a change there is a change for
// every program that imports it. Write it again by
//
//	go test . -run TestAPI -update-api
//
// and say in the commit why the API changes.
func TestAPI(t *testing.T) {
	t.Parallel()
	var lines []string
	for _, dir := range libraryPackages {
		lines = append(lines, exported(t, dir)...)
	}
	got := strings.Join(lines, "\n") + "\n"
	if *updateAPI {
		if err := os.WriteFile("api.txt", []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("api.txt")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); diff != "" {
		t.Errorf("the exported API is not that of api.txt (- there, + in the code). If the change is wanted, run go test . -run TestAPI -update-api and say why in the commit.\n%s", diff)
	}
}

// exported are the exported names of a package, one a line and sorted, with their types.
func exported(t *testing.T, dir string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	linux := build.Default
	linux.GOOS, linux.GOARCH = "linux", "amd64"
	set := token.NewFileSet()
	var lines []string
	add := func(text string) { lines = append(lines, dir+": "+text) }
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		if ok, err := linux.MatchFile(dir, filepath.Base(name)); err != nil || !ok {
			continue
		}
		file, err := parser.ParseFile(set, name, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range file.Decls {
			switch d := decl.(type) {
			case *ast.FuncDecl:
				if !d.Name.IsExported() || d.Recv != nil && !ast.IsExported(receiver(d)) {
					continue
				}
				d.Body = nil
				add(source(t, set, d))
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					exportedSpec(t, set, d.Tok, spec, add)
				}
			}
		}
	}
	if len(lines) == 0 {
		t.Errorf("%s exports nothing", dir)
	}
	slices.Sort(lines)
	return slices.Compact(lines)
}

func receiver(d *ast.FuncDecl) string {
	typ := d.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	if generic, ok := typ.(*ast.IndexExpr); ok {
		typ = generic.X
	}
	return typ.(*ast.Ident).Name
}

// exportedSpec adds a constant, a variable, or a type with its exported fields or methods.
func exportedSpec(t *testing.T, set *token.FileSet, tok token.Token, spec ast.Spec, add func(string)) {
	switch s := spec.(type) {
	case *ast.ValueSpec:
		for _, name := range s.Names {
			if name.IsExported() {
				add(tok.String() + " " + name.Name)
			}
		}
	case *ast.TypeSpec:
		if !s.Name.IsExported() {
			return
		}
		head := "type " + s.Name.Name
		var members *ast.FieldList
		switch typ := s.Type.(type) {
		case *ast.StructType:
			head, members = head+" struct", typ.Fields
		case *ast.InterfaceType:
			head, members = head+" interface", typ.Methods
		default:
			if s.Assign.IsValid() {
				head += " ="
			}
			add(head + " " + source(t, set, s.Type))
			return
		}
		add(head)
		for _, field := range members.List {
			typ := source(t, set, field.Type)
			if len(field.Names) == 0 {
				if base := typ[strings.LastIndexAny(typ, "*.")+1:]; ast.IsExported(base) {
					add(head + ", " + typ)
				}
			}
			for _, name := range field.Names {
				if name.IsExported() {
					add(head + ", " + name.Name + " " + typ)
				}
			}
		}
	}
}

// source is a piece of code on one line.
func source(t *testing.T, set *token.FileSet, node any) string {
	t.Helper()
	var b bytes.Buffer
	if err := printer.Fprint(&b, set, node); err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
