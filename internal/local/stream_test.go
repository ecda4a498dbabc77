//go:build unix

package local

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// TestBacklog adds lines that nobody takes: so many are kept, and the last line says how many were
// lost.
func TestBacklog(t *testing.T) {
	t.Parallel()
	cut := 0
	b := newBacklog(func() { cut++ })
	add := func(n int) {
		for i := range n {
			b.add(map[string]int{"line": i})
		}
	}
	add(10)
	if text, more := b.take(t.Context()); strings.Count(string(text), "\n") != 10 || !more {
		t.Errorf("took %q, more %v", text, more)
	}
	add(maxBehind)
	if cut != 0 || b.isCut() {
		t.Error("the reader is cut before it is too far behind")
	}
	add(7)
	b.lose(3)
	text, more := b.take(t.Context())
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	if last := lines[len(lines)-1]; len(lines) != maxBehind+1 || last != `{"schema":1,"type":"lost","lost":10}` || more {
		t.Errorf("took %d lines, the last one %s, more %v", len(lines), last, more)
	}
	if cut != 1 {
		t.Errorf("the reader was cut %d times", cut)
	}
}

func TestBacklogEnds(t *testing.T) {
	t.Parallel()
	b := newBacklog(func() {})
	b.add(1)
	b.end()
	if text, more := b.take(t.Context()); string(text) != "1\n" || more {
		t.Errorf("took %q, more %v", text, more)
	}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if text, more := newBacklog(func() {}).take(ctx); len(text) > 0 || more {
		t.Errorf("took %q, more %v, after the end of its context", text, more)
	}
}

// TestLayouts asks hfhook dev of other versions.
func TestLayouts(t *testing.T) {
	t.Parallel()
	for layout, want := range map[string]string{
		"":                           "restart the hfhook dev of /app (process 42)",
		strconv.Itoa(Layout - 1):     "it is hfhook 9.9, which is older than this one: restart the hfhook dev of /app (process 42)",
		strconv.Itoa(Layout + 1):     "it is hfhook 9.9, which is newer than this one: run this command with that hfhook",
		strconv.Itoa(Layout) + " ok": "",
	} {
		t.Run("layout "+layout, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(shortDir(t), "s")
			ln, err := net.Listen("unix", path)
			if err != nil {
				t.Fatal(err)
			}
			layout, _, _ := strings.Cut(layout, " ")
			srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if layout != "" {
					w.Header().Set(layoutHeader, layout)
				}
				w.Header().Set(versionHeader, "9.9")
				_ = json.NewEncoder(w).Encode(Running{PID: 42})
			})}
			go func() { _ = srv.Serve(ln) }()
			t.Cleanup(func() { _ = srv.Close() })
			c, err := Dial(t.Context(), t.TempDir(), Note{Folder: "/app", PID: 42, Socket: path})
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			st, err := c.State(t.Context())
			switch {
			case want == "" && (err != nil || st.PID != 42):
				t.Errorf("the state is %+v, %v", st, err)
			case want != "" && (!errors.Is(err, ErrLayout) || !strings.HasSuffix(err.Error(), want)):
				t.Errorf("the error is %v, want %s", err, want)
			}
		})
	}
}
