package filter

// The times of since: and before:.

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// readTime returns nil for anything but a time from 1970 to 9999.
func readTime(v string, now time.Time, before bool) Expr {
	t, ok := moment(v, now)
	if !ok {
		return nil
	}
	t = t.UTC().Round(0) // without the clock's other reading
	if t.Year() < 1970 || t.Year() > 9999 {
		return nil
	}
	return Recorded{Before: before, At: t}
}

// moment parses a time: a duration ago, a time of today, or a day with or without a time.
// Without a zone it is in the zone of now.
func moment(v string, now time.Time) (time.Time, bool) {
	year, month, day := now.Date()
	if back, ok := daysBack(v, now.Weekday()); ok {
		return time.Date(year, month, day-back, 0, 0, 0, 0, now.Location()), true
	}
	if ago, ok := duration(v); ok {
		return now.Add(-ago), true
	}
	for _, layout := range []string{"15:04", time.TimeOnly} {
		if t, err := time.Parse(layout, v); err == nil {
			return time.Date(year, month, day, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), now.Location()), true
		}
	}
	v = strings.Replace(v, " ", "T", 1) // as it is copied from a list
	for _, layout := range []string{time.DateOnly, "2006-01-02T15:04", "2006-01-02T15:04:05", "2006-01-02T15:04Z07:00", time.RFC3339} {
		if t, err := time.ParseInLocation(layout, v, now.Location()); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// daysBack parses the name of a day: today, yesterday, or a day of the week, which means the
// last one, today included. It returns how many days ago that was.
func daysBack(v string, today time.Weekday) (days int, ok bool) {
	v = strings.ToLower(v)
	switch v {
	case "today":
		return 0, true
	case "yesterday":
		return 1, true
	}
	for day := time.Sunday; day <= time.Saturday; day++ {
		if name := strings.ToLower(day.String()); v == name || v == name[:3] {
			return (int(today-day) + 7) % 7, true
		}
	}
	return 0, false
}

// duration parses 2h, 30m and the like, also after days and weeks: 7d, 1w2d12h.
func duration(v string) (time.Duration, bool) {
	var hours float64
	for _, unit := range []struct {
		name  string
		hours float64
	}{{"w", 7 * 24}, {"d", 24}} {
		number, rest, ok := strings.Cut(v, unit.name)
		if !ok {
			continue
		}
		n, err := strconv.ParseUint(number, 10, 32)
		if err != nil {
			return 0, false
		}
		hours += float64(n) * unit.hours
		v = rest
	}
	var d time.Duration
	if v != "" {
		var err error
		if d, err = time.ParseDuration(v); err != nil || d < 0 {
			return 0, false
		}
	} else if hours == 0 {
		return 0, false
	}
	if total := hours*float64(time.Hour) + float64(d); total > math.MaxInt64/2 {
		return 0, false
	}
	return d + time.Duration(hours)*time.Hour, true
}
