// Package porttest finds ports for tests that have to know one before a program listens
// there.
package porttest

import (
	"errors"
	"os"
	"strconv"
	"sync/atomic"

	"hfhook/internal/port"
)

// The ports from which the system picks for those who do not care are above these. One
// of its own, let go of, can be somebody else's before it is used.
const (
	first = 20000
	many  = 12000
)

// taken counts, so that no test is given the port of another one.
var taken atomic.Uint32

// Free is a port of this machine on which nothing listens.
func Free() (number string, err error) {
	for range many {
		// Where it begins is of the process: several run tests at once.
		n := first + (uint32(os.Getpid())*97+taken.Add(1))%many
		if number = strconv.Itoa(int(n)); port.Free("127.0.0.1:" + number) {
			return number, nil
		}
	}
	return "", errors.New("no port is free")
}
