package export

// Commands for curl, as browsers copy them ("as cURL (bash)") and as hfhook writes
// them. They are parsed as a shell would, and never run. What they mean is here too for
// those that cmd.exe takes.

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/textproto"
	"runtime"
	"slices"
	"strings"
	"time"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"

	"hfhook/event"
)

// errNotRun means that a command cannot be parsed without running a shell.
var errNotRun = errors.New("only curl commands can be imported, with base64 -d and printf for bodies; nothing is run")

// readShell reads commands as a shell does.
func readShell(text string, now time.Time, yield func(Found) bool) error {
	text = strings.TrimPrefix(text, "$ ")
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(shallow{strings.NewReader(text)}, "")
	if err != nil {
		return fmt.Errorf("%w: it looks like a command but is not valid in sh: %w", ErrUnknown, err)
	}
	for _, stmt := range file.Stmts {
		found := checked(fmt.Sprintf("command at line %d", stmt.Pos().Line()), false, func() (Found, error) {
			words, stdin, err := unfold(stmt)
			if err != nil {
				return Found{}, err
			}
			return curlEvent(words, stdin, now)
		})
		if !yield(found) {
			return nil
		}
	}
	return nil
}

// A shallow reader limits the nesting depth of the parser that reads from it: the parser has no
// limit of its own, and a text of many opening brackets would use up the stack.
type shallow struct{ io.Reader }

func (s shallow) Read(b []byte) (int, error) {
	const calls = 10_000
	if runtime.Callers(calls, make([]uintptr, 1)) > 0 {
		return 0, errors.New("it is nested too deeply")
	}
	return s.Reader.Read(b[:min(len(b), 1<<10)])
}

// unfold returns the words of a simple command and its standard input, which may be piped from
// another such command.
func unfold(stmt *syntax.Stmt) (words []string, stdin []byte, err error) {
	if stmt.Negated || stmt.Background || stmt.Coprocess {
		return nil, nil, errNotRun
	}
	for _, r := range stmt.Redirs {
		if r.Op != syntax.Hdoc || r.Hdoc == nil || r.N != nil {
			return nil, nil, errNotRun
		}
		text, err := document(r)
		if err != nil {
			return nil, nil, err
		}
		stdin = []byte(text)
	}
	switch cmd := stmt.Cmd.(type) {
	case *syntax.CallExpr:
		if len(cmd.Assigns) > 0 {
			return nil, nil, errNotRun
		}
		words, err = expand.Fields(expansion(), cmd.Args...)
		return words, stdin, err
	case *syntax.BinaryCmd:
		if cmd.Op != syntax.Pipe || stdin != nil || isPair(cmd.X) || isPair(cmd.Y) {
			return nil, nil, errNotRun
		}
		source, input, err := unfold(cmd.X)
		if err != nil {
			return nil, nil, err
		}
		if stdin, err = output(source, input); err != nil {
			return nil, nil, err
		}
		words, _, err := unfold(cmd.Y)
		return words, stdin, err
	}
	return nil, nil, errNotRun
}

func isPair(stmt *syntax.Stmt) bool {
	_, ok := stmt.Cmd.(*syntax.BinaryCmd)
	return ok
}

// output returns what a command would write, for the commands that hfhook itself writes.
func output(words []string, stdin []byte) ([]byte, error) {
	switch {
	case slices.Equal(words, []string{"base64", "-d"}):
		text, err := base64.StdEncoding.DecodeString(string(bytes.Join(bytes.Fields(stdin), nil)))
		if err != nil {
			return nil, fmt.Errorf("read the body: %w", err)
		}
		return text, nil
	case len(words) > 1 && words[0] == "printf":
		text, _, err := expand.Format(&expand.Config{Env: noVariables{}}, words[1], words[2:])
		return []byte(text), err
	}
	return nil, errNotRun
}

// noVariables is an environment in which every variable is empty, as that of the
// secret has to be, and everybody's home directory too.
type noVariables struct{}

func (noVariables) Get(string) expand.Variable {
	return expand.Variable{Set: true, Kind: expand.String}
}

func (noVariables) Each(func(string, expand.Variable) bool) {}

// document is the text of a here-document, which is as it stands there where a part
// of its mark is quoted.
func document(r *syntax.Redirect) (string, error) {
	if mark := r.Word.Lit(); mark != "" && !strings.Contains(mark, `\`) {
		return expand.Document(expansion(), r.Hdoc)
	}
	var b strings.Builder
	for _, part := range r.Hdoc.Parts {
		lit, ok := part.(*syntax.Lit)
		if !ok {
			return "", errNotRun
		}
		b.WriteString(lit.Value)
	}
	return b.String(), nil
}

// expansion takes nothing from this machine.
func expansion() *expand.Config {
	return &expand.Config{
		Env: noVariables{},
		CmdSubst: func(out io.Writer, sub *syntax.CmdSubst) error {
			if len(sub.Stmts) != 1 {
				return errNotRun
			}
			words, stdin, err := unfold(sub.Stmts[0])
			if err != nil {
				return err
			}
			text, err := output(words, stdin)
			if err != nil {
				return err
			}
			_, err = out.Write(text)
			return err
		},
	}
}

// curlOption is the meaning of a curl option for the event.
type curlOption int

const (
	ignored curlOption = iota // has a value that does not matter
	flag                      // has none, and does not matter
	header
	agent
	data     // less line breaks where it is read from a file
	rawData  // where an @ does not name a file
	allData  // to the byte
	jsonData // with the headers of JSON
	method
	address
	foreign // makes of the request what no delivery is
)

// curlOptions are the options that commands have which were made by programs, after
// https://curl.se/docs/manpage.html.
var curlOptions = map[string]curlOption{
	"-H": header, "--header": header, "-A": agent, "--user-agent": agent,
	"-d": data, "--data": data, "--data-ascii": data, "--data-raw": rawData, "--data-binary": allData, "--json": jsonData,
	"-X": method, "--request": method, "--url": address,
	"-F": foreign, "--form": foreign, "--form-string": foreign, "--data-urlencode": foreign, "-T": foreign, "--upload-file": foreign,
	"-G": foreign, "--get": foreign, "-I": foreign, "--head": foreign, "-K": foreign, "--config": foreign, "-:": foreign, "--next": foreign,

	"-b": ignored, "--cookie": ignored, "-c": ignored, "--cookie-jar": ignored, "-u": ignored, "--user": ignored,
	"-e": ignored, "--referer": ignored, "-o": ignored, "--output": ignored, "-w": ignored, "--write-out": ignored,
	"-m": ignored, "--max-time": ignored, "--connect-timeout": ignored, "--retry": ignored, "-x": ignored, "--proxy": ignored,
	"--resolve": ignored, "--cacert": ignored, "-E": ignored, "--cert": ignored, "--key": ignored, "-D": ignored, "--dump-header": ignored,
	"--oauth2-bearer": ignored,

	"--compressed": flag, "-s": flag, "--silent": flag, "-S": flag, "--show-error": flag, "-k": flag, "--insecure": flag,
	"-L": flag, "--location": flag, "-i": flag, "--include": flag, "-v": flag, "--verbose": flag, "-f": flag, "--fail": flag,
	"--fail-with-body": flag, "-g": flag, "--globoff": flag, "--path-as-is": flag, "-N": flag, "--no-buffer": flag, "-#": flag,
	"--http1.1": flag, "--http2": flag, "-4": flag, "-6": flag, "-q": flag, "-O": flag, "--progress-bar": flag, "--no-progress-meter": flag,
}

// A curlCall is a curl command that is being parsed.
type curlCall struct {
	stdin   []byte
	urls    []string
	method  string
	header  []event.Field
	json    bool // with the headers of JSON, where it has no others
	body    []byte
	hasBody bool
	saved   bool // the body is known: it is in a file beside
}

func curlEvent(words []string, stdin []byte, now time.Time) (Found, error) {
	if len(words) == 0 || strings.TrimSuffix(words[0], ".exe") != "curl" {
		return Found{}, errNotRun
	}
	c := &curlCall{stdin: stdin}
	if err := c.read(words[1:]); err != nil {
		return Found{}, err
	}
	switch {
	case len(c.urls) != 1:
		return Found{}, fmt.Errorf("the command has %d URLs, want one", len(c.urls))
	case !c.hasBody || c.method != "" && c.method != "POST":
		return Found{}, ErrNoDelivery
	}
	rawURL := c.urls[0]
	if !strings.Contains(rawURL, "://") {
		rawURL = "http://" + rawURL
	}
	u, err := parseURL(rawURL)
	if err != nil {
		return Found{}, err
	}
	for _, name := range []string{"Accept", "Content-Type"} {
		if c.json && !slices.ContainsFunc(c.header, func(f event.Field) bool { return f.Name == name }) {
			c.header = append(c.header, event.Field{Name: name, Value: "application/json"})
		}
	}
	return Found{Event: newEvent(u.EscapedPath(), u.RawQuery, c.header, c.body, now), AnyTime: true}, nil
}

// read parses the words like curl: -H 'a: b', -H'a: b', -sSd 'body'.
func (c *curlCall) read(words []string) error {
	options := true
	for len(words) > 0 {
		word := words[0]
		words = words[1:]
		switch {
		case options && word == "--":
			options = false
			continue
		case !options || !strings.HasPrefix(word, "-") || word == "-":
			c.urls = append(c.urls, word)
			continue
		}
		names := []string{word}
		rest := ""
		if !strings.HasPrefix(word, "--") {
			names = nil
			for i := 1; i < len(word); i++ {
				names = append(names, "-"+word[i:i+1])
				if curlOptions[names[len(names)-1]] != flag {
					rest = word[i+1:]
					break
				}
			}
		}
		for _, name := range names {
			kind, known := curlOptions[name]
			switch {
			case !known:
				return fmt.Errorf("unknown curl option %s", name)
			case kind == foreign:
				return fmt.Errorf("curl option %s is not supported in an import", name)
			case kind == flag:
				continue
			}
			value := rest
			if value == "" {
				if len(words) == 0 {
					return fmt.Errorf("curl option %s needs a value", name)
				}
				value, words = words[0], words[1:]
			}
			if err := c.set(kind, value); err != nil {
				return err
			}
		}
	}
	return nil
}

func (c *curlCall) set(kind curlOption, value string) error {
	switch kind {
	case header:
		c.setHeader(value)
	case agent:
		c.setHeader("User-Agent: " + value)
	case method:
		c.method = value
	case address:
		c.urls = append(c.urls, value)
	case jsonData:
		c.json = true
		return c.add(value, kind)
	case data, rawData, allData:
		return c.add(value, kind)
	}
	return nil
}

func (c *curlCall) setHeader(line string) {
	name, value, colon := strings.Cut(line, ":")
	if value = strings.TrimSpace(value); !colon {
		var empty bool
		if name, empty = strings.CutSuffix(name, ";"); !empty {
			return
		}
	} else if value == "" {
		return // curl is told not to send its own
	}
	c.header = append(c.header, event.Field{Name: textproto.CanonicalMIMEHeaderKey(name), Value: value})
}

// add adds to the body. Several parts are joined like those of a form.
func (c *curlCall) add(value string, kind curlOption) error {
	if c.saved {
		return nil
	}
	part := []byte(value)
	if file, ok := strings.CutPrefix(value, "@"); ok && kind != rawData {
		if file != "-" || c.stdin == nil {
			return errors.New("its body is in a file: import that file, or put the body in the command")
		}
		part = c.stdin
		if kind == data {
			part = bytes.Map(func(r rune) rune {
				if r == '\r' || r == '\n' || r == 0 {
					return -1
				}
				return r
			}, part)
		}
	}
	if c.hasBody && kind != jsonData {
		c.body = append(c.body, '&')
	}
	c.body = append(c.body, part...)
	c.hasBody = true
	return nil
}
