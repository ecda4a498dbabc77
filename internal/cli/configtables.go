package cli

// The tables that a configuration file can have besides the values of flags. To add
// one: a row here, and a field of tables that its decoder fills.

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"hfhook/tui/events"
	"hfhook/tui/keymap"
	"hfhook/tui/settings"
	"hfhook/tui/style"

	"hfhook/internal/nearest"
)

// tables are what the tables of both files say.
type tables struct {
	keys    keymap.Keymap
	theme   style.Colors
	forward []forward
	filters []events.SavedFilter
	shown   []settings.Setting // of config show and the screen of settings
}

// A tableKind is one known table.
type tableKind struct {
	several bool     // [[name]], each of them one; of the two files the first that has any counts
	both    bool     // those of both files count, the first file's first
	hidden  []string // keys whose values are shown to nobody
	decode  func(to *tables, from configTable) error
}

func (k tableKind) heading(name string) string {
	if k.several {
		return "[[" + name + "]]"
	}
	return "[" + name + "]"
}

var configTables = map[string]tableKind{
	"forward": {several: true, hidden: []string{"headers", "env"}, decode: decodeForward},
	"keys":    {decode: decodeKeys},
	"theme":   {decode: decodeTheme},
	"filter":  {several: true, both: true, decode: decodeFilter},
}

// readTables decodes the tables of files, of which the first counts most.
func (p *program) readTables(files []*configFile) error {
	p.tables = tables{}
	for name, kind := range configTables {
		rows := map[string]settings.Setting{}
		for i, file := range slices.Backward(files) {
			found := file.tables[name]
			before := 0 // tables of the files that count more
			for _, f := range files[:i] {
				before += len(f.tables[name])
			}
			if kind.several && !kind.both && before > 0 {
				found = nil
			}
			for _, table := range found {
				if err := kind.decode(&p.tables, table); err != nil {
					return err
				}
				for key, value := range table.values {
					label := name + "." + key
					if kind.several {
						label = fmt.Sprintf("%s[%d].%s", name, before+table.n, key)
					}
					text := textOf(value)
					if slices.Contains(kind.hidden, key) {
						text = "********"
					}
					rows[label] = settings.Setting{Name: label, Value: text, Origin: file.path}
				}
			}
		}
		for _, row := range rows {
			p.tables.shown = append(p.tables.shown, row)
		}
	}
	slices.SortFunc(p.tables.shown, func(a, b settings.Setting) int { return strings.Compare(a.Name, b.Name) })
	return nil
}

// decodeKeys reads [keys]: the name of an action, and its key or keys.
func decodeKeys(to *tables, from configTable) error {
	if to.keys == nil {
		to.keys = keymap.Keymap{}
	}
	for name := range from.values {
		var keys keyList
		if err := from.value(name, &keys); err != nil {
			return err
		}
		to.keys[name] = keys
	}
	err := to.keys.Check()
	if wrong := (*keymap.KeymapError)(nil); errors.As(err, &wrong) {
		try := "hfhook help keys shows all names and keys"
		if wrong.Unknown {
			try = nearest.Word(wrong.Action, keymap.Actions())
		}
		return from.refuse(wrong.Action, errors.New(wrong.Reason), try)
	}
	return err
}

// A keyList is one key, or a list of them.
type keyList []string

func (k *keyList) UnmarshalTOML(value any) error {
	switch value := value.(type) {
	case string:
		*k = keyList{value}
		return nil
	case []any:
		for _, item := range value {
			text, ok := item.(string)
			if !ok {
				return errors.New("a key must be a string")
			}
			*k = append(*k, text)
		}
		return nil
	}
	return errors.New(`want a key such as "r", or several such as ["r", "ctrl+r"]`)
}

// decodeTheme reads [theme]: the background, and colours by what they mean.
func decodeTheme(to *tables, from configTable) error {
	into := map[string]any{"background": &to.theme.Background}
	colors := map[string]*string{}
	for _, name := range style.ColorNames() {
		colors[name] = new(string)
		into[name] = colors[name]
	}
	if err := from.fields(into); err != nil {
		return err
	}
	if to.theme.Colors == nil {
		to.theme.Colors = map[string]string{}
	}
	for name, color := range colors {
		if *color != "" {
			to.theme.Colors[name] = *color
		}
	}
	err := to.theme.Check()
	if wrong := (*style.ColorError)(nil); errors.As(err, &wrong) {
		return from.refuse(wrong.Name, errors.New(wrong.Reason), "")
	}
	return err
}
