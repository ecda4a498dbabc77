//go:build race

package sqlite_test

// underRace: the race detector is on, and what is written in Go is ten times slower.
const underRace = true
