package jsontree

// What is wrong with a text that is not JSON, in words for people.

import "strings"

const tooEarly = "the JSON ends too early"

// mistakes are the ends of encoding/json's messages about a character, and what to say
// instead, with the character in the place of %.
var mistakes = []struct{ end, words string }{
	{" looking for beginning of value", "% does not begin a value"},
	{" looking for beginning of object key string", "% does not begin a name, which stands in double quotes"},
	{" after object key", "% follows a name: want a colon"},
	{" after object key:value pair", "% follows a member: want a comma or }"},
	{" after array element", "% follows an element: want a comma or ]"},
	{" after top-level value", "% follows the end of the JSON"},
	{" in string literal", "% in a string has to be escaped"},
	{" in string escape code", "% does not follow a backslash"},
	{` in \u hexadecimal character escape`, "% is not a hexadecimal digit"},
}

// Words puts a message of encoding/json about a text's syntax into words for people.
func Words(msg string) string {
	if strings.HasSuffix(msg, "unexpected end of JSON input") {
		return tooEarly
	}
	rest, ok := strings.CutPrefix(msg, "invalid character ")
	if !ok {
		return msg
	}
	for _, m := range mistakes {
		if char, ok := strings.CutSuffix(rest, m.end); ok {
			return strings.Replace(m.words, "%", char, 1)
		}
	}
	if char, in, ok := strings.Cut(rest, " in literal "); ok {
		word, _, _ := strings.Cut(in, " ")
		return char + " in the middle of " + word
	}
	if strings.HasSuffix(rest, "numeric literal") {
		char, _, _ := strings.Cut(rest, "' ")
		return char + "' does not go on with the number"
	}
	return "unexpected " + rest
}
