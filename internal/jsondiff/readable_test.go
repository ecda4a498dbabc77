package jsondiff_test

import (
	"encoding/json"
	"testing"

	"hfhook/internal/jsondiff"
)

func TestReadable(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`"caf\u00e9 \ud83d\ude80 \u65e5"`: `"café 🚀 日"`,
		`{"a":["\u00E9"],"\u00e9":1}`:     `{"a":["é"],"é":1}`,
		`"https:\/\/hf.co"`:               `"https://hf.co"`,
		`"\\u00e9 \\\u00e9"`:              `"\\u00e9 \\é"`,
		`"\u0022 \u005c \u001b \n \""`:    `"\u0022 \u005c \u001b \n \""`,
		`"\ud83d x \ude80\ud83d"`:         `"\ud83d x \ude80\ud83d"`,
		`"\u202e"`:                        "\"\u202e\"",
		`1e400`:                           `1e400`,
	} {
		d := jsondiff.Compare([]byte("null"), []byte(text)).Readable()
		got := d.Fields[0].New
		if got != want {
			t.Errorf("%s is shown as %s, want %s", text, got, want)
		}
		if !jsondiff.Compare([]byte(text), []byte(got)).Same() {
			t.Errorf("%s and %s are not the same JSON", text, got)
		}
	}
}

func FuzzReadable(f *testing.F) {
	f.Add(`"\u00e9\\u0041\/"`)
	f.Fuzz(func(t *testing.T, text string) {
		if !json.Valid([]byte(text)) {
			return
		}
		for _, field := range jsondiff.Compare([]byte("0"), []byte(text)).Readable().Fields {
			if field.New != "" && !json.Valid([]byte(field.New)) {
				t.Errorf("%q became %q", text, field.New)
			}
		}
	})
}
