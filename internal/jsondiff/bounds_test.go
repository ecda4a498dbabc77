package jsondiff_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	"hfhook/internal/jsondiff"
)

// Whatever the texts are, a difference is in proportion to them, and lacks nothing.
func TestDifferencesAreInProportion(t *testing.T) {
	t.Parallel()
	ladder := func(n int, leaf string) string {
		return strings.Repeat(`{"b":`+leaf+`,"a":`, n) + leaf + strings.Repeat("}", n)
	}
	list := func(n int, leaf string) string { return "[" + strings.Repeat(leaf+",", n-1) + leaf + "]" }
	long := strings.Repeat("k", 100_000)
	for name, c := range map[string]struct {
		old, new string
		coarse   bool
	}{
		"ladder":        {ladder(9000, "1"), ladder(9000, "2"), true},
		"deep":          {strings.Repeat("[", 9999) + strings.Repeat("]", 9999), strings.Repeat("[", 9998) + "1" + strings.Repeat("]", 9998), true},
		"zeros":         {list(200_000, "0"), list(200_000, "1"), true},
		"longer":        {list(200_000, "0"), list(300_000, "0"), false},
		"one of many":   {list(200_000, "0"), "[1," + list(199_999, "0")[1:], false},
		"long name":     {`{"` + long + `":` + list(2000, "0") + `}`, `{"` + long + `":` + list(2000, "1") + `}`, true},
		"equal in long": {`{"` + long + `":` + list(2000, "0") + `,"a":1}`, `{"` + long + `":` + list(2000, "0") + `,"a":2}`, false},
		"few":           {`{"a":[1,2,{"b":3}]}`, `{"a":[1,3,{"b":4}]}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := jsondiff.Compare([]byte(c.old), []byte(c.new))
			if d.Coarse != c.coarse || d.Same() {
				t.Errorf("coarse: %v, %s", d.Coarse, d.Summary())
			}
			size := 0
			for _, f := range d.Fields {
				size += len(f.Path) + len(f.Old) + len(f.New)
			}
			if most := 12*(len(c.old)+len(c.new)) + 512<<10; size > most {
				t.Errorf("the fields have %d bytes, of texts of %d", size, len(c.old)+len(c.new))
			}
			var text bytes.Buffer
			if err := d.Print(&text); err != nil || text.String() != d.String() {
				t.Errorf("printed as %.200s, %v", text.String(), err)
			}
		})
	}
}

// What a coarse difference says of both texts is still all of them.
func TestCoarseDifferencesAreWhole(t *testing.T) {
	t.Parallel()
	old := `{"x":[` + strings.Repeat("0,", 60_000) + `7],"y":1}`
	new := `{"x":[` + strings.Repeat("1,", 60_000) + `8],"y":2}`
	d := jsondiff.Compare([]byte(old), []byte(new))
	rebuilt := map[string]json.RawMessage{}
	for _, f := range d.Fields {
		rebuilt[strings.TrimPrefix(f.Path, ".")] = json.RawMessage(f.New)
	}
	text, err := json.Marshal(rebuilt)
	if err != nil || string(text) != new {
		t.Errorf("%.200s, %v", text, err)
	}
}

// Texts that are not JSON are compared in proportion, too.
func TestManyLines(t *testing.T) {
	t.Parallel()
	lines := func(n int, format string) []byte {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format+"\n", i)
		}
		return []byte(b.String())
	}
	same := lines(100_000, "line %d")
	one := bytes.Replace(same, []byte("line 50000\n"), []byte("another\n"), 1)
	d := jsondiff.CompareText(same, one)
	if d.Coarse || d.Counts[jsondiff.Added] != 1 || d.Counts[jsondiff.Removed] != 1 || d.Counts[jsondiff.Equal] != 99_999 {
		t.Errorf("%v, coarse: %v", d.Counts, d.Coarse)
	}
	want := []string{"@@ -49998,7 +49998,7 @@", " line 49997", " line 49998", " line 49999", "-line 50000", "+another", " line 50001", " line 50002", " line 50003"}
	if strings.Join(d.Lines, "|") != strings.Join(want, "|") {
		t.Errorf("lines %q", d.Lines)
	}
	d = jsondiff.CompareText(same, lines(100_000, "%d"))
	if !d.Coarse || len(d.Lines) != 3 || d.Counts[jsondiff.Added] != 100_000 || d.Counts[jsondiff.Removed] != 100_000 || d.Counts[jsondiff.Equal] != 0 {
		t.Errorf("%d lines, %v, coarse: %v", len(d.Lines), d.Counts, d.Coarse)
	}
	if !strings.HasPrefix(d.Lines[1], "-line 0\n-line 1\n") || !strings.HasSuffix(d.Lines[2], "\n+99999") {
		t.Errorf("%.40q …", d.Lines)
	}
	d = jsondiff.CompareText([]byte("a\nb\nc\nd\ne\nf"), []byte("a\nb\nc\nd\ne\nf\n"))
	if d.Counts[jsondiff.Added] != 1 || d.Counts[jsondiff.Removed] != 1 {
		t.Errorf("a line break at the end: %q", d.Lines)
	}
}

// Each passes on every field that differs, and Compare keeps so many of them.
func TestEach(t *testing.T) {
	t.Parallel()
	object := func(n int, value string) []byte {
		b := []byte(`{"same":1`)
		for i := range n {
			b = fmt.Appendf(b, `,"a long name, number %d":%s`, i, value)
		}
		return append(b, '}')
	}
	const n = 160_000
	old, new := object(n, "0"), object(n, "1")
	seen := 0
	d, err := jsondiff.Each(old, new, nil, func(f *jsondiff.Field) error {
		if want := fmt.Sprintf(`.["a long name, number %d"]`, seen); f.Path != want || f.Change != jsondiff.Changed || f.Old != "0" || f.New != "1" {
			return fmt.Errorf("field %+v, want %s", *f, want)
		}
		seen++
		return nil
	})
	if err != nil || seen != n || d.Coarse || d.Fields != nil || d.Counts[jsondiff.Changed] != n || d.Counts[jsondiff.Equal] != 1 {
		t.Errorf("%d fields, %v, %v", seen, d.Counts, err)
	}
	d = jsondiff.Compare(old, new)
	if len(d.Fields) != 150_001 || d.Left != 10_000 || !strings.HasSuffix(d.String(), "\n… and 10000 more differing fields\n160000 changed, 0 added, 0 removed, 1 equal") {
		t.Errorf("%d fields, %d left, %s", len(d.Fields), d.Left, d.Summary())
	}
	stop := errors.New("stop")
	seen = 0
	if _, err := jsondiff.Each(old, new, nil, func(*jsondiff.Field) error { seen++; return stop }); !errors.Is(err, stop) || seen != 1 {
		t.Errorf("after an error %d fields, %v", seen, err)
	}
}
