// Package traceback finds in a text the lines that say most of why a program failed.
package traceback

// Which lines of a text, such as what a handler has printed, say most: of a traceback the
// error and the place, else the last ones.

import (
	"regexp"
	"slices"
	"strings"
)

var (
	pythonFrame = regexp.MustCompile(`^\s+File "[^"]+", line \d+`)
	nodeFrame   = regexp.MustCompile(`^\s+at .*:\d+:\d+\)?$`)
	goFrame     = regexp.MustCompile(`^\s+\S+\.go:\d+`)
	namedError  = regexp.MustCompile(`^(?:\w+\.)*\w*(?:Error|Exception|Warning|Interrupt|Exit|panic)\b.*`)
	accessLog   = regexp.MustCompile(`"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) [^"]* HTTP/[\d.]+"`)
)

// foreign are directories of code that is not the user's own.
var foreign = []string{"site-packages", "dist-packages", "node_modules", "node:internal", "/lib/python", "/go/pkg/mod/", "/src/runtime/", "/src/net/http/", "<frozen", "importlib"}

// boxed is what Python draws before the lines of the exceptions of a group.
var boxed = regexp.MustCompile(`^\s*(?:[|+] ?(?:-+.*)?)+`)

// Summary is at most n of the lines that say most: of a traceback the error first, then
// where it was raised and the code there; without one the last lines.
func Summary(lines []string, n int) []string {
	lines = slices.Clone(lines)
	for i, line := range lines {
		lines[i] = strings.TrimRight(boxed.ReplaceAllString(line, ""), " \r")
	}
	best := func(from, to int, match func(string) bool) int {
		for i := to - 1; i >= from; i-- {
			if match(lines[i]) {
				return i
			}
		}
		return -1
	}
	begin, what := traceback(lines)
	if begin < 0 {
		return lastLines(lines, n)
	}
	end := len(lines)
	isFrame := func(s string) bool {
		return pythonFrame.MatchString(s) || nodeFrame.MatchString(s) || goFrame.MatchString(s)
	}
	own := func(s string) bool {
		return isFrame(s) && !slices.ContainsFunc(foreign, func(dir string) bool { return strings.Contains(s, dir) })
	}
	failed, frame := begin, -1
	if what == "python" {
		if failed = best(begin+1, end, namedError.MatchString); failed < 0 {
			failed = best(begin+1, end, func(s string) bool {
				return s != "" && s[0] != ' ' && s[0] != '\t' && !accessLog.MatchString(s)
			})
		}
		if failed < 0 {
			failed = begin
		}
		if frame = best(begin, failed, own); frame < 0 { // the innermost stands last
			frame = best(begin, failed, isFrame)
		}
	} else {
		after := begin + 1
		if frame = slices.IndexFunc(lines[after:], own); frame < 0 { // the innermost stands first
			frame = slices.IndexFunc(lines[after:], isFrame)
		}
		if frame >= 0 {
			frame += after
		}
	}
	picked := []int{failed}
	if n > 1 && frame >= 0 {
		picked = append(picked, frame)
	}
	if source := frame + 1; n > 2 && frame >= 0 && source < end && source != failed && !isFrame(lines[source]) && strings.TrimSpace(lines[source]) != "" {
		picked = append(picked, source)
	}
	out := make([]string, len(picked))
	for i, at := range picked {
		out[i] = lines[at]
	}
	return out
}

// traceback is where the last traceback of a text begins, or the error that one follows, and
// whose it is; -1: there is none.
func traceback(lines []string) (begin int, what string) {
	for i, line := range slices.Backward(lines) {
		switch {
		case strings.HasPrefix(strings.TrimSpace(line), "Traceback (most recent call last)"):
			return i, "python"
		case strings.HasPrefix(line, "panic: ") || strings.Contains(line, "http: panic serving"):
			return i, "go"
		case namedError.MatchString(line) && i+1 < len(lines) && nodeFrame.MatchString(lines[i+1]):
			return i, "node"
		}
	}
	return -1, ""
}

// lastLines are the last lines that say something; what a server prints of each request is
// left out if there is anything else.
func lastLines(lines []string, n int) []string {
	said := slices.DeleteFunc(slices.Clone(lines), func(s string) bool { return strings.TrimSpace(s) == "" })
	if own := slices.DeleteFunc(slices.Clone(said), accessLog.MatchString); len(own) > 0 {
		said = own
	}
	return said[max(len(said)-n, 0):]
}

// In reports whether a traceback is among the lines.
func In(lines []string) bool {
	begin, _ := traceback(lines)
	return begin >= 0
}
