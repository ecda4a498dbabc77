//go:build !linux

// Command speed runs on Linux only.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "speed: it runs on Linux only")
	os.Exit(2)
}
