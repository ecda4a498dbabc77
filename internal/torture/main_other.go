//go:build !linux

// Command torture runs on Linux only.
package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "torture: it runs on Linux only")
	os.Exit(2)
}
