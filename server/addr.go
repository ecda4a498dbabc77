package server

// The default address of a server.

import (
	"cmp"
	"fmt"
	"os"
	"strconv"
)

// usualPort is Gradio's, and the one that a Space must serve.
const usualPort = "7860"

// usualAddr returns the default address of ListenAndServe: see there.
func usualAddr() (string, error) {
	host, variables := "127.0.0.1", []string{"PORT", "GRADIO_SERVER_PORT"}
	if onSpace() {
		host, variables = "0.0.0.0", variables[:1]
	}
	for _, name := range variables {
		value := os.Getenv(name)
		if value == "" {
			continue
		}
		if _, err := strconv.ParseUint(value, 10, 16); err != nil {
			return "", fmt.Errorf("invalid port %q in the environment variable %s: want a number from 0 to 65535", value, name)
		}
		return host + ":" + value, nil
	}
	return host + ":" + usualPort, nil
}

// addr returns the address to listen on: the given one, that of the Options, or the default.
func (s *Server) addr(given string) (string, error) {
	if addr := cmp.Or(given, s.opts.Addr); addr != "" {
		return addr, nil
	}
	return usualAddr()
}

// onSpace reports whether the process runs on a Space, by the variable that the Hub sets there:
// https://huggingface.co/docs/hub/spaces-overview#helper-environment-variables.
func onSpace() bool { return os.Getenv("SPACE_ID") != "" }

// spaceURL returns the public address of the Space, or an empty text.
func spaceURL() string {
	host := os.Getenv("SPACE_HOST")
	if host == "" {
		return ""
	}
	return "https://" + host
}
