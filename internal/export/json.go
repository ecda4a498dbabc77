package export

// JSON that shows itself as it is: strings have no character that a screen would
// not show.

import (
	"bytes"
	"encoding/json"

	"hfhook/internal/visible"
)

// encode is the JSON of a value, in one line, or indented.
func encode(v any, indent string) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return visible.JSON(b.Bytes()), nil
}

func quoteJSON(s string) []byte {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // a string has a JSON, and a Buffer takes it
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
