// Package nearest finds the word that somebody meant.
package nearest

import "slices"

// maxWord bounds the work for a word from outside, in bytes.
const maxWord = 100

// Word returns the known word that differs from word in the fewest letters; of
// several, the first. It is empty where no word is known.
func Word(word string, known []string) string {
	if len(known) == 0 {
		return ""
	}
	word = word[:min(len(word), maxWord)]
	return slices.MinFunc(known, func(a, b string) int { return distance(a, word) - distance(b, word) })
}

// distance counts the bytes to insert, delete or replace that make a out of b.
func distance(a, b string) int {
	row := make([]int, len(b)+1) // distances of the part of a so far from each beginning of b
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		corner := row[0]
		row[0]++
		for j := range len(b) {
			replaced := corner
			if a[i] != b[j] {
				replaced++
			}
			corner = row[j+1]
			row[j+1] = min(replaced, corner+1, row[j]+1)
		}
	}
	return row[len(b)]
}
