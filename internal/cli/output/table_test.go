package output

import (
	"encoding/json"
	"strings"
	"testing"
)

const tableSchema = `{"$defs": {"event": {"properties": {
	"schema": {"const": 1}, "type": {"const": "event"}, "id": {"type": "string"},
	"repo": {"type": "object", "properties": {"type": {}, "name": {}}}, "note": {"type": "string"}, "warnings": {"type": "array"}
}}}}`

func TestTable(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, lines, want string }{
		{
			"columns of the schema",
			`{"schema":1,"type":"event","id":"01A","repo":{"type":"model","name":"me/a"},"warnings":[]}` + "\n" +
				`{"schema":1,"type":"event","id":"01B","repo":{"type":"model","name":"me/b"},"note":"x","warnings":[{"path":".a"}]}` + "\n",
			"type\tid\trepo.type\trepo.name\tnote\twarnings\n" +
				"event\t01A\tmodel\tme/a\t\t\n" +
				"event\t01B\tmodel\tme/b\tx\t" + `[{"path":".a"}]` + "\n",
		},
		{
			"escapes",
			`{"schema":1,"type":"event","id":"a\tb\nc\\d \"e\" \u001b\u202e é","repo":null,"note":"\u0000"}` + "\n",
			"type\tid\trepo.type\trepo.name\tnote\twarnings\trepo\n" +
				`event` + "\t" + `a\tb\nc\\d "e" \u001b\u202e é` + "\t\t\t" + `\u0000` + "\t\t\n",
		},
		{
			"a key and a type that the schema does not have",
			`{"schema":1,"type":"event","id":"01A"}` + "\n" + `{"schema":1,"type":"event","id":"01B","more":{"n":1}}` + "\n" + `{"schema":1,"type":"new","ok":true}` + "\n" +
				`{"schema":1,"type":"event","id":"01C"}` + "\n",
			"type\tid\trepo.type\trepo.name\tnote\twarnings\nevent\t01A\t\t\t\t\n" +
				"type\tid\trepo.type\trepo.name\tnote\twarnings\tmore.n\nevent\t01B\t\t\t\t\t1\n" +
				"type\tok\nnew\ttrue\nevent\t01C\t\t\t\t\t\n",
		},
		{"what is not a line of --json", "{\"event\":1}\nnot JSON\n", "{\"event\":1}\nnot JSON\n"},
	}
	for _, tt := range tests {
		var got strings.Builder
		tab := newTable(&got, tableSchema)
		for line := range strings.Lines(tt.lines) {
			if err := tab.line([]byte(strings.TrimSuffix(line, "\n"))); err != nil {
				t.Fatal(err)
			}
		}
		if got.String() != tt.want {
			t.Errorf("%s:\n got %q\nwant %q", tt.name, got.String(), tt.want)
		}
	}
}

// A row has as many values as the header has columns, whatever is in them, and a string can be
// read back.
func FuzzTable(f *testing.F) {
	f.Add("a\tb\nc\\\"\x00\u202e\r\u2028")
	f.Fuzz(func(t *testing.T, text string) {
		text = strings.ToValidUTF8(text, "\ufffd")
		line, err := json.Marshal(struct {
			Schema int               `json:"schema"`
			Type   string            `json:"type"`
			ID     string            `json:"id"`
			Repo   map[string]string `json:"repo"`
		}{1, "event", text, map[string]string{"name": text}})
		if err != nil {
			t.Fatal(err)
		}
		var got strings.Builder
		if err := newTable(&got, tableSchema).line(line); err != nil {
			t.Fatal(err)
		}
		rows := strings.Split(strings.TrimSuffix(got.String(), "\n"), "\n")
		if len(rows) != 2 {
			t.Fatalf("%d lines: %q", len(rows), got.String())
		}
		cells := strings.Split(rows[1], "\t")
		if len(cells) != strings.Count(rows[0], "\t")+1 {
			t.Fatalf("%d values for %q", len(cells), rows[0])
		}
		var back string
		quoted := `"` + strings.ReplaceAll(cells[1], `"`, `\"`) + `"`
		if err := json.Unmarshal([]byte(quoted), &back); err != nil || back != text {
			t.Fatalf("%q came back as %q: %v", text, back, err)
		}
	})
}
