package payload

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

var update = flag.Bool("update", false, "write schema.json again")

// members are an object whose members keep their order.
type members []property

type property struct {
	name  string
	value any
}

func (m members) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	b.WriteByte('{')
	for i, f := range m {
		if i > 0 {
			b.WriteByte(',')
		}
		if err := enc.Encode(f.name); err != nil {
			return nil, err
		}
		b.WriteByte(':')
		if err := enc.Encode(f.value); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// A schemaMaker writes the schema: the members from the Go types, which of them are
// required from the parser's tables, and what they mean from the comments.
type schemaMaker struct {
	comments map[string]string // by Type and Type.Field
	defs     members
	made     map[reflect.Type]bool
}

// known are the documented values of a type: examples, since others are accepted.
var known = map[reflect.Type][]any{
	reflect.TypeFor[Scope]():    {ScopeRepo, ScopeRepoContent, ScopeRepoConfig, ScopeDiscussion, ScopeDiscussionComment},
	reflect.TypeFor[Action]():   {ActionCreate, ActionDelete, ActionMove, ActionUpdate},
	reflect.TypeFor[RepoType](): {TypeModel, TypeDataset, TypeSpace, TypeBucket, TypeKernel},
	reflect.TypeFor[Status]():   {StatusDraft, StatusOpen, StatusClosed, StatusMerged},
}

// tables are the parser's, by type: the need of each field.
var tables = map[reflect.Type]map[string]need{
	reflect.TypeFor[Payload]():    needsOf(payloadFields),
	reflect.TypeFor[EventInfo]():  needsOf(eventFields),
	reflect.TypeFor[Repo]():       needsOf(repoFields),
	reflect.TypeFor[Discussion](): needsOf(discussionFields),
	reflect.TypeFor[Changes]():    needsOf(changesFields),
	reflect.TypeFor[Comment]():    needsOf(commentFields),
	reflect.TypeFor[Webhook]():    needsOf(webhookFields),
	reflect.TypeFor[MovedTo]():    needsOf(movedToFields),
	reflect.TypeFor[RefUpdate]():  needsOf(refUpdateFields),
	reflect.TypeFor[FileUpdate](): needsOf(fileUpdateFields),
	reflect.TypeFor[URL]():        needsOf(urlFields),
	reflect.TypeFor[Account]():    needsOf(accountFields),
}

func needsOf[T any](fields []field[T]) map[string]need {
	m := map[string]need{}
	for _, f := range fields {
		m[f.name] = f.need
	}
	return m
}

func (s *schemaMaker) object(t reflect.Type) any {
	ref := members{{"$ref", "#/$defs/" + t.Name()}}
	if s.made[t] {
		return ref
	}
	s.made[t] = true
	at := len(s.defs)
	s.defs = append(s.defs, property{t.Name(), nil})
	table := tables[t]
	var properties, names = members{}, []string{}
	for f := range t.Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if name == "-" || name == "" || !f.IsExported() {
			continue
		}
		needed, parsed := table[name]
		if !parsed {
			panic(t.Name() + " has a field that the parser does not read: " + name)
		}
		p := s.value(f.Type, needed != required)
		if needed == lenient {
			p = members{{"anyOf", []any{p, members{{"description", "any other value: accepted with a warning"}}}}}
		}
		if about := s.comments[t.Name()+"."+f.Name]; about != "" {
			p = append(p, property{"description", about})
		}
		properties = append(properties, property{name, p})
		if needed == required {
			names = append(names, name)
		}
	}
	if len(properties) != len(table) {
		panic(t.Name() + " lacks a field that the parser reads")
	}
	def := members{{"description", s.comments[t.Name()]}, {"type", "object"}, {"properties", properties}}
	if len(names) > 0 {
		def = append(def, property{"required", names})
	}
	s.defs[at].value = def
	return ref
}

// value is the schema of one value, which may be null where it may be absent.
func (s *schemaMaker) value(t reflect.Type, null bool) members {
	kind := func(name string) members {
		if null {
			return members{{"type", []string{name, "null"}}}
		}
		return members{{"type", name}}
	}
	switch t.Kind() {
	case reflect.Pointer:
		return s.value(t.Elem(), null)
	case reflect.String:
		m := kind("string")
		if values := known[t]; values != nil {
			m = append(m, property{"examples", values})
		}
		return m
	case reflect.Bool:
		return kind("boolean")
	case reflect.Int64:
		return kind("integer")
	case reflect.Slice:
		return append(kind("array"), property{"items", s.value(t.Elem(), false)})
	case reflect.Map:
		return kind("object")
	case reflect.Struct:
		ref := s.object(t)
		if null {
			return members{{"anyOf", []any{ref, members{{"type", "null"}}}}}
		}
		return ref.(members)
	}
	panic("no schema for " + t.String())
}

// readComments reads what payload.go says of its types and fields.
func readComments(t *testing.T) map[string]string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), "payload.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	comments := map[string]string{}
	line := func(c *ast.CommentGroup) string { return strings.Join(strings.Fields(c.Text()), " ") }
	for _, decl := range file.Decls {
		gen, ok := decl.(*ast.GenDecl)
		if !ok {
			continue
		}
		for _, spec := range gen.Specs {
			typ, ok := spec.(*ast.TypeSpec)
			if !ok {
				continue
			}
			about, _, _ := strings.Cut(gen.Doc.Text(), "\n\n")
			comments[typ.Name.Name] = strings.Join(strings.Fields(about), " ")
			structure, ok := typ.Type.(*ast.StructType)
			if !ok {
				continue
			}
			for _, f := range structure.Fields.List {
				for _, name := range f.Names {
					comments[typ.Name.Name+"."+name.Name] = line(f.Comment)
				}
			}
		}
	}
	return comments
}

func makeSchema(t *testing.T) []byte {
	t.Helper()
	s := &schemaMaker{comments: readComments(t), made: map[reflect.Type]bool{}}
	root := s.object(reflect.TypeFor[Payload]()).(members)
	whole := append(members{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"title", "Webhook delivery of the Hugging Face Hub, version 3"},
	}, root...)
	whole = append(whole, property{"$defs", s.defs})
	text, err := whole.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := json.Indent(&b, text, "", "  "); err != nil {
		t.Fatal(err)
	}
	return append(bytes.TrimSpace(b.Bytes()), '\n')
}

func TestSchemaIsCurrent(t *testing.T) {
	text := makeSchema(t)
	if *update {
		if err := os.WriteFile("schema.json", text, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(Schema()), string(text)); diff != "" {
		t.Errorf("schema.json is not what the types say: go test ./payload -update\n%s", diff)
	}
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(Schema()))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("payload.json", doc); err != nil {
		t.Fatal(err)
	}
	compiled, err := c.Compile("payload.json")
	if err != nil {
		t.Fatal(err)
	}
	return compiled
}

// Schema and parser say the same of every example body, and of every body that is one
// of them with one value taken away or replaced by one of another type.
func TestSchemaAgreesWithParse(t *testing.T) {
	if *update {
		t.Skip("schema.json was embedded before it was written")
	}
	compiled := compileSchema(t)
	files, err := filepath.Glob("testdata/hub/*.json")
	if err != nil || len(files) < 30 {
		t.Fatalf("%d example bodies, %v", len(files), err)
	}
	compared, accepted := 0, 0
	compare := func(name string, body []byte) {
		doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		bySchema := compiled.Validate(doc)
		_, _, byParse := Parse(body)
		compared++
		if byParse == nil {
			accepted++
		}
		if (bySchema == nil) != (byParse == nil) {
			t.Errorf("%s: the schema says %v, Parse says %v", name, bySchema, byParse)
		}
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		compare(file, body)
		var doc any
		if err := json.Unmarshal(body, &doc); err != nil {
			t.Fatal(err)
		}
		mutate(doc, "", func(what string) {
			changed, err := json.Marshal(doc)
			if err != nil {
				t.Fatal(err)
			}
			compare(file+" "+what, changed)
		})
	}
	if compared < 5000 || accepted < 1000 || accepted > compared-1000 {
		t.Errorf("compared %d bodies, %d of them accepted", compared, accepted)
	}
}

// mutate calls try with each member of doc, in turn, taken away and replaced.
func mutate(doc any, path string, try func(what string)) {
	switch doc := doc.(type) {
	case map[string]any:
		for name, value := range doc {
			at := path + "." + name
			mutate(value, at, try)
			delete(doc, name)
			try(at + " absent")
			for _, other := range []any{nil, true, 1.5, 7, "text", []any{}, []any{1}, map[string]any{}, map[string]any{"id": "x"}} {
				doc[name] = other
				try(fmt.Sprintf("%s = %v", at, other))
			}
			doc[name] = value
		}
	case []any:
		for i, value := range doc {
			at := fmt.Sprintf("%s[%d]", path, i)
			mutate(value, at, try)
			doc[i] = nil
			try(at + " = null")
			doc[i] = value
		}
	}
}
