package editor_test

import (
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"hfhook/internal/editor"
)

func TestOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		visual, editor, want string
	}{
		{"code --wait", "nano", "code --wait"},
		{" ", "nano", "nano"},
		{"", "", map[bool]string{true: "notepad", false: "vi"}[runtime.GOOS == "windows"]},
	} {
		got := editor.Of(func(name string) string { return map[string]string{"VISUAL": c.visual, "EDITOR": c.editor}[name] })
		if got != c.want {
			t.Errorf("with %q and %q it is %q, want %q", c.visual, c.editor, got, c.want)
		}
	}
}

func TestCommandSaysTheLine(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		editor string
		line   int
		want   []string
	}{
		{"vi", 12, []string{"+12", "f.json"}},
		{"/usr/bin/nvim -n", 3, []string{"+3", "f.json"}},
		{"code --wait", 3, []string{"--goto", "f.json:3"}},
		{"hx", 3, []string{"f.json:3"}},
		{"hx", 0, []string{"f.json"}},
		{"my-editor", 3, []string{"f.json"}},
	} {
		args := editor.Command(t.Context(), c.editor, "f.json", c.line).Args
		if got := args[len(args)-len(c.want):]; !slices.Equal(got, c.want) {
			t.Errorf("%s at line %d gets %q, want %q", c.editor, c.line, args, c.want)
		}
	}
}

func TestCommandRuns(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("the editor is a shell script")
	}
	dir := t.TempDir()
	script, file := filepath.Join(dir, "nano"), filepath.Join(dir, "the file")
	if err := os.WriteFile(script, []byte("#!/bin/sh\nprintf '%s|' \"$@\" > \"$3\"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := editor.Command(t.Context(), "'"+script+"' --flag", file, 7).Run(); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); err != nil || string(got) != "--flag|+7|"+file+"|" {
		t.Errorf("the editor got %q, %v", got, err)
	}
}
