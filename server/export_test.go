package server

import (
	"time"

	"golang.org/x/time/rate"
)

// LimitStrangers has each listener take so many requests without the right secret from the
// internet, and no more.
func (s *Server) LimitStrangers(n int) {
	s.strangers = func() *rate.Limiter { return rate.NewLimiter(0, n) }
}

// WaitForRoom sets how long a body waits for memory.
func (s *Server) WaitForRoom(d time.Duration) { s.room = d }
