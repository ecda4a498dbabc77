package export

// Commands for curl as browsers on Windows copy them ("as cURL (cmd)"). Two programs
// read such a line: cmd.exe with its carets, and then the C runtime of curl with its
// backslashes.

import (
	"bytes"
	"fmt"
	"strings"
	"time"
)

// isWindows reports whether a text looks as if only cmd.exe reads it as it was meant: its
// first word with quotes begins with ^", or its first line goes on behind a caret.
func isWindows(text string) bool {
	line, _, more := strings.Cut(text, "\n")
	if i := strings.IndexAny(line, `"'`); i >= 2 && line[i] == '"' && line[i-1] == '^' && isBlank(line[i-2]) {
		return true
	}
	line = strings.TrimSuffix(line, "\r")
	n := len(line)
	return more && n >= 2 && line[n-1] == '^' && isBlank(line[n-2]) && !strings.Contains(line, "'")
}

func isBlank(c byte) bool { return c == ' ' || c == '\t' }

// A reading is a way to parse commands.
type reading func(text string, now time.Time, yield func(Found) bool) error

// readCommands parses curl commands in the first of several ways that yields an event.
func readCommands(text string, now time.Time, yield func(Found) bool) error {
	ways := []reading{readShell, readWindows, readCarets}
	if isWindows(text) {
		ways = []reading{readWindows, readCarets, readShell}
	}
	// Rejected commands are held back until there is an event: if there is none, another way
	// may be the right one.
	var refused []Found
	var failed error
	for i, read := range ways {
		var held []Found
		found, stopped := false, false
		err := read(text, now, func(f Found) bool {
			if !found && f.Refused != nil {
				held = append(held, f)
				return true
			}
			if !found {
				found = true
				for _, h := range held {
					if stopped = stopped || !yield(h); stopped {
						return false
					}
				}
			}
			stopped = !yield(f)
			return !stopped
		})
		if found {
			return err
		}
		if i == 0 {
			refused, failed = held, err
		}
	}
	for _, f := range refused {
		if !yield(f) {
			return nil
		}
	}
	return failed
}

// readWindows reads commands as cmd.exe does.
func readWindows(text string, now time.Time, yield func(Found) bool) error {
	return readCmd(text, false, now, yield)
}

// readCarets reads what Chrome copied for some years, with carets between quotes, too,
// where cmd.exe leaves them.
func readCarets(text string, now time.Time, yield func(Found) bool) error {
	return readCmd(text, true, now, yield)
}

func readCmd(text string, everywhere bool, now time.Time, yield func(Found) bool) error {
	for _, line := range cmdLines(text, everywhere) {
		found := checked(fmt.Sprintf("command at line %d", line.number), false, func() (Found, error) {
			if line.piped {
				return Found{}, errNotRun
			}
			return curlEvent(cmdWords(line.text, line.copied || everywhere), nil, now)
		})
		if !yield(found) {
			return nil
		}
	}
	return nil
}

// A cmdLine is a command as cmd.exe hands it to a program.
type cmdLine struct {
	text   []byte
	number int  // of its first line in the text, from 1
	piped  bool // to or from something else
	copied bool // from a browser: nobody types such quotes
}

// hasDoubled reports whether a line has quotes within quotes as the first browsers wrote them
// that copied commands: two, between other characters than white space.
func hasDoubled(line []byte) bool {
	const space = " \t\n\f\r"
	for i := 1; i+2 < len(line); i++ {
		if line[i] == '"' && line[i+1] == '"' && strings.IndexByte(space, line[i-1]) < 0 && strings.IndexByte(space, line[i+2]) < 0 {
			return true
		}
	}
	return false
}

// cmdLines does the work of cmd.exe: a caret takes the next character as it is and
// joins lines, and behind & there is another command. Between quotes all stands for
// itself, except for a caret if carets work everywhere. Variables are not put in.
func cmdLines(text string, everywhere bool) []cmdLine {
	text = strings.ReplaceAll(text, "\r\n", "\n")
	var lines []cmdLine
	now := cmdLine{number: 1}
	quoted := false
	number := 1
	end := func() {
		if len(bytes.TrimSpace(now.text)) > 0 {
			now.copied = now.copied || hasDoubled(now.text)
			lines = append(lines, now)
		}
		now, quoted = cmdLine{number: number}, false
	}
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '^' && (!quoted || everywhere) && i+1 < len(text):
			i++
			if text[i] == '\n' { // goes on in the next line, whose first character is taken as it is
				number++
				if i++; i == len(text) {
					break
				}
			}
			switch text[i] {
			case '\n':
				number++
			case '"':
				now.copied = true
			}
			now.text = append(now.text, text[i])
		case c == '\n':
			number++
			end()
		case c == '"':
			quoted = !quoted
			now.text = append(now.text, c)
		case quoted:
			now.text = append(now.text, c)
		case c == '&':
			end()
		default:
			now.piped = now.piped || c == '|' || c == '<' || c == '>'
			now.text = append(now.text, c)
		}
	}
	end()
	return lines
}

// cmdWords does the work of the C runtime: quotes keep words together, two of them
// within quotes are one that stands for itself, and so is one behind a backslash. A
// backslash that is not before a quote stands for itself; browsers double it all the
// same, so in what they copied two are one.
func cmdWords(line []byte, copied bool) []string {
	var words []string
	var word []byte
	inside, quoted := false, false // inside a word, and between quotes
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == '\\':
			n := 1
			for i+n < len(line) && line[i+n] == '\\' {
				n++
			}
			inside = true
			i += n - 1
			if i+1 == len(line) || line[i+1] != '"' {
				if copied {
					n = (n + 1) / 2
				}
				word = append(word, bytes.Repeat([]byte{'\\'}, n)...)
				break
			}
			word = append(word, bytes.Repeat([]byte{'\\'}, n/2)...)
			if n%2 == 1 {
				word = append(word, '"')
				i++
			}
		case c == '"' && quoted && i+1 < len(line) && line[i+1] == '"':
			word = append(word, '"')
			i++
		case c == '"':
			inside, quoted = true, !quoted
		case !quoted && (c == ' ' || c == '\t' || c == '\n'):
			if inside {
				words = append(words, string(word))
			}
			word, inside = nil, false
		default:
			inside = true
			word = append(word, c)
		}
	}
	if inside {
		words = append(words, string(word))
	}
	return words
}
