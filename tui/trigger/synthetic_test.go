package trigger

import (
	"fmt"
	"strings"
	"testing"
)

func TestReadSets(t *testing.T) {
	for text, want := range map[string]string{
		"":                       "",
		".a=1":                   ".a=1",
		".a=x .b .c=2":           ".a=x .b|.c=2",
		`.a=one two .["b c"]= 3`: `.a=one two|.["b c"]=3`,
		".a.b[0]=":               ".a.b[0]=",
	} {
		sets, err := readSets(text)
		var got []string
		for _, s := range sets {
			got = append(got, fmt.Sprintf("%s=%s", s.path, s.text))
		}
		if err != nil || strings.Join(got, "|") != want {
			t.Errorf("%q is %q, %v; want %q", text, got, err, want)
		}
	}
	for _, text := range []string{"a=1", ".a", ".a 1", ".=1"} {
		if sets, err := readSets(text); err == nil {
			t.Errorf("%q is %v", text, sets)
		}
	}
}
