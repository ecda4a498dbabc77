package event

import (
	"testing"

	"golang.org/x/net/http/httpguts"
)

// TestTokens compares all texts of one byte, and some longer ones, with httpguts.
func TestTokens(t *testing.T) {
	t.Parallel()
	texts := []string{"", "Content-Type", "two words", "a\r\nb", "é", "\u2028", "x\x00"}
	for b := range 256 {
		texts = append(texts, string([]byte{byte(b)}))
	}
	for _, text := range texts {
		if isToken(text) != httpguts.ValidHeaderFieldName(text) {
			t.Errorf("%q is a token: %v", text, isToken(text))
		}
		if isFieldValue(text) != httpguts.ValidHeaderFieldValue(text) {
			t.Errorf("%q is a value: %v", text, isFieldValue(text))
		}
	}
}
