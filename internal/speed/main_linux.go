// Command speed measures how fast the real binary records events, beside servers that record
// nothing, in turns, each in a process of its own, and prints a Markdown table.
//
//	go run ./internal/speed                                  1, 16 and 64 connections
//	go run ./internal/speed -targets 3 -events 1000000       with targets, in a large store
//	go run ./internal/speed -search                          while another process searches
//
// unrecorded is this module's server without a store. uvloop is a server of FastAPI under
// uvicorn with uvloop and httptools, if python3 has them. disk is what the disk allows: the
// same bytes appended to a file and synced by one caller, so many at a time as there are
// connections. CPU is that of the server's process for each event, with what it still does
// after the last answer, such as the index of words.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// options say what is measured.
type options struct {
	rounds      int
	connections []int
	span        time.Duration // of one measurement
	targets     int
	events      int
	search      bool
	binaries    []string
	dir         string
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "unrecorded" {
		if err := serveUnrecorded(); err != nil {
			fmt.Fprintln(os.Stderr, "speed:", err)
			os.Exit(2)
		}
		return
	}
	var opts options
	flag.IntVar(&opts.rounds, "rounds", 5, "how often each server is measured")
	flag.DurationVar(&opts.span, "span", 2*time.Second, "how long it is measured each time")
	flag.IntVar(&opts.targets, "targets", 0, "how many targets hfhook hands the events to")
	flag.IntVar(&opts.events, "events", 1000, "how many events are in the store before")
	flag.BoolVar(&opts.search, "search", false, "search the store meanwhile, from another process")
	connections := flag.String("connections", "1,16,64", "how many requests are under way at once")
	binaries := flag.String("binary", "", "hfhook, or several with commas between; empty: that of this directory is built")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	for text := range strings.SplitSeq(*connections, ",") {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			fmt.Fprintf(os.Stderr, "speed: invalid -connections %q: want numbers with commas between\n", *connections)
			os.Exit(2)
		}
		opts.connections = append(opts.connections, n)
	}
	if *binaries != "" {
		opts.binaries = strings.Split(*binaries, ",")
	}
	if err := measure(ctx, opts); err != nil {
		fmt.Fprintln(os.Stderr, "speed:", err)
		os.Exit(2)
	}
}

// measure runs all rounds and prints the table.
func measure(ctx context.Context, opts options) (err error) {
	if opts.dir, err = os.MkdirTemp("", "hfhook-speed-"); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(opts.dir)) }()
	if len(opts.binaries) == 0 {
		binary := filepath.Join(opts.dir, "hfhook")
		if out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "hfhook").CombinedOutput(); err != nil {
			return fmt.Errorf("build hfhook: %w: %s", err, out)
		}
		opts.binaries = []string{binary}
	}
	servers, err := contenders(ctx, opts)
	if err != nil {
		return err
	}
	fmt.Printf("%d rounds of %v, %d events before, %d targets, search beside: %v. Medians, and quartiles in brackets.\n\n", opts.rounds, opts.span, opts.events, opts.targets, opts.search)
	fmt.Println("| connections | server | events/s | × unrecorded | p50 ms | p99 ms | CPU µs/event | RSS MB |")
	fmt.Println("|--:|---|--:|--:|--:|--:|--:|--:|")
	for _, n := range opts.connections {
		all := make([][]figures, len(servers))
		for range opts.rounds {
			for i, s := range servers {
				f, err := s.measure(ctx, n, opts.span)
				if err != nil {
					return fmt.Errorf("measure %s with %d connections: %w", s.name, n, err)
				}
				all[i] = append(all[i], f)
			}
		}
		for i, s := range servers {
			printRow(n, s.name, all[i], all[0])
		}
	}
	return nil
}

// printRow prints the figures of one server. base are those of the unrecorded one, round by
// round.
func printRow(connections int, name string, all, base []figures) {
	ratio := make([]float64, len(all))
	for i := range all {
		ratio[i] = all[i].rate / base[i].rate
	}
	of := func(f func(figures) float64) []float64 {
		values := make([]float64, len(all))
		for i := range all {
			values[i] = f(all[i])
		}
		return values
	}
	fmt.Printf("| %d | %s | %s | %s | %s | %s | %s | %s |\n", connections, name,
		quartiles("%.0f", of(func(f figures) float64 { return f.rate })),
		quartiles("%.2f", ratio),
		quartiles("%.2f", of(func(f figures) float64 { return f.p50.Seconds() * 1000 })),
		quartiles("%.1f", of(func(f figures) float64 { return f.p99.Seconds() * 1000 })),
		quartiles("%.0f", of(func(f figures) float64 { return float64(f.cpu.Microseconds()) })),
		quartiles("%.0f", of(func(f figures) float64 { return float64(f.memory) / 1e6 })))
}

// quartiles writes the median of values, and the quartiles in brackets.
func quartiles(format string, values []float64) string {
	slices.Sort(values)
	at := func(part float64) string { return fmt.Sprintf(format, values[int(part*float64(len(values)-1)+0.5)]) }
	return at(0.5) + " (" + at(0.25) + "–" + at(0.75) + ")"
}
