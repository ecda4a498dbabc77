package screen

import (
	"encoding/json"
	"strings"

	"hfhook/internal/jsontree"
	"hfhook/internal/visible"
)

// FlagValue is a JSON value as --set takes it: a string without its quotation marks
// where that means the same, and can be read.
func FlagValue(value string) string {
	if !strings.HasPrefix(value, `"`) {
		return value
	}
	s := jsontree.Unquote([]byte(value))
	if json.Valid([]byte(s)) || visible.Line(s) != s {
		return value
	}
	return s
}

func ShellValue(s string) string {
	if s == "" {
		return ""
	}
	return ShellWord(s)
}

// About puts what is selected on a screen into the general form of a command, each
// word once.
func About(top Screen, command string, f Frame) string {
	words := strings.Fields(command)
	done := map[string]bool{}
	for i, word := range words {
		if done[word] {
			continue
		}
		known := ""
		if s, ok := top.(subject); ok {
			known = s.Subject(word, f)
		}
		if known != "" {
			words[i], done[word] = known, true
		}
	}
	return strings.Join(words, " ")
}

// ShellWord quotes a word of a command where a shell would take it apart.
func ShellWord(s string) string {
	if s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:@,+=") == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
