package delivery

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"hfhook/event"
	"hfhook/filter"
)

// DefaultTimeout is how long a whole attempt may take if the target has no Timeout of its own.
const DefaultTimeout = 30 * time.Second

// A Target is a place that events are sent to. Its URL is never changed after it was made, so
// targets may be copied, and read by several goroutines.
type Target struct {
	Name        string        // unique; also identifies it in the log of deliveries
	URL         *url.URL      // http or https, with a host; nil: a command. An empty path means that the received one is kept; / is a path
	Bare        bool          // the URL was written as a port alone: this machine, at 127.0.0.1 or ::1
	Command     *Command      // what is run for each event; nil: it is sent to the URL
	Timeout     time.Duration // of a whole attempt; 0 means DefaultTimeout
	Concurrency int           // maximum of attempts under way at once; 0 means 1, which keeps the order of the events
	When        filter.Expr   // filter for the events that it gets; nil: all
	ReplayAs    ReplayAs      // how replays to it look
	Header      []event.Field // sent in addition; they replace the event's own headers of these names
	Insecure    bool          // accept any certificate; on this machine only

	unredacted *unredacted // its real address, if that is not shown; see Redacted
}

// ParseTarget parses a target as written on the command line: an address, then options,
// separated by commas. The address is a port (8000, :8000, :8000/path), which means this
// machine, at 127.0.0.1 or else ::1; host:port; an http or https URL; or the word exec and a
// command, which [ParseCommand] parses. The options are
//
//	name=NAME    without it the name is the address, less the scheme
//	when=FILTER  the events that the target gets, see package filter; a comma within
//	             the filter stands between quotation marks
//	timeout=5s   how long a whole attempt may take
//	concurrency=N  so many events at once; with 1, the default, they keep their order
//	header=H     a header that is sent besides, for example header=X-Mode: test; again for more
//	insecure     takes a certificate that nobody has signed, on this machine alone
//
// The error says what to write instead, and repeats no part of the text that may
// be a credential.
func ParseTarget(s string) (Target, error) {
	if command, ok := strings.CutPrefix(strings.TrimSpace(s), "exec "); ok {
		return ParseCommand(command)
	}
	address, options, _ := strings.Cut(strings.TrimSpace(s), ",")
	u, err := parseAddress(address)
	if err != nil {
		return Target{}, err
	}
	t := Target{URL: u, Bare: isPort(address)}
	if err := t.parseOptions(options); err != nil {
		return Target{}, err
	}
	if t.Name == "" {
		t.Name = u.Host
		if u.Path != "/" { // which is told from no path by hardly anybody
			t.Name += u.EscapedPath()
		}
	}
	return t, nil
}

const addressForms = "a target is a port, host:port, a URL or a command, for example 8000, localhost:8000/hook, http://127.0.0.1:8000 or exec ./job.sh"

func parseAddress(s string) (*url.URL, error) {
	scheme, rest, isURL := strings.Cut(s, "://")
	if !isURL {
		scheme, rest = "http", s
	}
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host, tail := rest[:end], rest[end:]
	switch {
	case strings.Contains(host, "@"):
		return nil, errors.New("a target's URL cannot have a user or password: leave out everything before the @")
	case isURL:
		if !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") {
			return nil, fmt.Errorf("unknown scheme %q: want http or https", scheme)
		}
	case isPort(host):
		host = "127.0.0.1:" + strings.TrimPrefix(host, ":")
	case !strings.Contains(host, ":"):
		return nil, fmt.Errorf("%q has no port: %s", host, addressForms)
	}

	u, err := url.Parse(scheme + "://" + host + tail)
	if err != nil {
		// Only the reason: the rest of the error repeats the URL.
		if parse, ok := errors.AsType[*url.Error](err); ok {
			err = parse.Err
		}
		return nil, fmt.Errorf("%w: %s", err, addressForms)
	}
	if u.Fragment != "" || strings.Contains(tail, "#") {
		return nil, errors.New("a target's URL cannot have a fragment: leave out everything after the #")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return nil, fmt.Errorf("read the query of a target's URL: %w", err)
	}
	if query.Has("secret") {
		return nil, errors.New("a target's URL cannot have a secret: hfhook sends it in the header X-Webhook-Secret")
	}
	if u.Hostname() == "" {
		return nil, fmt.Errorf("the host is missing: %s", addressForms)
	}
	if strings.HasSuffix(u.Host, ":") {
		return nil, fmt.Errorf("the port is missing after the colon: %s", addressForms)
	}
	u.Host = strings.ToLower(u.Host)
	if port := u.Port(); port != "" {
		n, err := strconv.Atoi(port)
		if err != nil || n < 1 || n > 65535 {
			return nil, fmt.Errorf("port %s is out of range (1–65535)", port)
		}
		u.Host = net.JoinHostPort(strings.ToLower(u.Hostname()), strconv.Itoa(n))
	}
	return u, nil
}

// At returns the target with another path, which then replaces the received one. The target
// keeps its name, and with it the outcomes of its events. The path may have a slash at its start,
// and a query.
func (t Target) At(path string) (Target, error) {
	if t.Command != nil {
		return t, fmt.Errorf("%q is a command and has no path", t.Name)
	}
	path = "/" + strings.TrimLeft(path, "/") // a path that was pasted behind a slash begins with two
	u, err := parseAddress(t.URL.Scheme + "://" + t.URL.Host + path)
	if err != nil {
		return t, err
	}
	if u.RawQuery == "" {
		u.RawQuery = t.URL.RawQuery
	}
	t.URL, t.unredacted = u, nil
	return t, nil
}

// isPort reports whether an address begins with a port and has no host: it means this machine.
func isPort(address string) bool {
	if i := strings.IndexAny(address, "/?#"); i >= 0 {
		address = address[:i]
	}
	return strings.HasPrefix(address, ":") || address != "" && strings.Trim(address, "0123456789") == ""
}

// For returns the address that an event is sent to. A target without a path of its own uses the
// received one; the received query is always kept. A command is the same for all events.
func (t Target) For(e *event.Event) string {
	if t.Command != nil {
		return t.Where()
	}
	return t.resolve(e).String()
}

// Where returns the target's address, or the command, for example "exec ./job.sh".
func (t Target) Where() string {
	if t.Command != nil {
		return "exec " + t.Command.String()
	}
	return t.URL.String()
}

func (t Target) resolve(e *event.Event) *url.URL {
	u := *t.URL
	if u.Path == "" {
		// An event's path comes from outside and has any escaping that its sender chose.
		u.Path, u.RawPath = e.Path, ""
		if path, err := url.PathUnescape(e.Path); err == nil {
			u.Path, u.RawPath = path, e.Path
		}
	}
	switch {
	case u.RawQuery == "":
		u.RawQuery = e.Query
	case e.Query != "":
		u.RawQuery += "&" + e.Query
	}
	return &u
}

// Address returns host and port, as for net.Dial; it is empty for a command.
func (t Target) Address() string {
	if t.Command != nil {
		return ""
	}
	port := t.URL.Port()
	if port == "" {
		port = "80"
		if t.URL.Scheme == "https" {
			port = "443"
		}
	}
	return net.JoinHostPort(t.URL.Hostname(), port)
}

// Loopback reports whether the target's address is on this machine: 127.0.0.0/8, ::1, localhost
// or a name below it. No name is looked up. A command is on this machine.
func (t Target) Loopback() bool { return t.Command != nil || loopback(t.URL.Hostname()) }

func (t Target) timeout() time.Duration {
	if t.Timeout > 0 {
		return t.Timeout
	}
	return DefaultTimeout
}
