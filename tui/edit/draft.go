package edit

// A body that is being edited: what there is to say of it, and the command that makes
// the same of the original.

import (
	"slices"
	"strings"

	"hfhook/internal/jsondiff"
	"hfhook/internal/jsonedit"
	"hfhook/internal/jsontree"
	"hfhook/payload"
	"hfhook/tui/jsonview"
	"hfhook/tui/screen"
	"hfhook/tui/style"
)

// A draft is one state of the body. It is made beside the screen, for a body may be of
// ten megabytes, and not changed afterwards, except for the folds and the cursor of its
// tree.
type draft struct {
	Body     []byte
	Tree     *jsonview.Tree // nil where the body is not JSON
	wrong    error          // why it is none
	payload  *payload.Payload
	faults   []payload.Fault
	warnings []payload.Warning
	diff     *jsondiff.Diff // from the original, its values cut to what is shown
	flags    []string       // of hfhook replay, which make the same change; nil if there are none
}

// newDraft looks at a body that was made of the original.
func newDraft(original, body []byte, s jsonview.ViewState) *draft {
	d := &draft{Body: body, diff: jsondiff.Compare(original, body)}
	if _, d.wrong = jsontree.Parse(body); d.wrong == nil {
		d.Tree = jsonview.NewTree(body)
		d.Tree.Take(s)
		d.flags, _ = replayFlags(original, body, d.diff)
	}
	d.payload, d.warnings = payload.ParseLenient(body)
	if d.faults, _ = payload.Check(body); d.faults != nil {
		d.warnings = d.warnings[min(len(d.faults), len(d.warnings)):] // the first ones are the faults
	}
	d.diff = d.diff.Readable()
	shown := d.diff.Fields[:0:0]
	for _, f := range d.diff.Fields {
		if f.Change == jsondiff.Equal {
			continue
		}
		if len(shown) == jsonview.ShownChanges {
			break
		}
		f.Old, f.New = jsonview.Clipped(f.Old), jsonview.Clipped(f.New)
		shown = append(shown, f)
	}
	d.diff.Fields = shown
	for i, line := range d.diff.Lines {
		d.diff.Lines[i] = jsonview.Clipped(line)
	}
	return d
}

// changes is how many places differ from the original.
func (d *draft) changes() int {
	c := d.diff.Counts
	return c[jsondiff.Added] + c[jsondiff.Removed] + c[jsondiff.Changed]
}

const maxFlags = 1500 // characters of a command that anybody would paste

// replayFlags are the flags of hfhook replay that make of the original what the body
// is, as JSON, and what they make: it has all other bytes of the original. They were
// tried; nil where none do, or too many.
func replayFlags(original, body []byte, d *jsondiff.Diff) (flags []string, made []byte) {
	var sets, unsets []string
	made = original
	apply := func(f func(text []byte, path jsontree.Path) ([]byte, error), at string) bool {
		path, err := jsontree.ParsePath(at)
		if err == nil {
			made, err = f(made, path)
		}
		return err == nil
	}
	total := 0
	for _, f := range d.Fields {
		if f.Change == jsondiff.Equal {
			continue
		}
		if total += len(f.Path) + len(f.New) + len("--unset "); total > maxFlags || f.Shadowed {
			return nil, nil
		}
		if f.Change == jsondiff.Removed {
			unsets = append(unsets, f.Path)
			continue
		}
		value := screen.FlagValue(f.New)
		sets = append(sets, "--set "+screen.ShellWord(f.Path)+"="+screen.ShellValue(value))
		if !apply(func(text []byte, path jsontree.Path) ([]byte, error) {
			return jsonedit.Set(text, path, jsonedit.Value(value))
		}, f.Path) {
			return nil, nil
		}
	}
	slices.Reverse(unsets) // of a list the last first, so that the others keep their places
	for i, path := range unsets {
		if !apply(jsonedit.Unset, path) {
			return nil, nil
		}
		unsets[i] = "--unset " + screen.ShellWord(path)
	}
	a, err1 := jsontree.Parse(made)
	b, err2 := jsontree.Parse(body)
	if err1 != nil || err2 != nil || !jsontree.Equal(a.Root, b.Root) {
		return nil, nil
	}
	return append(sets, unsets...), made
}

// A finding is one thing that was looked at.
type finding struct {
	good  bool
	grave bool // and not only unusual
	text  string
	brief string // where there is little room
}

// checks say what a handler can rely on in the body. None of them keeps it from being
// sent: a handler has to bear bad payloads, too.
func (d *draft) checks() []finding {
	size := style.Plural(int64(len(d.Body)), "byte")
	if d.wrong != nil {
		return []finding{
			{grave: true, text: "no JSON: " + d.wrong.Error(), brief: "no JSON: " + d.wrong.Error()},
			{text: size + " are sent as they are: a test of your handler", brief: size + " are sent as they are"},
		}
	}
	all := []finding{{good: true, text: "valid JSON, " + size, brief: "valid JSON"}}
	for _, fault := range d.faults {
		all = append(all, finding{grave: true, text: fault.String(), brief: fault.String()})
	}
	for _, w := range d.warnings {
		text := strings.TrimSpace(w.Path + " " + w.Text)
		all = append(all, finding{text: text, brief: text})
	}
	if len(d.faults)+len(d.warnings) == 0 {
		all = append(all, finding{good: true, text: "valid Hub payload (version 3)", brief: "valid Hub payload v3"})
	}
	if d.payload != nil && d.payload.Comment != nil {
		all = append(all, commentCheck(d.payload.Comment))
	}
	return append(all, finding{good: true,
		text:  "accepted: the secret does not cover the body, so it does not prove that the content is genuine",
		brief: "accepted: the secret does not cover the body"})
}

// commentCheck holds a comment to what the Hub's documentation says of hidden ones:
// https://huggingface.co/docs/hub/webhooks.
func commentCheck(c *payload.Comment) finding {
	switch there := c.Content != nil; {
	case c.Hidden && there:
		return finding{text: ".comment.hidden is true, but there is content (the Hub leaves it out)", brief: "hidden, but has content"}
	case c.Hidden:
		return finding{good: true, text: ".comment.hidden is true and there is no content, as the Hub sends it", brief: "hidden, no content"}
	case there:
		return finding{good: true, text: ".comment.hidden is false and there is content", brief: "not hidden, has content"}
	}
	return finding{text: ".comment.hidden is false, but there is no content", brief: "not hidden, but no content"}
}
