package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hfhook/internal/nearest"
)

// settings are the values of all flags, wherever they came from.
type settings struct {
	store string

	addr       string
	path       string
	forward    []string
	timeout    time.Duration
	tunnel     string
	url        string
	domain     string
	secretFile string
	noVerify   bool
	maxBody    string

	sendSecretTo      []string
	forwardDuplicates bool

	noTUI     bool
	json      bool
	quiet     bool
	ascii     bool
	readyFile string
	runFor    time.Duration
}

// Annotations of a flag: what dev takes is a setting, but for a flag of another
// command that means something else there; keepsValue marks one that dev has not.
const (
	notSetting = "hfhook-not-a-setting"
	keepsValue = "hfhook-setting"
)

// isSetting tells whether a flag of some command can be set by the environment or a
// file. Every other flag says what one call is to do.
func isSetting(root *cobra.Command, f *pflag.Flag) bool {
	if _, own := f.Annotations[notSetting]; own || f.Name == "help" || f.Name == "version" {
		return false
	}
	if _, ok := f.Annotations[keepsValue]; ok {
		return true
	}
	return root.Flags().Lookup(f.Name) != nil || root.PersistentFlags().Lookup(f.Name) != nil
}

// configure gives each flag that is not on the command line its value from, in this
// order, HFHOOK_<FLAG>, .hfhook.toml in the working directory, and config.toml in
// the user's configuration directory.
func (p *program) configure(cmd *cobra.Command) error {
	type source struct {
		name   string
		values map[string]any
	}
	var files []source
	paths := []string{".hfhook.toml"}
	if dir, err := p.configDir(); err == nil {
		paths = append(paths, filepath.Join(dir, "config.toml"))
	}
	for _, path := range paths {
		values, err := readConfig(path, cmd.Root())
		if err != nil {
			return err
		}
		files = append(files, source{path, values})
	}

	p.origins = map[string]string{}
	var failed error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if failed != nil || !isSetting(cmd.Root(), f) {
			return
		}
		if f.Changed {
			p.origins[f.Name] = "--" + f.Name
			return
		}
		env := "HFHOOK_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		if v := p.env(env); v != "" {
			values := []string{v}
			if _, many := f.Value.(pflag.SliceValue); many {
				values = strings.Fields(v)
			}
			p.origins[f.Name], failed = env, setFlag(cmd, f, env, values)
			return
		}
		for _, file := range files {
			if v, ok := file.values[f.Name]; ok {
				p.origins[f.Name], failed = file.name, setFlag(cmd, f, file.name+": "+f.Name, texts(v))
				return
			}
		}
	})
	return failed
}

func setFlag(cmd *cobra.Command, f *pflag.Flag, where string, values []string) error {
	for _, v := range values {
		if err := cmd.Flags().Set(f.Name, v); err != nil {
			return &failure{code: exitConfig, err: fmt.Errorf("%s: %w", where, err), try: "hfhook " + cmd.Name() + " --help shows what --" + f.Name + " takes"}
		}
	}
	return nil
}

// texts are a TOML value as flags are written.
func texts(v any) []string {
	if list, ok := v.([]any); ok {
		var all []string
		for _, item := range list {
			all = append(all, fmt.Sprint(item))
		}
		return all
	}
	return []string{fmt.Sprint(v)}
}

// readConfig reads a configuration file, whose keys are the names of flags. A file
// that is not there is an empty one.
func readConfig(path string, root *cobra.Command) (map[string]any, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, &failure{code: exitConfig, err: fmt.Errorf("read the configuration: %w", err)}
	}
	values := map[string]any{}
	if err := toml.Unmarshal(text, &values); err != nil {
		if parse := (toml.ParseError{}); errors.As(err, &parse) {
			return nil, &failure{code: exitConfig, err: fmt.Errorf("%s, line %d, column %d: %s", path, parse.Position.Line, parse.Position.Col, parse.Message)}
		}
		return nil, &failure{code: exitConfig, err: fmt.Errorf("%s: %w", path, err)}
	}
	known := settingNames(root)
	for key := range values {
		if !slices.Contains(known, key) {
			return nil, &failure{code: exitConfig, err: fmt.Errorf("%s: %q is no setting", path, key), try: nearest.Word(key, known)}
		}
	}
	return values, nil
}

// settingNames are the keys of a configuration file.
func settingNames(root *cobra.Command) []string {
	var names []string
	flags := []*pflag.FlagSet{root.Flags(), root.PersistentFlags()}
	for _, cmd := range root.Commands() {
		flags = append(flags, cmd.Flags())
	}
	for _, set := range flags {
		set.VisitAll(func(f *pflag.Flag) {
			if isSetting(root, f) {
				names = append(names, f.Name)
			}
		})
	}
	slices.Sort(names)
	return slices.Compact(names)
}
