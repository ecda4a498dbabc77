// Package config reads and writes the configuration files of hfhook: values of flags, and
// tables of targets, filters, keys and colours.
package config

// A configuration file: values of flags, and tables of what is not a flag. Whatever is
// wrong in it is told with the place where it stands.

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"hfhook/internal/cli/exit"
	"hfhook/internal/nearest"
)

// Texts are a TOML value as flags are written.
func Texts(v any) []string {
	if list, ok := v.([]any); ok {
		var all []string
		for _, item := range list {
			all = append(all, fmt.Sprint(item))
		}
		return all
	}
	return []string{fmt.Sprint(v)}
}

// A File is what one file says.
type File struct {
	Path   string
	text   string
	Flags  map[string]any
	Tables map[string][]Table // by name; of [name] there is one
}

// A Table is one [name], or one of several [[name]], of a file.
type Table struct {
	File   *File
	name   string
	N      int    // of several: which
	head   string // as it is written in the file
	Values map[string]any
}

// Read reads a configuration file. One that is not there is an empty one.
func Read(path string, settings []string) (*File, error) {
	file := &File{Path: path, Flags: map[string]any{}, Tables: map[string][]Table{}}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return file, nil
	}
	if err != nil {
		return nil, &exit.Error{Code: exit.CodeConfig, Err: fmt.Errorf("read the configuration: %w", err)}
	}
	file.text = string(text)
	values := map[string]any{}
	if err := toml.Unmarshal(text, &values); err != nil {
		if parse := (toml.ParseError{}); errors.As(err, &parse) {
			return nil, &exit.Error{Code: exit.CodeConfig, Err: fmt.Errorf("%s, line %d, column %d: %s", path, parse.Position.Line, parse.Position.Col, tomlWords(parse))}
		}
		return nil, &exit.Error{Code: exit.CodeConfig, Err: fmt.Errorf("%s: %w", path, err)}
	}
	known := slices.Concat(settings, slices.Sorted(maps.Keys(Kinds)))
	for _, key := range slices.Sorted(maps.Keys(values)) {
		tables, isTable := asTables(values[key])
		table, knownTable := Kinds[key]
		switch {
		case isTable && knownTable:
			if _, several := values[key].(map[string]any); several == table.Several {
				return nil, file.Refuse(fmt.Errorf("%s must be written as %s", key, table.heading(key)), "", key)
			}
			for n, values := range tables {
				file.Tables[key] = append(file.Tables[key], Table{File: file, name: key, N: n, head: table.heading(key), Values: values})
			}
		case !isTable && slices.Contains(settings, key):
			file.Flags[key] = values[key]
		case isTable && slices.Contains(settings, key):
			return nil, file.Refuse(fmt.Errorf("%s is not a table: write it like %s = …", key, key), "", key)
		case knownTable:
			return nil, file.Refuse(fmt.Errorf("%s is a table: write it as %s", key, table.heading(key)), "", key)
		default:
			return nil, file.Refuse(fmt.Errorf("unknown setting %q", key), nearest.Word(key, known), key)
		}
	}
	return file, nil
}

// asTables reports whether a value is a table, or a list of nothing but tables.
func asTables(value any) ([]map[string]any, bool) {
	switch value := value.(type) {
	case map[string]any:
		return []map[string]any{value}, true
	case []map[string]any:
		return value, true
	case []any: // of { … }
		var all []map[string]any
		for _, item := range value {
			table, ok := item.(map[string]any)
			if !ok {
				return nil, false
			}
			all = append(all, table)
		}
		return all, len(all) > 0
	}
	return nil, false
}

// Fields puts the values of a table where they belong: into has a pointer for each key
// that the table can have. What it does not have is left as it was.
func (t Table) Fields(into map[string]any) error {
	known := slices.Sorted(maps.Keys(into))
	for _, key := range slices.Sorted(maps.Keys(t.Values)) {
		target, ok := into[key]
		if !ok {
			return t.refuse(key, fmt.Errorf("unknown key %q in %s", key, t.head), nearest.Word(key, known))
		}
		if err := t.value(key, target); err != nil {
			return err
		}
	}
	return nil
}

// value puts the value of one key into what target points to.
func (t Table) value(key string, target any) error {
	// The decoder knows places only in the text that it was given.
	text, err := toml.Marshal(map[string]any{"value": t.Values[key]})
	if err == nil {
		var value struct{ Value toml.Primitive }
		var meta toml.MetaData
		if meta, err = toml.Decode(string(text), &value); err == nil {
			err = meta.PrimitiveDecode(value.Value, target)
		}
		for _, below := range meta.Undecoded() {
			if err == nil {
				err = fmt.Errorf("unknown key %q", below[1:].String())
			}
		}
	}
	if err == nil {
		return nil
	}
	if parse := (toml.ParseError{}); errors.As(err, &parse) {
		return t.refuse(key, errors.New(tomlWords(parse)), "")
	}
	_, reason, found := strings.Cut(err.Error(), "): ")
	if !found {
		reason = err.Error()
	}
	return t.refuse(key, errors.New(reason), "")
}

// refuse is the error about a key of a table, or with an empty key about all of it.
// try is what to do next; empty: nothing.
func (t Table) refuse(key string, why error, try string) error {
	path := []string{t.name}
	if key != "" {
		path = append(path, key)
		why = fmt.Errorf("%s: %s: %w", t.head, key, why)
	} else {
		why = fmt.Errorf("%s: %w", t.head, why)
	}
	// Of several tables the decoder knows the place of the last one: let that be this.
	begins := regexp.MustCompile(`(?m)^[ \t]*\[\[[ \t]*`+regexp.QuoteMeta(t.name)+`[ \t]*\]\]`).FindAllStringIndex(t.File.text, -1)
	file := *t.File
	if t.N+1 < len(begins) {
		file.text = file.text[:begins[t.N+1][0]]
	}
	return file.Refuse(why, try, path...)
}

// Refuse is the error about what stands at a path of keys.
func (f *File) Refuse(why error, try string, path ...string) error {
	where := f.Path
	if line, column := position(f.text, path); line > 0 {
		where = fmt.Sprintf("%s, line %d, column %d", where, line, column)
	}
	return &exit.Error{Code: exit.CodeConfig, Err: fmt.Errorf("%s: %w", where, why), Try: try}
}

// position is where the value of a path of keys is in a text; 0 if it is not known.
func position(text string, path []string) (line, column int) {
	top := map[string]toml.Primitive{}
	meta, err := toml.Decode(text, &top)
	if err != nil || len(path) == 0 {
		return 0, 0
	}
	at := top[path[0]]
	for _, key := range path[1:] {
		below, several := map[string]toml.Primitive{}, []toml.Primitive{}
		if meta.PrimitiveDecode(at, &several) == nil && len(several) > 0 {
			at = several[len(several)-1]
		}
		if meta.PrimitiveDecode(at, &below) != nil {
			break
		}
		at = below[key]
	}
	parse := toml.ParseError{}
	if errors.As(meta.PrimitiveDecode(at, refused{}), &parse) {
		return parse.Position.Line, parse.Position.Col
	}
	return 0, 0
}

// tomlWords says what is wrong with a configuration.
func tomlWords(err toml.ParseError) string {
	return strings.Replace(err.Message, "unexpected EOF", "the file ends too early", 1)
}

// refused takes no value: the decoder then says where it is.
type refused struct{}

func (refused) UnmarshalTOML(any) error { return errors.New("refused") }

// TextOf is a value as it is shown.
func TextOf(value any) string {
	return strings.Join(Texts(value), "  ")
}
