package cli_test

// The commands by which a script has a Hub of its own:
//
//	fakehub [NAME…]              starts a Hub where these names can be watched, or all; HF_ENDPOINT and HF_TOKEN are set
//	hubhook ID URL STATE [SECRET] registers a webhook that watches dataset:me/corpus
//	hubfail N METHOD KIND [ARG…] fails the next N calls of METHOD: STATUS [MESSAGE], html STATUS, limited HEADER VALUE, cut, gone
//	hubemit STATUS FILE          sends the event in FILE, and checks what the one webhook that gets it answers
//	webhooks N ARG…              runs hfhook webhooks, and checks its exit code and that it tells no secret

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"

	"hfhook/internal/hub/hubtest"
)

// canary is the webhook secret of the scripts.
const canary = "CanarySecretOfTheWebhook"

type hubKey struct{}

func startHub(ts *testscript.TestScript, _ bool, args []string) {
	opts := hubtest.Options{Tries: 1}
	if len(args) > 0 {
		opts.Names = args
	}
	h := hubtest.New(opts)
	ts.Defer(h.Close)
	*ts.Value(hubKey{}).(**hubtest.Hub) = h
	ts.Setenv("HF_ENDPOINT", h.URL())
	ts.Setenv("HFHOOK_QUIT_WITHIN", "1m")
	ts.Setenv("HF_TOKEN", hubtest.Token)
	ts.Setenv("TOKEN", hubtest.Token)
	ts.Setenv("READ_TOKEN", hubtest.ReadToken)
	ts.Setenv("CANARY", canary)
}

func fakeHub(ts *testscript.TestScript) *hubtest.Hub {
	h := *ts.Value(hubKey{}).(**hubtest.Hub)
	if h == nil {
		ts.Fatalf("there is no Hub: fakehub starts one")
	}
	return h
}

func addHook(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: hubhook ID URL STATE [SECRET]")
	}
	w := hubtest.Webhook{ID: args[0], URL: args[1], Watched: []hubtest.Watched{{Type: "dataset", Name: "me/corpus"}}, Domains: []string{"repo", "discussion"}, Secret: strings.Join(args[3:], " ")}
	switch args[2] {
	case "enabled":
	case "disabled":
		w.Disabled = true
	default:
		w.Disabled = args[2]
	}
	fakeHub(ts).Add(w)
}

func failHub(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 3 {
		ts.Fatalf("usage: hubfail N METHOD KIND [ARG…]")
	}
	n, err := strconv.Atoi(args[0])
	ts.Check(err)
	number := func(text string) int {
		status, err := strconv.Atoi(text)
		ts.Check(err)
		return status
	}
	var fault hubtest.Fault
	switch kind := args[2]; kind {
	case "html":
		fault = hubtest.HTML(number(args[3]))
	case "limited":
		fault = hubtest.Limited(args[3], args[4])
	case "cut":
		fault = hubtest.Fault{Cut: true}
	case "gone":
		fault = hubtest.Fault{Gone: true}
	default:
		fault = hubtest.Refusal(number(kind), strings.Join(args[3:], " "))
	}
	fakeHub(ts).Fail(n, args[1], fault)
}

func emitFromHub(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: hubemit STATUS FILE")
	}
	sent, err := fakeHub(ts).Emit(context.Background(), []byte(ts.ReadFile(args[1])))
	ts.Check(err)
	if len(sent) == 0 {
		ts.Fatalf("no webhook gets it")
	}
	if len(sent) != 1 || strconv.Itoa(sent[0].Statuses[0]) != args[0] {
		ts.Fatalf("the Hub got %+v, want one answer of %s %s", sent, args[0], http.StatusText(sent[0].Statuses[0]))
	}
}

func runWebhooks(ts *testscript.TestScript, neg bool, args []string) {
	checkCode(ts, neg, append([]string{args[0], "webhooks"}, args[1:]...))
	for _, stream := range []string{"stdout", "stderr"} {
		checkCanaries(ts, stream, ts.ReadFile(stream))
	}
	h := *ts.Value(hubKey{}).(**hubtest.Hub)
	if h != nil && len(h.Violations()) > 0 {
		ts.Fatalf("not as the API's description says: %q", h.Violations())
	}
	// Nor is one kept, but in the script's own files.
	ts.Check(filepath.WalkDir(ts.MkAbs("."), func(path string, entry os.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() || strings.HasPrefix(entry.Name(), "canary") || entry.Name() == "token" {
			return err
		}
		text, err := os.ReadFile(path)
		checkCanaries(ts, path, string(text))
		return err
	}))
}

func checkCanaries(ts *testscript.TestScript, where, text string) {
	for _, secret := range []string{hubtest.Token, hubtest.ReadToken, canary} {
		if strings.Contains(text, secret) {
			ts.Fatalf("%s has %s in it", where, secret)
		}
	}
}
