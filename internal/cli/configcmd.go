package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/plainerr"
	"hfhook/internal/visible"
)

// A configLine is the line of hfhook config check --json.
type configLine struct {
	Schema int    `json:"schema"`
	Type   string `json:"type"`
	OK     bool   `json:"ok"`
	Error  string `json:"error"` // the first thing that hfhook dev would refuse
	Fix    string `json:"fix,omitempty"`

	Warnings []string `json:"warnings,omitempty"` // what works in this release, and will not in the next
}

// newConfigLine describes a configuration with the error err; nil: it is valid.
func newConfigLine(err error, warnings []string) configLine {
	line := configLine{Schema: 1, Type: "config", OK: err == nil, Warnings: warnings}
	if err != nil {
		line.Error, line.Fix = plainerr.Text(err), advice(err)
	}
	return line
}

func configCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Show the settings of hfhook dev and their sources",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return exit.Usagef("unknown command %q: want show, path or check", args[0])
			}
			return nil
		},
		RunE: func(*cobra.Command, []string) error {
			return &exit.Error{Code: exit.CodeUsage, Err: errors.New("config needs a command: show, path or check"), Try: "hfhook config show"}
		},
	}
	cmd.AddCommand(configShowCommand(p), configPathCommand(p), configCheckCommand(p))
	return cmd
}

// settingLine is a line of hfhook config show --json.
type settingLine struct {
	Schema int    `json:"schema"`
	Type   string `json:"type"`
	Name   string `json:"name"`
	Value  string `json:"value"`
	Origin string `json:"origin"`
}

func configShowCommand(p *program) *cobra.Command {
	var as output.Format
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Print each setting, its value, and where that comes from",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := configureDev(p, cmd); err != nil {
				return err
			}
			path, err := p.storePath()
			if err != nil {
				return err
			}
			origin := "none yet: hfhook dev creates one when it first runs"
			secret, err := p.knownSecrets()
			switch {
			case err == nil && len(secret.accepted) == 0:
				origin = "--no-verify: there is none"
			case err == nil:
				origin = secret.source
			case !errors.Is(err, errNoSecret):
				return err
			}
			for _, row := range listSettings(p, cmd.Root(), nil, origin, path) {
				switch {
				case as.JSON:
					err = output.WriteLine(p.out, settingLine{Schema: 1, Type: "setting", Name: row.Name, Value: row.Value, Origin: row.Origin})
				case as.IDs:
					_, err = fmt.Fprintln(p.out, row.Name)
				default:
					_, err = fmt.Fprintf(p.out, "%-18s  %-28s  %s\n", row.Name, visible.Line(row.Value), visible.Line(row.Origin))
				}
				if err != nil {
					return err
				}
			}
			return nil
		},
	}
	as.Flags(cmd, "names only")
	return cmd
}

// configureDev sets the flags of hfhook dev, for another command.
func configureDev(p *program, cmd *cobra.Command) error {
	store := p.origins["store"] // the flag of all commands, which has its value by now
	root := cmd.Root()
	root.LocalFlags() // makes the flags of all commands part of its own
	if err := p.configure(root); err != nil {
		return err
	}
	p.origins["store"] = store
	return nil
}

// A place is a file or a directory of hfhook.
type ownPath struct{ name, path string }

// ownPaths returns the paths of hfhook's files.
func ownPaths(p *program) ([]ownPath, error) {
	config, err := p.configDir()
	if err != nil {
		return nil, err
	}
	state, err := p.stateDir()
	if err != nil {
		return nil, err
	}
	events, err := p.storePath()
	if err != nil {
		return nil, err
	}
	project, err := filepath.Abs(projectConfig)
	if err != nil {
		return nil, fmt.Errorf("find the working directory: %w", err)
	}
	return []ownPath{
		{"project", project},
		{"config", filepath.Join(config, "config.toml")},
		{"store", events},
		{"secret", filepath.Join(state, "secret")},
		{"log", filepath.Join(state, "hfhook.log")},
	}, nil
}

// pathLine is a line of hfhook config path --json.
type pathLine struct {
	Schema int    `json:"schema"`
	Type   string `json:"type"`
	Name   string `json:"name"`
	Path   string `json:"path"`
	Exists bool   `json:"exists"`
}

func configPathCommand(p *program) *cobra.Command {
	var as output.Format
	cmd := &cobra.Command{
		Use:   "path",
		Short: "Print where configuration, events, secret and log are",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			places, err := ownPaths(p)
			if err != nil {
				return err
			}
			for _, at := range places {
				_, err := os.Stat(at.path)
				exists := !errors.Is(err, fs.ErrNotExist)
				switch {
				case as.JSON:
					err = output.WriteLine(p.out, pathLine{Schema: 1, Type: "path", Name: at.name, Path: at.path, Exists: exists})
				case as.IDs:
					_, err = fmt.Fprintln(p.out, visible.Line(at.path))
				default:
					note := ""
					if !exists {
						note = "  (not there)"
					}
					_, err = fmt.Fprintf(p.out, "%-8s %s%s\n", at.name, visible.Line(at.path), note)
				}
				if err != nil {
					return err
				}
			}
			return nil
		},
	}
	as.Flags(cmd, "paths only")
	return cmd
}

func configCheckCommand(p *program) *cobra.Command {
	var as output.Format
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check that hfhook dev can use its settings",
		Long: `Reads the configuration like hfhook dev and reports what is invalid. hfhook doctor also
tries what the settings name.`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := checkConfig(p, cmd)
			switch {
			case as.JSON:
				err = errors.Join(output.WriteLine(p.out, newConfigLine(err, p.keyWarnings())), err)
			case err == nil && !as.IDs:
				for _, text := range p.keyWarnings() {
					fmt.Fprintln(p.err, "warning: "+text)
				}
				_, err = fmt.Fprintln(p.out, "good")
			}
			return err
		},
	}
	as.Flags(cmd, "print nothing; only the exit code counts")
	return cmd
}

// keyWarnings say which keys of [keys] work in this release alone.
func (p *program) keyWarnings() []string {
	var all []string
	for _, w := range p.tables.Keys.Warnings() {
		all = append(all, "[keys]: "+w.Error())
	}
	return all
}

// checkConfig returns the first error that hfhook dev would report.
func checkConfig(p *program, cmd *cobra.Command) error {
	if err := p.configure(cmd); err != nil {
		return err
	}
	if err := configureDev(p, cmd); err != nil {
		return err
	}
	if lines := unknownVariables(cmd.Root(), os.Environ()); len(lines) > 0 {
		return &exit.Error{Code: exit.CodeConfig, Err: errors.New(strings.Join(lines, "\n"))}
	}
	_, err := p.knownSecrets()
	if errors.Is(err, errNoSecret) { // dev makes one
		err = nil
	}
	if err == nil {
		_, err = readTargets(p, cmd, nil)
	}
	if err == nil {
		_, _, err = p.settings.retention()
	}
	if err == nil {
		err = checkAck(p)
	}
	if err == nil {
		_, err = hookPath(p.settings.path)
	}
	if _, ok := colors[p.settings.color]; err == nil && !ok {
		err = fmt.Errorf("invalid --color %q: want auto, always, never, 16, 256 or true", p.settings.color)
	}
	if err == nil {
		_, err = newProvider(cmd.Context(), p, slog.New(slog.DiscardHandler))
	}
	if err != nil {
		return &exit.Error{Code: exit.CodeConfig, Err: err, Try: advice(err)}
	}
	return nil
}
