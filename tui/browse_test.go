package tui

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"hfhook/tui/screen"
)

// TestBrowse sees that the program gets the address, and that without one the
// address is shown until a key is pressed.
func TestBrowse(t *testing.T) {
	m := newTestModel(t, day(), 100, 30)
	press(m, "k", "k", "o")
	address := "https://huggingface.co/datasets/me/corpus/discussions/19#6399f58518721fdd27fc9caa"
	if !strings.Contains(screenText(m), address) || !m.status.Stays {
		t.Errorf("the address is not shown:\n%s", screenText(m))
	}
	if want := "hfhook open " + string(m.root.Detail.Item.Key.ID); m.did != want {
		t.Errorf("the command is %q, want %q", m.did, want)
	}

	if runtime.GOOS == "windows" {
		return
	}
	out := filepath.Join(t.TempDir(), "opened")
	script := filepath.Join(t.TempDir(), "browser")
	if err := os.WriteFile(script, []byte("#!/bin/sh\nprintf %s \"$1\" > "+out+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	m.ask.Env = screen.Environment{"BROWSER=" + script, "PATH=" + os.Getenv("PATH")}
	press(m, "o")
	if got, _ := os.ReadFile(out); string(got) != address {
		t.Errorf("the browser got %q", got)
	}
	if !strings.Contains(screenText(m), "✓ opened https://") {
		t.Error("it is not said that it was opened")
	}
}

func TestSaveAsksBeforeItOverwrites(t *testing.T) {
	t.Chdir(t.TempDir())
	m := newTestModel(t, day(), 100, 30)
	press(m, "k", "enter", "4", "S")
	name := fakeID(7).Short() + ".json"
	press(m, "enter")
	if got, err := os.ReadFile(name); err != nil || string(got) != commentBody {
		t.Fatalf("saved %q, %v", got, err)
	}
	if err := os.WriteFile(name, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	press(m, "S", "enter")
	if !strings.Contains(screenText(m), "already exists") {
		t.Fatalf("it does not ask:\n%s", screenText(m))
	}
	press(m, "n")
	if got, _ := os.ReadFile(name); string(got) != "mine" {
		t.Error("it was overwritten without a yes")
	}
	press(m, "S", "enter", "o")
	if got, _ := os.ReadFile(name); string(got) != commentBody {
		t.Errorf("overwriting wrote %q", got)
	}
	press(m, "S", "ctrl+u", "/", "n", "o", "/", "x", "enter")
	if !strings.Contains(screenText(m), "✗ save: /no/x not found") {
		t.Errorf("the error is not shown:\n%s", screenText(m))
	}
}
