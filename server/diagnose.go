package server

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"strings"
)

// diagnose says in one line how a wrong secret differs from the right one, without
// giving any of either away: lengths, and prints that mean nothing outside of this
// process, since their key is made anew for each.
func (s *Server) diagnose(sent string) string {
	wanted := s.secrets()[0]
	d := fmt.Sprintf("sent %d characters (print %s), wanted %d (print %s)",
		len(sent), s.print(sent), wanted.Len(), s.print(wanted.Reveal()))
	switch {
	case sent == "":
		d += ": the header is empty"
	case matchAny(s.secrets(), strings.TrimSpace(strings.Trim(sent, `"'`))):
		d += ": equal after trimming spaces and quotes"
	case matchAny(s.secrets(), strings.TrimSuffix(sent, `\n`)):
		d += `: equal but for a written \n at its end`
	}
	return d
}

// print is a short keyed fingerprint.
func (s *Server) print(text string) string {
	mac := hmac.New(sha256.New, s.printKey[:])
	mac.Write([]byte(text))
	sum := mac.Sum(nil)
	return fmt.Sprintf("%x %x", sum[:2], sum[2:4])
}
