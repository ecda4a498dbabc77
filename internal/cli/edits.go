package cli

// The flags that change a body before it is sent.

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"hfhook/event"
	"hfhook/internal/cli/exit"
	"hfhook/internal/jsonedit"
	"hfhook/internal/jsontree"
)

// edits are the values of the flags.
type edits struct {
	body                 string
	patches, jsonPatches []string
	set, unset           []string

	method, path string
	drop         []string
}

func (e *edits) flags(f *pflag.FlagSet) {
	f.StringVar(&e.body, "body", "", "send this body instead: `@FILE`, or - for standard input")
	e.changeFlags(f)
}

// changeFlags are those that leave a part of the body as it is.
func (e *edits) changeFlags(f *pflag.FlagSet) {
	f.StringArrayVar(&e.patches, "patch", nil, "apply this RFC 7396 merge `patch`, JSON or @FILE; may be repeated")
	f.StringArrayVar(&e.jsonPatches, "json-patch", nil, "apply this RFC 6902 JSON `patch`, JSON or @FILE; may be repeated")
	f.StringArrayVar(&e.set, "set", nil, "change a value, `PATH=VALUE`: .repo.private=true .comment.content=hello; may be repeated")
	f.StringArrayVar(&e.unset, "unset", nil, "remove this `PATH`, such as .comment; may be repeated")
}

// requestFlags are those that change a request besides its body.
func (e *edits) requestFlags(f *pflag.FlagSet) {
	f.StringVar(&e.method, "method", "", "send with this `method`, such as PUT")
	f.StringVar(&e.path, "path", "", "send to this `path`, such as /webhooks/v2?debug=1, if the target has none of its own")
	f.StringArrayVar(&e.drop, "drop-header", nil, "leave out the header of this `name`; may be repeated")
	_ = f.SetAnnotation("path", notSetting, nil) // dev has one that means something else
}

// request is what these flags change.
func (e *edits) request() (event.Edit, error) {
	edit := event.Edit{Method: strings.ToUpper(e.method), Path: e.path, Drop: e.drop}
	if err := edit.Check(); err != nil {
		return event.Edit{}, exit.Usage(err)
	}
	return edit, nil
}

// A change makes a body out of another.
type change struct {
	flag  string        // as it was written
	path  jsontree.Path // of --set and --unset
	sets  bool          // it is of --set
	apply func([]byte) ([]byte, error)
}

// A recipe is all changes, in the order in which they are made.
type recipe []change

// read reads files and paths. What is wrong with them is wrong usage.
func (e *edits) read(p *program) (recipe, error) {
	var all recipe
	if e.body != "" {
		if e.body != "-" && !strings.HasPrefix(e.body, "@") {
			return nil, exit.Usagef("invalid --body %q: want @FILE, for example --body @body.json, or - for standard input", e.body)
		}
		body, err := readArgument(p, e.body)
		if err != nil {
			return nil, exit.Usagef("--body: %w", err)
		}
		all = append(all, change{flag: "--body " + e.body, apply: func([]byte) ([]byte, error) { return body, nil }})
	}
	patch := func(flag string, texts []string, apply func(text, patch []byte) ([]byte, error)) error {
		for _, text := range texts {
			patch, err := readArgument(p, text)
			if err != nil {
				return exit.Usagef("%s: %w", flag, err)
			}
			if _, err := jsontree.Parse(patch); err != nil {
				return exit.Usagef("%s %s: this is not JSON: %w", flag, shortened(text), err)
			}
			all = append(all, change{flag: flag + " " + shortened(text), apply: func(body []byte) ([]byte, error) { return apply(body, patch) }})
		}
		return nil
	}
	if err := patch("--patch", e.patches, jsonedit.MergePatch); err != nil {
		return nil, err
	}
	if err := patch("--json-patch", e.jsonPatches, jsonedit.Patch); err != nil {
		return nil, err
	}
	for _, text := range e.set {
		path, rest, err := jsontree.CutPath(text)
		if err != nil {
			return nil, exit.Usagef("--set %s: %w", text, err)
		}
		value, ok := strings.CutPrefix(rest, "=")
		if !ok {
			return nil, exit.Usagef("invalid --set %q: want PATH=VALUE, for example --set .comment.content=hello", text)
		}
		all = append(all, change{flag: "--set " + shortened(text), path: path, sets: true, apply: func(body []byte) ([]byte, error) {
			return jsonedit.Set(body, path, jsonedit.Value(value))
		}})
	}
	for _, text := range e.unset {
		path, err := jsontree.ParsePath(text)
		if err != nil {
			return nil, exit.Usagef("--unset %s: %w", text, err)
		}
		all = append(all, change{flag: "--unset " + text, path: path, apply: func(body []byte) ([]byte, error) { return jsonedit.Unset(body, path) }})
	}
	return all, nil
}

// apply makes the changes, one after another.
func (r recipe) apply(body []byte) ([]byte, error) {
	for _, c := range r {
		var err error
		if body, err = c.apply(body); err != nil {
			return nil, fmt.Errorf("%s: %w", c.flag, err)
		}
	}
	return body, nil
}

// readArgument reads the file that @FILE names, standard input for - and @-, or returns
// the text itself.
func readArgument(p *program, text string) ([]byte, error) {
	name, isFile := strings.CutPrefix(text, "@")
	switch {
	case text == "-" || isFile && name == "-":
		return io.ReadAll(p.in)
	case isFile:
		return os.ReadFile(homePath(p, name))
	}
	return []byte(text), nil
}

// shortened is the beginning of a long argument, for a message.
func shortened(text string) string {
	const most = 80 // characters
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
