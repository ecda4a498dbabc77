package jsonview

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/internal/jsontree"
)

// TestWay sees that no field is changed in place of another.
func TestWay(t *testing.T) {
	tree := NewTree([]byte(`{"a":1,"a":2,"b":{"c.d":[true]},"` + strings.Repeat("x", 300) + `":1}`))
	tree.UnfoldAll()
	var got []string
	for _, n := range tree.Nodes {
		path, exact := n.Way()
		got = append(got, fmt.Sprint(path.String()[:min(len(path.String()), 12)], " ", exact))
		if _, err := jsontree.ParsePath(path.String()); err != nil {
			t.Error(err)
		}
	}
	want := []string{".a false", ".a true", ".b true", `.b["c.d"] true`, `.b["c.d"][0] true`, ".xxxxxxxxxxx false"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
