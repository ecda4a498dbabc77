// Package duration writes spans of time for people: one wording for the screen, plain lines
// and messages. JSON has numbers instead.
package duration

import (
	"fmt"
	"time"
)

// Text is how long something took, for example 2.1ms, 198ms, 1.3s, 17m31s or 4d02h.
func Text(d time.Duration) string {
	switch d = max(d, 0); {
	case d < 9950*time.Microsecond:
		return fmt.Sprintf("%.1fms", float64(d)/float64(time.Millisecond))
	case d < 999500*time.Microsecond:
		return fmt.Sprintf("%dms", d.Round(time.Millisecond).Milliseconds())
	case d < 59950*time.Millisecond:
		return fmt.Sprintf("%.1fs", d.Seconds())
	}
	return Seconds(d)
}

// Cell is Text in at most five cells: of a longer one the last unit, which is clear without,
// is left out, for example 17m31.
func Cell(d time.Duration) string {
	text := Text(d)
	return text[:min(len(text), 5)]
}

// Seconds is a span to the second, for example 42s, 17m31s, 2h03m or 4d02h.
func Seconds(d time.Duration) string {
	d = max(d, 0).Round(time.Second)
	days, hours, minutes, seconds := d/(24*time.Hour), d/time.Hour%24, d/time.Minute%60, d/time.Second%60
	switch {
	case days > 0:
		return fmt.Sprintf("%dd%02dh", days, hours)
	case hours > 0:
		return fmt.Sprintf("%dh%02dm", hours, minutes)
	case minutes > 0:
		return fmt.Sprintf("%dm%02ds", minutes, seconds)
	}
	return fmt.Sprintf("%ds", seconds)
}

// Age is how long ago something was, in its largest unit, for example 4m.
func Age(d time.Duration) string {
	switch d = max(d, 0); {
	case d < time.Minute:
		return fmt.Sprintf("%ds", d/time.Second)
	case d < time.Hour:
		return fmt.Sprintf("%dm", d/time.Minute)
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh", d/time.Hour)
	}
	return fmt.Sprintf("%dd", d/(24*time.Hour))
}

// Ago is Age in a sentence, for example "4m ago".
func Ago(d time.Duration) string {
	if d < time.Second {
		return "just now"
	}
	return Age(d) + " ago"
}

// Difference is how much longer something took, for example +1.3s or −137ms.
func Difference(d time.Duration) string {
	if d < 0 {
		return "−" + Text(-d)
	}
	return "+" + Text(d)
}
