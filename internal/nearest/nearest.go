// Package nearest finds the word that somebody meant.
package nearest

import (
	"slices"
	"strings"
)

// maxWord bounds the work for a word from outside, in bytes.
const maxWord = 100

// Word returns the known word that begins with word or, where none does, the one that
// differs from it in the fewest letters; of several, the first. Two letters that have
// changed places count as one. It is empty where no word is known.
func Word(word string, known []string) string {
	if len(known) == 0 {
		return ""
	}
	word = word[:min(len(word), maxWord)]
	if i := slices.IndexFunc(known, func(k string) bool { return len(word) > 1 && strings.HasPrefix(k, word) }); i >= 0 {
		return known[i]
	}
	return slices.MinFunc(known, func(a, b string) int { return distance(a, word) - distance(b, word) })
}

// distance counts the bytes to insert, delete or replace, and the neighbours to exchange,
// that make a out of b.
func distance(a, b string) int {
	// Distances of the part of a so far from each beginning of b, and of the parts that
	// are one and two bytes shorter.
	row, before, twice := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		row, before, twice = twice, row, before
		row[0] = i + 1
		for j := range len(b) {
			replaced := before[j]
			if a[i] != b[j] {
				replaced++
			}
			row[j+1] = min(replaced, before[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], twice[j-1]+1)
			}
		}
	}
	return row[len(b)]
}

// Close reports whether a may be a mistyped b: no more than a third of b differs.
func Close(a, b string) bool { return distance(a, b) <= max(len(b)/3, 1) }
