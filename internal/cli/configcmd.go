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

	"hfhook/internal/visible"
)

func (p *program) configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Show the settings of hfhook dev and their sources",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("unknown command %q: want show, path or check", args[0])
			}
			return nil
		},
		RunE: func(*cobra.Command, []string) error {
			return &failure{code: exitUsage, err: errors.New("config needs a command: show, path or check"), try: "hfhook config show"}
		},
	}
	cmd.AddCommand(p.configShowCommand(), p.configPathCommand(), p.configCheckCommand())
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

func (p *program) configShowCommand() *cobra.Command {
	var as format
	cmd := &cobra.Command{
		Use:   "show",
		Short: "Print each setting, its value, and where that comes from",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := p.configureDev(cmd); err != nil {
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
			for _, row := range p.settingRows(cmd.Root(), nil, origin, path) {
				switch {
				case as.json:
					err = writeLine(p.out, settingLine{Schema: 1, Type: "setting", Name: row.Name, Value: row.Value, Origin: row.Origin})
				case as.ids:
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
	as.flags(cmd, "names only")
	return cmd
}

// configureDev gives the flags of hfhook dev their values, for another command.
func (p *program) configureDev(cmd *cobra.Command) error {
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
type place struct{ name, path string }

// places are where hfhook keeps what it has.
func (p *program) places() ([]place, error) {
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
	project, err := filepath.Abs(".hfhook.toml")
	if err != nil {
		return nil, fmt.Errorf("find the working directory: %w", err)
	}
	return []place{
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

func (p *program) configPathCommand() *cobra.Command {
	var as format
	cmd := &cobra.Command{
		Use:   "path",
		Short: "Print where configuration, events, secret and log are",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			places, err := p.places()
			if err != nil {
				return err
			}
			for _, at := range places {
				_, err := os.Stat(at.path)
				exists := !errors.Is(err, fs.ErrNotExist)
				switch {
				case as.json:
					err = writeLine(p.out, pathLine{Schema: 1, Type: "path", Name: at.name, Path: at.path, Exists: exists})
				case as.ids:
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
	as.flags(cmd, "paths only")
	return cmd
}

func (p *program) configCheckCommand() *cobra.Command {
	var as format
	cmd := &cobra.Command{
		Use:   "check",
		Short: "Check that hfhook dev can use its settings",
		Long:  "Reads the configuration as hfhook dev does and says what it would refuse. hfhook\ndoctor goes on and tries what the settings name.",
		Args:  noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			err := p.check(cmd)
			switch {
			case as.json:
				err = errors.Join(writeLine(p.out, newConfigLine(err)), err)
			case err == nil && !as.ids:
				_, err = fmt.Fprintln(p.out, "good")
			}
			return err
		},
	}
	as.flags(cmd, "print nothing; only the exit code counts")
	return cmd
}

// check is the first thing that hfhook dev would refuse.
func (p *program) check(cmd *cobra.Command) error {
	if err := p.configure(cmd); err != nil {
		return err
	}
	if err := p.configureDev(cmd); err != nil {
		return err
	}
	if lines := unknownVariables(cmd.Root(), os.Environ()); len(lines) > 0 {
		return &failure{code: exitConfig, err: errors.New(strings.Join(lines, "\n"))}
	}
	_, err := p.knownSecrets()
	if errors.Is(err, errNoSecret) { // dev makes one
		err = nil
	}
	if err == nil {
		_, err = p.targets(cmd, nil)
	}
	if err == nil {
		_, _, err = p.settings.retention()
	}
	if err == nil {
		err = p.checkAck()
	}
	if err == nil {
		_, err = hookPath(p.settings.path)
	}
	if _, ok := colors[p.settings.color]; err == nil && !ok {
		err = fmt.Errorf("invalid --color %q: want auto, always, never, 16, 256 or true", p.settings.color)
	}
	if err == nil {
		_, err = p.provider(cmd.Context(), slog.New(slog.DiscardHandler))
	}
	if err != nil {
		return &failure{code: exitConfig, err: err, try: advice(err)}
	}
	return nil
}
