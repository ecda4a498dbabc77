package delivery

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"hfhook/event"
	"hfhook/filter"
)

// Masked replaces the value of a header or variable.
const Masked = "…"

// Written returns the target in the syntax of [ParseTarget]. The values of headers and
// variables are replaced by [Masked]: they may be credentials.
func (t Target) Written() string {
	var b strings.Builder
	own := ""
	b.WriteString(t.address())
	if t.Command != nil {
		own = t.Command.Args[0]
		own = own[strings.LastIndexAny(own, `/\`)+1:]
	} else {
		own = t.URL.Host + t.URL.EscapedPath()
	}
	add := func(name, value string) {
		fmt.Fprintf(&b, ",%s=%s", name, optionValue(value))
	}
	if t.Name != own {
		add("name", t.Name)
	}
	if t.When != nil {
		fmt.Fprintf(&b, ",when=%s", written(t.When))
	}
	if t.timeout() != DefaultTimeout {
		add("timeout", t.timeout().String())
	}
	if t.Concurrency > 1 {
		add("concurrency", strconv.Itoa(t.Concurrency))
	}
	for _, f := range t.Header {
		add("header", f.Name+": "+Masked)
	}
	if t.Insecure {
		b.WriteString(",insecure")
	}
	if t.Command != nil {
		for _, kv := range t.Command.Env {
			name, _, given := strings.Cut(kv, "=")
			if given {
				name += "=" + Masked
			}
			add("env", name)
		}
	}
	return b.String()
}

// address returns the part before the options.
func (t Target) address() string {
	if t.Command != nil {
		return t.Where()
	}
	address := strings.TrimPrefix(strings.ReplaceAll(t.URL.String(), ",", "%2C"), "http://")
	if t.Bare {
		address = strings.TrimPrefix(address, "127.0.0.1:")
	}
	return address
}

// WrittenTo returns the target of an attempt in the syntax of [ParseTarget]: one of the same
// name and address.
func WrittenTo(d *event.Delivery, e *event.Event) string {
	if bare, _, _ := strings.Cut(d.URL, "?"); !d.Command() && bare == "http://"+d.Target+e.Path && !strings.Contains(d.Target, "/") {
		// It has no path of its own. A port on its own is recorded as 127.0.0.1:8000, at
		// whichever address it answers.
		if port := strings.TrimPrefix(d.Target, "127.0.0.1:"); isPort(port) {
			return port
		}
		return d.Target
	}
	to := d.URL
	if !d.Command() {
		to = strings.ReplaceAll(to, ",", "%2C")
		if e.Query != "" { // every target gets the query anyway
			query := strings.ReplaceAll(e.Query, ",", "%2C")
			to = strings.TrimSuffix(strings.TrimSuffix(to, "?"+query), "&"+query)
		}
	}
	if t, err := ParseTarget(to); err == nil && t.Name != d.Target {
		to += ",name=" + optionValue(d.Target)
	}
	return to
}

// optionValue returns a value as it is written in an option.
func optionValue(value string) string {
	if strings.Contains(value, ",") {
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(value) + `"`
	}
	return value
}

// written returns a filter as it is written in an option: a value with a comma stands in
// quotation marks. The filter is left out if that would change its meaning.
func written(x filter.Expr) string {
	text := x.String()
	if value, rest := cutValue(text); rest == "" && value == text {
		return text
	}
	text = unquotedComma.ReplaceAllString(text, `$1"$2"`)
	read := Target{}
	if value, _ := cutValue(text); value != text || read.setWhen(text) != nil || read.When.String() != x.String() {
		return "…"
	}
	return text
}

var unquotedComma = regexp.MustCompile(`([:~])([^\s"()\\]*,[^\s"()\\]*)`)
