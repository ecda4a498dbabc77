package cli

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// A shell offers file names for the arguments and flags below, and for no others of any
// command.
func TestCompletionOffersFilesForFiles(t *testing.T) {
	t.Parallel()
	files := []string{
		"send", "import", "dev --", "--",
		"--store", "--secret-file", "--ready-file", "--output", "--junit", "verify --body", "store salvage --to", "--exec", "--reload",
	}
	var asked int
	ask := func(words ...string) {
		asked++
		var out bytes.Buffer
		p := &program{in: strings.NewReader(""), out: &out, err: &bytes.Buffer{}, env: func(string) string { return "" }}
		if code := p.run(t.Context(), append(append([]string{"__complete"}, words...), "")); code != 0 {
			t.Errorf("%q: completion ends with %d", words, code)
			return
		}
		lines := strings.Split(strings.TrimSpace(out.String()), "\n")
		var directive cobra.ShellCompDirective
		if _, err := fmt.Sscanf(lines[len(lines)-1], ":%d", &directive); err != nil {
			t.Errorf("%q: %v in %q", words, err, lines)
		}
		last := words[len(words)-1:]
		wanted := slices.Contains(files, strings.Join(words, " ")) || len(words) > 1 && slices.Contains(files, strings.Join(last, " "))
		if offered := directive&cobra.ShellCompDirectiveNoFileComp == 0; offered != wanted {
			t.Errorf("%q: offers file names: %t, want %t", words, offered, wanted)
		}
	}
	var walk func(cmd *cobra.Command, path []string)
	walk = func(cmd *cobra.Command, path []string) {
		if len(path) > 0 {
			ask(path...)
		}
		flag := func(f *pflag.Flag) {
			if f.NoOptDefVal == "" && !f.Hidden {
				ask(append(slices.Clone(path), "--"+f.Name)...)
			}
		}
		cmd.LocalFlags().VisitAll(flag)
		cmd.InheritedFlags().VisitAll(flag)
		for _, below := range cmd.Commands() {
			if !below.Hidden && below.Name() != "help" {
				walk(below, append(slices.Clone(path), below.Name()))
			}
		}
	}
	walk(Commands(), nil)
	ask("--")
	ask("dev", "--")
	if asked < 150 {
		t.Errorf("only %d places were found", asked)
	}
}
