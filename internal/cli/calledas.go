package cli

// hfhook as a command of another program: `hf hook` starts it, and then its help and its
// advice name the command that the user typed.

import (
	"bytes"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
)

// calledAsVariable is the variable with the command that the user typed. Only known callers are
// accepted, because the text is printed on the terminal.
const calledAsVariable = "HFHOOK_CALLED_AS"

var callers = []string{"hf hook"}

// calledAs returns the command that the user typed for hfhook.
func (p *program) calledAs() string {
	if name := p.env(calledAsVariable); slices.Contains(callers, name) {
		return name
	}
	return "hfhook"
}

// commandWord is hfhook where it is called, and not a part of a file's or variable's name.
var commandWord = regexp.MustCompile(`(^|[\s` + "`" + `"'(])hfhook( |$|` + "`" + `)`)

// inCallersWords replaces hfhook's name in a text by the command that the user typed.
func (p *program) inCallersWords(text string) string {
	if name := p.calledAs(); name != "hfhook" {
		return commandWord.ReplaceAllString(text, "${1}"+name+"${2}")
	}
	return text
}

// nameCaller makes the help of all commands name the caller.
func nameCaller(p *program, root *cobra.Command) {
	if p.calledAs() == "hfhook" {
		return
	}
	show := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		var text bytes.Buffer
		out := cmd.OutOrStdout()
		cmd.SetOut(&text)
		show(cmd, args)
		cmd.SetOut(out)
		_, _ = io.WriteString(out, p.inCallersWords(text.String()))
	})
}

// withoutCaller returns the environment for a program that hfhook runs: hf adds its user's
// access token for `hf hook`, which is not meant for a webhook handler.
func withoutCaller(environ []string) []string {
	called := slices.ContainsFunc(callers, func(name string) bool { return slices.Contains(environ, calledAsVariable+"="+name) })
	return slices.DeleteFunc(slices.Clone(environ), func(kv string) bool {
		name, _, _ := strings.Cut(kv, "=")
		return name == calledAsVariable || called && name == "HF_TOKEN"
	})
}
