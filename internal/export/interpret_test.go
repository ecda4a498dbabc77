package export_test

// A shell and a curl in Go, for commands that are run by the thousand.

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"mvdan.cc/sh/v3/expand"
	"mvdan.cc/sh/v3/interp"
	"mvdan.cc/sh/v3/syntax"
)

// interpret runs an exported curl command and returns the request that curl would send.
func interpret(t testing.TB, text string) received {
	t.Helper()
	file, err := syntax.NewParser(syntax.Variant(syntax.LangPOSIX)).Parse(strings.NewReader(text), "")
	if err != nil {
		t.Fatalf("%v\n%.2000s", err, text)
	}
	var got received
	programs := func(interp.ExecHandlerFunc) interp.ExecHandlerFunc {
		return func(ctx context.Context, args []string) (err error) {
			shell := interp.HandlerCtx(ctx)
			switch args[0] {
			case "base64":
				_, err = io.Copy(shell.Stdout, base64.NewDecoder(base64.StdEncoding, shell.Stdin))
			case "curl":
				got, err = curlRequest(args[1:], shell.Stdin)
			default:
				err = fmt.Errorf("%s is run", args[0])
			}
			return err
		}
	}
	runner, err := interp.New(interp.Env(expand.ListEnviron("WEBHOOK_SECRET="+canary)), interp.ExecHandlers(programs))
	if err != nil {
		t.Fatal(err)
	}
	if err := runner.Run(t.Context(), file); err != nil {
		t.Fatalf("%v\n%.2000s", err, text)
	}
	return got
}

// curlRequest is the request that curl sends for these arguments.
func curlRequest(args []string, stdin io.Reader) (received, error) {
	r := received{Header: http.Header{
		"Accept": {"*/*"}, "User-Agent": {"curl"}, "Content-Type": {"application/x-www-form-urlencoded"},
	}}
	own := map[string]bool{} // headers that are given replace those that curl has by itself
	for len(args) > 0 {
		arg := args[0]
		args = args[1:]
		switch {
		case arg == "--globoff" || arg == "--path-as-is":
		case arg == "-H" && len(args) > 0:
			name, value, ends := strings.Cut(args[0], ":")
			switch {
			case !ends: // "Name;"
				name, value = strings.TrimSuffix(name, ";"), ""
			case value == "": // "Name:"
				delete(r.Header, name)
			}
			if !own[name] {
				delete(r.Header, name)
			}
			own[name] = true
			if !ends || value != "" {
				r.Header[name] = append(r.Header[name], strings.TrimSpace(value))
			}
			args = args[1:]
		case arg == "--data-binary" && len(args) > 0:
			if r.Body = []byte(args[0]); args[0] == "@-" {
				var err error
				if r.Body, err = io.ReadAll(stdin); err != nil {
					return r, err
				}
			} else if strings.HasPrefix(args[0], "@") {
				return r, fmt.Errorf("the file %q is sent", args[0])
			}
			args = args[1:]
		case strings.HasPrefix(arg, "-"):
			return r, fmt.Errorf("the option %q is unknown", arg)
		default:
			u, err := url.Parse(arg)
			if err != nil || r.Target != "" {
				return r, fmt.Errorf("the address %q: %w", arg, err)
			}
			r.Target = u.RequestURI()
		}
	}
	return r, nil
}
