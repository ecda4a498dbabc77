package config

// The tables that a configuration file can have besides the values of flags. To add
// one: a row here, and a field of tables that its decoder fills.

import (
	"errors"

	"hfhook/internal/nearest"
	"hfhook/tui/events"
	"hfhook/tui/keymap"
	"hfhook/tui/settings"
	"hfhook/tui/style"
)

// Tables are what the tables of both files say.
type Tables struct {
	Keys    keymap.Keymap
	Theme   style.Colors
	Forward []forward
	Filters []events.SavedFilter
	Shown   []settings.Setting // of config show and the screen of settings
}

// A Kind is one known table.
type Kind struct {
	Several bool     // [[name]], each of them one; of the two files the first that has any counts
	Both    bool     // those of both files count, the first file's first
	Hidden  []string // keys whose values are shown to nobody
	Decode  func(to *Tables, from Table) error
}

func (k Kind) heading(name string) string {
	if k.Several {
		return "[[" + name + "]]"
	}
	return "[" + name + "]"
}

// Kinds are the tables that a file can have, by name.
var Kinds = map[string]Kind{
	"forward": {Several: true, Hidden: []string{"headers", "env"}, Decode: decodeForward},
	"keys":    {Decode: decodeKeys},
	"theme":   {Decode: decodeTheme},
	"filter":  {Several: true, Both: true, Decode: decodeFilter},
}

// decodeKeys reads [keys]: the name of an action, and its key or keys.
func decodeKeys(to *Tables, from Table) error {
	if to.Keys == nil {
		to.Keys = keymap.Keymap{}
	}
	for name := range from.Values {
		var keys keyList
		if err := from.value(name, &keys); err != nil {
			return err
		}
		to.Keys[name] = keys
	}
	err := to.Keys.Check()
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
func decodeTheme(to *Tables, from Table) error {
	into := map[string]any{"background": &to.Theme.Background}
	colors := map[string]*string{}
	for _, name := range style.ColorNames() {
		colors[name] = new(string)
		into[name] = colors[name]
	}
	if err := from.Fields(into); err != nil {
		return err
	}
	if to.Theme.Colors == nil {
		to.Theme.Colors = map[string]string{}
	}
	for name, color := range colors {
		if *color != "" {
			to.Theme.Colors[name] = *color
		}
	}
	err := to.Theme.Check()
	if wrong := (*style.ColorError)(nil); errors.As(err, &wrong) {
		return from.refuse(wrong.Name, errors.New(wrong.Reason), "")
	}
	return err
}
