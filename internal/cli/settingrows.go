package cli

// The settings of a run for the screen that shows them.

import (
	"cmp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hfhook/tui/settings"
)

// listSettings are the values of all settings that cmd takes, and where each came
// from. No flag holds a secret: that one's row says only where it is.
// The tables of the configuration follow them.
// args are the targets of the command line, which count together with --forward.
func listSettings(p *program, cmd *cobra.Command, args []string, secret, store string) []settings.Setting {
	secrets := redactor(p)
	shown := func(values []string) string {
		values = slices.Clone(values)
		for i, value := range values {
			values[i] = secrets.Path(value)
		}
		return strings.Join(values, "  ")
	}
	rows := []settings.Setting{{Name: "secret", Value: "********", Origin: secret}}
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if !isSetting(cmd.Root(), f) {
			return
		}
		value := shown([]string{f.Value.String()})
		if list, ok := f.Value.(pflag.SliceValue); ok {
			values := list.GetSlice()
			if f.Name == "header" { // which may well be a credential
				for i, header := range values {
					name, _, _ := strings.Cut(header, ":")
					values[i] = name + ": ********"
				}
			}
			value = shown(values)
		}
		if f.Name == "store" {
			value = store
		}
		origin := cmp.Or(p.origins[f.Name], "default")
		if f.Name == "forward" && len(args) > 0 {
			value, origin = shown(append(slices.Clone(args), p.settings.forward...)), "the command line"
		}
		rows = append(rows, settings.Setting{Name: f.Name, Value: value, Origin: origin})
	})
	for _, row := range p.tables.Shown {
		row.Value = secrets.Path(row.Value)
		rows = append(rows, row)
	}
	return rows
}
