package sample

import (
	"strings"

	"hfhook/payload"
)

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
