package cli

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"hfhook/internal/dev"
	"hfhook/internal/hub"
	"hfhook/internal/signals"
	"hfhook/store"
	"hfhook/tunnel"
)

// The exit codes, as the README lists them.
const (
	exitFailure     = 1
	exitUsage       = 2
	exitConfig      = 3
	exitNotFound    = 4
	exitVerify      = 5
	exitHandler     = 6
	exitTunnel      = 7
	exitHub         = 8
	exitStore       = 9
	exitHangup      = 129
	exitInterrupted = 130
	exitTerminated  = 143
)

// exitMeanings are the exit codes in words, as `hfhook help exit-codes` prints them.
var exitMeanings = []struct {
	code    int
	meaning string
}{
	{0, "done"},
	{exitFailure, "unexpected failure"},
	{exitUsage, "wrong usage"},
	{exitConfig, "configuration or login is missing or invalid"},
	{exitNotFound, "no such event, pin or webhook"},
	{exitVerify, "the request is not valid (secret or payload)"},
	{exitHandler, "a handler's answer was not 2xx, changed, or could not be compared"},
	{exitTunnel, "the tunnel given by --tunnel could not be opened"},
	{exitHub, "the Hub refused or did not answer"},
	{exitStore, "the store can't be used: damaged, read-only, disk full, or written by a newer hfhook"},
	{exitTimeout, "timed out"},
	{exitHangup, "hung up"},
	{exitInterrupted, "interrupted"},
	{exitTerminated, "terminated"},
}

// errSilent marks an error of which the user has been told all.
var errSilent = errors.New("told already")

// A failure is an error with an exit code of its own and with what to do next.
type failure struct {
	code int
	err  error
	try  string
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

func usage(err error) error { return &failure{code: exitUsage, err: err} }

func usagef(format string, args ...any) error { return usage(fmt.Errorf(format, args...)) }

// noArgs and the like are cobra's checks with the exit code of wrong usage.
func noArgs(cmd *cobra.Command, args []string) error {
	if err := cobra.NoArgs(cmd, args); err != nil {
		return usagef("%s takes no arguments, but got %q", cmd.Name(), args)
	}
	return nil
}

// exitCodes maps the errors that packages tell apart to exit codes and advice, where
// their own words do not end with it. The first that fits counts.
var exitCodes = []struct {
	err  error
	code int
	try  string
}{
	{store.ErrNotFound, exitNotFound, "hfhook ls shows what there is"},
	{store.ErrPinName, exitUsage, "another name, for example hfhook pin @last first-comment"},
	{store.ErrNote, exitUsage, "a shorter text"},
	{store.ErrPinTaken, exitUsage, "take another name, or take it from that event with hfhook pin NAME --off"},
	{store.ErrAmbiguous, exitUsage, "give more of the id; hfhook ls shows full ids"},
	{store.ErrNewer, exitStore, ""},
	{store.ErrDamaged, exitStore, ""},
	{store.ErrReadOnly, exitStore, ""},
	{store.ErrUnreadable, exitStore, ""},
	{store.ErrFull, exitStore, ""},
	{store.ErrBusy, exitStore, ""},
	{store.ErrPlace, exitStore, ""},
	{store.ErrGone, exitStore, ""},
	{hub.ErrOffline, exitConfig, "unset HF_HUB_OFFLINE"},
	{hub.ErrNoToken, exitConfig, "hf auth login, or set HF_TOKEN to one of https://huggingface.co/settings/tokens; HF_HUB_DISABLE_IMPLICIT_TOKEN, where it is set, hides both"},
	{hub.ErrToken, exitConfig, "create a new token at https://huggingface.co/settings/tokens and use it with hf auth login or HF_TOKEN"},
	{hub.ErrNotHub, exitConfig, "check HF_ENDPOINT, and whether a proxy or a login page answers instead of the Hub"},
	{hub.ErrNotFound, exitNotFound, "hfhook webhooks ls shows what there is"},
	{hub.ErrForbidden, exitHub, "create a token with write access at https://huggingface.co/settings/tokens and use it with hf auth login or HF_TOKEN"},
	{hub.ErrLimited, exitHub, "wait, and try again"},
	{hub.ErrUncertain, exitHub, "check with hfhook webhooks ls"},
	{hub.ErrUnreachable, exitHub, "check the network, and HF_ENDPOINT if it is set"},
	{hub.ErrInlineJob, exitHub, "change it at https://huggingface.co/settings/webhooks, or use --url or --job-id instead of that Job"},
	{hub.ErrRefused, exitHub, "read the Hub's answer; https://status.huggingface.co shows outages"},
	{dev.ErrNoTarget, exitUsage, "name one with --to, for example --to http://127.0.0.1:8000"},
}

func exitCode(ctx context.Context, err error) int {
	if f := (*failure)(nil); errors.As(err, &f) {
		return f.code
	}
	for _, known := range exitCodes {
		if errors.Is(err, known.err) {
			return known.code
		}
	}
	if s, ok := signals.Of(ctx); ok {
		return signals.ExitCode(s)
	}
	return exitFailure
}

func advice(err error) string {
	if f := (*failure)(nil); errors.As(err, &f) && f.try != "" {
		return f.try
	}
	for _, known := range exitCodes {
		if errors.Is(err, known.err) {
			return known.try
		}
	}
	if p, ok := errors.AsType[*tunnel.Problem](err); ok {
		return p.Fix
	}
	return ""
}
