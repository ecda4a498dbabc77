package visible_test

import (
	"encoding/json"
	"testing"
	"unicode/utf8"

	"hfhook/internal/visible"
)

func TestJSON(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{"a":"b\u202e"}`: `{"a":"b\u202e"}`,
		"{\"a\":\"\u202e\u2066\u200b\ufeff\u00ad\u2028\"}":    `{"a":"\u202e\u2066\u200b\ufeff\u00ad\u2028"}`,
		"\"\x7f\u0085\u009b31m\"":                             `"\u007f\u0085\u009b31m"`,
		"\"\U000e0041 \U0010ffff\"":                           `"\udb40\udc41 \udbff\udfff"`,
		"\"é 日本 ไทย \u0939\u093f\u0928\u094d\u0926\u0940 👍\"": "\"é 日本 ไทย \u0939\u093f\u0928\u094d\u0926\u0940 👍\"",
		"\"\u3164\"": `"\u3164"`,
	} {
		if got := string(visible.JSON([]byte(in))); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
	text := []byte(`{"a":1}`)
	if got := visible.JSON(text); &got[0] != &text[0] {
		t.Error("a text with nothing to escape was copied")
	}
}

// What is escaped means the same, and shows itself as it is.
func FuzzJSON(f *testing.F) {
	f.Add("a\u202eb\x7f\u0085")
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return
		}
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var back string
		if err := json.Unmarshal(visible.JSON(text), &back); err != nil || back != s {
			t.Fatalf("%q became %q, %v", s, back, err)
		}
		for _, r := range string(visible.JSON(text)) {
			switch {
			case r == 0x7f, r >= 0x80 && r < 0xa0, r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r == 0xfeff:
				t.Fatalf("%U is in %q", r, s)
			}
		}
	})
}
