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

// notSettings are flags that say what one call is to do, and so are taken from the
// command line alone.
var notSettings = map[string]bool{"help": true, "version": true, "list": true, "print": true, "raw": true, "payload": true, "headers": true, "deliveries": true, "ids": true, "number": true, "repo": true, "to": true, "as": true, "output": true, "with-secret": true, "filter": true, "body": true, "patch": true, "json-patch": true, "set": true, "unset": true, "concurrency": true, "pace": true, "stop-on-fail": true, "fail-on-change": true, "ignore": true, "junit": true, "dry-run": true, "send": true, "off": true, "yes": true, "header": true}

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
		if _, own := f.Annotations[notSetting]; failed != nil || own || notSettings[f.Name] {
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
	for _, cmd := range append(root.Commands(), root) {
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if !notSettings[f.Name] && !f.Hidden {
				names = append(names, f.Name)
			}
		})
	}
	slices.Sort(names)
	return slices.Compact(names)
}
