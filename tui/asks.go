package tui

// What the program itself asks the session.

import (
	"context"

	"hfhook/tui/screen"
)

// asks makes the Cmds that ask the session.
type asks struct {
	*screen.Runner
	session Session
}

func newAsks(ctx context.Context, s Session, clip screen.Clipboard, env screen.Environment) *asks {
	return &asks{&screen.Runner{Ctx: ctx, Clip: clip, Env: env}, s}
}
