package cli

// The user's own handler: the command after -- of dev.

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hfhook/delivery"
	"hfhook/internal/cli/exit"
	"hfhook/internal/dev"
	"hfhook/internal/handler"
	"hfhook/internal/port"
	"hfhook/internal/redact"
	"hfhook/internal/visible"
)

// usualPort is where a handler is to listen that has no port of its own: it is the one
// that uvicorn takes unless told otherwise.
const usualPort = "8000"

// portVariables give a handler its port: the common name, and those of servers that read
// another one.
var portVariables = []string{"PORT", "UVICORN_PORT", "GRADIO_SERVER_PORT", "FLASK_RUN_PORT"}

func addHandlerFlags(p *program, f *pflag.FlagSet) {
	s := &p.settings
	f.StringVar(&s.run, "run", "", "start this `command` as your handler, as CMD after -- does; the configuration's way to name it")
	f.StringArrayVar(&s.reload, "reload", nil, "restart the command after -- when a file of this `pattern` changes, such as 'src/**'; may be repeated; !pattern excludes files")
	f.StringVar(&s.restart, "restart", "", "restart the command when it has exited: after a crash, always or never (default: crash; never without a screen and --reload)")
	f.StringVar(&s.onRestart, "on-restart", string(dev.RestartNone), "after a restart replay none, last, failed or pinned events, and compare the answers")
}

// commandOf splits the arguments of dev into targets and the handler's command: the one
// after --, else that of --run.
func commandOf(p *program, cmd *cobra.Command, args []string) (targets, command []string, err error) {
	at := cmd.ArgsLenAtDash()
	if at < 0 && p.settings.run != "" {
		t, err := delivery.ParseCommand(p.settings.run)
		if err == nil && len(t.Command.Env) > 0 {
			err = errors.New("set variables in the environment of hfhook instead")
		}
		if err != nil {
			return nil, nil, exit.Usagef("invalid --run %q: %w", p.settings.run, err)
		}
		return args, t.Command.Args, nil
	}
	if at < 0 {
		return args, nil, nil
	}
	if at == len(args) {
		return nil, nil, exit.Usagef("the command that runs your handler is missing after --, for example hfhook dev -- python3 handler.py")
	}
	return args[:at], args[at:], nil
}

// parseOnRestart parses --on-restart.
func parseOnRestart(p *program) (dev.OnRestart, error) {
	all := []dev.OnRestart{dev.RestartNone, dev.RestartLast, dev.RestartFailed, dev.RestartPinned}
	if choice := dev.OnRestart(p.settings.onRestart); slices.Contains(all, choice) {
		return choice, nil
	}
	return "", exit.Usagef("invalid --on-restart %q: want none, last, failed or pinned", p.settings.onRestart)
}

// A runner is the handler that hfhook runs, and its target.
type runner struct {
	handler *handler.Handler // nil: none
	target  string           // its name; empty if it is not on this machine
	close   func()           // of its log
}

// newRunner makes the handler of a command. Where no target is given it adds the one that
// the handler is.
func newRunner(p *program, command []string, targets *[]delivery.Target, secret secrets, screen bool, log *slog.Logger) (runner, error) {
	none := runner{close: func() {}}
	s := &p.settings
	if len(command) == 0 {
		for _, name := range []string{"reload", "restart"} {
			if p.origins[name] == "--"+name {
				return none, exit.Usagef("--%s needs a command after --, for example hfhook dev --%s … -- python3 handler.py", name, name)
			}
		}
		return none, nil
	}
	policy := handler.Policy(s.restart)
	switch {
	case policy == "" && !screen && len(s.reload) == 0:
		policy = handler.Never
	case policy == "":
		policy = handler.OnCrash
	case policy != handler.OnCrash && policy != handler.Always && policy != handler.Never:
		return none, exit.Usagef("invalid --restart %q: want crash, always or never", s.restart)
	}
	var patterns []string
	for _, pattern := range s.reload {
		rest, excludes := strings.CutPrefix(pattern, "!")
		if rest = homePath(p, rest); excludes {
			rest = "!" + rest
		}
		patterns = append(patterns, rest)
	}
	name, address, err := settleHandlerTarget(p, command, targets)
	if err != nil {
		return none, err
	}
	out, err := openHandlerLog(p, screen)
	if err != nil {
		return none, err
	}
	own, err := ownFiles(p)
	if err != nil {
		out.close()
		return none, err
	}
	opts := handler.Options{
		Own:  own,
		Args: command, Env: handlerEnvironment(withoutCaller(os.Environ()), secret.present().Reveal(), address), Reload: patterns, Policy: policy,
		Redact: redact.New(secret.present().Reveal()), Sink: out.write, Logger: log,
	}
	h, err := handler.New(opts)
	if err != nil {
		out.close()
		return none, exit.Usage(err)
	}
	return runner{h, name, out.close}, nil
}

// ownFiles are the files and directories that hfhook writes while it runs.
func ownFiles(p *program) ([]string, error) {
	state, err := p.stateDir()
	if err != nil {
		return nil, err
	}
	events, err := p.storePath()
	if err != nil {
		return nil, err
	}
	own := []string{state, events}
	if p.settings.readyFile != "" {
		own = append(own, p.settings.readyFile)
	}
	return own, nil
}

// settleHandlerTarget returns the name and the address of the target that the handler is; both
// are empty where all targets are elsewhere.
func settleHandlerTarget(p *program, command []string, targets *[]delivery.Target) (name, address string, err error) {
	if len(*targets) == 0 {
		number, err := chooseHandlerPort(p)
		if err != nil {
			return "", "", err
		}
		t, err := delivery.ParseTarget(number)
		if err != nil {
			return "", "", err
		}
		// A name that stays where the port may not: what waits for it goes to it the
		// next time, too.
		t.Name = visible.Line(filepath.Base(command[0]))
		if dir, err := os.Getwd(); err == nil {
			t.Name += " in " + visible.Line(filepath.Base(dir))
		}
		own := []delivery.Target{t}
		if err := settleTargets(p, own); err != nil {
			return "", "", err
		}
		*targets = own
	}
	var places []string
	for _, t := range *targets {
		if t.URL != nil && t.Loopback() {
			name, address, places = t.Name, t.Address(), t.Addresses()
			break
		}
	}
	if address != "" && !port.Free(places...) {
		f := &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("another program is listening on %s, the handler's port: it would get the events", strings.Join(places, " or "))}
		f.Try = "stop it, or give the handler another port, for example hfhook dev 8001 -- " + strings.Join(command, " ")
		return "", "", f
	}
	return name, address, nil
}

// chooseHandlerPort is where a handler listens that no target names: PORT, or a port that is free
// on 127.0.0.1 and on ::1, so that what is there is the handler whichever it takes.
func chooseHandlerPort(p *program) (string, error) {
	if text := p.env("PORT"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 65535 {
			return "", exit.Usagef("invalid PORT %q: want a port from 1 to 65535", visible.Line(text))
		}
		return strconv.Itoa(n), nil
	}
	if port.Free(bothAt(usualPort)...) {
		return usualPort, nil
	}
	const tries = 100
	for range tries {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return "", fmt.Errorf("find a free port: %w", err)
		}
		_, number, err := net.SplitHostPort(ln.Addr().String())
		if err := errors.Join(err, ln.Close()); err != nil {
			return "", fmt.Errorf("find a free port: %w", err)
		}
		if port.Free(bothAt(number)...) {
			return number, nil
		}
	}
	return "", errors.New("find a free port: none is free on both 127.0.0.1 and ::1")
}

// bothAt are the addresses of a port of this machine.
func bothAt(number string) []string {
	return []string{net.JoinHostPort("127.0.0.1", number), net.JoinHostPort("::1", number)}
}

// handlerEnvironment is that of hfhook with what the handler has to know.
func handlerEnvironment(environ []string, secret, address string) []string {
	own := map[string]string{}
	if secret != "" {
		own["WEBHOOK_SECRET"] = secret
	}
	if _, port, err := net.SplitHostPort(address); err == nil {
		for _, name := range portVariables {
			own[name] = port
		}
	}
	var env []string
	buffered := true
	for _, kv := range environ {
		name, _, _ := strings.Cut(kv, "=")
		buffered = buffered && name != "PYTHONUNBUFFERED"
		if _, ok := own[name]; !ok {
			env = append(env, kv)
		}
	}
	for name, value := range own {
		env = append(env, name+"="+value)
	}
	if buffered {
		// Python else keeps what is printed to itself for a long time.
		env = append(env, "PYTHONUNBUFFERED=1")
	}
	return env
}

// A handlerLog writes what the handler prints to its log in the state directory, where
// there is room for twice maxLog, and without a screen to stderr.
type handlerLog struct {
	p      *program
	path   string
	file   *os.File
	size   int64
	echo   bool
	failed bool
}

func openHandlerLog(p *program, screen bool) (*handlerLog, error) {
	dir, err := p.stateDir()
	if err != nil {
		return nil, err
	}
	l := &handlerLog{p: p, path: filepath.Join(dir, "handler.log"), echo: !screen && !p.settings.quiet}
	if err := l.open(); err != nil {
		return nil, &exit.Error{Code: exit.CodeConfig, Err: fmt.Errorf("open the handler's log: %w", err), Try: "check the permissions there"}
	}
	return l, nil
}

func (l *handlerLog) open() (err error) {
	if l.file, err = os.OpenFile(l.path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600); err != nil {
		return err
	}
	info, err := l.file.Stat()
	if err != nil {
		return errors.Join(err, l.file.Close())
	}
	l.size = info.Size()
	return nil
}

// write writes lines. It is called by one goroutine at a time.
func (l *handlerLog) write(lines []handler.Line) {
	var log, echo bytes.Buffer
	for _, line := range lines {
		text := visible.Line(line.Text)
		if line.Remark {
			text = "-- " + text
		}
		fmt.Fprintf(&log, "%s %s\n", line.At.UTC().Format("2006-01-02T15:04:05.000Z"), text)
		if l.echo {
			fmt.Fprintf(&echo, "%s  handler    %s\n", line.At.Format(time.TimeOnly), text)
		}
	}
	if l.echo {
		_, _ = l.p.err.Write(echo.Bytes())
	}
	if err := l.append(log.Bytes()); err != nil && !l.failed {
		l.failed = true
		slog.New(slog.NewTextHandler(l.p.err, nil)).Warn("the handler's log is not complete", "error", err)
	}
}

func (l *handlerLog) append(text []byte) error {
	if l.size > maxLog {
		if err := l.file.Close(); err != nil {
			return err
		}
		if err := os.Rename(l.path, l.path+".1"); err != nil {
			return err
		}
		if err := l.open(); err != nil {
			return err
		}
	}
	n, err := l.file.Write(text)
	l.size += int64(n)
	return err
}

func (l *handlerLog) close() { _ = l.file.Close() }

// handlerEnd turns the end of a handler into that of hfhook: its exit code is passed on.
func handlerEnd(end *handler.EndError) error {
	status := end.Exit.Status()
	if status == 0 {
		return nil
	}
	return &exit.Error{Code: status, Err: end}
}
