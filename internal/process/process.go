// Package process runs programs, each together with all that it starts: they are
// asked to end together, and none of them outlives the one that was started.
package process

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"time"
)

// leftOpen is how long output is waited for after a program and all of its group are
// gone: only a process that has left the group can still hold the other end.
const leftOpen = time.Second

// A Command says what is run.
type Command struct {
	Args []string // the program and its arguments. No shell reads them
	Dir  string   // empty: the working directory
	Env  []string // as of os.Environ; empty: nothing, see Environment

	// Stdin is read by one goroutine, and left alone once the program has ended; nil:
	// there is nothing to read.
	Stdin io.Reader

	// Stdout and Stderr get what the program writes, each from one goroutine. Where they
	// are the same the order of the two is kept. Nil: it is read and dropped.
	Stdout, Stderr io.Writer
}

// A Process is a program that was started. Its methods may be called by several
// goroutines at once.
type Process struct {
	cmd   *exec.Cmd
	group group
	ended chan struct{} // the program has ended, and its group was killed
	done  chan struct{}
	exit  Exit // read after done
}

// An Exit says how a program has ended.
type Exit struct {
	Code   int    // exit status; -1 where a signal has ended it
	Signal string // that signal, for example "killed"
}

// OK reports whether the program has ended by itself with the status 0.
func (e Exit) OK() bool { return e.Code == 0 }

// Status is the exit status as a shell has it: where a signal has ended the program, 128
// and the signal's number.
func (e Exit) Status() int {
	if e.Code < 0 {
		return status(e.Signal)
	}
	return e.Code
}

func (e Exit) String() string {
	if e.Signal != "" {
		return "ended by a signal: " + e.Signal
	}
	return fmt.Sprintf("exit %d", e.Code)
}

// Start starts a program in a group of its own. The error is that of os/exec or of
// the system if there is no such program, or it cannot be run.
func Start(c Command) (_ *Process, err error) {
	if len(c.Args) == 0 {
		return nil, errors.New("no program to start")
	}
	cmd := exec.Command(c.Args[0], c.Args[1:]...)
	cmd.Dir = c.Dir
	if cmd.Env = c.Env; cmd.Env == nil {
		cmd.Env = []string{}
	}
	prepare(cmd)

	// Own pipes, not those of os/exec: its Wait would wait for the pipes before the
	// group could be killed that may hold them open.
	var pipes pipes
	defer func() {
		if err != nil {
			pipes.close()
		}
	}()
	var copies []func()
	if c.Stdin != nil {
		r, w, err := pipes.open()
		if err != nil {
			return nil, err
		}
		cmd.Stdin = r
		copies = append(copies, func() {
			// A program need not read to the end.
			_, _ = io.Copy(w, c.Stdin)
			_ = w.Close()
		})
	}
	output := func(to io.Writer) (*os.File, error) {
		r, w, err := pipes.open()
		if err != nil {
			return nil, err
		}
		copies = append(copies, func() {
			if _, err := io.Copy(to, r); err != nil {
				_, _ = io.Copy(io.Discard, r) // or the program would stand still
			}
		})
		return w, nil
	}
	if c.Stdout != nil {
		w, err := output(c.Stdout)
		if err != nil {
			return nil, err
		}
		cmd.Stdout = w
	}
	switch {
	case c.Stderr == nil:
	case c.Stderr == c.Stdout:
		cmd.Stderr = cmd.Stdout
	default:
		w, err := output(c.Stderr)
		if err != nil {
			return nil, err
		}
		cmd.Stderr = w
	}

	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &Process{cmd: cmd, ended: make(chan struct{}), done: make(chan struct{})}
	p.group.add(cmd.Process)
	pipes.closeTheirs(cmd)
	go p.wait(&pipes, copies)
	return p, nil
}

// wait copies what is read and written, and ends when the program and its group have,
// and all is copied.
func (p *Process) wait(pipes *pipes, copies []func()) {
	defer close(p.done)
	var copying sync.WaitGroup
	for _, f := range copies {
		copying.Go(f)
	}
	err := p.cmd.Wait()
	p.group.kill()
	close(p.ended)
	p.exit = exitOf(p.cmd.ProcessState, err)

	timer := time.AfterFunc(leftOpen, pipes.close)
	pipes.closeInput()
	copying.Wait()
	timer.Stop()
	pipes.close()
}

func exitOf(state *os.ProcessState, err error) Exit {
	if state == nil {
		return Exit{Code: -1, Signal: err.Error()}
	}
	exit := Exit{Code: state.ExitCode()}
	if exit.Code < 0 {
		exit.Signal = signalOf(state)
	}
	return exit
}

// PID is the number of the program's process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// Done is closed when the program has ended, all that it has started is gone with it,
// and its output was handed over.
func (p *Process) Done() <-chan struct{} { return p.done }

// Exit says how the program has ended. It waits for that.
func (p *Process) Exit() Exit {
	<-p.done
	return p.exit
}

// Stop asks the program and all that it has started to end, kills what is left of
// them after the grace, and waits until that has happened. On Windows, where programs
// need a console of their own to be asked, few of them hear it.
func (p *Process) Stop(grace time.Duration) Exit {
	select {
	case <-p.ended:
		return p.Exit()
	default:
	}
	p.group.ask()
	timer := time.NewTimer(grace)
	defer timer.Stop()
	select {
	case <-p.ended:
	case <-timer.C:
		p.group.kill()
	}
	return p.Exit()
}

// pipes are those between this process and a program.
type pipes struct {
	mu    sync.Mutex
	all   []*os.File
	input *os.File // of all, the end that is written to
}

func (p *pipes) open() (r, w *os.File, err error) {
	r, w, err = os.Pipe()
	if err != nil {
		return nil, nil, fmt.Errorf("make a pipe: %w", err)
	}
	p.all = append(p.all, r, w)
	return r, w, nil
}

// closeTheirs closes the ends that the program has by now.
func (p *pipes) closeTheirs(cmd *exec.Cmd) {
	if r, ok := cmd.Stdin.(*os.File); ok && len(p.all) > 0 && r == p.all[0] {
		p.input = p.all[1]
		_ = r.Close()
	}
	for _, to := range []io.Writer{cmd.Stdout, cmd.Stderr} {
		if w, ok := to.(*os.File); ok {
			_ = w.Close() // the second time, where both are one, does nothing
		}
	}
}

func (p *pipes) closeInput() {
	if p.input != nil {
		_ = p.input.Close()
	}
}

func (p *pipes) close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range p.all {
		_ = f.Close()
	}
}
