package cli_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"hfhook/internal/oddtest"
)

// peakFile names the variable with the file into which a measured hfhook writes the most
// memory that it had, in KiB.
const peakFile = "TEST_PEAK_FILE"

// notePeak is called at the end of a hfhook that is measured. What a parent learns of a
// child would count the parent's own memory, too, which the two share for a moment.
func notePeak() {
	file := os.Getenv(peakFile)
	if file == "" {
		return
	}
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		panic(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	if err := os.WriteFile(file, []byte(strings.Fields(rest)[0]), 0o600); err != nil {
		panic(err)
	}
}

// An oddStore is a store with odd bodies, and the way to read them.
type oddStore struct {
	dir   string
	store string
}

// run runs hfhook and returns what it wrote, and how much memory it took in bytes.
func (z *oddStore) run(t *testing.T, args ...string) (stdout, stderr []byte, peak int, err error) {
	t.Helper()
	peaks := filepath.Join(t.TempDir(), "peak")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Args = append([]string{"hfhook"}, args...)
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + z.dir, "HFHOOK_STORE=" + z.store, peakFile + "=" + peaks, "EDITOR=true", "WEBHOOK_SECRET=a-secret-for-the-tests", "GORACE=atexit_sleep_ms=0"}
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	err = cmd.Run()
	text, readErr := os.ReadFile(peaks)
	if readErr != nil {
		t.Fatalf("hfhook %v: %v, %v\n%s", args, err, readErr, said.String())
	}
	kib, readErr := strconv.Atoi(string(text))
	if readErr != nil {
		t.Fatal(readErr)
	}
	return out.Bytes(), said.Bytes(), kib << 10, err
}

// Every command that reads a body takes at most so much memory, and writes at most so much.
const (
	memoryFloor = 150 << 20
	memoryTimes = 10
	outputFloor = 100 << 10
	outputTimes = 12
)

// TestOddPayloads walks the commands over bodies that nobody should send. What each of them takes
// and writes is in proportion to the body, and none is refused.
func TestOddPayloads(t *testing.T) {
	t.Parallel()
	size := oddtest.Size(t)
	z := &oddStore{dir: t.TempDir()}
	z.store = filepath.Join(z.dir, "events.db")
	// These read, compare or lay out the body in a way of their own.
	each := [][]string{
		{"show", "ID"}, {"diff", "ID", "OTHER"}, {"diff", "OTHER", "ID", "--json"}, {"diff", "ID", "plain"}, {"verify", "ID"},
		{"edit", "ID"}, {"export", "ID", "--as", "ndjson"}, {"replay", "ID", "--to", "9", "--dry-run", "--set", ".comment.content=hi"},
	}
	// The others go by the size alone, so two bodies are enough.
	others := [][]string{
		{"show", "ID", "--payload"}, {"show", "ID", "--raw"}, {"show", "ID", "--json"}, {"show", "ID", "--headers"}, {"ls", "--json"},
		{"ls", "nowhere-to-be-found"}, {"ls", ".x.y:1"}, {"ls", ".comment.content~zzz"}, {"ls", "pr:19"}, {"diff", "ID", "OTHER", "-q"},
		{"replay", "ID", "--to", "9", "--dry-run"}, {"export", "ID", "--as", "curl"}, {"export", "ID", "--as", "httpie"}, {"export", "ID", "--as", "raw"},
		{"export", "ID", "--as", "har"}, {"export", "ID", "--as", "json"}, {"export", "ID", "--as", "pytest", "--allow-new"}, {"export", "ID", "--as", "go", "--allow-new"}, {"export", "ID", "--as", "ts", "--allow-new"},
		{"wait", "is:pinned", "--since", "1h", "--timeout", "60s"}, {"trigger", "PIN", "--print"}, {"open", "ID", "--print"},
	}
	if _, said, _, err := z.run(t, "import", oddtest.Write(t, z.dir, "plain", oddtest.Plain())); err != nil {
		t.Fatalf("import: %v\n%s", err, said)
	}
	if _, said, _, err := z.run(t, "pin", "@last", "plain"); err != nil {
		t.Fatalf("pin: %v\n%s", err, said)
	}
	for _, odd := range oddtest.Bodies(size) {
		for pin, body := range map[string][]byte{odd.Name: odd.Body, odd.Name + "-other": odd.Other} {
			_, said, peak, err := z.run(t, "import", oddtest.Write(t, z.dir, pin, body))
			if err != nil {
				t.Fatalf("import of %s: %v\n%s", pin, err, said)
			}
			if most := memoryFloor + memoryTimes*len(body); peak > most {
				t.Errorf("import of %s takes %d MiB, for %d KiB", pin, peak>>20, len(body)>>10)
			}
			if _, said, _, err := z.run(t, "pin", "@last", pin); err != nil {
				t.Fatalf("pin: %v\n%s", err, said)
			}
		}
	}
	for i, odd := range oddtest.Bodies(size) {
		commands := each
		if i == 0 || odd.Name == "c1" {
			commands = append(commands[:len(commands):len(commands)], others...)
		}
		t.Run(odd.Name, func(t *testing.T) {
			t.Parallel()
			for _, args := range commands {
				args := append([]string(nil), args...)
				for i := range args {
					args[i] = strings.NewReplacer("ID", odd.Name, "PIN", odd.Name, "OTHER", odd.Name+"-other").Replace(args[i])
				}
				z.check(t, odd, args)
			}
		})
	}
}

func (z *oddStore) check(t *testing.T, odd oddtest.Body, args []string) {
	t.Helper()
	stdout, stderr, peak, err := z.run(t, args...)
	what := fmt.Sprintf("hfhook %s, of a body of %d KiB", strings.Join(args, " "), len(odd.Body)>>10)
	exit, _ := errors.AsType[*exec.ExitError](err)
	if err != nil && !(exit != nil && exit.ExitCode() == 1 && args[0] == "diff") && !(exit != nil && exit.ExitCode() == 4 && args[0] == "open") {
		t.Errorf("%s: %v\n%.500s", what, err, stderr)
	}
	if most := memoryFloor + memoryTimes*len(odd.Body); peak > most {
		t.Errorf("%s: it takes %d MiB", what, peak>>20)
	}
	input := len(odd.Body)
	if args[0] == "diff" {
		input += len(odd.Other)
	}
	if most := outputFloor + outputTimes*input; len(stdout) > most {
		t.Errorf("%s: it writes %d KiB", what, len(stdout)>>10)
	}
	if len(stderr) > 2000 {
		t.Errorf("%s: on stderr it writes %d bytes: %.200s …", what, len(stderr), stderr)
	}
	if args[0] == "show" && len(args) == 2 {
		oddtest.Holds(t, stdout, odd)
	}
}
