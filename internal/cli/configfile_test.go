package cli

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hfhook/internal/cli/config"
)

// TestTablesOfOneName sees that of several tables each mistake is told with its own
// place, and that of two files the first with any counts.
func TestTablesOfOneName(t *testing.T) {
	var got []string
	config.Kinds["probe"] = config.Kind{Several: true, Hidden: []string{"token"}, Decode: func(_ *config.Tables, from config.Table) error {
		var url, token string
		var ports []int
		if err := from.Fields(map[string]any{"url": &url, "token": &token, "ports": &ports}); err != nil {
			return err
		}
		got = append(got, from.File.Path+" "+url)
		return nil
	}}
	t.Cleanup(func() { delete(config.Kinds, "probe") })

	for _, tt := range []struct{ name, text, want string }{
		{"good", "[[probe]]\nurl = \"a\"\nports = [1, 2]\n[[probe]]\nurl = \"b\"\ntoken = \"hush\"\n", ""},
		{"inline", "probe = [{url = \"a\", ports = [1, 2]}, {url = \"b\", token = \"hush\"}]\n", ""},
		{"first", "[[probe]]\nurl = 7\n[[probe]]\nurl = \"b\"\n", "line 2, column 7: [[probe]]: url: "},
		{"second", "[[probe]]\nurl = \"a\"\n\n[[probe]]\nurl = 7\n[[probe]]\nurl = 8\n", "line 5, column 7: [[probe]]: url: "},
		{"unknown", "[[probe]]\nurl = \"a\"\n[[probe]]\nurk = \"b\"\n", `line 4, column 8: [[probe]]: urk: unknown key "urk" in [[probe]]`},
		{"element", "[[probe]]\nports = [1, \"x\"]\n", "line 2, column 10: [[probe]]: ports: "},
		{"one", "[probe]\nurl = \"a\"\n", "probe must be written as [[probe]]"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			path, other := filepath.Join(dir, "a.toml"), filepath.Join(dir, "b.toml")
			for p, text := range map[string]string{path: tt.text, other: "[[probe]]\nurl = \"other\"\n"} {
				if err := os.WriteFile(p, []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			got = nil
			p := &program{env: func(string) string { return "" }}
			root := p.rootCommand()
			var files []*config.File
			var err error
			for _, name := range []string{path, other} {
				file, readErr := config.Read(name, settingNames(root))
				if readErr != nil {
					err = readErr
					break
				}
				files = append(files, file)
			}
			if err == nil {
				err = readTables(p, files)
			}
			if tt.want != "" {
				if err == nil || !strings.Contains(err.Error(), tt.want) {
					t.Fatalf("got %v, want %q", err, tt.want)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if want := []string{path + " a", path + " b"}; len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
				t.Errorf("decoded %q, want %q", got, want)
			}
			var shown strings.Builder
			for _, row := range p.tables.Shown {
				shown.WriteString(row.Name + "=" + row.Value + " ")
			}
			if shown.String() != "probe[0].ports=1  2 probe[0].url=a probe[1].token=******** probe[1].url=b " {
				t.Errorf("shown %q", shown.String())
			}
		})
	}
}
