package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// flagValues are the values of all flags, wherever they came from.
type flagValues struct {
	store string

	addr       string
	path       string
	forward    []string
	exec       []string
	header     []string
	timeout    time.Duration
	tunnel     string
	url        string
	domain     string
	secretFile string
	noVerify   bool

	previousFor time.Duration

	maxBody string

	watch, events []string
	onQuit        string
	pauseAfter    time.Duration
	quitWithin    time.Duration
	yes           bool

	sendSecretTo      []string
	forwardDuplicates bool
	ack               string
	insecureTarget    bool

	reload    []string
	restart   string
	onRestart string

	noTUI     bool
	json      bool
	quiet     bool
	keep      string
	maxStore  string
	ascii     bool
	mouse     bool
	color     string
	readyFile string
	runFor    time.Duration
}

// Annotations of a flag: byLine marks one whose values can have spaces, which stand on
// lines of their own in the environment. What dev takes is a setting, except for a flag of
// another command that means something else there.
const (
	notSetting = "hfhook-not-a-setting"
	byLine     = "hfhook-by-line"
)

// isSetting reports whether a flag of some command can be set by the environment or a
// file. Every other flag says what one call is to do.
func isSetting(root *cobra.Command, f *pflag.Flag) bool {
	if dev := root.Flags().Lookup(f.Name); dev != nil { // what dev does not have is not a setting
		if _, own := dev.Annotations[notSetting]; own {
			return false
		}
	}
	if _, own := f.Annotations[notSetting]; own || f.Name == "help" || f.Name == "version" {
		return false
	}
	return root.Flags().Lookup(f.Name) != nil || root.PersistentFlags().Lookup(f.Name) != nil
}

// configure gives each flag that is not on the command line its value from, in this
// order, HFHOOK_<FLAG>, .hfhook.toml in the working directory, and config.toml in
// the user's configuration directory.
func (p *program) configure(cmd *cobra.Command) error {
	var files []*configFile
	for _, path := range p.configNames() {
		file, err := readConfig(path, cmd.Root())
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	if err := p.readTables(files); err != nil {
		return err
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
		env := variableOf(f.Name)
		if v := p.env(env); v != "" {
			values := []string{v}
			if _, many := f.Value.(pflag.SliceValue); many {
				values = strings.Fields(v)
				if _, lines := f.Annotations[byLine]; lines {
					values = strings.Split(strings.Trim(v, "\n"), "\n")
				}
			}
			p.origins[f.Name], failed = env, setFlag(cmd, f, values)
			if failed != nil {
				failed = flagFailure(cmd, f, fmt.Errorf("%s: %w", env, failed))
			}
			return
		}
		for _, file := range files {
			if v, ok := file.flags[f.Name]; ok {
				p.origins[f.Name], failed = file.path, setFlag(cmd, f, texts(v))
				if failed != nil {
					failed = file.refuse(fmt.Errorf("%s: %w", f.Name, failed), cmd.CommandPath()+" --help shows what --"+f.Name+" takes", f.Name)
				}
				return
			}
		}
	})
	return failed
}

func setFlag(cmd *cobra.Command, f *pflag.Flag, values []string) error {
	for _, v := range values {
		if err := cmd.Flags().Set(f.Name, v); err != nil {
			return plainFlag(err)
		}
	}
	return nil
}

func flagFailure(cmd *cobra.Command, f *pflag.Flag, err error) error {
	return &failure{code: exitConfig, err: err, try: cmd.CommandPath() + " --help shows what --" + f.Name + " takes"}
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
