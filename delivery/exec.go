package delivery

// Commands as targets: how they are run.

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"hfhook/event"
	"hfhook/internal/plainerr"
	"hfhook/internal/process"
	"hfhook/internal/redact"
)

// endGrace is the sender's grace, except in tests.
const endGrace = time.Second

// maxVariable is the maximum length of a variable with its name, in bytes. Linux takes 128 KiB
// (MAX_ARG_STRLEN), Windows 32,767 characters.
func maxVariable() int {
	if runtime.GOOS == "windows" {
		return 32 << 10
	}
	return 128 << 10
}

// The variables of a Job on the Hub that a webhook has triggered, see
// https://huggingface.co/docs/hub/jobs-webhooks, and hfhook's own, which match the headers of
// these names.
const (
	payloadVariable  = "WEBHOOK_PAYLOAD"
	repoIDVariable   = "WEBHOOK_REPO_ID"
	repoTypeVariable = "WEBHOOK_REPO_TYPE"
	webhookVariable  = "WEBHOOK_ID"
	secretVariable   = "WEBHOOK_SECRET"
	eventVariable    = "HFHOOK_EVENT_ID"
	attemptVariable  = "HFHOOK_ATTEMPT"
	replayVariable   = "HFHOOK_REPLAY"
)

// An environment is what is added to a command's environment.
type environment []event.Field

// variables returns those of an attempt and of the command itself; a variable of the command
// with an empty value has hfhook's own.
func variables(e *event.Event, t Target, d *event.Delivery, secret string, known bool) environment {
	var env environment
	add := func(name, value string) { env = append(env, event.Field{Name: name, Value: value}) }
	if len(payloadVariable)+len(e.Body)+2 <= maxVariable() && !bytes.ContainsRune(e.Body, 0) {
		add(payloadVariable, string(e.Body))
	}
	if e.Payload != nil {
		add(repoIDVariable, e.Payload.Repo.Name)
		add(repoTypeVariable, string(e.Payload.Repo.Type))
		add(webhookVariable, e.Payload.Webhook.ID)
	}
	if known {
		add(secretVariable, secret)
	}
	if !t.ReplayAs.Exact {
		add(eventVariable, string(cmp.Or(d.SentID, e.HandlerID())))
		add(attemptVariable, strconv.Itoa(d.Attempt))
		if d.Kind == event.Replay && !t.ReplayAs.Unmarked {
			add(replayVariable, strconv.Itoa(d.Attempt))
		}
	}
	for _, own := range t.Command.Env {
		name, value, set := strings.Cut(own, "=")
		if !set {
			value = os.Getenv(name)
		}
		add(name, value)
	}
	return env
}

// strings are the variables as a program is given them.
func (env environment) strings() []string {
	all := process.Environment(os.Environ())
	for _, f := range env {
		if !strings.ContainsRune(f.Value, 0) {
			all = append(all, f.Name+"="+f.Value)
		}
	}
	return all
}

// fields returns the variables as they are recorded: without the body, which is recorded
// already, and with credentials masked.
func (env environment) fields() []event.Field {
	sent := slices.Clone(env)
	for i, f := range sent {
		switch {
		case f.Name == payloadVariable:
			sent[i].Value = fmt.Sprintf("[the body, %d bytes]", len(f.Value))
		case credential(f.Name):
			sent[i].Value = redact.Mark
		}
	}
	return sent
}

// execute runs the target's command with the event and records the result in d, as attempt does
// for a request.
func (s *sender) execute(ctx context.Context, e *event.Event, t Target, d *event.Delivery, value string, known bool, secret redact.Redactor, started func()) result {
	env := variables(e, t, d, value, known && s.mayKnow(t))
	d.RequestHeader = env.fields()
	for i, f := range d.RequestHeader {
		d.RequestHeader[i].Value = secret.Value(f.Value)
	}
	if ctx.Err() != nil {
		return unsent
	}
	ctx, cancel := context.WithTimeoutCause(ctx, t.timeout(), errTimeout)
	defer cancel()
	out := &output{meter: newMeter(nil, MaxResponseBody+1+secret.Reach())}
	p, err := process.Start(process.Command{
		Args: t.Command.Args, Env: env.strings(), Stdin: bytes.NewReader(e.Body), Stdout: out, Stderr: out,
	})
	d.Phases.Connect = time.Since(d.Started)
	if err != nil {
		d.Took = d.Phases.Connect
		d.Err = clip(secret.Text(noCommand(t.Command.Args[0], err)))
		return ended
	}
	started()
	var exit process.Exit
	stopped := false
	select {
	case <-p.Done():
		exit = p.Exit()
	case <-ctx.Done():
		stopped = true
		exit = p.Stop(s.grace)
	}
	d.Took = time.Since(d.Started)
	out.record(d, !stopped, secret)

	switch {
	case stopped && interrupted(ctx):
		d.Err = "hfhook stopped before the command ended"
		return cutOff
	case stopped && exit.Signal != "":
		d.Err = fmt.Sprintf("the command did not end within %v and was killed: %s", t.timeout(), exit.Signal)
	case stopped:
		d.Err = fmt.Sprintf("the command did not end within %v; after SIGTERM it ended with %v", t.timeout(), exit)
	case exit.Signal != "":
		d.Err = "the command was " + exit.String()
	default:
		d.Exited, d.Exit, d.Status = true, exit.Code, http.StatusOK
		if !exit.OK() {
			d.Status = http.StatusInternalServerError
		}
	}
	return ended
}

// noCommand explains why a command could not be started.
func noCommand(name string, err error) string {
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return fmt.Sprintf("command not found: %q is not in PATH", name)
	case errors.Is(err, fs.ErrNotExist):
		if _, here := os.Stat(name); here == nil {
			return fmt.Sprintf("the interpreter in the first line of %s was not found", name)
		}
		return fmt.Sprintf("%s not found (relative to the directory that hfhook was started in)", name)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Sprintf("%s is not executable: run chmod +x on it", name)
	case errors.Is(err, syscall.ENOEXEC):
		return fmt.Sprintf("%s cannot be run as a program: a script must begin with a line like #!/bin/sh", name)
	}
	return "start " + name + ": " + plainerr.Text(err)
}

// An output keeps the beginning of what a command writes.
type output struct {
	mu    sync.Mutex
	meter *meter
	first time.Time // when it began
}

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.meter.size == 0 && len(b) > 0 {
		o.first = time.Now()
	}
	o.meter.note(b)
	return len(b), nil
}

// record puts the output into d, without the secret. whole reports that the command ended by
// itself.
func (o *output) record(d *event.Delivery, whole bool, secret redact.Redactor) {
	o.mu.Lock()
	defer o.mu.Unlock()
	d.ResponseSize = o.meter.size
	keepBody(d, o.meter, o.meter, whole, true, secret)
	if o.first.IsZero() {
		d.Phases.FirstByte = d.Took - d.Phases.Connect
		return
	}
	d.Phases.FirstByte = o.first.Sub(d.Started) - d.Phases.Connect
	d.Phases.Body = d.Took - d.Phases.FirstByte - d.Phases.Connect
}
