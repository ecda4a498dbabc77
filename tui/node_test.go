package tui

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/tui/jsonview"
)

// value builds what the node tree says, as encoding/json would.
func value(n *jsonview.Node) any {
	switch {
	case n.Container() && n.Raw[0] == '{':
		n.Read()
		m := map[string]any{}
		for _, k := range n.Kids {
			m[k.Name] = value(k)
		}
		return m
	case n.Container():
		n.Read()
		list := []any{}
		for _, k := range n.Kids {
			list = append(list, value(k))
		}
		return list
	case n.IsString():
		return n.Str()
	}
	var v any
	_ = json.Unmarshal(n.Raw, &v)
	return v
}

func TestNodesAreTheJSON(t *testing.T) {
	for _, body := range []string{
		commentBody, `{}`, `[]`, ` [ 1 , -2.5e3,true ,null,"a\"b\\" , {"x" : [ ] } ] `, `{"a":{"b":{"c":[[[1]]]}}}`,
		`"alone"`, `12`, "\ufeff{\"bom\":1}", `{"":0,"a b":"\u00e9\ud83d\ude00"}`,
	} {
		var want any
		if err := json.Unmarshal(bytes.TrimPrefix([]byte(body), []byte("\ufeff")), &want); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, value(jsonview.NewNode([]byte(body)))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", body, diff)
		}
	}
}

func FuzzNode(f *testing.F) {
	for _, s := range []string{commentBody, `{"a":`, `[1,,2]`, `{"a" 1}`, `"\`, `{]`, "\x00", `{"a":"b`, `[[[[`, `}`, `{,}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got := value(jsonview.NewNode(body)) // never panics, and ends
		var want any
		if json.Unmarshal(body, &want) != nil || bytes.Count(body, []byte(",")) > 1000 {
			return
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", body, diff)
		}
	})
}
