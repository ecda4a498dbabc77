package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"hfhook/internal/cli/config"
	"hfhook/internal/cli/exit"
	"hfhook/internal/visible"
	"hfhook/tui/events"
)

// saveFilter writes a filter into the project's configuration, in place of one with its
// name, and returns all filters that there are then.
func (p *program) saveFilter(f events.SavedFilter) ([]events.SavedFilter, string, error) {
	if f.Name == "" {
		return nil, "", errors.New("a saved filter needs a name")
	}
	if err := editProjectFile(func(text string) (string, error) { return config.WithFilter(text, f) }); err != nil {
		return nil, "", err
	}
	if i := slices.IndexFunc(p.tables.Filters, func(o events.SavedFilter) bool { return o.Name == f.Name }); i >= 0 {
		p.tables.Filters[i] = f
	} else {
		p.tables.Filters = append(p.tables.Filters, f)
	}
	return slices.Clone(p.tables.Filters), config.ProjectFile, nil
}

// editProjectFile changes the text of the project's configuration, which is empty if there is
// no such file yet.
func editProjectFile(change func(text string) (string, error)) error {
	path, err := filepath.EvalSymlinks(config.ProjectFile)
	if errors.Is(err, fs.ErrNotExist) {
		path, err = config.ProjectFile, nil
	}
	if err != nil {
		return err
	}
	text, mode := "", fs.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	old, err := os.ReadFile(path)
	if err == nil {
		text = string(old)
	} else if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	changed, err := change(text)
	if err != nil {
		return fmt.Errorf("%s: %w", config.ProjectFile, err)
	}
	return config.ReplaceFile(path, []byte(changed), mode)
}

// keepFilter saves the filter of a command as it is written, and says where.
func keepFilter(p *program, name, text string) error {
	if text = strings.TrimSpace(text); text == "" {
		return exit.Usagef("--save needs a filter, for example hfhook ls --save failed status:5xx")
	}
	_, where, err := p.saveFilter(events.SavedFilter{Name: strings.TrimSpace(name), Text: text})
	if err != nil {
		return &exit.Error{Code: exit.CodeConfig, Err: fmt.Errorf("save the filter: %w", err)}
	}
	_, err = fmt.Fprintf(p.err, "saved %q in %s\n", visible.Line(name), where)
	return err
}
