package delivery

// Commands as targets: their syntax.

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"
)

// A Command is a program that is run for each event.
type Command struct {
	Args []string // the program and its arguments; no shell reads them

	// Env is added to the environment that every command has: NAME=VALUE, or NAME to pass on
	// hfhook's own value.
	Env []string
}

// String returns the command as it can be written on a command line.
func (c *Command) String() string {
	words := make([]string, len(c.Args))
	for i, arg := range c.Args {
		words[i] = arg
		if quoted, err := syntax.Quote(arg, syntax.LangPOSIX); err == nil {
			words[i] = quoted
		}
	}
	return strings.Join(words, " ")
}

// ParseCommand parses a command that is a target: words as in a shell, with quotes, backslashes
// and ~, then options as in [ParseTarget]. An option begins with its name and =, so other
// commas belong to the command. No shell runs the command, so shell syntax such as pipes is an
// error.
func ParseCommand(s string) (Target, error) {
	text, options := cutCommand(strings.TrimSpace(s))
	c, err := parseWords(text)
	if err != nil {
		return Target{}, err
	}
	return commandTarget(c, options)
}

// CommandTarget returns a target that runs a command of these words.
func CommandTarget(args []string) (Target, error) {
	if len(args) == 0 || args[0] == "" {
		return Target{}, errors.New("the command has no program: want for example ./job.sh")
	}
	return commandTarget(&Command{Args: slices.Clone(args)}, "")
}

func commandTarget(c *Command, options string) (Target, error) {
	t := Target{Command: c}
	if err := t.parseOptions(options); err != nil {
		return Target{}, err
	}
	if t.Name == "" {
		t.Name = filepath.Base(c.Args[0])
	}
	return t, nil
}

const withShell = "commands run without a shell: to use one, write sh -c '…'"

// parseWords parses the words of a simple command and the assignments before it.
func parseWords(text string) (*Command, error) {
	file, err := syntax.NewParser().Parse(strings.NewReader(text), "")
	if err != nil {
		if parse, ok := errors.AsType[syntax.ParseError](err); ok {
			err = errors.New(strings.Replace(parse.Text, "reached EOF", "it ends", 1))
		}
		return nil, fmt.Errorf("read the command: %w", err)
	}
	if len(file.Stmts) == 0 {
		return nil, errors.New("the command has no program: want for example ./job.sh")
	}
	stmt := file.Stmts[0]
	call, simple := stmt.Cmd.(*syntax.CallExpr)
	if len(file.Stmts) > 1 || !simple || len(stmt.Redirs) > 0 || stmt.Background || stmt.Negated || stmt.Coprocess {
		return nil, errors.New(withShell)
	}
	c := new(Command)
	for _, assign := range call.Assigns {
		value, err := literals(assign.Value)
		if err != nil || len(value) > 1 || assign.Append || assign.Index != nil || assign.Array != nil {
			return nil, errors.New(withShell)
		}
		c.Env = append(c.Env, assign.Name.Value+"="+strings.Join(value, ""))
	}
	for _, word := range call.Args {
		values, err := literals(word)
		if err != nil {
			return nil, err
		}
		c.Args = append(c.Args, values...)
	}
	if len(c.Args) == 0 || c.Args[0] == "" {
		return nil, errors.New("the command has no program: want for example ./job.sh")
	}
	return c, nil
}

// literals returns the words that a word expands to without a shell: one, or several for {a,b}.
// A ~ at its beginning is expanded, too.
func literals(word *syntax.Word) ([]string, error) {
	if word == nil {
		return nil, nil
	}
	ok := true
	syntax.Walk(word, func(node syntax.Node) bool {
		switch node.(type) {
		case nil, *syntax.Word, *syntax.Lit, *syntax.SglQuoted, *syntax.DblQuoted:
		default:
			ok = false
		}
		return ok
	})
	if !ok {
		return nil, errors.New(withShell)
	}
	home := func(name string) string {
		if name != "HOME" {
			return ""
		}
		dir, _ := os.UserHomeDir()
		return dir
	}
	return expand.Fields(&expand.Config{Env: expand.FuncEnviron(home)}, word)
}

// cutCommand splits a text into the command and the options after it.
func cutCommand(s string) (command, options string) {
	var quote byte
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && quote != '\'':
			i++
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '\'' || c == '"'):
			quote = c
		case quote == 0 && c == ',':
			name, _, found := strings.Cut(s[i+1:], "=")
			if found && slices.Contains(optionNames, strings.TrimSpace(name)) {
				return s[:i], s[i+1:]
			}
		}
	}
	return s, ""
}
