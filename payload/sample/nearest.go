package sample

import (
	"slices"
	"strings"

	"hfhook/payload"
)

// nearest returns the name of the kind that differs from name in the fewest
// letters.
func nearest(name string) string {
	name = name[:min(len(name), 100)]
	k := slices.MinFunc(kinds, func(a, b Kind) int {
		return distance(a.Name, name) - distance(b.Name, name)
	})
	return k.Name
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

// orList joins words as in "model, dataset or space".
func orList(types []payload.RepoType) string {
	var words []string
	for _, t := range types {
		words = append(words, string(t))
	}
	last := len(words) - 1
	if last == 0 {
		return words[0]
	}
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
