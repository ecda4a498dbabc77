package cli_test

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"hfhook/internal/local"
)

// TestOneSchema compares the lines of the local API with those of --json: what is in both is the
// same.
func TestOneSchema(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("schema/lines.json")
	if err != nil {
		t.Fatal(err)
	}
	var lines struct {
		Defs map[string]any `json:"$defs"`
	}
	if err := json.Unmarshal([]byte(strings.ReplaceAll(string(text), "#/$defs/", "#/components/schemas/")), &lines); err != nil {
		t.Fatal(err)
	}
	var api struct {
		Components struct {
			Schemas map[string]any `json:"schemas"`
		} `json:"components"`
	}
	if err := json.Unmarshal(local.OpenAPI, &api); err != nil {
		t.Fatal(err)
	}
	shared := 0
	for name, schema := range api.Components.Schemas {
		line, both := lines.Defs[name]
		if !both || name == "deleted" || name == "kind" { // of the API alone, under the same name
			continue
		}
		shared++
		if !reflect.DeepEqual(schema, line) {
			t.Errorf("%s is another schema in openapi.json than in lines.json", name)
		}
	}
	if shared < 10 {
		t.Errorf("only %d schemas are in both", shared)
	}
}
