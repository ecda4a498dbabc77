package jsontree_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"hfhook/internal/jsontree"
)

func layout(t testing.TB, text string) (string, bool) {
	t.Helper()
	doc, err := jsontree.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	flat, err := doc.Layout(&b)
	if err != nil {
		t.Fatal(err)
	}
	return b.String(), flat
}

// A text is laid out as encoding/json does, unless that is out of proportion.
func TestLayout(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`1`, `"a\u0041"`, `[]`, `{ }`, "\ufeff {\"a\" : [1e400,{\"b\":\n[[ ] ,{}]}],\"a\":\"x y\"} \n",
		strings.Repeat(`{"a":`, 32) + "1" + strings.Repeat("}", 32),
		"[" + strings.Repeat("0,", 100_000) + "0]",
	} {
		var want bytes.Buffer
		if err := json.Indent(&want, []byte(strings.TrimPrefix(text, "\ufeff")), "", "  "); err != nil {
			t.Fatal(err)
		}
		got, flat := layout(t, text)
		if got != strings.TrimSpace(want.String()) || flat {
			t.Errorf("%.100q is laid out as\n%.300s\nflat: %v", text, got, flat)
		}
	}
	for name, text := range map[string]string{
		"deep":         strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000),
		"deep objects": strings.Repeat(`{"a": `, 9_000) + `"x y"` + strings.Repeat("}", 9_000),
		"wide, deep":   strings.Repeat("[", 20) + strings.Repeat("0,", 100_000) + "0" + strings.Repeat("]", 20),
		"ladder":       strings.Repeat(`{"b":1,"a":`, 9_000) + "1" + strings.Repeat("}", 9_000),
		"many deep":    "[" + strings.Repeat(strings.Repeat("[", 5000)+strings.Repeat("]", 5000)+",", 50) + "0]",
	} {
		got, flat := layout(t, text)
		if !flat || len(got) > 10*len(text)+100<<10 {
			t.Errorf("%s: %d bytes of %d, flat: %v", name, len(got), len(text), flat)
		}
		var was, is bytes.Buffer
		if err := errors.Join(json.Compact(&was, []byte(text)), json.Compact(&is, []byte(got))); err != nil || !bytes.Equal(was.Bytes(), is.Bytes()) {
			t.Errorf("%s: what is laid out is not the same, %v", name, err)
		}
	}
}

// FuzzLayout: what is laid out, or compact, means the same and is in proportion.
func FuzzLayout(f *testing.F) {
	f.Add([]byte(`{"a":[1, {"b" :null}],"":"\u0041 "}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		doc, err := jsontree.Parse(text)
		if err != nil {
			return
		}
		var want, laidOut, short, back bytes.Buffer
		_, err1 := doc.Layout(&laidOut)
		err2 := doc.Root.Compact(&short)
		err3 := json.Compact(&want, bytes.TrimPrefix(text, []byte("\ufeff")))
		err4 := json.Compact(&back, laidOut.Bytes())
		if err := errors.Join(err1, err2, err3, err4); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(want.Bytes(), short.Bytes()) || !bytes.Equal(want.Bytes(), back.Bytes()) {
			t.Fatalf("%q is %q, and laid out %q", text, short.Bytes(), laidOut.Bytes())
		}
		if laidOut.Len() > 10*len(text)+100<<10 {
			t.Fatalf("%d bytes became %d", len(text), laidOut.Len())
		}
	})
}
