package config

// Saving a filter, from the screen or by ls --save: [[filter]] in the project's
// configuration, of which every other byte stays as it is.

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"hfhook/filter"
	"hfhook/tui/events"
)

// decodeFilter reads [[filter]]: a name, and a text in the filter language.
func decodeFilter(to *Tables, from Table) error {
	var f events.SavedFilter
	if err := from.Fields(map[string]any{"name": &f.Name, "text": &f.Text}); err != nil {
		return err
	}
	switch {
	case f.Name == "":
		return from.refuse("", errors.New("a name is missing"), "")
	case strings.TrimSpace(f.Text) == "":
		return from.refuse("", errors.New("the filter is missing"), "")
	}
	if _, err := filter.Parse(f.Text, time.Now()); err != nil {
		return from.refuse("text", err, "hfhook help filter")
	}
	// The user's own come first, and make way for those of the project.
	to.Filters = slices.DeleteFunc(to.Filters, func(o events.SavedFilter) bool { return o.Name == f.Name })
	to.Filters = slices.Insert(to.Filters, min(from.N, len(to.Filters)), f)
	return nil
}

// ProjectFile is the configuration that a team shares.
const ProjectFile = ".hfhook.toml"

// ReplaceFile puts a file in the place of one, whole or not at all.
func ReplaceFile(path string, text []byte, mode fs.FileMode) error {
	next, err := os.CreateTemp(filepath.Dir(path), ".hfhook-*.toml")
	if err != nil {
		return err
	}
	defer os.Remove(next.Name()) // if it was not given its name
	_, err = next.Write(text)
	if err := errors.Join(err, next.Chmod(mode), next.Sync(), next.Close()); err != nil {
		return err
	}
	return os.Rename(next.Name(), path)
}

var (
	filterHead = regexp.MustCompile(`(?m)^[ \t]*\[\[[ \t]*filter[ \t]*\]\][ \t]*(#.*)?$`)
	anyHead    = regexp.MustCompile(`(?m)^[ \t]*\[`)
	textLine   = regexp.MustCompile(`(?m)^[ \t]*text[ \t]*=.*$`)
)

// WithFilter puts a filter into the text of a configuration: over the text of the one
// with its name, or at the end. All else stays as it is.
func WithFilter(text string, f events.SavedFilter) (string, error) {
	before, err := filtersIn(text)
	if err != nil {
		return "", err
	}
	line := "text = " + tomlString(f.Text)
	var changed string
	if i := slices.IndexFunc(before, func(o events.SavedFilter) bool { return o.Name == f.Name }); i >= 0 {
		before[i].Text = f.Text
		changed = rewriteFilter(text, i, line)
	} else {
		before = append(before, f)
		changed = text
		if changed != "" && !strings.HasSuffix(changed, "\n") {
			changed += "\n"
		}
		if changed != "" {
			changed += "\n"
		}
		changed += "[[filter]]\nname = " + tomlString(f.Name) + "\n" + line + "\n"
	}
	// Some ways to write TOML are not followed here: nothing is written that does not
	// say what is meant.
	after, err := filtersIn(changed)
	if err != nil || !slices.Equal(after, before) {
		return "", fmt.Errorf("its filters are written in a form that hfhook cannot change: add name = %s and %s by hand", tomlString(f.Name), line)
	}
	return changed, nil
}

// rewriteFilter puts a line in the place of the text of the filter number i.
func rewriteFilter(text string, i int, line string) string {
	heads := filterHead.FindAllStringIndex(text, -1)
	if i >= len(heads) {
		return text
	}
	from, to := heads[i][1], len(text)
	if next := anyHead.FindStringIndex(text[from:]); next != nil {
		to = from + next[0]
	}
	at := textLine.FindStringIndex(text[from:to])
	if at == nil {
		return text
	}
	return text[:from+at[0]] + line + text[from+at[1]:]
}

// filtersIn are the filters of a configuration.
func filtersIn(text string) ([]events.SavedFilter, error) {
	var file struct {
		Filter []struct{ Name, Text string } `toml:"filter"`
	}
	if err := toml.Unmarshal([]byte(text), &file); err != nil {
		return nil, err
	}
	var all []events.SavedFilter
	for _, f := range file.Filter {
		all = append(all, events.SavedFilter{Name: f.Name, Text: f.Text})
	}
	return all, nil
}

// tomlString writes a text as TOML does, on one line.
func tomlString(s string) string {
	if !strings.ContainsAny(s, "'\n\r") && !strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r == 0x7f }) {
		return "'" + s + "'"
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteString(`\` + string(r))
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
