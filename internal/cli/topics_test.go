package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// The documentation lists the exit codes that hfhook has, in the same words.
func TestDocumentedExitCodes(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/json.md")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(page), "`", "")
	known := map[int]bool{}
	for _, c := range exitMeanings {
		known[c.code] = true
		if cell := fmt.Sprintf("| %d | %s |", c.code, c.meaning); !strings.Contains(text, cell) {
			t.Errorf("docs/json.md has no %q", cell)
		}
	}
	for _, c := range exitCodes {
		if !known[c.code] {
			t.Errorf("%v ends with %d, which has no meaning in words", c.err, c.code)
		}
	}
}

// The schema is one of all types of lines that it describes.
func TestSchemaHasAllLines(t *testing.T) {
	t.Parallel()
	var schema struct {
		OneOf []struct {
			Ref string `json:"$ref"`
		} `json:"oneOf"`
		Defs map[string]struct {
			Properties map[string]struct{ Const any }
		} `json:"$defs"`
	}
	if err := json.Unmarshal([]byte(lineSchema), &schema); err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for _, one := range schema.OneOf {
		listed[strings.TrimPrefix(one.Ref, "#/$defs/")] = true
	}
	for name, def := range schema.Defs {
		if kind := def.Properties["type"].Const; kind != nil && (kind != name || !listed[name]) {
			t.Errorf("%s, of type %v, is not one of the lines", name, kind)
		}
	}
}
