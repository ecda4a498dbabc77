package tui

const canSuspend = false // Windows stops no process

func stop() {}
