//go:build !windows

package dev

import (
	"errors"
	"syscall"
)

// refused reports whether nothing listens at the address that was tried.
func refused(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }
