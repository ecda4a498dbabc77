package event

import "crypto/sha256"

// A Sum identifies a body of which only a part may be kept. The zero Sum means that the body is
// not known.
type Sum struct {
	Size   int64 // in bytes
	SHA256 [sha256.Size]byte
}

// SumOf returns the Sum of a body.
func SumOf(body []byte) Sum { return Sum{Size: int64(len(body)), SHA256: sha256.Sum256(body)} }

// Known reports whether the Sum is that of a body, which may be empty.
func (s Sum) Known() bool { return s.SHA256 != [sha256.Size]byte{} }
