package cli

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
)

// The README lists the exit codes that hfhook has, in the same words.
func TestExitCodesInReadme(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(readme), "`", "")
	known := map[int]bool{}
	for _, c := range exitMeanings {
		known[c.code] = true
		if cell := fmt.Sprintf("| %d | %s |", c.code, c.meaning); !strings.Contains(text, cell) {
			t.Errorf("the README's table has no %q", cell)
		}
	}
	for _, c := range exitCodes {
		if !known[c.code] {
			t.Errorf("%v ends with %d, which has no meaning in words", c.err, c.code)
		}
	}
}

// The README lists every command, and no other.
func TestCommandsInReadme(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(readme), "## Commands\n\n```text\n")
	list, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("the README has no list of commands")
	}
	listed := map[string]bool{}
	for line := range strings.Lines(list) {
		if words := strings.Fields(line); len(words) > 1 && words[0] == "hfhook" {
			listed[strings.Trim(words[1], "[]")] = true
		}
	}
	root := (&program{}).rootCommand()
	names := map[string]bool{"help": true}
	for _, cmd := range root.Commands() {
		if cmd.IsAvailableCommand() {
			names[cmd.Name()] = true
			if !listed[cmd.Name()] {
				t.Errorf("the README does not list %s", cmd.Name())
			}
		}
	}
	for name := range listed {
		if !names[name] {
			t.Errorf("the README lists %s, which is not a command", name)
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
