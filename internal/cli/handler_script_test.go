package cli_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"hfhook/internal/port/porttest"
)

func freePort(ts *testscript.TestScript, _ bool, args []string) {
	number, err := porttest.Free()
	ts.Check(err)
	ts.Setenv(args[0], number)
}

// serve is a handler as users write them, for scripts that run it by hfhook dev -- serve
// FILE: it listens on PORT, answers each webhook that has the secret with what the file
// holds when it is started, and prints what it gets.
func serve() {
	answer, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	ln, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", os.Getenv("PORT")))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("serving", strings.TrimSpace(string(answer)))
	_ = http.Serve(ln, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		sent := r.Header.Get("X-Webhook-Secret")
		fmt.Printf("got %s with %s\n", r.URL.Path, sent)
		if sent != os.Getenv("WEBHOOK_SECRET") {
			w.WriteHeader(http.StatusForbidden)
		}
		_, _ = w.Write(answer)
	}))
}
