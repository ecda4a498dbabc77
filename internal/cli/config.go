package cli

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hfhook/internal/cli/config"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/tui/settings"
)

// flagValues are the values of all flags, from any source.
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
	ack               ackFlag
	insecureTarget    bool

	run       string
	reload    []string
	restart   string
	onRestart string

	noTUI     bool
	as        output.Format
	quiet     bool
	keep      string
	maxStore  string
	ascii     bool
	mouse     bool
	order     string
	color     string
	readyFile string
	readyWhen string
	runFor    time.Duration

	dev int // process id of the hfhook dev that is meant; 0: that of this folder
}

// Annotations of a flag: byLine marks one whose values can have spaces, which stand on
// lines of their own in the environment. What dev takes is a setting, except for a flag of
// another command that means something else there.
const (
	notSetting = "hfhook-not-a-setting"
	byLine     = "hfhook-by-line"
)

// isSetting reports whether a flag of some command can be set by the environment or a file.
// Other flags are for one call only.
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

// configure sets each flag that is not on the command line from, in this order, HFHOOK_<FLAG>,
// .hfhook.toml in the working directory, and config.toml in the user's configuration directory.
func (p *program) configure(cmd *cobra.Command) error {
	var files []*config.File
	for _, path := range configNames(p) {
		file, err := config.Read(path, settingNames(cmd.Root()))
		if err != nil {
			return err
		}
		files = append(files, file)
	}
	if err := readTables(p, files); err != nil {
		return err
	}

	p.origins = map[string]string{}
	defer settleTunnel(p)
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
			if v, ok := file.Flags[f.Name]; ok {
				p.origins[f.Name], failed = file.Path, setFlag(cmd, f, config.Texts(v))
				if failed != nil {
					failed = file.Refuse(fmt.Errorf("%s: %w", f.Name, failed), cmd.CommandPath()+" --help shows what --"+f.Name+" takes", f.Name)
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
	return &exit.Error{Code: exit.CodeConfig, Err: err, Try: cmd.CommandPath() + " --help shows what --" + f.Name + " takes"}
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

// configNames are the two files that are read, the one with priority first.
func configNames(p *program) []string {
	names := []string{projectConfig}
	if dir, err := p.configDir(); err == nil {
		names = append(names, filepath.Join(dir, "config.toml"))
	}
	return names
}

// readTables decodes the tables of files, the first of which has priority.
func readTables(p *program, files []*config.File) error {
	p.tables = config.Tables{}
	for name, kind := range config.Kinds {
		rows := map[string]settings.Setting{}
		for i, file := range slices.Backward(files) {
			found := file.Tables[name]
			before := 0 // tables of the files that count more
			for _, f := range files[:i] {
				before += len(f.Tables[name])
			}
			if kind.Several && !kind.Both && before > 0 {
				found = nil
			}
			for _, table := range found {
				if err := kind.Decode(&p.tables, table); err != nil {
					return err
				}
				for key, value := range table.Values {
					label := name + "." + key
					if kind.Several {
						label = fmt.Sprintf("%s[%d].%s", name, before+table.N, key)
					}
					text := config.TextOf(value)
					if slices.Contains(kind.Hidden, key) {
						text = "********"
					}
					rows[label] = settings.Setting{Name: label, Value: text, Origin: file.Path}
				}
			}
		}
		for _, row := range rows {
			p.tables.Shown = append(p.tables.Shown, row)
		}
	}
	slices.SortFunc(p.tables.Shown, func(a, b settings.Setting) int { return strings.Compare(a.Name, b.Name) })
	return nil
}
