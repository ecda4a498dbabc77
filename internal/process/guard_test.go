//go:build unix

package process

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

// parentEnv makes the test's binary a program that starts another one and waits for it.
const parentEnv = "HFHOOK_TEST_PARENT"

func TestMain(m *testing.M) {
	script := os.Getenv(parentEnv)
	if script == "" {
		os.Exit(m.Run())
	}
	p, err := Start(Command{Args: sh(script), Env: path})
	if err != nil {
		panic(err)
	}
	if _, err := p.Guard(); err != nil {
		panic(err)
	}
	_, _ = os.Stdout.WriteString("up\n")
	p.Exit()
}

// TestGuard kills a process that has started another one, which is gone, with its child,
// when the FIFO that both hold open has no writer any more.
func TestGuard(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(name, 0o600); err != nil {
		t.Fatal(err)
	}
	parent := exec.Command(os.Args[0])
	parent.Env = append(os.Environ(), parentEnv+"=exec 3>"+name+"; sleep 1000 & wait")
	out, err := parent.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := parent.Start(); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatalf("%q, %v", line, err)
	}
	if err := parent.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = parent.Wait()
	if _, err := io.ReadAll(f); err != nil {
		t.Fatal(err)
	}
}

// TestGuardReleased: a guard that is not needed any more ends nothing.
func TestGuardReleased(t *testing.T) {
	t.Parallel()
	in, end := io.Pipe()
	p, err := Start(Command{Args: sh("read line; exit 5"), Env: path, Stdin: in})
	if err != nil {
		t.Fatal(err)
	}
	release, err := p.Guard()
	if err != nil {
		t.Fatal(err)
	}
	release()
	_ = end.Close()
	if got := p.Exit(); got.Code != 5 {
		t.Error(got)
	}
}
