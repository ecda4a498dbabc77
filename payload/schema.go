package payload

import (
	_ "embed"
	"slices"
)

//go:embed schema.json
var schema []byte

// Schema returns the JSON Schema (draft 2020-12) of a delivery's body: what Parse
// takes, for programs in other languages. It is made from the types and the parser of
// this package, and allows what they allow: keys and values that the Hub may add.
//
// The two differ in a number like 19.0, which is an integer to JSON Schema and none to
// Parse, in one beyond 64 bits, and in the second of two equal keys.
func Schema() []byte { return slices.Clone(schema) }
