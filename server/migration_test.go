package server_test

// The rows of docs/migration.md, one test each.

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/payload/sample"
	"hfhook/server"
	"hfhook/server/servertest"
	"hfhook/store"
)

// migrated are the tests by the beginning of the row.
var migrated = map[string]func(t *testing.T){
	// The server
	"`from huggingface_hub import": func(t *testing.T) {
		text, err := os.ReadFile("../docs/library.md")
		if err != nil || !strings.Contains(string(text), "# Library\n") || !strings.Contains(string(text), "go mod edit -require=") {
			t.Errorf("docs/library.md does not say it: %v", err)
		}
	},
	"`@webhook_endpoint` over one function": func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		out := newOutput()
		ended := make(chan error, 1)
		go func() {
			ended <- server.Run(ctx, "say_hello", typed, server.Options{Addr: "127.0.0.1:0", Secrets: one(), Output: out})
		}()
		said := out.await(t, "/say_hello\n")
		wantAnswer(t, postTo(t, "http://"+between(said, "http://", "\n"), sampleBody(t, "repo/create"), canary), `200 {"repo":"me/corpus"}`)
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := server.Run(t.Context(), "x", typed, server.Options{Addr: "127.0.0.1:99999"}); err == nil {
			t.Error("a bad address is taken")
		}
	},
	"`WebhooksServer(ui=…": func(t *testing.T) {
		s := newServer(t, server.Options{Secrets: one(), Page: says200("my page")})
		w := httptest.NewRecorder()
		s.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
		if w.Body.String() != "my page" {
			t.Errorf("the page is %s", w.Body)
		}
	},
	"`@app.add_webhook(": func(t *testing.T) {
		s := plain(t)
		handle(t, s, "say_hello", typed)
		wantAnswer(t, postTo(t, serveHTTP(t, s)+"/webhooks/say_hello", sampleBody(t, "repo/create"), canary), `200 {"repo":"me/corpus"}`)
	},
	"two `@webhook_endpoint` functions": func(t *testing.T) {
		s := plain(t)
		handle(t, s, "a", says("a"))
		handle(t, s, "b", says("b"))
		url := serveHTTP(t, s)
		wantAnswer(t, postTo(t, url+"/webhooks/a", sampleBody(t, "repo/create"), canary), `200 "a"`)
		wantAnswer(t, postTo(t, url+"/webhooks/b", sampleBody(t, "repo/create"), canary), `200 "b"`)
		kinds := plain(t)
		if err := errors.Join(kinds.On(payload.KindRepoCreate, says("created")), kinds.On(payload.KindCommentCreate, says("commented"))); err != nil {
			t.Fatal(err)
		}
		url = serveHTTP(t, kinds)
		wantAnswer(t, postTo(t, url+"/webhooks", sampleBody(t, "repo/create"), canary), `200 "created"`)
		wantAnswer(t, postTo(t, url+"/webhooks", sampleBody(t, "discussion.comment/create"), canary), `200 "commented"`)
	},
	"a function without a `WebhookPayload`": func(t *testing.T) {
		s := plain(t)
		err := s.HandleRaw("anything", func(_ context.Context, e *event.Event) (any, error) { return string(e.Body), nil })
		if err != nil {
			t.Fatal(err)
		}
		wantAnswer(t, postTo(t, serveHTTP(t, s)+"/webhooks/anything", "not JSON", canary), `200 "not JSON"`)
		wantAnswer(t, postTo(t, serveHTTP(t, s)+"/webhooks/anything", "not JSON", "wrong"), `403 {"error":"Invalid webhook secret."}`)
	},
	"no function at all: 404": func(t *testing.T) {
		s := plain(t)
		wantAnswer(t, postTo(t, serveHTTP(t, s)+"/webhooks", sampleBody(t, "repo/create"), canary), `404 {"detail":"Not Found"}`)
		recording := newServer(t, server.Options{Secrets: one()})
		if got := postTo(t, serveHTTP(t, recording)+"/webhooks/x", sampleBody(t, "repo/create"), canary); !strings.Contains(got, `"stored"`) {
			t.Errorf("with a recorder: %s", got)
		}
		if err := s.HandleAny(says("any")); err != nil {
			t.Fatal(err)
		}
		wantAnswer(t, postTo(t, serveHTTP(t, s)+"/webhooks/x", sampleBody(t, "repo/create"), canary), `200 "any"`)
	},
	"`/webhooks/` before every path": func(t *testing.T) {
		s := plain(t)
		handle(t, s, "/a/b/", typed)
		handle(t, s, "", typed)
		if got := s.Paths(); !slices.Equal(got, []string{"/webhooks/a/b", "/webhooks"}) {
			t.Errorf("paths %v", got)
		}
	},
	"`ValueError: Webhook": func(t *testing.T) {
		s := plain(t)
		handle(t, s, "say_hello", typed)
		err := s.Handle("say_hello", typed)
		if _, ok := errors.AsType[*server.DuplicateError](err); !ok || err.Error() != "Webhook /webhooks/say_hello already exists." {
			t.Errorf("error %v", err)
		}
	},
	"one global server behind": func(t *testing.T) {
		for _, own := range []string{"the secret of one", "the secret of another"} {
			s, err := server.New(server.Options{Secrets: []server.Secret{server.MustParseSecret(own)}})
			if err != nil {
				t.Fatal(err)
			}
			handle(t, s, "x", typed)
			wantAnswer(t, postTo(t, serveHTTP(t, s)+"/webhooks/x", sampleBody(t, "repo/create"), own), `200 {"repo":"me/corpus"}`)
			wantAnswer(t, postTo(t, serveHTTP(t, s)+"/webhooks/x", sampleBody(t, "repo/create"), "the secret"), `403 {"error":"Invalid webhook secret."}`)
		}
	},
	"`app.launch()`": func(t *testing.T) {
		s := newServer(t, server.Options{})
		_, end := serving(t, s)
		if err := end(); err != nil {
			t.Error(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := s.ListenAndServe(ctx, "127.0.0.1:0"); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	},
	"Ctrl-C ends the process": func(t *testing.T) {
		s := newServer(t, server.Options{Grace: time.Nanosecond})
		began, free := make(chan struct{}), make(chan struct{})
		handle(t, s, "x", func(context.Context, *event.Event) (any, error) {
			close(began)
			<-free
			return nil, nil
		})
		url, end := serving(t, s)
		done := make(chan struct{})
		go func() { defer close(done); send(t, url+"x") }()
		<-began
		if err := end(); err == nil || !strings.Contains(err.Error(), "cut off 1 request") {
			t.Errorf("error %v", err)
		}
		close(free)
		<-done
	},
	"inside a FastAPI app": func(t *testing.T) {
		s, mux := plain(t), http.NewServeMux()
		handle(t, s, "", typed)
		s.Mount(mux)
		wantAnswer(t, postTo(t, serveHTTP(t, mux)+"/webhooks", sampleBody(t, "repo/create"), canary), `200 {"repo":"me/corpus"}`)
	},
	"another framework": func(t *testing.T) {
		r := httptest.NewRequest("POST", "/any", strings.NewReader(sampleBody(t, "repo/create")))
		r.Header.Set("X-Webhook-Secret", canary)
		if e, err := server.ReadEvent(r, one()...); err != nil || e.Payload.Repo.Name != "me/corpus" {
			t.Errorf("%v", err)
		}
		if e, err := server.ParseEvent(r.Header, []byte(sampleBody(t, "repo/create")), one()...); err != nil || e.Payload.Repo.Name != "me/corpus" {
			t.Errorf("%v", err)
		}
	},
	"`async def` and `def` handlers": func(t *testing.T) {
		s := plain(t)
		began, free := make(chan struct{}), make(chan struct{})
		handle(t, s, "blocks", func(context.Context, *event.Event) (any, error) { close(began); <-free; return nil, nil })
		handle(t, s, "x", typed)
		url := serveHTTP(t, s)
		done := make(chan string, 1)
		go func() { done <- postTo(t, url+"/webhooks/blocks", sampleBody(t, "repo/create"), canary) }()
		<-began
		wantAnswer(t, postTo(t, url+"/webhooks/x", sampleBody(t, "repo/create"), canary), `200 {"repo":"me/corpus"}`)
		close(free)
		wantAnswer(t, <-done, "200 null")
	},
	"`BackgroundTasks`": func(t *testing.T) {
		s := plain(t)
		done := false
		handle(t, s, "x", s.Background(func(context.Context, *event.Event) (any, error) { done = true; return nil, nil }, 1))
		wantAnswer(t, postTo(t, serveHTTP(t, s)+"/webhooks/x", sampleBody(t, "repo/create"), canary), `202 {"status":"accepted"}`)
		if err := s.Shutdown(t.Context()); err != nil || !done {
			t.Errorf("done %v, %v", done, err)
		}
	},
	"FastAPI's middleware": func(t *testing.T) {
		wrapped := 0
		s := newServer(t, server.Options{Secrets: one(), Wrap: func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { wrapped++; next.ServeHTTP(w, r) })
		}})
		used := 0
		s.Use(func(next server.Handler) server.Handler {
			return func(ctx context.Context, e *event.Event) (any, error) { used++; return next(ctx, e) }
		})
		handle(t, s, "x", typed)
		url := serveHTTP(t, s)
		postTo(t, url+"/webhooks/x", sampleBody(t, "repo/create"), canary)
		postTo(t, url+"/webhooks/x", sampleBody(t, "repo/create"), "wrong")
		if wrapped != 2 || used != 1 {
			t.Errorf("wrapped %d, used %d", wrapped, used)
		}
	},
	"uvicorn's log on stderr": func(t *testing.T) {
		log := &lines{}
		s := newServer(t, server.Options{Secrets: one(), Logger: slog.New(slog.NewTextHandler(log, nil))})
		handle(t, s, "x", func(context.Context, *event.Event) (any, error) { panic("a mistake") })
		r := exampleRequest("/webhooks/x", "repo/create", sample.Options{})
		r.Header.Set("X-Webhook-Secret", canary)
		s.ServeHTTP(httptest.NewRecorder(), r)
		if !strings.Contains(log.String(), "panic: a mistake") || !strings.Contains(log.String(), "migration_test.go") {
			t.Errorf("logged %s", log)
		}
	},
	"`share=True`": func(t *testing.T) {
		// The package tunnel tests that a *tunnel.Sharing is such a Sharer.
		t.Setenv("SPACE_ID", "")
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		public, out := &shared{ln: ln, steps: make(chan func(func(string, error)))}, newOutput()
		_, end := serving(t, newServer(t, server.Options{Share: public, Output: out}))
		public.steps <- func(report func(string, error)) { report("", errors.New("no network")) }
		out.await(t, "The public URL does not point here: no network")
		public.steps <- func(report func(string, error)) { report("https://public.example", nil) }
		out.await(t, "ready to use:\n  - POST https://public.example/webhooks\n")
		if err := end(); err != nil {
			t.Error(err)
		}
	},
	"`GRADIO_SERVER_PORT`": func(t *testing.T) {
		t.Setenv("SPACE_ID", "")
		t.Setenv("PORT", "")
		t.Setenv("GRADIO_SERVER_PORT", "9000")
		if addr, err := server.UsualAddr(); err != nil || addr != "127.0.0.1:9000" {
			t.Errorf("%s, %v", addr, err)
		}
		t.Setenv("PORT", "many")
		if _, err := server.UsualAddr(); err == nil {
			t.Error("a PORT that is not a number is taken")
		}
	},
	"on a Space": func(t *testing.T) {
		t.Setenv("SPACE_ID", "me/bot")
		t.Setenv("SPACE_HOST", "me-bot.hf.space")
		t.Setenv("PORT", "")
		if addr, err := server.UsualAddr(); err != nil || addr != "0.0.0.0:7860" {
			t.Errorf("%s, %v", addr, err)
		}
		out := newOutput()
		s := newServer(t, server.Options{Output: out})
		_, end := serving(t, s)
		out.await(t, "  - POST https://me-bot.hf.space/webhooks\n")
		if err := end(); err != nil {
			t.Error(err)
		}
	},
	`"Webhooks are correctly setup`: func(t *testing.T) {
		out := newOutput()
		_, end := serving(t, newServer(t, server.Options{Output: out}))
		out.await(t, "\nWebhooks are correctly setup and ready to use:\n  - POST http://127.0.0.1:")
		if err := end(); err != nil {
			t.Error(err)
		}
	},
	"page at `/`": func(t *testing.T) {
		s := newServer(t, server.Options{Secrets: one()})
		url := start(t, s.Serve)
		if page := get(t, url+"/"); !strings.Contains(page, url+"/webhooks") || !strings.Contains(page, "Required.") {
			t.Errorf("the page:\n%s", page)
		}
	},
	"recording: none": func(t *testing.T) {
		events := &kept{answers: make(chan string, 2)}
		s := newServer(t, server.Options{Secrets: one(), Recorder: store.Recorder{Store: events}})
		handle(t, s, "x", typed)
		if err := s.HandleRaw("raw", says("raw")); err != nil {
			t.Fatal(err)
		}
		url := serveHTTP(t, s)
		wantAnswer(t, postTo(t, url+"/webhooks/x", sampleBody(t, "repo/create"), canary), `200 {"repo":"me/corpus"}`)
		wantAnswer(t, postTo(t, url+"/webhooks/raw", "\xff", canary), `200 "raw"`)
		if got := <-events.answers + <-events.answers; events.n != 2 || got != "handler 200 handler 200 " {
			t.Errorf("%d events are recorded, with the answers %s", events.n, got)
		}
	},
	"tests: Gradio's": func(t *testing.T) {
		s := plain(t)
		handle(t, s, "x", typed)
		if w := servertest.Send(t, s, servertest.Delivery{Path: "x", Secret: canary}); w.Code != 200 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	},

	// The secret
	"argument, else `WEBHOOK_SECRET`": func(t *testing.T) {
		t.Setenv("WEBHOOK_SECRET", canary)
		t.Setenv("WEBHOOK_SECRET_PREVIOUS", "the previous one")
		for opts, want := range map[*server.Options]string{
			{}: "200 200 403", {Open: true}: "200 200 200",
			{Secrets: []server.Secret{server.MustParseSecret("a third one")}}: "403 403 200",
		} {
			s, err := server.New(*opts)
			if err != nil {
				t.Fatal(err)
			}
			handle(t, s, "x", typed)
			var got []string
			for _, secret := range []string{canary, "the previous one", "a third one"} {
				status, _, _ := strings.Cut(postTo(t, serveHTTP(t, s)+"/webhooks/x", sampleBody(t, "repo/create"), secret), " ")
				got = append(got, status)
			}
			if strings.Join(got, " ") != want {
				t.Errorf("%+v: %v, want %s", opts, got, want)
			}
		}
	},
	"`webhook_secret=": func(t *testing.T) {
		secret, err := server.ParseSecret(canary)
		if err != nil || strings.Contains(fmt.Sprintf("%v %+v %#v %s %x", secret, secret, secret, secret, secret), canary) {
			t.Errorf("it prints itself, %v", err)
		}
		if _, err := server.ParseSecret("with a break\n"); err == nil {
			t.Error("a secret that the Hub cannot send is taken")
		}
	},
	"no secret: open": func(t *testing.T) {
		t.Setenv("WEBHOOK_SECRET", "")
		t.Setenv("WEBHOOK_SECRET_PREVIOUS", "")
		log := &lines{}
		s, err := server.New(server.Options{Logger: slog.New(slog.NewTextHandler(log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		handle(t, s, "x", typed)
		wantAnswer(t, postTo(t, serveHTTP(t, s)+"/webhooks/x", sampleBody(t, "repo/create"), ""), `200 {"repo":"me/corpus"}`)
		if page := pageOf(t, s, nil); !strings.Contains(log.String(), "no webhook secret") || !strings.Contains(page, "Everybody who knows the address may post") {
			t.Errorf("logged %s, page:\n%s", log, page)
		}
	},
	"`WEBHOOK_SECRET=\"\"`": func(t *testing.T) {
		t.Setenv("WEBHOOK_SECRET", "")
		t.Setenv("WEBHOOK_SECRET_PREVIOUS", "")
		s, err := server.New(server.Options{Logger: slog.New(slog.DiscardHandler)})
		if err != nil || !strings.Contains(pageOf(t, s, nil), ">None.<") {
			t.Errorf("an empty secret counts: %v", err)
		}
	},
	"`!=`": func(t *testing.T) {
		secret := server.MustParseSecret(canary)
		if !secret.Matches(canary) || secret.Matches(canary[:5]) || secret.Matches("") {
			t.Error("Matches")
		}
	},
	"401 `{\"error\"": answersTo(func(t *testing.T, url string) string {
		return postTo(t, url, sampleBody(t, "repo/create"), "")
	}, `401 {"error":"x-webhook-secret header not set."}`),
	"403 `{\"error\"": answersTo(func(t *testing.T, url string) string {
		return postTo(t, url, sampleBody(t, "repo/create"), "wrong")
	}, `403 {"error":"Invalid webhook secret."}`),
	"`?secret=…` in the URL": answersTo(func(t *testing.T, url string) string {
		return postTo(t, url+"?secret="+canary, sampleBody(t, "repo/create"), "")
	}, `200 {"repo":"me/corpus"}`),
	"a body that does not come": func(t *testing.T) {
		s := newServer(t, server.Options{Secrets: one()})
		handle(t, s, "x", typed)
		url := start(t, s.Serve)
		for head, want := range map[string]string{
			"POST /webhooks/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n":                                         "401",
			"POST /webhooks/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\nX-Webhook-Secret: wrong\r\n\r\n":              "403",
			"POST /other HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n":                                              "404",
			"PUT /webhooks/x HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n":                                          "405",
			"POST /webhooks/x HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\nX-Webhook-Secret: " + canary + "\r\n\r\n": "413",
		} {
			conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
			if err != nil {
				t.Fatal(err)
			}
			_, _ = io.WriteString(conn, head)
			answer := make([]byte, 12)
			if _, err := io.ReadFull(conn, answer); err != nil || !strings.HasSuffix(string(answer), want) {
				t.Errorf("%s: %s, %v", head, answer, err)
			}
			conn.Close()
		}
	},
	"a request with `Origin`": func(t *testing.T) {
		s := plain(t)
		handle(t, s, "x", typed)
		for _, name := range []string{"Origin", "Sec-Fetch-Site"} {
			r := exampleRequest("/webhooks/x", "repo/create", sample.Options{})
			r.Header.Set("X-Webhook-Secret", canary)
			r.Header.Set(name, "cross-site")
			w := httptest.NewRecorder()
			s.ServeHTTP(w, r)
			wantAnswer(t, fmt.Sprintf("%d %s", w.Code, w.Body), `403 {"error":"Requests from web pages are refused."}`)
		}
	},
	"any number of requests": func(t *testing.T) {
		s := newServer(t, server.Options{Secrets: one()})
		handle(t, s, "x", typed)
		s.LimitStrangers(3)
		url := start(t, s.ServeTunnel)
		var got []string
		for range 5 {
			status, _, _ := strings.Cut(postTo(t, url+"/webhooks/x", "{}", "wrong"), " ")
			got = append(got, status)
		}
		if !slices.Equal(got, []string{"403", "403", "403", "429", "429"}) {
			t.Errorf("answered %v", got)
		}
		wantAnswer(t, postTo(t, url+"/webhooks/x", sampleBody(t, "repo/create"), canary), `200 {"repo":"me/corpus"}`)
	},
	"no secret and a broken body": answersTo(func(t *testing.T, url string) string {
		return postTo(t, url, "{", "")
	}, `401 {"error":"x-webhook-secret header not set."}`),

	// Answers
	"the value that is returned": func(t *testing.T) {
		wantValue(t, map[string]int{"a": 1}, nil, `200 {"a":1}`)
		wantValue(t, nil, nil, "200 null")
	},
	"`JSONResponse(": func(t *testing.T) {
		wantValue(t, server.Answer{Status: 202, Value: 1}, nil, "202 1")
		wantValue(t, &server.Answer{Status: 202, Value: 1}, nil, "202 1")
	},
	"`Response(content=": func(t *testing.T) {
		s := plain(t)
		handle(t, s, "x", func(context.Context, *event.Event) (any, error) {
			return server.Answer{Header: http.Header{"Content-Type": {"text/csv"}}, Body: []byte("a,b")}, nil
		})
		w := deliver(t, s, "/webhooks/x")
		if w.Header().Get("Content-Type") != "text/csv" || w.Body.String() != "a,b" {
			t.Errorf("%v %s", w.Header(), w.Body)
		}
	},
	"`raise HTTPException": func(t *testing.T) {
		wantValue(t, nil, &server.Error{Status: 409, Message: "taken", Err: errors.New("for the log")}, `409 {"error":"taken"}`)
	},
	"handler raises: 500": func(t *testing.T) {
		wantValue(t, nil, errors.New("for the log"), `500 {"detail":"Internal Server Error"}`)
	},
	"GET on a webhook": func(t *testing.T) {
		s := plain(t)
		handle(t, s, "x", typed)
		resp, err := http.Get(serveHTTP(t, s) + "/webhooks/x")
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != 405 || resp.Header.Get("Allow") != "POST" {
			t.Errorf("%s, Allow %s", resp.Status, resp.Header.Get("Allow"))
		}
	},
	"unknown path: 404": func(t *testing.T) {
		s := plain(t)
		handle(t, s, "x", typed)
		wantAnswer(t, postTo(t, serveHTTP(t, s)+"/webhooks/y", sampleBody(t, "repo/create"), canary), `404 {"detail":"Not Found"}`)
	},
	"slash at the end": answersTo(func(t *testing.T, url string) string {
		return postTo(t, url+"/", sampleBody(t, "repo/create"), canary)
	}, `200 {"repo":"me/corpus"}`),
	"`Content-Type` other than JSON": func(t *testing.T) {
		s := plain(t)
		handle(t, s, "x", typed)
		r := exampleRequest("/webhooks/x", "repo/create", sample.Options{})
		r.Header.Set("X-Webhook-Secret", canary)
		r.Header.Set("Content-Type", "text/plain")
		w := httptest.NewRecorder()
		s.ServeHTTP(w, r)
		wantAnswer(t, fmt.Sprintf("%d %s", w.Code, w.Body), `200 {"repo":"me/corpus"}`)
	},
	"body of any size": func(t *testing.T) {
		s := newServer(t, server.Options{Secrets: one()})
		handle(t, s, "x", typed)
		conn, err := net.Dial("tcp", strings.TrimPrefix(start(t, s.Serve), "http://"))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_, _ = fmt.Fprintf(conn, "POST /webhooks/x HTTP/1.1\r\nHost: x\r\nX-Webhook-Secret: %s\r\nContent-Length: %d\r\n\r\n", canary, server.DefaultMaxBody+1)
		status, answer, err := answerOf(conn)
		wantAnswer(t, fmt.Sprintf("%d %s %v", status, answer, err), `413 {"error":"Request body over 10485760 bytes."} <nil>`)
	},

	// The payload
	"`payload: WebhookPayload` as": func(t *testing.T) {
		s := plain(t)
		handle(t, s, "x", func(ctx context.Context, e *event.Event) (any, error) {
			again, err := io.ReadAll(server.Request(ctx).Body)
			return e.Payload.Repo.Name == "me/corpus" && bytes.Equal(again, e.Body), err
		})
		wantAnswer(t, postTo(t, serveHTTP(t, s)+"/webhooks/x", sampleBody(t, "repo/create"), canary), "200 true")
	},
	"`WebhookPayload.model_validate_json": func(t *testing.T) {
		p, _ := parsed(t, sampleBody(t, "repo/create"))
		var q payload.Payload
		if err := json.Unmarshal([]byte(sampleBody(t, "repo/create")), &q); err != nil || p.Repo.Name != q.Repo.Name {
			t.Errorf("%v", err)
		}
	},
	"`payload.model_dump_json()`": func(t *testing.T) {
		p, _ := parsed(t, strings.Replace(sampleBody(t, "repo/create"), `"repo":{`, `"repo":{"new":1,`, 1))
		if text, err := json.Marshal(p); err != nil || !strings.Contains(string(text), `"new":1`) {
			t.Errorf("%s, %v", text, err)
		}
	},
	"422 with `detail`": answersTo(func(t *testing.T, url string) string {
		return postTo(t, url, strings.Replace(sampleBody(t, "repo/create"), `"private":false`, `"private":"no"`, 1), canary)
	}, `422 {"detail":[{"type":"bool_type","loc":["body","repo","private"],"msg":"Input should be a valid boolean"}]}`),
	"unknown `action`": func(t *testing.T) {
		body := strings.NewReplacer(`"action":"create"`, `"action":"invent"`, `"version":3`, `"version":4`, `"type":"dataset"`, `"type":"planet"`).Replace(sampleBody(t, "repo/create"))
		if _, warnings := parsed(t, body); len(warnings) != 3 {
			t.Errorf("warnings %v", warnings)
		}
	},
	"a wrong type in `updatedRefs`": func(t *testing.T) {
		for _, key := range []string{"updatedRefs", "updatedConfig", "updatedFiles", "updatedFilesTruncated"} {
			if _, warnings := parsed(t, strings.Replace(sampleBody(t, "repo/create"), `"webhook":`, `"`+key+`":19,"webhook":`, 1)); len(warnings) != 1 {
				t.Errorf("%s: %v", key, warnings)
			}
		}
		if _, warnings := parsed(t, regexp.MustCompile(`"headSha":"\w+"`).ReplaceAllString(sampleBody(t, "repo/create"), `"headSha":19`)); len(warnings) != 1 {
			t.Errorf("headSha: %v", warnings)
		}
	},
	"`\"19\"` is taken for 19": func(t *testing.T) {
		body := regexp.MustCompile(`"num":(\d+)`).ReplaceAllString(sampleBody(t, "discussion/create"), `"num":"$1"`)
		if _, _, err := payload.Parse([]byte(body)); err == nil {
			t.Error("a text is taken for a number")
		}
	},
	"`head_sha`": func(t *testing.T) {
		if p, _ := parsed(t, sampleBody(t, "repo/create")); len(p.Repo.HeadSHA) != 40 {
			t.Errorf("HeadSHA is %q", p.Repo.HeadSHA)
		}
	},
	"`updatedConfig`, `updatedFiles`": func(t *testing.T) {
		config, _ := parsed(t, sampleBody(t, "repo.config/update"))
		files, _ := parsed(t, sampleBody(t, "repo.content/update:files"))
		if config.UpdatedConfig == nil || files.UpdatedFiles == nil {
			t.Error("they are dropped")
		}
	},
	"unknown keys: dropped": func(t *testing.T) {
		p, warnings := parsed(t, strings.Replace(sampleBody(t, "repo/create"), `"repo":{`, `"repo":{"new":1,`, 1))
		if string(p.Repo.Unknown["new"]) != "1" || len(warnings) != 1 {
			t.Errorf("%v, %v", p.Repo.Unknown, warnings)
		}
	},
	"`comment.content`": func(t *testing.T) {
		if p, _ := parsed(t, sampleBody(t, "discussion.comment/update:hidden")); p.Comment.Content != nil || !p.Comment.Hidden {
			t.Errorf("%+v", p.Comment)
		}
	},
	"`ObjectId` for owner": func(t *testing.T) {
		p, _ := parsed(t, sampleBody(t, "discussion/create"))
		if accounts := []payload.Account{p.Repo.Owner, p.Discussion.Author}; accounts[0].ID == "" || accounts[1].ID == "" {
			t.Errorf("%v", accounts)
		}
	},
	"`payload.event.scope.startswith": func(t *testing.T) {
		if !payload.Scope("discussion.comment").Within(payload.ScopeDiscussion) || payload.Scope("discussions").Within(payload.ScopeDiscussion) {
			t.Error("Within")
		}
		if kinds := (payload.EventInfo{Scope: "repo.jobs", Action: "create"}).Kinds(); !slices.Contains(kinds, payload.KindRepoUpdate) {
			t.Errorf("kinds %v", kinds)
		}
	},
	"`ref.ref == ": func(t *testing.T) {
		p, _ := parsed(t, sampleBody(t, "repo.content/update:tag"))
		if u := p.UpdatedRefs[0]; u.Ref != "refs/tags/v1.0" || u.Kind() != payload.RefTag || u.Short() != "tags/v1.0" || u.Action() != payload.ActionCreate {
			t.Errorf("%+v", u)
		}
	},
	"`WebhookPayload.model_json_schema()`": func(t *testing.T) {
		if !json.Valid(payload.Schema()) {
			t.Error("the schema is not JSON")
		}
	},
}

// TestMigration runs the test of each row of the tables in docs/migration.md.
func TestMigration(t *testing.T) {
	text, err := os.ReadFile("../docs/migration.md")
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for line := range strings.Lines(string(text)) {
		cell, _, _ := strings.Cut(strings.TrimPrefix(line, "| "), " | ")
		if !strings.HasPrefix(line, "| ") || cell == "Python" {
			continue
		}
		found := ""
		for row := range migrated {
			if strings.HasPrefix(cell, row) && len(row) > len(found) {
				found = row
			}
		}
		if found == "" {
			t.Errorf("the row of %s has no test", cell)
			continue
		}
		used[found] = true
		t.Run(found, migrated[found])
	}
	for row := range migrated {
		if !used[row] {
			t.Errorf("there is a test of %s, and no row", row)
		}
	}
}

// kept is as much of a store as a store.Recorder asks for. This package tests with no store of
// its own: each program with a handler would need what that needs.
type kept struct {
	n       int
	answers chan string
}

func (k *kept) Append(_ context.Context, e *event.Event, _ store.AppendOptions) error {
	k.n++
	e.ID = event.ID(fmt.Sprintf("01JD4X7M9C8Q2R5T7V9W%06d", k.n))
	return nil
}

func (k *kept) PutDelivery(_ context.Context, d *event.Delivery) error {
	k.answers <- fmt.Sprintf("%s %d ", d.Target, d.Status)
	return nil
}

func one() []server.Secret { return []server.Secret{server.MustParseSecret(canary)} }

func sampleBody(t *testing.T, kind string) string {
	t.Helper()
	body, err := sample.New(kind, sample.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func parsed(t *testing.T, body string) (*payload.Payload, []payload.Warning) {
	t.Helper()
	p, warnings, err := payload.Parse([]byte(body))
	if err != nil {
		t.Fatal(err)
	}
	return p, warnings
}

func serveHTTP(t *testing.T, h http.Handler) string {
	t.Helper()
	web := httptest.NewServer(h)
	t.Cleanup(web.Close)
	return web.URL
}

// postTo returns the status and the answer.
func postTo(t *testing.T, url, body, secret string) string {
	t.Helper()
	req, err := http.NewRequest("POST", url, strings.NewReader(body))
	if err != nil {
		t.Error(err)
		return ""
	}
	if secret != "" {
		req.Header.Set("X-Webhook-Secret", secret)
	}
	resp, err := http.DefaultTransport.RoundTrip(req) // no redirects
	if err != nil {
		t.Error(err)
		return ""
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Error(err)
	}
	return fmt.Sprintf("%d %s", resp.StatusCode, text)
}

func wantAnswer(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("answered %s, want %s", got, want)
	}
}

// answersTo is the test of one request to the handler typed.
func answersTo(ask func(t *testing.T, url string) string, want string) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		s := plain(t)
		handle(t, s, "x", typed)
		wantAnswer(t, ask(t, serveHTTP(t, s)+"/webhooks/x"), want)
	}
}

// wantValue has a handler return something.
func wantValue(t *testing.T, value any, err error, want string) {
	t.Helper()
	s := newServer(t, server.Options{Secrets: one()})
	handle(t, s, "x", func(context.Context, *event.Event) (any, error) { return value, err })
	w := deliver(t, s, "/webhooks/x")
	wantAnswer(t, fmt.Sprintf("%d %s", w.Code, w.Body), want)
}

func says200(text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) })
}

// between is what stands behind a text, up to another one.
func between(s, after, before string) string {
	_, s, _ = strings.Cut(s, after)
	s, _, _ = strings.Cut(s, before)
	return s
}
