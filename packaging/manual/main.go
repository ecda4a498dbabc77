// Manual writes hfhook's man pages and shell completions into two folders, as packages
// carry them:
//
//	go run ./packaging/manual DIR      DIR/man/*.1, DIR/completions/hfhook.{bash,zsh,fish,ps1}
package main

import (
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra/doc"

	"hfhook/internal/cli"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./packaging/manual DIR")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "manual:", err)
		os.Exit(1)
	}
}

// fixedTime keeps the pages the same from day to day. SOURCE_DATE_EPOCH wins.
var fixedTime = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func write(dir string) error {
	man, completions := filepath.Join(dir, "man"), filepath.Join(dir, "completions")
	for _, d := range []string{man, completions} {
		if err := os.MkdirAll(d, 0o755); err != nil {
			return err
		}
	}
	root := cli.Commands()
	root.DisableAutoGenTag = true
	if err := doc.GenManTree(root, &doc.GenManHeader{Title: "HFHOOK", Section: "1", Source: "hfhook", Manual: "hfhook", Date: &fixedTime}, man); err != nil {
		return fmt.Errorf("write the man pages: %w", err)
	}
	file := func(name string) string { return filepath.Join(completions, name) }
	for _, err := range []error{
		root.GenBashCompletionFileV2(file("hfhook.bash"), true),
		root.GenZshCompletionFile(file("hfhook.zsh")),
		root.GenFishCompletionFile(file("hfhook.fish"), true),
		root.GenPowerShellCompletionFileWithDesc(file("hfhook.ps1")),
	} {
		if err != nil {
			return fmt.Errorf("write the completions: %w", err)
		}
	}
	return nil
}
