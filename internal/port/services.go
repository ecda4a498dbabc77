package port

import (
	"cmp"
	"slices"
	"strconv"
)

// A Service is a program that takes TCP connections on this machine.
type Service struct {
	Port    string
	Program string // its name; empty if it is not known
}

// String is the port and, if it is known, the program, for example "5173 (node)".
func (s Service) String() string {
	if s.Program == "" {
		return s.Port
	}
	return s.Port + " (" + s.Program + ")"
}

// common are ports that handlers often have, first those of Gradio, uvicorn and Django,
// proxies, Node and Flask.
var common = []string{"7860", "8000", "8080", "3000", "5000"}

// Services returns what listens on this machine for its user, common ports of handlers
// first, except the ports that are named and hfhook itself. Nothing is sent to any of them.
// Where the system does not tell what listens, only the common ports are looked at, by a
// connection that says nothing.
func Services(except ...string) []Service {
	all, known := own()
	if !known {
		for _, port := range common {
			if !slices.Contains(except, port) && (reachable("127.0.0.1", port) || reachable("::1", port)) {
				all = append(all, Service{Port: port})
			}
		}
	}
	all = slices.DeleteFunc(all, func(s Service) bool { return s.Program == "hfhook" || slices.Contains(except, s.Port) })
	rank := func(s Service) int {
		if i := slices.Index(common, s.Port); i >= 0 {
			return i
		}
		return len(common)
	}
	slices.SortFunc(all, func(a, b Service) int {
		x, _ := strconv.Atoi(a.Port)
		y, _ := strconv.Atoi(b.Port)
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(x, y), cmp.Compare(a.Program, b.Program))
	})
	return slices.CompactFunc(all, func(a, b Service) bool { return a.Port == b.Port })
}
