package export

// Commands for the programs curl and http (HTTPie).

import (
	"bufio"
	"fmt"
	"iter"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf8"

	"hfhook/event"
)

func writeCurl(w *bufio.Writer, requests iter.Seq[*request], _ Options) error {
	return commands(w, requests, curlArgs, "--data-binary ", "--data-binary @-")
}

// curlArgs are curl's arguments, except for the body.
func curlArgs(r *request) ([]string, error) {
	first := "curl "
	if strings.ContainsAny(r.url.String(), "[]{}") {
		first += "--globoff "
	}
	if strings.Contains(r.target(), "/.") {
		first += "--path-as-is "
	}
	if r.method() != http.MethodPost {
		first += "-X " + r.method() + " "
	}
	args := []string{first + word(r.url.String())}
	for _, f := range r.header {
		line := f.Name + ": " + f.Value
		if f.Value == "" {
			line = f.Name + ";" // with a colon it would be left out
		}
		args = append(args, "-H "+word(line))
	}
	for _, name := range []string{"Accept", "Content-Type", "User-Agent"} {
		if !r.has(name) {
			args = append(args, "-H '"+name+":'") // or curl would send one of its own
		}
	}
	return append(args, "-H "+secretWord(secretHeader+": ", r.secret)), nil
}

func writeHTTPie(w *bufio.Writer, requests iter.Seq[*request], _ Options) error {
	return commands(w, requests, httpieArgs, "--ignore-stdin --raw ", "")
}

// httpieArgs are the arguments of http, except for the body.
func httpieArgs(r *request) ([]string, error) {
	args := []string{"http --ignore-netrc " + r.method() + " " + word(r.url.String())}
	for _, f := range r.header {
		item, err := httpieItem(f)
		if err != nil {
			return nil, fmt.Errorf("event %s: %w", r.Event.ID, err)
		}
		args = append(args, word(item))
	}
	for _, name := range []string{"Accept", "Accept-Encoding", "Content-Type", "User-Agent"} {
		if !r.has(name) {
			args = append(args, "'"+name+":'") // or HTTPie would send one of its own
		}
	}
	return append(args, secretWord(secretHeader+":", r.secret)), nil
}

// lostBackslash is a backslash that HTTPie takes for its own and that cannot be
// doubled: https://httpie.io/docs/cli/escaping-rules.
var lostBackslash = regexp.MustCompile(`(^|[^\\])(\\\\)*\\[:;=@]`)

// httpieItem is a header as HTTPie has it on its command line.
func httpieItem(f event.Field) (string, error) {
	switch {
	case strings.HasPrefix(f.Name, "-") || lostBackslash.MatchString(f.Value) || !utf8.ValidString(f.Value):
		return "", fmt.Errorf("HTTPie cannot send the header %s: use curl", f.Name)
	case f.Value == "":
		return f.Name + ";", nil
	case strings.ContainsAny(f.Value[:1], "@="):
		return f.Name + `:\` + f.Value, nil // it is neither a file nor JSON
	}
	return f.Name + ":" + f.Value, nil
}

// commands writes a command for each request: with the body as the value of the
// option asWord or, where it cannot be a word, on standard input, which asInput
// says if it has to be said.
func commands(w *bufio.Writer, requests iter.Seq[*request], args func(*request) ([]string, error), asWord, asInput string) error {
	first := true
	for r := range requests {
		list, err := args(r)
		if err != nil {
			return err
		}
		if !first {
			w.WriteString("\n")
		}
		first = false
		body := r.Event.Body
		inline := isWord(body)
		switch {
		case inline:
			list = append(list, asWord+word(string(body)))
		case asInput != "":
			list = append(list, asInput)
		}
		if !inline {
			w.WriteString(hereStart)
		}
		w.WriteString(strings.Join(list, " \\\n  ") + "\n")
		if !inline {
			hereEnd(w, body)
		}
	}
	return nil
}
