package config

// Saving a setting from the screen: a line of the project's configuration, of which every
// other byte stays as it is.

import (
	"fmt"
	"maps"
	"regexp"
	"strings"

	"github.com/BurntSushi/toml"
)

// WithSetting puts a value that is a string into the text of a configuration, in place of the
// present one or before the tables. An empty value removes the line.
func WithSetting(text, name, value string) (string, error) {
	before, err := topValues(text)
	if err != nil {
		return "", err
	}
	top, tables := text, ""
	if at := anyHead.FindStringIndex(text); at != nil {
		top, tables = text[:at[0]], text[at[0]:]
	}
	line := ""
	if value != "" {
		line = name + " = " + tomlString(value) + "\n"
	}
	present := regexp.MustCompile(`(?m)^[ \t]*` + regexp.QuoteMeta(name) + `[ \t]*=.*(\n|\z)`)
	switch at := present.FindStringIndex(top); {
	case at != nil:
		top = top[:at[0]] + line + top[at[1]:]
	case line != "":
		if top != "" && !strings.HasSuffix(top, "\n") {
			top += "\n"
		}
		top += line
		if tables != "" {
			top += "\n"
		}
	}
	// Some ways to write TOML are not followed here: nothing is written that does not say
	// what is meant.
	changed := top + tables
	after, err := topValues(changed)
	delete(before, name)
	if value != "" {
		before[name] = value
	}
	if err != nil || !maps.Equal(after, before) {
		return "", fmt.Errorf("it is written in a form that hfhook cannot change: set %s by hand", name)
	}
	return changed, nil
}

// topValues are the values of a configuration that stand outside of tables.
func topValues(text string) (map[string]string, error) {
	all, values := map[string]any{}, map[string]string{}
	if err := toml.Unmarshal([]byte(text), &all); err != nil {
		return nil, err
	}
	for name, value := range all {
		values[name] = fmt.Sprint(value) // of a table, too: it must not change
	}
	return values, nil
}
