package dev

import (
	"testing"
	"time"

	"hfhook/delivery"
	"hfhook/internal/handler"
	"hfhook/internal/port"
)

// TestLookAgain holds that a port is looked at only while something is waited for.
func TestLookAgain(t *testing.T) {
	running := handler.State{Phase: handler.Running, Since: time.Now()}
	slow := handler.State{Phase: handler.Running, Since: time.Now().Add(-time.Minute)}
	for name, tt := range map[string]struct {
		own       bool
		st        handler.State
		id        string // of what listens; empty: nothing does
		onRestart OnRestart
		want      time.Duration
	}{
		"the handler starts":                         {own: true, st: running, want: lookSoon},
		"the handler takes long to start":            {own: true, st: slow, want: lookSeldom},
		"the handler listens":                        {own: true, st: running, id: "1", want: never},
		"the handler listens, and may come back":     {own: true, st: running, id: "1", onRestart: RestartLast, want: lookSeldom},
		"the handler has ended":                      {own: true, st: handler.State{Phase: handler.Ended}, want: never},
		"a target listens":                           {id: "1", want: lookSeldom},
		"a target does not":                          {want: lookSeldom},
		"a target gets events when it comes back":    {id: "1", onRestart: RestartFailed, want: lookOften},
		"a target, where only a connection can tell": {id: port.Tried, want: lookTrying},
	} {
		t.Run(name, func(t *testing.T) {
			target, err := delivery.ParseTarget("8000")
			if err != nil {
				t.Fatal(err)
			}
			s := &Session{opts: Options{OnRestart: tt.onRestart}, outbox: delivery.New(nil, delivery.Options{})}
			if got := s.lookAgain(&watchedTarget{target: target, id: tt.id}, tt.own, tt.st); got != tt.want {
				t.Errorf("after %v, want %v", got, tt.want)
			}
		})
	}
}
