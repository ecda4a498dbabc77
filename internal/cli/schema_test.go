package cli_test

import (
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// checkLines holds each line of a file to the JSON Schema of its type, as hfhook help
// json prints it.
func checkLines(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: lines FILE TYPE…")
	}
	compiler := jsonschema.NewCompiler()
	seen := map[string]bool{}
	for line := range strings.Lines(ts.ReadFile(args[0])) {
		object, err := jsonschema.UnmarshalJSON(strings.NewReader(line))
		ts.Check(err)
		fields, _ := object.(map[string]any)
		kind, _ := fields["type"].(string)
		if !slices.Contains(args[1:], kind) {
			ts.Fatalf("type %q is not one of %v: %s", kind, args[1:], line)
		}
		schema, err := compiler.Compile("schema/lines.json#/$defs/" + kind)
		ts.Check(err)
		if err := schema.Validate(object); err != nil {
			ts.Fatalf("%v\n%s", err, line)
		}
		seen[kind] = true
	}
	for _, kind := range args[1:] {
		if !seen[kind] {
			ts.Fatalf("there is no line of type %q", kind)
		}
	}
}
