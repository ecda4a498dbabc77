package export

// Words and bodies for sh, in nothing but what POSIX has.

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"fmt"
	"strings"
	"unicode/utf8"

	"hfhook/event"
	"hfhook/internal/visible"
)

// maxWord is how long a body may be, in bytes, to be an argument. Linux takes 128
// KiB, Windows 32 KiB of a whole command.
const maxWord = 30 << 10

// plain reports whether a text shows itself as it is, so that it can be read, copied
// from a screen and pasted. Text from outside that is not plain is encoded.
func plain(s string) bool {
	return utf8.ValidString(s) && !strings.Contains(s, "\t") && visible.Block(s) == s
}

// word quotes a text for sh. The text has no NUL and does not end in a line break
// if it is not plain.
func word(s string) string {
	if plain(s) {
		return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
	}
	var b strings.Builder
	b.WriteString(`"$(printf '`)
	for i := range len(s) {
		switch c := s[i]; {
		case c < ' ' || c > '~' || strings.IndexByte("\\%'\"$`!", c) >= 0:
			fmt.Fprintf(&b, `\%03o`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteString(`')"`)
	return b.String()
}

// isWord reports whether a body can be the value of an option as it is: it would be
// the name of a file with an @ before it, and with a hyphen another option.
func isWord(body []byte) bool {
	return len(body) <= maxWord && plain(string(body)) && !bytes.HasPrefix(body, []byte("@")) && !bytes.HasPrefix(body, []byte("-"))
}

// hereStart begins a command that gets a body on its standard input, and hereEnd
// ends it, after the command's last line.
const hereStart = "base64 -d <<'EOF' | "

func hereEnd(w *bufio.Writer, body []byte) {
	const width = 76
	text := base64.StdEncoding.EncodeToString(body)
	for len(text) > 0 {
		n := min(width, len(text))
		w.WriteString(text[:n] + "\n")
		text = text[n:]
	}
	w.WriteString("EOF\n")
}

// secretWord is a word for sh that ends with the secret, or with a reference to it.
func secretWord(before, secret string) string {
	if secret != "" {
		return word(before + secret)
	}
	return `"` + before + `$WEBHOOK_SECRET"`
}

const secretHeader = event.SecretHeader
