package server

import (
	"context"
	"net"
	"time"

	"golang.org/x/time/rate"

	"hfhook/event"
)

func (s *Server) ServeLocal(ctx context.Context, ln net.Listener) error {
	return insideServer{s}.ServeLocal(ctx, ln)
}

func (s *Server) ServeTunnel(ctx context.Context, ln net.Listener) error {
	return insideServer{s}.ServeTunnel(ctx, ln)
}

func (s *Server) Print(secret Secret) event.Print { return s.print(secret.Reveal()) }

func (s *Server) Fixed(mistake string) (Secret, error) { return s.fixed(mistake) }

// UsualAddr is where a server listens that is given no address.
func UsualAddr() (string, error) { return usualAddr() }

// LimitStrangers has each listener take so many requests without the right secret from the
// internet, and no more.
func (s *Server) LimitStrangers(n int) {
	s.strangers = func() *rate.Limiter { return rate.NewLimiter(0, n) }
}

// WaitForRoom sets how long a body waits for memory.
func (s *Server) WaitForRoom(d time.Duration) { s.room = d }
