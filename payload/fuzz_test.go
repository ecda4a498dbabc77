package payload_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"hfhook/payload"
)

func FuzzParse(f *testing.F) {
	files, err := filepath.Glob(filepath.Join("testdata", "hub", "*.json"))
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(body)
	}
	for _, body := range []string{
		"", "null", "\ufeff" + whole, whole, `{"repo":{},"repo":null}`, `{"\u0065vent":{"\ud800":1e400}}`, "[[[[", `{"a":01}`, `"\ud83e\udd17"`,
	} {
		f.Add([]byte(body))
	}

	f.Fuzz(func(t *testing.T, body []byte) {
		before := bytes.Clone(body)
		p, warnings, err := payload.Parse(body)

		faults, checked := payload.Check(body)
		if (err != nil) != (faults != nil) || !cmp.Equal(warnings, checked) {
			t.Fatalf("Parse says %v and %v, Check %v and %v", err, warnings, faults, checked)
		}
		lenient, all := payload.ParseLenient(body)
		if err == nil && (!cmp.Equal(lenient.Summary(), p.Summary()) || !cmp.Equal(all, warnings)) {
			t.Fatalf("ParseLenient says %q and %v, Parse %q and %v", lenient.Summary(), all, p.Summary(), warnings)
		}
		if err != nil && len(all) == 0 {
			t.Fatal("ParseLenient has no warning of a body that Parse refuses")
		}
		if !bytes.Equal(body, before) {
			t.Fatal("the body was changed")
		}
		if !json.Valid(bytes.TrimPrefix(body, []byte("\ufeff"))) && err == nil {
			t.Fatal("what is not JSON was accepted")
		}
		if err != nil {
			if len(faultsOf(t, err)) == 0 || strings.ContainsAny(err.Error(), "\r\n") {
				t.Fatalf("error %q", err)
			}
			return
		}

		if !bytes.Equal(p.Raw(), body) {
			t.Fatal("Raw is not the body")
		}
		// encoding/json agrees on which members there are, and on their values.
		var members map[string]json.RawMessage
		if err := json.Unmarshal(bytes.TrimPrefix(body, []byte("\ufeff")), &members); err != nil {
			t.Fatal(err)
		}
		for name, value := range p.Unknown {
			if !bytes.Equal(value, members[name]) {
				t.Fatalf("unknown %q is %q, want %q", name, value, members[name])
			}
		}
		for name := range members {
			_, unknown := p.Unknown[name]
			if known := slices.Contains(topLevel, name); known == unknown {
				t.Fatalf("member %q is known: %v, in Unknown: %v", name, known, unknown)
			}
		}

		m := p.Meaning()
		if utf8.RuneCountInString(m.Label) > 18 || utf8.RuneCountInString(m.Subject) > 240 || !utf8.ValidString(m.Label+m.Subject) {
			t.Fatalf("meaning %q", m)
		}
		if m.Label == "" || !strings.Contains(p.Summary(), strings.TrimSpace(m.Subject)) {
			t.Fatalf("summary %q of %q", p.Summary(), m)
		}
	})
}

var topLevel = []string{
	"event", "repo", "discussion", "comment", "webhook", "movedTo", "updatedRefs", "updatedConfig", "updatedFiles", "updatedFilesTruncated",
}
