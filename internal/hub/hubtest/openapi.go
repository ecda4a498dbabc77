package hubtest

// The Hub's own description of its API, and whether a request or an answer is as it
// says.

import (
	"bytes"
	_ "embed"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

//go:embed testdata/openapi-webhooks.json
var openapi []byte

// An operation is a method on a path of the description.
type operation struct {
	path            []string // its segments; one in braces fits all
	method          string
	actions         []any // what {action} can be
	request, answer *jsonschema.Schema
}

type description struct{ operations []operation }

// newDescription panics where the file is not what it has to be: it is part of the
// package.
func newDescription() *description {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(openapi))
	if err != nil {
		panic(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	d := &description{}
	paths := doc.(map[string]any)["paths"].(map[string]any)
	for _, methods := range paths {
		for _, op := range methods.(map[string]any) {
			forbidMore(op.(map[string]any)["requestBody"])
		}
	}
	if err := compiler.AddResource("openapi.json", doc); err != nil {
		panic(err)
	}
	for path, methods := range paths {
		for method, op := range methods.(map[string]any) {
			at := fmt.Sprintf("/paths/%s/%s", strings.ReplaceAll(path, "/", "~1"), method)
			found := operation{path: strings.Split(path, "/"), method: strings.ToUpper(method), actions: actionsOf(op.(map[string]any))}
			const content = "/content/application~1json/schema"
			if has(doc, at+"/requestBody"+content) {
				found.request = compiler.MustCompile("openapi.json#" + url.PathEscape(at+"/requestBody"+content))
			}
			found.answer = compiler.MustCompile("openapi.json#" + url.PathEscape(at+"/responses/200"+content))
			d.operations = append(d.operations, found)
		}
	}
	return d
}

// forbidMore lets the schema of a request body refuse what it does not name: a client
// that misspells a key is to be found out, whatever the Hub does.
func forbidMore(v any) {
	switch v := v.(type) {
	case map[string]any:
		if _, named := v["properties"]; named && v["type"] == "object" {
			v["additionalProperties"] = false
		}
		for _, below := range v {
			forbidMore(below)
		}
	case []any:
		for _, below := range v {
			forbidMore(below)
		}
	}
}

func actionsOf(op map[string]any) []any {
	parameters, _ := op["parameters"].([]any)
	for _, p := range parameters {
		p := p.(map[string]any)
		if p["name"] == "action" {
			return p["schema"].(map[string]any)["enum"].([]any)
		}
	}
	return nil
}

// has reports whether there is something at a JSON pointer.
func has(doc any, pointer string) bool {
	for _, key := range strings.Split(pointer, "/")[1:] {
		m, ok := doc.(map[string]any)
		if !ok {
			return false
		}
		if doc, ok = m[strings.ReplaceAll(key, "~1", "/")]; !ok {
			return false
		}
	}
	return true
}

// find returns what the description says of a request.
func (d *description) find(r *http.Request) (*operation, error) {
	segments := strings.Split(r.URL.Path, "/")
	for i := range d.operations {
		if op := &d.operations[i]; op.method == r.Method && op.fits(segments) {
			return op, nil
		}
	}
	return nil, fmt.Errorf("unknown API call %s %s", r.Method, r.URL.Path)
}

func (op *operation) fits(segments []string) bool {
	if len(segments) != len(op.path) {
		return false
	}
	for i, want := range op.path {
		switch {
		case want == "{action}":
			known := false
			for _, action := range op.actions {
				known = known || action == segments[i]
			}
			if !known {
				return false
			}
		case strings.HasPrefix(want, "{"):
			if segments[i] == "" {
				return false
			}
		case want != segments[i]:
			return false
		}
	}
	return true
}

// checkRequest holds a request to the description; body is nil where it has none.
func (d *description) checkRequest(r *http.Request, body []byte) error {
	op, err := d.find(r)
	switch {
	case err != nil:
		return err
	case r.URL.RawQuery != "":
		return fmt.Errorf("it has a query: %q", r.URL.RawQuery)
	case (op.request != nil) != (body != nil):
		return fmt.Errorf("a body is there: %t, and has to be: %t", body != nil, op.request != nil)
	case body == nil:
		return nil
	case r.Header.Get("Content-Type") != "application/json":
		return fmt.Errorf("its Content-Type is %q", r.Header.Get("Content-Type"))
	}
	return validate(op.request, body)
}

func (d *description) checkAnswer(r *http.Request, body []byte) error {
	op, err := d.find(r)
	if err != nil {
		return err
	}
	return validate(op.answer, body)
}

func validate(schema *jsonschema.Schema, text []byte) error {
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	return schema.Validate(v)
}
