package output

import (
	"fmt"
	"strconv"
)

// OutOf says of how many what is said, for example "2 of 3 answers were"; of a single one "the
// answer was".
func OutOf(n, all int, what string) string {
	if all == 1 {
		return fmt.Sprintf("the %s was", what)
	}
	return fmt.Sprintf("%d of %d %ss were", n, all, what)
}

// Plural is a number of things.
func Plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}
