package jsonview

// What differs each time and says nothing: ids, addresses, hashes, times.

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"hfhook/internal/jsondiff"
)

var (
	hexID    = regexp.MustCompile(`^[0-9a-f]{7,64}$`)
	uuidText = regexp.MustCompile(`(?i)^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$`)
	ulidText = regexp.MustCompile(`^[0-7][0-9A-HJKMNP-TV-Z]{25}$`)
	address  = regexp.MustCompile(`^https?://\S+$`)
	timeText = regexp.MustCompile(`^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?\s?(Z|UTC|[+-]\d\d:?\d\d)?)?$`)
)

// idNames and timeNames are the ends of names that such values have.
var (
	idNames   = []string{"id", "sha", "hash", "etag", "uuid", "requestid", "traceid", "spanid"}
	timeNames = []string{"at", "time", "timestamp", "ts", "date", "now", "created", "updated", "t"}
)

// passing reports whether a field differs from one event to the next in any case: both its
// values are ids, addresses, hashes or times.
func passing(f *jsondiff.Field) bool {
	if f.Change != jsondiff.Changed {
		return false
	}
	name := lastName(f.Path)
	old, new := passingKind(f.Old, name), passingKind(f.New, name)
	return old != "" && old == new
}

// passingKind is what kind of such value one is; empty: it is another.
func passingKind(value, name string) string {
	text, err := strconv.Unquote(value)
	if err != nil {
		return passingNumber(value, name)
	}
	switch {
	case text == "":
		return ""
	case address.MatchString(text):
		return "address"
	case timeText.MatchString(text):
		return "time"
	case hexID.MatchString(text) && strings.ContainsAny(text, "0123456789"), uuidText.MatchString(text), ulidText.MatchString(text):
		return "id"
	case named(name, idNames) && len(text) >= 6 && !strings.ContainsAny(text, " \n/"):
		return "id"
	}
	for _, layout := range []string{time.RFC1123, time.RFC1123Z, time.ANSIC, time.RFC850} {
		if _, err := time.Parse(layout, text); err == nil {
			return "time"
		}
	}
	return ""
}

// passingNumber knows the times and ids among numbers by their names, and times also by being
// one of these years.
func passingNumber(value, name string) string {
	n, err := strconv.ParseFloat(value, 64)
	if err != nil {
		return ""
	}
	if n == float64(int64(n)) && named(name, idNames) {
		return "id"
	}
	for _, second := range []float64{1, 1e3, 1e6, 1e9} {
		if seconds := n / second; seconds > 1.4e9 && seconds < 2.6e9 && (second > 1 || named(name, timeNames) || strings.Contains(value, ".")) {
			return "time"
		}
	}
	return ""
}

// lastName is the name at the end of a path, or of the list that its element is in.
func lastName(path string) string {
	path = anyIndex.ReplaceAllString(path, "")
	return path[strings.LastIndexByte(path, '.')+1:]
}

// named reports whether a name is one of those or ends with one as a word of its own, as in
// createdAt, request_id and headSha.
func named(name string, ends []string) bool {
	return slices.ContainsFunc(ends, func(end string) bool {
		if strings.EqualFold(name, end) {
			return true
		}
		if len(name) <= len(end) || !strings.EqualFold(name[len(name)-len(end):], end) {
			return false
		}
		before, first := name[len(name)-len(end)-1], name[len(name)-len(end)]
		return before == '_' || before == '-' || first >= 'A' && first <= 'Z'
	})
}

// passed is how many fields differ in passing only, in words.
func passed(n int) string {
	if n == 1 {
		return "1 id, link or time differs"
	}
	return strconv.Itoa(n) + " ids, links and times differ"
}
