package delivery

import "time"

// showAfter is how long an attempt must take to be recorded as under way: people see nothing
// shorter, and a write costs more than a quick handler does.
const showAfter = 50 * time.Millisecond

// underWay calls record once an attempt has taken a while. The attempt's result may be recorded
// after end has returned, which reports whether record was called.
func underWay(record func()) (end func() bool) {
	recorded := make(chan struct{})
	timer := time.AfterFunc(showAfter, func() {
		defer close(recorded)
		record()
	})
	return func() bool {
		if timer.Stop() {
			return false
		}
		<-recorded
		return true
	}
}
