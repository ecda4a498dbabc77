package export

// Directories of gosmee (`gosmee client --saveDir`): of each event a file with its body
// and beside it a script that sends it again, which has its headers. No script is run.

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net/textproto"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/syntax"

	"hfhook/event"
)

// gosmeeName is how gosmee names the files of an event: event, date and time in UTC.
// Where the seconds should be, released versions have the month once more.
var gosmeeName = regexp.MustCompile(`^(?:.*-)?(\d{4})-(\d\d)-(\d\d)T(\d\d)\.(\d\d)\.(\d\d)\.(\d{3})\.json$`)

// ReadDir reads the events of a directory of gosmee, the oldest first. The error ends
// the sequence: ErrUnknown if no file in it is one of gosmee's.
func ReadDir(dir fs.FS) iter.Seq2[Found, error] {
	return func(yield func(Found, error) bool) {
		saved, err := gosmeeFiles(dir)
		if err != nil {
			yield(Found{}, err)
			return
		}
		for _, s := range saved {
			if !yield(checked(s.name, false, func() (Found, error) { return s.read(dir) }), nil) {
				return
			}
		}
	}
}

// A gosmeeFile is the body of an event.
type gosmeeFile struct {
	name     string
	received time.Time
	written  time.Time // orders those of one minute
}

func gosmeeFiles(dir fs.FS) ([]gosmeeFile, error) {
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return nil, err
	}
	var saved []gosmeeFile
	for _, entry := range entries {
		parts := gosmeeName.FindStringSubmatch(entry.Name())
		if parts == nil || entry.IsDir() {
			continue
		}
		info, err := entry.Info()
		if err != nil {
			return nil, err
		}
		var n [7]int
		for i := range n {
			n[i], _ = strconv.Atoi(parts[i+1]) // digits, and few
		}
		if n[5] == n[1] {
			n[5] = 0
		}
		at := time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], n[6]*int(time.Millisecond), time.UTC)
		saved = append(saved, gosmeeFile{entry.Name(), at, info.ModTime()})
	}
	if saved == nil {
		return nil, fmt.Errorf("%w: no file in the directory is named like gosmee's files", ErrUnknown)
	}
	slices.SortFunc(saved, func(a, b gosmeeFile) int {
		return cmp.Or(a.received.Truncate(time.Minute).Compare(b.received.Truncate(time.Minute)), a.written.Compare(b.written), cmp.Compare(a.name, b.name))
	})
	return saved, nil
}

func (g *gosmeeFile) read(dir fs.FS) (Found, error) {
	body, err := readLimited(dir, g.name)
	if err != nil {
		return Found{}, err
	}
	header := []event.Field{{Name: "Content-Type", Value: "application/json"}}
	target := ""
	found := Found{}
	script := strings.TrimSuffix(g.name, ".json") + ".sh"
	switch text, err := readLimited(dir, script); {
	case errors.Is(err, fs.ErrNotExist):
		found.Missing = "its headers file is missing: " + script
	case err != nil:
		return Found{}, err
	default:
		h, to, err := gosmeeScript(string(text))
		if err != nil {
			found.Missing = fmt.Sprintf("its headers: %s: %v", script, err)
			break
		}
		header, target = h, to
	}
	where, query := "", ""
	if u, err := parseURL(target); err == nil && strings.Trim(u.Path, "/") != "" {
		where, query = u.EscapedPath(), u.RawQuery
	}
	found.Event = newEvent(where, query, header, body, g.received)
	return found, nil
}

// readLimited reads a file that an import may be long.
func readLimited(dir fs.FS, name string) ([]byte, error) {
	file, err := dir.Open(path.Clean(name))
	if err != nil {
		return nil, err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, maxText+1))
	if err == nil && len(text) > maxText {
		err = errTooLong
	}
	return text, err
}

// gosmeeScript returns the headers and the address of the command that ends a script:
// one for curl, or for http.
func gosmeeScript(text string) (header []event.Field, target string, err error) {
	file, err := syntax.NewParser(syntax.Variant(syntax.LangBash)).Parse(shallow{strings.NewReader(text)}, "")
	if err != nil {
		return nil, "", errors.New("it is not a script")
	}
	set := assigned{}
	for _, stmt := range file.Stmts {
		call, ok := stmt.Cmd.(*syntax.CallExpr)
		if !ok {
			continue
		}
		config := expansion()
		config.Env = set
		if len(call.Args) == 0 { // the first value of a variable is the one of a call without options
			for _, a := range call.Assigns {
				if a.Value == nil || a.Append || a.Index != nil {
					continue
				}
				if value, err := expand.Literal(config, a.Value); err == nil && set[a.Name.Value] == "" {
					set[a.Name.Value] = value
				}
			}
			continue
		}
		if name := call.Args[0].Lit(); name != "curl" && name != "http" {
			continue
		}
		words, err := expand.Fields(config, call.Args...)
		if err != nil {
			return nil, "", err
		}
		if words[0] == "http" {
			header, target = httpieHeader(words[1:])
			return header, target, nil
		}
		c := &curlCall{saved: true}
		if err := c.read(words[1:]); err != nil {
			return nil, "", err
		}
		if len(c.urls) == 1 {
			target = c.urls[0]
		}
		return c.header, target, nil
	}
	return nil, "", errors.New("it has no curl or http command")
}

// httpieHeader returns the headers and the address among the arguments of http.
func httpieHeader(words []string) (header []event.Field, target string) {
	for _, word := range words {
		name, value, isHeader := strings.Cut(word, ":")
		switch {
		case strings.HasPrefix(word, "-") || word == "POST":
		case target == "" && strings.Contains(word, "://"):
			target = word
		case isHeader:
			header = append(header, event.Field{Name: textproto.CanonicalMIMEHeaderKey(name), Value: value})
		}
	}
	return header, target
}

// assigned are the variables that a script has set; all others are empty.
type assigned map[string]string

// Get returns a variable, as expand.Environ has it.
func (a assigned) Get(name string) expand.Variable {
	return expand.Variable{Set: true, Kind: expand.String, Str: a[name]}
}

// Each goes through none, as noVariables.
func (a assigned) Each(func(string, expand.Variable) bool) {}
