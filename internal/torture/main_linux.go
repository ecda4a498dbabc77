// Command torture does to hfhook what a bad year does, in minutes, and prints figures: it kills
// it while events pour in, fills its disk, damages its store, and lets strangers at it.
//
//	go run ./internal/torture                     all of it
//	go run ./internal/torture -only kills -kills 100
//
// It works on the real binary, in a directory of its own, on this machine alone. It ends with 1
// if an event that was acknowledged is lost, or anything else is not as it has to be; what is
// wrong is on the standard error. Filling a disk needs the right to mount one, which root has.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"
)

// options are the sizes of the parts.
type options struct {
	kills     int
	fills     int
	damages   int
	strangers int
	stay      time.Duration // of the strangers
	seed      uint64
}

// parts are what is done, in this order.
var parts = []struct {
	name string
	run  func(*machine, options) error
}{
	{"kills", (*machine).kills},
	{"disk", (*machine).disk},
	{"damage", (*machine).damage},
	{"strangers", (*machine).strangers},
}

func main() {
	var opts options
	flag.IntVar(&opts.kills, "kills", 1000, "how often hfhook is killed while events pour in")
	flag.IntVar(&opts.fills, "fills", 20, "how often its disk is full")
	flag.IntVar(&opts.damages, "damages", 300, "how many damaged stores it is given")
	flag.IntVar(&opts.strangers, "strangers", 1000, "how many half-sent requests of strangers are open at once")
	flag.DurationVar(&opts.stay, "stay", 30*time.Second, "how long the strangers stay at each listener")
	flag.Uint64Var(&opts.seed, "seed", uint64(time.Now().UnixNano()), "of what is random")
	only := flag.String("only", "", "do these parts only, with commas between: kills, disk, damage, strangers")
	binary := flag.String("binary", "", "the hfhook that is tortured; empty: that of this directory is built")
	dir := flag.String("dir", "", "work here, and leave what was made; empty: in a directory that is removed")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	wrong, err := torture(ctx, opts, *only, *binary, *dir)
	if err != nil {
		fmt.Fprintln(os.Stderr, "torture:", err)
		os.Exit(2)
	}
	if wrong > 0 {
		os.Exit(1)
	}
}

// torture does the parts, and returns how much is wrong.
func torture(ctx context.Context, opts options, only, binary, dir string) (wrong int, err error) {
	wanted := map[string]bool{}
	for name := range strings.SplitSeq(only, ",") {
		wanted[strings.TrimSpace(name)] = true
	}
	known := map[string]bool{"": true}
	for _, part := range parts {
		known[part.name] = true
	}
	for name := range wanted {
		if !known[name] {
			return 0, fmt.Errorf("unknown part %q: want some of %s", name, strings.Join(slices.Sorted(maps.Keys(known)), " "))
		}
	}
	m, remove, err := newMachine(ctx, opts.seed, binary, dir)
	if err != nil {
		return 0, err
	}
	defer remove()
	fmt.Printf("seed %d\n", opts.seed)
	began := time.Now()
	for _, part := range parts {
		if only != "" && !wanted[part.name] {
			continue
		}
		m.begin(part.name)
		if err := part.run(m, opts); err != nil {
			return m.wrong, errors.Join(fmt.Errorf("%s: %w", part.name, err), ctx.Err())
		}
		m.end()
	}
	fmt.Printf("\n%d wrong, in %v\n", m.wrong, time.Since(began).Round(time.Second))
	return m.wrong, nil
}
