package dev_test

import (
	"errors"
	"fmt"
	"log/slog"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/internal/dev"
)

func TestLog(t *testing.T) {
	t.Parallel()
	kept := dev.NewLog()
	log := slog.New(kept)
	log.Debug("not kept")
	log.Info("listening", "addr", "127.0.0.1:1")
	log.With("event", "01J").WithGroup("g").Warn("send", "error", errors.New("refused"), slog.Group("h", "n", 1))
	var got []string
	log.Error("change the secret", "error", errors.New("refused"), "fix", "remove the file", "webhook", "66f0", "url", "")
	for _, r := range kept.Records() {
		got = append(got, r.Level.String()+" "+r.Text)
	}
	want := []string{"INFO listening (addr 127.0.0.1:1)", "WARN send (event 01J, g.error refused, g.h.n 1)", "ERROR change the secret: refused (webhook 66f0). Try: remove the file"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for i := range 1500 {
		log.Info(fmt.Sprint(i))
	}
	records := kept.Records()
	if len(records) != 1000 || records[0].Text != "500" || records[999].Text != "1499" {
		t.Errorf("%d records, from %q to %q", len(records), records[0].Text, records[len(records)-1].Text)
	}
}
