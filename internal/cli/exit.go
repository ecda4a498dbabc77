package cli

import (
	"context"
	"errors"
	"net/http"

	"github.com/spf13/cobra"

	"hfhook/internal/cli/exit"
	"hfhook/internal/dev"
	"hfhook/internal/hub"
	"hfhook/internal/local"
	"hfhook/internal/signals"
	"hfhook/store"
	"hfhook/tunnel"
)

// exitMeanings are the exit codes in words, as `hfhook help exit-codes` prints them.
var exitMeanings = []struct {
	code    int
	meaning string
}{
	{0, "done"},
	{exit.CodeFailure, "unexpected failure"},
	{exit.CodeUsage, "wrong usage"},
	{exit.CodeConfig, "configuration or login is missing or invalid"},
	{exit.CodeNotFound, "no such event, pin or webhook"},
	{exit.CodeVerify, "the request is not valid (secret or payload)"},
	{exit.CodeHandler, "a handler's answer was not 2xx, changed, or could not be compared"},
	{exit.CodeTunnel, "the tunnel given by --tunnel could not be opened"},
	{exit.CodeHub, "the Hub refused or did not answer"},
	{exit.CodeStore, "the store can't be used: damaged, read-only, disk full, or written by a newer hfhook"},
	{exitTimeout, "timed out"},
	{exit.CodeHangup, "hung up"},
	{exit.CodeInterrupted, "interrupted"},
	{exit.CodeTerminated, "terminated"},
}

// noArgs and the like are cobra's checks with the exit code of wrong usage.
func noArgs(cmd *cobra.Command, args []string) error {
	if err := cobra.NoArgs(cmd, args); err != nil {
		return exit.Usagef("%s takes no arguments, but got %q", cmd.Name(), args)
	}
	return nil
}

// exitCodes maps errors of packages to exit codes, and to advice if their own text has none.
// The first match is used.
var exitCodes = []struct {
	err  error
	code int
	try  string
}{
	{store.ErrNotFound, exit.CodeNotFound, "hfhook ls shows what there is"},
	{store.ErrPinName, exit.CodeUsage, "another name, for example hfhook pin @last first-comment"},
	{store.ErrNote, exit.CodeUsage, "a shorter text"},
	{store.ErrPinTaken, exit.CodeUsage, "take another name, or take it from that event with hfhook pin NAME --off"},
	{store.ErrAmbiguous, exit.CodeUsage, "give more of the id; hfhook ls shows full ids"},
	{store.ErrNewer, exit.CodeStore, ""},
	{store.ErrDamaged, exit.CodeStore, ""},
	{store.ErrReadOnly, exit.CodeStore, ""},
	{store.ErrUnreadable, exit.CodeStore, ""},
	{store.ErrFull, exit.CodeStore, ""},
	{store.ErrBusy, exit.CodeStore, ""},
	{store.ErrPlace, exit.CodeStore, ""},
	{store.ErrGone, exit.CodeStore, ""},
	{hub.ErrOffline, exit.CodeConfig, "unset HF_HUB_OFFLINE"},
	{hub.ErrNoToken, exit.CodeConfig, "hf auth login, or set HF_TOKEN to one of https://huggingface.co/settings/tokens"},
	{hub.ErrToken, exit.CodeConfig, "create a new token at https://huggingface.co/settings/tokens and use it with hf auth login or HF_TOKEN"},
	{hub.ErrNotHub, exit.CodeConfig, "check HF_ENDPOINT, and whether a proxy or a login page answers instead of the Hub"},
	{hub.ErrNotFound, exit.CodeNotFound, "hfhook webhooks ls shows what there is"},
	{hub.ErrForbidden, exit.CodeHub, "create a token with write access at https://huggingface.co/settings/tokens and use it with hf auth login or HF_TOKEN"},
	{hub.ErrLimited, exit.CodeHub, "wait, and try again"},
	{hub.ErrUncertain, exit.CodeHub, "check with hfhook webhooks ls"},
	{hub.ErrUnreachable, exit.CodeHub, "check the network, and HF_ENDPOINT if it is set"},
	{hub.ErrInlineJob, exit.CodeHub, "change it at https://huggingface.co/settings/webhooks, or use --url or --job-id instead of that Job"},
	{hub.ErrRefused, exit.CodeHub, "read the Hub's answer; https://status.huggingface.co shows outages"},
	{dev.ErrUnknownTarget, exit.CodeUsage, "hfhook status shows the targets of the running hfhook dev"},
	{dev.ErrNoTarget, exit.CodeUsage, "name one with --to, for example --to http://127.0.0.1:8000"},
}

func exitCode(ctx context.Context, err error) int {
	if f := (*exit.Error)(nil); errors.As(err, &f) {
		return f.Code
	}
	for _, known := range exitCodes {
		if errors.Is(err, known.err) {
			return known.code
		}
	}
	if e, ok := errors.AsType[*local.Error](err); ok && e.Status == http.StatusBadRequest {
		return exit.CodeUsage
	}
	if s, ok := signals.Of(ctx); ok {
		return signals.ExitCode(s)
	}
	return exit.CodeFailure
}

func advice(err error) string {
	if f := (*exit.Error)(nil); errors.As(err, &f) && f.Try != "" {
		return f.Try
	}
	for _, known := range exitCodes {
		if errors.Is(err, known.err) {
			return known.try
		}
	}
	if p, ok := errors.AsType[*tunnel.Problem](err); ok {
		return p.Fix
	}
	if e, ok := errors.AsType[*local.Error](err); ok {
		return e.Try
	}
	return ""
}
