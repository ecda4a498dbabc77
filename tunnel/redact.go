package tunnel

import (
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"unicode/utf8"
)

// redacted replaces a credential.
const redacted = "[authtoken]"

// An Authtoken is a credential that no print, log or encoder shows. The zero value is not an
// authtoken. It is behind a pointer because fmt calls no methods of a value in an unexported
// field, but does not follow a pointer there either.
type Authtoken struct{ text *string }

// NewAuthtoken returns the token of a text, without the space around it.
func NewAuthtoken(text string) Authtoken {
	if text = strings.TrimSpace(text); text == "" {
		return Authtoken{}
	}
	return Authtoken{&text}
}

// IsZero reports whether there is no authtoken.
func (a Authtoken) IsZero() bool { return a.text == nil }

func (a Authtoken) String() string {
	if a.IsZero() {
		return ""
	}
	return redacted
}

// Format prints what String returns, whatever the verb.
func (a Authtoken) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(a.String())) }

// MarshalText keeps the token out of JSON and the like.
func (a Authtoken) MarshalText() ([]byte, error) { return []byte(a.String()), nil }

// LogValue keeps the token out of logs.
func (a Authtoken) LogValue() slog.Value { return slog.StringValue(a.String()) }

// reveal returns the token itself.
func (a Authtoken) reveal() string {
	if a.IsZero() {
		return ""
	}
	return *a.text
}

// echoed matches a line in which ngrok repeats a credential, as its texts for ERR_NGROK_105 and
// 107 do.
var echoed = regexp.MustCompile(`(?i)(\b(?:auth ?token|credential|authentication|key)\s*[:=]\s*).*`)

// redact removes credentials from a text of the service.
func (a Authtoken) redact(text string) string {
	if !a.IsZero() {
		text = strings.ReplaceAll(text, a.reveal(), redacted)
	}
	return echoed.ReplaceAllString(text, "${1}"+redacted)
}

// maxLine is the maximum length of a message, in characters: more than a screen shows.
const maxLine = 300

// oneLine folds a text into one line, without the lines that only name ngrok's code or its
// documentation, which are shown elsewhere.
func oneLine(text string) string {
	var lines []string
	for line := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		line = strings.Join(strings.Fields(line), " ")
		if line == "" || ngrokCode.FindString(line) == line || strings.HasPrefix(line, "https://ngrok.com/docs/errors/") {
			continue
		}
		lines = append(lines, line)
	}
	line := strings.Join(lines, " ")
	if utf8.RuneCountInString(line) > maxLine {
		line = string([]rune(line)[:maxLine-1]) + "…"
	}
	return line
}
