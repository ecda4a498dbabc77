package cli_test

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	_ "modernc.org/sqlite"

	"hfhook/internal/cli"
	"hfhook/internal/fuzztest"
	"hfhook/internal/hub/hubtest"
	"hfhook/internal/waittest"
)

func TestMain(m *testing.M) {
	fuzztest.Setup()
	testscript.Main(withoutAgent{m}, map[string]func(){"hfhook": hfhook, "serve": serve})
}

// withoutAgent are the tests, but not the commands that they run, without what an agent that
// runs them says of itself.
type withoutAgent struct{ *testing.M }

func (m withoutAgent) Run() int {
	os.Unsetenv("AI_AGENT")
	os.Unsetenv("AGENT")
	return m.M.Run()
}

// hfhook is the command itself.
func hfhook() {
	code := cli.Main()
	notePeak()
	os.Exit(code)
}

// TestScripts runs the commands as a person does, in a home of their own. Besides
// testscript's commands there are
//
//	handler NAME STATUS [BODY]   starts an HTTP handler; its address is $NAME, what it got is in the files NAME.*;
//	                             it answers with the file NAME.answer, if that is there: a status, and a body behind a space
//	redirect NAME HOST/PATH      starts a handler that sends everybody to HOST/PATH
//	hub STATUS PATH FILE [HEADER…] posts FILE to $ADDR as the Hub does, and checks the answer's status; the answer is in the file answer
//	await FILE                   waits until FILE is there
//	code N command…              runs hfhook and checks its exit code
//	port NAME                    puts a port that is free into NAME
//	repeat N TEXT FILE           writes TEXT N times
//	told FILE TEXT               waits until a line of FILE, which another process writes, has TEXT in it
//	fill FROM TO                 copies a file, with the values of $NAMEs in it
//	sql FILE QUERY               changes a store as no hfhook does
//	unprivileged N command…      is code for a hfhook that may not read what its mode forbids, also as root
//	lines FILE TYPE…             checks that FILE has lines of --json, of all these types and no other
//
// and those of hub_script_test.go.
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("HOME", env.WorkDir)
			env.Setenv("XDG_DATA_HOME", "")
			env.Setenv("XDG_STATE_HOME", "")
			env.Setenv("XDG_CONFIG_HOME", "")
			env.Setenv("NGROK_AUTHTOKEN", "")
			env.Setenv("AI_AGENT", "")
			env.Setenv("AGENT", "")
			// With the race detector each process would else sleep for a second at its end.
			env.Setenv("GORACE", "atexit_sleep_ms=0")
			env.Values[hubKey{}] = new(*hubtest.Hub)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"handler": startHandler,
			"hub":     postAsHub,

			"redirect": startRedirect,

			"port":  freePort,
			"await": awaitFile,
			"code":  checkCode,
			"sql":   runSQL,

			"unprivileged": checkUnprivileged,

			"repeat": repeatText,
			"lines":  checkLines,
			"fill":   fillFile,
			"told":   awaitText,

			"fakehub":  startHub,
			"hubhook":  addHook,
			"hubfail":  failHub,
			"hubemit":  emitFromHub,
			"webhooks": runWebhooks,
		},
	})
}

func startHandler(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: handler NAME STATUS [BODY]")
	}
	name := args[0]
	status, err := strconv.Atoi(args[1])
	ts.Check(err)
	answer := strings.Join(args[2:], " ")
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	body, head := ts.MkAbs(name+".body"), ts.MkAbs(name+".head")
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		got, _ := io.ReadAll(r.Body)
		var lines strings.Builder
		fmt.Fprintf(&lines, "%s %s\n", r.Method, r.RequestURI)
		_ = r.Header.Write(&lines)
		// The body's file comes last, whole: a script that waits for it finds both.
		_ = os.WriteFile(head, []byte(lines.String()), 0o600)
		_ = os.WriteFile(body+".part", got, 0o600)
		_ = os.Rename(body+".part", body)
		status, answer := status, answer
		if override, err := os.ReadFile(ts.MkAbs(name + ".answer")); err == nil {
			word, rest, _ := strings.Cut(strings.TrimSuffix(string(override), "\n"), " ")
			if status, err = strconv.Atoi(word); err != nil {
				status = http.StatusTeapot
			}
			answer = rest
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, answer)
	})}
	go func() { _ = srv.Serve(ln) }()
	ts.Defer(func() { _ = srv.Close() })
	ts.Setenv(name, ln.Addr().String())
}

func startRedirect(ts *testscript.TestScript, _ bool, args []string) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	ts.Check(err)
	srv := &http.Server{Handler: http.RedirectHandler("http://"+args[1], http.StatusFound)}
	go func() { _ = srv.Serve(ln) }()
	ts.Defer(func() { _ = srv.Close() })
	ts.Setenv(args[0], ln.Addr().String())
}

func postAsHub(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: hub STATUS PATH FILE [HEADER…]")
	}
	body := ts.ReadFile(args[2])
	req, err := http.NewRequest("POST", strings.TrimSuffix(ts.Getenv("ADDR"), "/")+args[1], strings.NewReader(body))
	ts.Check(err)
	for _, h := range args[3:] {
		name, value, _ := strings.Cut(h, "=")
		req.Header.Set(name, value)
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	ts.Check(err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs("answer"), answer, 0o600))
	if strconv.Itoa(resp.StatusCode) != args[0] {
		ts.Fatalf("answered %s %s, want %s", resp.Status, answer, args[0])
	}
}

// awaitFile polls: the file is made by another process.
func awaitFile(ts *testscript.TestScript, _ bool, args []string) {
	path := ts.MkAbs(args[0])
	there := func() bool {
		_, err := os.Stat(path)
		return err == nil
	}
	if !waittest.Poll(there) {
		ts.Fatalf("%s did not come", args[0])
	}
	// The ready line tells the address that was taken.
	if filepath.Base(path) == "ready" {
		_, rest, _ := strings.Cut(ts.ReadFile(args[0]), `"local_url":"`)
		local, _, _ := strings.Cut(rest, `/webhooks`)
		ts.Setenv("ADDR", local)
		ts.Setenv("HFHOOK_ADDR", strings.TrimPrefix(local, "http://"))
	}
}

func checkCode(ts *testscript.TestScript, _ bool, args []string) {
	expectCode(ts, args[0], "hfhook", args[1:]...)
}

// checkUnprivileged takes from root what lets it read everything.
func checkUnprivileged(ts *testscript.TestScript, _ bool, args []string) {
	if os.Geteuid() != 0 {
		expectCode(ts, args[0], "hfhook", args[1:]...)
		return
	}
	expectCode(ts, args[0], "setpriv", append([]string{"--bounding-set=-dac_override,-dac_read_search", "hfhook"}, args[1:]...)...)
}

func runSQL(ts *testscript.TestScript, _ bool, args []string) {
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	_, err = db.Exec(args[1])
	ts.Check(errors.Join(err, db.Close()))
}

func expectCode(ts *testscript.TestScript, want, program string, args ...string) {
	err := ts.Exec(program, args...)
	code := 0
	if err != nil {
		exit, ok := err.(interface{ ExitCode() int })
		if !ok {
			ts.Fatalf("hfhook: %v", err)
		}
		code = exit.ExitCode()
	}
	if strconv.Itoa(code) != want {
		ts.Fatalf("%s %s: exit code %d, want %s", program, strings.Join(args, " "), code, want)
	}
}

func awaitText(ts *testscript.TestScript, _ bool, args []string) {
	var text []byte
	reported := func() bool {
		var err error
		text, err = os.ReadFile(ts.MkAbs(args[0]))
		return err == nil && strings.Contains(string(text), args[1])
	}
	if !waittest.Poll(reported) {
		ts.Fatalf("%s has no %q:\n%s", args[0], args[1], text)
	}
}

func fillFile(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), []byte(os.Expand(ts.ReadFile(args[0]), ts.Getenv)), 0o600))
}

func repeatText(ts *testscript.TestScript, _ bool, args []string) {
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[2]), []byte(strings.Repeat(args[1], n)), 0o600))
}
