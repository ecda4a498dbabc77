package crash_test

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"hfhook/internal/crash"
	"hfhook/internal/terminaltest"
)

const (
	endVariable = "HFHOOK_TEST_END" // how the program that TestMain then is ends
	logVariable = "HFHOOK_TEST_LOG" // its log
)

func TestMain(m *testing.M) {
	if end := os.Getenv(endVariable); end != "" {
		program(end)
	}
	os.Exit(m.Run())
}

// program is a program on the whole screen. It takes the terminal, and ends without giving it
// back, unless it ends in order.
func program(end string) {
	log, err := os.Create(os.Getenv(logVariable))
	if err != nil {
		panic(err)
	}
	release := crash.Guard(os.Stdout, log, "it broke: see the log")
	raw := exec.Command("/bin/stty", "raw", "-echo")
	raw.Stdin = os.Stdin
	_ = raw.Run() // fails if there is no terminal
	fmt.Print("\x1b[?1049h\x1b[?25lon the screen")
	fmt.Fprint(os.Stderr, "written by hfhook")
	_, _ = syscall.Write(2, []byte("written by a library\n"))
	switch end {
	case "panic":
		go func() { panic("in a library") }()
	case "runtime":
		var lock sync.Mutex
		go lock.Unlock() // which no recover hears of
	case "order":
		release()
		_, _ = syscall.Write(2, []byte("written after release\n"))
		os.Exit(0)
	}
	select {}
}

// leave is what a terminal is told to do after a crash.
var leave = []string{"\x1b[?1049l", "\x1b[?25h", "\x1b[?1000l", "\x1b[?2004l"}

// onTerminal runs the program on a terminal of its own, and returns what was drawn, what is in
// its log, and whether the terminal is as it was.
func onTerminal(t *testing.T, end string, env ...string) (drawn, log string, whole bool, code int) {
	t.Helper()
	master, slave := terminaltest.Open(t, 80, 24)
	before := modes(t, master)
	file := filepath.Join(t.TempDir(), "log")
	cmd := command(t, end, file, env...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = slave.Close()
	text, _ := io.ReadAll(master) // to the end of the program and of its guard
	_ = cmd.Wait()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text), string(content), modes(t, master) == before, cmd.ProcessState.ExitCode()
}

func command(t *testing.T, end, log string, env ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append([]string{"PATH=/usr/bin:/bin", "GORACE=atexit_sleep_ms=0", "GOCOVERDIR=" + t.TempDir(), endVariable + "=" + end, logVariable + "=" + log}, env...)
	return cmd
}

// modes are those of a terminal that a program changes which reads single keys.
func modes(t *testing.T, terminal *os.File) string {
	t.Helper()
	m, err := unix.IoctlGetTermios(int(terminal.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x %x %x %x", m.Iflag, m.Oflag, m.Cflag, m.Lflag)
}

// TestCrash: the terminal is given back and says where the reason is, which is in the log.
func TestCrash(t *testing.T) {
	t.Parallel()
	for end, reason := range map[string]string{"panic": "panic: in a library", "runtime": "fatal error: sync: unlock of unlocked mutex"} {
		t.Run(end, func(t *testing.T) {
			t.Parallel()
			drawn, log, whole, code := onTerminal(t, end)
			_, after, found := strings.Cut(drawn, "on the screen")
			for _, want := range append(leave, "it broke: see the log") {
				if !found || !strings.Contains(after, want) {
					t.Errorf("the terminal does not get %q: %q", want, drawn)
				}
			}
			for _, never := range []string{reason, "goroutine", "written by a library"} {
				if strings.Contains(drawn, never) {
					t.Errorf("the terminal gets %q: %q", never, drawn)
				}
			}
			if strings.Index(after, "it broke") < strings.Index(after, leave[0]) {
				t.Errorf("it is said on the screen that is left: %q", drawn)
			}
			for _, want := range []string{reason, "goroutine ", "crash_linux_test.go", "written by a library\n"} {
				if !strings.Contains(log, want) {
					t.Errorf("the log has no %q:\n%s", want, log)
				}
			}
			if strings.Contains(log, "written by hfhook") || !strings.Contains(drawn, "written by hfhook") {
				t.Errorf("os.Stderr is not the terminal: %q", drawn)
			}
			if !whole || code != 2 {
				t.Errorf("the terminal is as it was: %v; exit code %d", whole, code)
			}
		})
	}
}

// TestRelease: after an end in order nothing is drawn, and the standard error is what it was.
func TestRelease(t *testing.T) {
	t.Parallel()
	drawn, log, _, code := onTerminal(t, "order")
	_, after, _ := strings.Cut(drawn, "on the screen")
	if want := "written by hfhookwritten after release"; strings.TrimSpace(after) != want {
		t.Errorf("drawn %q, want %q", after, want)
	}
	if log != "written by a library\n" || code != 0 {
		t.Errorf("the log has %q, exit code %d", log, code)
	}
}

// TestNothingIsLeft: neither files nor shells stay open when the terminal is released.
func TestNothingIsLeft(t *testing.T) {
	master, slave := terminaltest.Open(t, 80, 24)
	defer slave.Close()
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	before, shells := openFiles(t), children(t)
	for range 3 {
		crash.Guard(slave, log, "it broke")()
	}
	if after := openFiles(t); after != before {
		t.Errorf("%d files are open, %d were before", after, before)
	}
	if after := children(t); after != shells {
		t.Errorf("the programs %q run, %q did before", after, shells)
	}
	if n, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCINQ); err != nil || n != 0 {
		t.Errorf("%d bytes were drawn, %v", n, err)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	files, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(files)
}

func children(t *testing.T) string {
	t.Helper()
	lists, err := filepath.Glob("/proc/self/task/*/children")
	if err != nil || len(lists) == 0 {
		t.Fatal(lists, err)
	}
	var all strings.Builder
	for _, list := range lists {
		text, _ := os.ReadFile(list) // a thread may be gone
		all.Write(text)
	}
	return all.String()
}

// TestNoGuard: if nothing can wait beside the program, the reason is in the log all the same.
func TestNoGuard(t *testing.T) {
	t.Parallel()
	t.Run("no stty", func(t *testing.T) {
		t.Parallel()
		drawn, log, _, code := onTerminal(t, "panic", "PATH=/nowhere")
		if !strings.Contains(log, "panic: in a library") || !strings.Contains(log, "goroutine ") || code != 2 {
			t.Errorf("exit code %d; the log has\n%s", code, log)
		}
		if strings.Contains(drawn, leave[0]) {
			t.Errorf("drawn %q", drawn)
		}
	})
	t.Run("no terminal", func(t *testing.T) {
		t.Parallel()
		file := filepath.Join(t.TempDir(), "log")
		out, err := command(t, "panic", file).CombinedOutput()
		log, _ := os.ReadFile(file)
		if err == nil || !strings.Contains(string(log), "panic: in a library") {
			t.Errorf("%v; the log has\n%s", err, log)
		}
		if strings.Contains(string(out), leave[0]) {
			t.Errorf("what is not a terminal gets %q", out)
		}
	})
}
