package cli

import (
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"mvdan.cc/sh/v3/syntax"

	"hfhook/tui/help"
)

var updateDocs = flag.Bool("update", false, "write the generated pages of docs again")

// TestGeneratedPages checks the pages that are made from the commands, the keys, the flags
// and the filter language, so that they cannot be out of date.
func TestGeneratedPages(t *testing.T) {
	t.Parallel()
	const by = "<!-- Made by go test ./internal/cli -run GeneratedPages -update -->\n"
	for name, text := range map[string]string{
		"commands.md": commandsPage(Commands()),
		"keys.md": "# Keys\n\nThe keys of the screen. What a key does depends on what is shown: the last line of the screen lists the most useful\n" +
			"ones, `?` all that work there. The third column is the name of the action for `[keys]` in the\n" +
			"[configuration](configuration.md), the last one the command that does the same.\n\n```text\n" + help.KeyHelp(nil) + "```\n",
		"filters.md": "# Filters\n\nThe same language in the screen (`/`), for `ls`, `tail`, `wait`, `rm`, `replay` and `export`, and for a target that gets only\n" +
			"some events (`when=`). `hfhook help filter` prints this page.\n\n```text\n" + filterTopic().Long + "\n```\n",
	} {
		text := text[:strings.Index(text, "\n")+1] + by + text[strings.Index(text, "\n")+1:]
		comparePage(t, name, text)
	}
	configuration, err := os.ReadFile("../../docs/configuration.md")
	if err != nil {
		t.Fatal(err)
	}
	before, _, ok := strings.Cut(string(configuration), "## Every setting\n")
	if !ok {
		t.Fatal("docs/configuration.md has no list of settings")
	}
	comparePage(t, "configuration.md", before+"## Every setting\n"+by+"\n"+settingsTable(Commands()))
}

func comparePage(t *testing.T, name, text string) {
	t.Helper()
	path := filepath.Join("../../docs", name)
	if *updateDocs {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if old, err := os.ReadFile(path); err != nil || string(old) != text {
		t.Errorf("docs/%s is out of date: go test ./internal/cli -run GeneratedPages -update", name)
	}
}

func commandsPage(root *cobra.Command) string {
	var b strings.Builder
	b.WriteString("# Commands\n\n`hfhook` alone is `hfhook dev`. `--help` after a command prints what stands here.\n\n")
	b.WriteString(`An ID is an event's id or how it begins, the name it is pinned under, ` + "`@last`, `@-2`" + ` for the one before it, or ` + "`@failed`" + ` for
the newest event that failed at one of its targets. A TARGET is a port, ` + "`host:port`" + `, a URL, or a command ([targets.md](targets.md)). A
FILTER chooses events ([filters.md](filters.md)). Commands that send something use the ` + "`hfhook dev`" + ` that runs in the same
folder, with its secret, path and targets; ` + "`--dev PID`" + ` chooses one if several run there.

`)
	var write func(cmd *cobra.Command)
	index := func(cmd *cobra.Command) {
		b.WriteString("| command | does |\n|---|---|\n")
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() && c.Name() != "help" {
				anchor := strings.ReplaceAll(strings.ToLower(c.CommandPath()), " ", "-")
				fmt.Fprintf(&b, "| [`%s`](#%s) | %s |\n", c.CommandPath(), anchor, strings.ReplaceAll(c.Short, "|", "\\|"))
			}
		}
		b.WriteString("\n")
	}
	write = func(cmd *cobra.Command) {
		fmt.Fprintf(&b, "## %s\n\n%s\n\n```text\n%s\n", cmd.CommandPath(), cmd.Short+".", cmd.UseLine())
		if cmd.Long != "" && cmd.Long != cmd.Short {
			fmt.Fprintf(&b, "\n%s\n", strings.TrimSpace(cmd.Long))
		}
		if cmd.Example != "" {
			fmt.Fprintf(&b, "\nExamples:\n%s\n", strings.TrimRight(cmd.Example, "\n"))
		}
		if flags := cmd.NonInheritedFlags(); flags.HasAvailableFlags() {
			fmt.Fprintf(&b, "\nFlags:\n%s\n", strings.TrimRight(flags.FlagUsages(), "\n"))
		}
		b.WriteString("```\n\n")
		for _, c := range cmd.Commands() {
			if c.IsAvailableCommand() {
				write(c)
			}
		}
	}
	index(root)
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() && c.Name() != "help" {
			write(c)
		}
	}
	return strings.TrimRight(b.String(), "\n") + "\n"
}

// settingsTable lists what can be set by flag, variable and file.
func settingsTable(root *cobra.Command) string {
	dev, _, err := root.Find([]string{"dev"})
	if err != nil {
		panic(err)
	}
	var b strings.Builder
	b.WriteString("| in a file | variable | default | meaning |\n|---|---|---|---|\n")
	dev.InheritedFlags()
	dev.Flags().VisitAll(func(f *pflag.Flag) {
		if !isSetting(root, f) || f.Hidden {
			return
		}
		_, usage := pflag.UnquoteUsage(f)
		value := f.DefValue
		if value == "[]" || value == "" {
			value = "–"
		} else {
			value = "`" + value + "`"
		}
		variable := "HFHOOK_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		fmt.Fprintf(&b, "| `%s` | `%s` | %s | %s |\n", f.Name, variable, value, strings.ReplaceAll(usage, "|", "\\|"))
	})
	return b.String()
}

// pages are the texts of the documentation, by their paths from the root.
func pages(t *testing.T) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && (entry.Name() == "node_modules" || entry.Name() == "dist" || entry.Name() == "testdata" || entry.Name() == ".git") {
			return filepath.SkipDir
		}
		if filepath.Ext(path) != ".md" {
			return nil
		}
		text, err := os.ReadFile(path)
		if err == nil {
			name, _ := filepath.Rel("../..", path)
			all[filepath.ToSlash(name)] = string(text)
		}
		return err
	})
	if err != nil || len(all) < 20 {
		t.Fatalf("read the documentation: %v, %d pages", err, len(all))
	}
	return all
}

// fence finds blocks of code, also those of a list.
var fence = regexp.MustCompile("(?ms)^( *)```(\\w+)([^\n]*)\n(.*?)^ *```")

var inline = regexp.MustCompile("`(hfhook [^`\n]+)`")

// TestDocumentedCommands parses each line of hfhook in the documentation: the command and
// its flags exist, and the values of the flags are valid.
func TestDocumentedCommands(t *testing.T) {
	t.Parallel()
	texts := pages(t)
	n := 0
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		text := texts[name]
		for _, block := range fence.FindAllStringSubmatch(text, -1) {
			if block[2] != "sh" {
				continue
			}
			calls, err := hfhookCalls(block[4])
			if err != nil {
				t.Errorf("%s: %v in:\n%s", name, err, block[4])
			}
			for _, args := range calls {
				n++
				if err := parseCall(args); err != nil {
					t.Errorf("%s: hfhook %s: %v", name, strings.Join(args, " "), err)
				}
			}
		}
		if name == "CHANGELOG.md" { // what was
			continue
		}
		for _, span := range inline.FindAllStringSubmatch(fence.ReplaceAllString(text, ""), -1) {
			shown, _, more := strings.Cut(span[1], "…")
			if more { // the last word may be half of one
				shown = strings.TrimRight(shown, " '~-")
			}
			calls, err := hfhookCalls(shown)
			if err != nil {
				t.Errorf("%s: %v in %s", name, err, span[1])
			}
			for _, args := range calls {
				n++
				if err := parseCall(args); err != nil {
					t.Errorf("%s: hfhook %s: %v", name, strings.Join(args, " "), err)
				}
			}
		}
	}
	if n < 60 {
		t.Errorf("the documentation has %d commands only", n)
	}
	t.Logf("%d commands", n)
}

// hfhookCalls are the arguments of each call of hfhook in a script.
func hfhookCalls(script string) (calls [][]string, err error) {
	file, err := syntax.NewParser().Parse(strings.NewReader(script), "")
	if err != nil {
		return nil, err
	}
	syntax.Walk(file, func(node syntax.Node) bool {
		call, ok := node.(*syntax.CallExpr)
		if !ok || len(call.Args) == 0 || call.Args[0].Lit() != "hfhook" {
			return true
		}
		args := []string{}
		for _, word := range call.Args[1:] {
			args = append(args, literal(word))
		}
		calls = append(calls, args)
		return true
	})
	return calls, nil
}

// literal is a word without its quotation marks.
func literal(word *syntax.Word) string {
	var b strings.Builder
	syntax.Walk(word, func(node syntax.Node) bool {
		switch part := node.(type) {
		case *syntax.Lit:
			b.WriteString(part.Value)
		case *syntax.SglQuoted:
			b.WriteString(part.Value)
		}
		return true
	})
	return b.String()
}

func parseCall(args []string) error {
	root := Commands()
	cmd, rest, err := root.Find(args)
	if err != nil {
		return err
	}
	if cmd == root && len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		return fmt.Errorf("unknown command %q", rest[0])
	}
	if err := cmd.ParseFlags(rest); !errors.Is(err, pflag.ErrHelp) {
		return err
	}
	return nil
}

// TestLinks follows each link inside the documentation, to its heading.
func TestLinks(t *testing.T) {
	t.Parallel()
	texts := pages(t)
	link := regexp.MustCompile(`\]\(([^)\s]+)\)`)
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		for _, found := range link.FindAllStringSubmatch(fence.ReplaceAllString(texts[name], ""), -1) {
			target, anchor, _ := strings.Cut(found[1], "#")
			if strings.Contains(target, "://") || strings.HasPrefix(target, "mailto:") {
				continue
			}
			to := name
			if target != "" {
				to = filepath.ToSlash(filepath.Join(filepath.Dir(name), target))
				if _, err := os.Stat(filepath.Join("../..", to)); err != nil {
					t.Errorf("%s: %s does not exist", name, found[1])
					continue
				}
			}
			if anchor != "" && !slices.Contains(anchors(texts[to]), anchor) {
				t.Errorf("%s: %s has no heading #%s", name, to, anchor)
			}
		}
	}
}

// anchors are the headings of a page as Markdown viewers name them in links.
func anchors(text string) (all []string) {
	drop := regexp.MustCompile(`[^\p{L}\p{N} _-]`)
	for line := range strings.Lines(fence.ReplaceAllString(text, "")) {
		if heading, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && strings.HasPrefix(line, "#") {
			heading = drop.ReplaceAllString(strings.ToLower(strings.TrimSpace(heading)), "")
			all = append(all, strings.ReplaceAll(heading, " ", "-"))
		}
	}
	return all
}
