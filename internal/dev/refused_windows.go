package dev

import (
	"errors"

	"golang.org/x/sys/windows"
)

// refused reports whether nothing listens at the address that was tried.
func refused(err error) bool { return errors.Is(err, windows.WSAECONNREFUSED) }
