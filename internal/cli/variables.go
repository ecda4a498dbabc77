package cli

// Variables of the environment whose names begin like those of the settings, and are none.

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"hfhook/internal/nearest"
	"hfhook/internal/visible"
)

const variablePrefix = "HFHOOK_"

// commandVariables are those that hfhook gives to the commands that it runs.
var commandVariables = []string{"HFHOOK_EVENT_ID", "HFHOOK_ATTEMPT", "HFHOOK_REPLAY", calledAsVariable}

// variableOf is the variable that sets a flag.
func variableOf(flag string) string {
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// unknownVariables are what to say of the variables that set nothing, one line for each.
func unknownVariables(root *cobra.Command, environ []string) []string {
	var known []string
	for _, name := range settingNames(root) {
		known = append(known, variableOf(name))
	}
	var lines []string
	for _, kv := range environ {
		name, value, _ := strings.Cut(kv, "=")
		if !strings.HasPrefix(name, variablePrefix) || value == "" || slices.Contains(known, name) || slices.Contains(commandVariables, name) {
			continue
		}
		line := "the variable " + name + " sets nothing"
		if near := nearest.Word(name, known); near != "" && nearest.Close(strings.TrimPrefix(name, variablePrefix), strings.TrimPrefix(near, variablePrefix)) {
			line += fmt.Sprintf(": did you mean %s?", near)
		} else {
			line += ": hfhook config show lists the settings"
		}
		lines = append(lines, line)
	}
	slices.Sort(lines)
	return lines
}

// printVariables warns of them.
func printVariables(p *program, root *cobra.Command) {
	for _, line := range unknownVariables(root, os.Environ()) {
		fmt.Fprintf(p.err, "hfhook: %s\n", visible.Line(line))
	}
}
