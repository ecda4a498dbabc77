package e2e

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"
	"testing"

	"hfhook/internal/oddtest"
)

// What the screen may take in memory with two odd bodies open: as any command.
const (
	memoryFloor = 150 << 20
	memoryTimes = 10
)

// TestScreenWithOddBodies opens each tab, the difference as text, the bytes, and the editor of
// bodies that nobody should send, and holds the screen to its memory. TEST_ODD_SIZE=10485760
// has the large ones.
func TestScreenWithOddBodies(t *testing.T) {
	t.Parallel()
	size := oddtest.Size(t)
	odd := map[string]bool{"lists": true, "many-lists": true, "tags": true, "top-keys": true, "same-key": true, "number": true, "newlines": true}
	for _, body := range oddtest.Bodies(size) {
		if !odd[body.Name] && os.Getenv("TEST_ODD_SIZE") == "" {
			continue
		}
		t.Run(body.Name, func(t *testing.T) {
			t.Parallel()
			h := newHome(t, "EDITOR=true")
			h.must("import", oddtest.Write(t, h.dir, "other", body.Other))
			h.must("import", oddtest.Write(t, h.dir, "body", body.Body))
			s, pid := h.showWatched(binary, screenArgs...)
			s.await("earlier event")
			s.keys("B")
			s.await("[1 Payload]")
			s.keys("Enter")
			s.await("2 of 2", "[1 Payload]")
			for _, step := range []struct {
				key   string
				shows []string
			}{
				{"E", []string{"[1 Payload]"}},
				{"G", []string{"[1 Payload]"}},
				{"g", []string{"[1 Payload]", "▾ comment"}},
				{"2", []string{"[2 Headers]"}},
				{"3", []string{"[3 Deliveries]"}},
				{"4", []string{"[4 Raw]", `{"event"`}},
				{"X", []string{"00000000"}},
				{"5", []string{"[5 Diff]", "previous comment on "}},
				{"C-t", []string{"[5 Diff]"}},
				{"1", []string{"[1 Payload]"}},
				{"e", []string{"Edit ", "no changes yet"}},
				{"Escape", []string{"[1 Payload]"}},
			} {
				s.keys(step.key)
				s.await(step.shows...)
			}
			if peak, most := peakOf(t, pid()), memoryFloor+memoryTimes*(len(body.Body)+len(body.Other)); peak > most {
				t.Errorf("the screen takes %d MiB, and may take %d", peak>>20, most>>20)
			}
			s.keys("q")
			s.await("code 0")
		})
	}
}

// peakOf is the most memory that a process has had, in bytes.
func peakOf(t *testing.T, pid int) int {
	t.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, ok := bytes.Cut(text, []byte("VmHWM:"))
	if !ok {
		t.Fatalf("process %d has no VmHWM", pid)
	}
	kib, err := strconv.Atoi(strings.Fields(string(rest))[0])
	if err != nil {
		t.Fatal(err)
	}
	return kib << 10
}
