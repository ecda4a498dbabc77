package main_test

import (
	"bytes"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// wording lists phrases that read as translated, with what to write instead. Comments,
// messages, documentation and tests are all held to it. A phrase may have a form that is
// good English: good matches the whole of it.
var wording = []struct {
	phrase, good, write string
}{
	{`tells?<>whether`, ``, `"reports whether"`},
	{`// Kind (?:is|was|a|there|under|happened|do|does|came) \w+`, ``, `"What …"`},
	{`(?:\w+<>)?(?:is|are|was|were)<>none<>of`, `[Tt]here.*`, `"is not one of"`},
	{`[Cc]an not`, ``, `"cannot"`},
	{`(?:[Tt]here<>)?is no \w+`, `[Tt]here.*|.* (?:longer|larger|smaller|wider|easier|better|more|less|help|good|reason|such|need|use)`,
		`"is not a", or in a message "invalid", "unknown" or "not found"`},
	{`[Ww]rite it as in|is written as in`, ``, `"want …, for example …"`},
	{`[Bb]ut<>for (?:those|them|that|the|what|its|one|tests)`, ``, `"except"`},
	{`anew`, ``, `"again", or a verb such as "restart" or "rebuild"`},
	{`in vain`, ``, `what fails, and how`},
	{`leads?<>(?:here|elsewhere)`, ``, `"points here", "points elsewhere"`},
	{`is nothing that \S+ has`, ``, `"unknown"`},
	{`[Tt]here is neither`, ``, `"not found", or a sentence with a subject`},
	{`(?:does|do) away with`, ``, `"removes"`},
}

// written are the extensions of files that people read.
var written = []string{".go", ".md", ".txtar", ".py", ".mjs", ".html", ".tmpl", ".toml", ".yml", ".yaml", ".sh"}

// TestWording looks for these phrases in every text of the repository.
func TestWording(t *testing.T) {
	t.Parallel()
	const space = `(?:\s+(?://\s*)?)` // also the end of a line of a comment
	phrases := make([]*regexp.Regexp, len(wording))
	good := make([]*regexp.Regexp, len(wording))
	for i, w := range wording {
		phrases[i] = regexp.MustCompile(`\b(?:` + strings.ReplaceAll(w.phrase, "<>", space) + `)\b`)
		good[i] = regexp.MustCompile(`(?s)^(?:` + w.good + `)$`)
	}
	files := 0
	err := filepath.WalkDir(".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (name != "." && strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules"):
			return fs.SkipDir
		case d.IsDir() || name == "words_test.go" || !slices.Contains(written, filepath.Ext(name)):
			return nil
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		files++
		for i, phrase := range phrases {
			for _, at := range phrase.FindAllIndex(text, -1) {
				if found := text[at[0]:at[1]]; !good[i].Match(found) {
					t.Errorf("%s:%d: %q: write %s", name, 1+bytes.Count(text[:at[0]], []byte("\n")), found, wording[i].write)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 500 {
		t.Errorf("only %d files were read", files)
	}
}
