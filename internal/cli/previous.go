package cli

// The secret before the present one, which is accepted until it is forgotten or its time is
// over.

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"
)

// previousFlag is --previous-for of the commands that make another secret.
func previousFlag(add func(p *time.Duration, name string, value time.Duration, usage string), d *time.Duration) {
	add(d, "previous-for", 0, "accept the previous secret for this `time` (default: until hfhook secret forget)")
}

// untilFile says until when the secret in a file is accepted. Without one there is no end.
func untilFile(previous string) string { return previous + ".until" }

// endPrevious has the secret that is about to become the previous one end after a time; with
// 0 it has no end.
func endPrevious(previous string, after time.Duration) error {
	if after <= 0 {
		return ignoreMissing(os.Remove(untilFile(previous)))
	}
	return os.WriteFile(untilFile(previous), []byte(time.Now().Add(after).UTC().Format(time.RFC3339Nano)+"\n"), 0o600)
}

// previousUntil is when the previous secret ends; zero: it has no end.
func previousUntil(previous string) (time.Time, error) {
	text, err := os.ReadFile(untilFile(previous))
	if errors.Is(err, fs.ErrNotExist) {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, fmt.Errorf("read when the previous secret ends: %w", err)
	}
	until, err := time.Parse(time.RFC3339Nano, strings.TrimSpace(string(text)))
	if err != nil {
		return time.Time{}, fmt.Errorf("%s: invalid time: %w", untilFile(previous), err)
	}
	return until, nil
}

// forgetPrevious deletes the previous secret. fs.ErrNotExist: there is none.
func forgetPrevious(previous string) error {
	return errors.Join(os.Remove(previous), ignoreMissing(os.Remove(untilFile(previous))))
}

// endPreviousIfOver reports whether the time of --previous-for of hfhook dev is over.
func endPreviousIfOver(p *program) bool {
	return p.settings.previousFor > 0 && !p.started.IsZero() && time.Since(p.started) >= p.settings.previousFor
}

// previousText says until when the previous secret is accepted.
func previousText(until time.Time) string {
	if until.IsZero() {
		return "the previous secret is also accepted until hfhook secret forget"
	}
	return "the previous secret is also accepted until " + until.Local().Format(time.DateTime)
}
