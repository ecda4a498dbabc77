package screen

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
)

func TestClipboardSaysWhichWay(t *testing.T) {
	var copied string
	works := func(s string) error { copied = s; return nil }
	broken := func(string) error { return errors.New("no display") }
	tests := []struct {
		name   string
		clip   Clipboard
		how    string
		native string
		osc52  bool
	}{
		{"local", Clipboard{Native: works}, "to the system's clipboard", "text", false},
		{"over SSH", Clipboard{Native: works, Ssh: true}, "by the terminal (OSC 52)", "", true},
		{"no program", Clipboard{}, "by the terminal (OSC 52)", "", true},
		{"a program that fails", Clipboard{Native: broken}, "by the terminal (OSC 52)", "", true},
		{"tmux that is not there", Clipboard{tmux: true, env: []string{"TMUX=/nowhere,1,0", "TMUX_TMPDIR=/nowhere"}}, "by the terminal (OSC 52)", "", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			copied = ""
			how, write, err := tt.clip.put(t.Context(), "text")
			if err != nil || how != tt.how || copied != tt.native || (write != nil) != tt.osc52 {
				t.Errorf("got %q, write %v, copied %q, %v", how, write != nil, copied, err)
			}
		})
	}
}

// TestTmuxGetsTheText runs a program in the place of tmux.
func TestTmuxGetsTheText(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out")
	script := "#!/bin/sh\necho \"$@\" > " + out + "\ncat >> " + out + "\n"
	if err := os.WriteFile(filepath.Join(dir, "tmux"), []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	how, write, err := Clipboard{tmux: true, Ssh: true, env: os.Environ()}.put(t.Context(), "the text")
	if err != nil || how != "by tmux" || write != nil {
		t.Fatalf("got %q, %v", how, err)
	}
	got, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if want := "load-buffer -w -\nthe text"; strings.TrimSpace(string(got)) != want {
		t.Errorf("tmux got %q, want %q", got, want)
	}
}

func TestAClipboardProgramMayHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		end := make(chan struct{})
		defer close(end)
		hangs := Clipboard{Native: func(string) error { <-end; return nil }}
		if _, _, err := hangs.put(t.Context(), "text"); err == nil || !strings.Contains(err.Error(), "did not end") {
			t.Errorf("got %v", err)
		}
	})
}

func TestWayIsFoundInTheEnvironment(t *testing.T) {
	c := NewClipboard([]string{"TMUX=", "SSH_TTY=/dev/pts/1"})
	if c.tmux || !c.Ssh {
		t.Errorf("tmux %v ssh %v, want ssh alone", c.tmux, c.Ssh)
	}
}
