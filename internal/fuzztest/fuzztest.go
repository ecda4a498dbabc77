// Package fuzztest makes fuzzing fast.
package fuzztest

import (
	"flag"
	"os"
	"testing"
)

// Main runs the tests of a package that has fuzz targets; it is called by its TestMain.
func Main(m *testing.M) {
	Setup()
	os.Exit(m.Run())
}

// Setup is for a TestMain that does more. It limits the tries to make an input smaller that
// has reached new code. Go tries for a minute with each such input, and counts none of these
// runs: with inputs of some kilobytes it did next to nothing else. To make an input small that
// fails, run again with -fuzzminimizetime 60s.
func Setup() {
	// The flag's own default is set: one on the command line is parsed later, and wins.
	if err := flag.Set("test.fuzzminimizetime", "20x"); err != nil {
		panic(err)
	}
}
