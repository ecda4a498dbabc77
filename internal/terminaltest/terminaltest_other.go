//go:build !linux

package terminaltest
