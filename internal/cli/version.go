package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"hfhook/internal/cli/output"
	"hfhook/internal/version"
)

// versionLine is the line of hfhook version --json.
type versionLine struct {
	Schema   int    `json:"schema"`
	Type     string `json:"type"`
	Version  string `json:"version"`
	Commit   string `json:"commit"`
	Date     string `json:"date"`
	Modified bool   `json:"modified"`
	Go       string `json:"go"`
	System   string `json:"system"`
}

func versionCommand(p *program) *cobra.Command {
	var as output.Format
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version, commit and Go version",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			info := version.Get()
			if as.JSON {
				return output.WriteLine(p.out, versionLine{1, "version", info.Version, info.Commit, info.Date, info.Modified, info.Go, info.System})
			}
			text := info.String()
			if as.IDs {
				text = info.Version
			}
			_, err := fmt.Fprintln(p.out, text)
			return err
		},
	}
	as.Flags(cmd, "print only the version")
	return cmd
}
