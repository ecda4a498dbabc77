package filtertest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/payload/sample"
)

// random makes events and filters out of few parts, so that they often meet.
type random struct{ *rand.Rand }

func pick[T any](r random, list ...T) T { return list[r.IntN(len(list))] }

func (r random) repo() string {
	return pick(r, "me/corpus", "me/model", "me/a*b", "you/corpus", "you/\ufffd", "gpt2", "é/é")
}

func (r random) text() string {
	return pick(r, "hello", "HELLO world", `say "hi"`, `back\slash`, "Ärger", "日本", "re-run", "line\nline", "\u202e", "true", "19")
}

func (r random) author() string { return fmt.Sprint("author-", r.IntN(3)) }

func (r random) event(t testing.TB) (*event.Event, []event.Delivery) {
	var e *event.Event
	switch r.IntN(8) {
	case 0:
		e = newEvent([]byte(pick(r, "", "no JSON: hello", "\x00\xff", `{"a":[1,"1",{"b":"hello"}]}`, "[1,2]", "null", `"hello"`)))
	default:
		kinds := sample.Templates()
		kind := kinds[r.IntN(len(kinds))]
		opts := sample.Options{RepoType: pick(r, kind.RepoTypes...), Repo: r.repo(), Num: int64(r.IntN(3)), Content: r.text(), Rand: rand.NewPCG(uint64(r.IntN(3)), 0)}
		e = written(t, hubEvent(t, kind.Name, opts), r.author(), r.author())
		if r.IntN(5) == 0 { // a scope and an action that are not documented
			body := strings.Replace(string(e.Body), string(e.Payload.Event.Scope), pick(r, "collection", "repo.", "", "repository"), 1)
			e = newEvent([]byte(strings.Replace(body, string(e.Payload.Event.Action), pick(r, "created", "", "create"), 1)))
		}
	}
	e.Path = pick(r, "/webhooks", "/webhooks", "/webhooks/a", "/webhooks/%C3%A9", "/webhooks/*")
	e.Origin = pick(r, event.FromHub, event.FromHub, event.Synthetic, event.FromEdit, event.FromImport)
	for range r.IntN(3) {
		e.Header = append(e.Header, event.Field{Name: pick(r, "X-A", "X-B"), Value: pick(r, "1", "2", "hello")})
	}
	e.DeliveryID = pick(r, "", "one", "two", fmt.Sprint(r.Uint64()))

	var attempts []event.Delivery
	for range r.IntN(6) {
		state := pick(r, event.Done, event.Done, event.Done, event.Waiting, event.Sending, event.Dropped, event.Withheld, event.Interrupted)
		d := attempt(state, pick(r, 0, 200, 204, 302, 404, 500, 503),
			pick(r, "", "", "refused"), pick(r, 0, time.Microsecond, 499*time.Millisecond, 500*time.Millisecond, 3*time.Second))
		d.Kind = pick(r, event.Live, event.Replay)
		if r.IntN(2) == 0 {
			d.ResponseBody = []byte(r.text())
			d.ResponseSize = int64(len(d.ResponseBody))
		}
		if state != event.Waiting && r.IntN(2) == 0 {
			d.Started = now.Add(time.Duration(r.IntN(10)) * time.Second)
		}
		attempts = append(attempts, at(pick(r, "a", "b", "moved", "job", "c"), d))
	}
	return e, attempts
}

// filter makes a text of at most so many levels.
func (r random) filter(depth int) string {
	if depth == 0 || r.IntN(4) == 0 {
		return r.term()
	}
	switch r.IntN(5) {
	case 0:
		return "-(" + r.filter(depth-1) + ")"
	case 1, 2:
		return "(" + r.filter(depth-1) + " | " + r.filter(depth-1) + ")"
	}
	return r.filter(depth-1) + " " + r.filter(depth-1)
}

func (r random) term() string {
	op := pick(r, "<", "<=", ">", ">=")
	switch r.IntN(20) {
	case 0:
		return "scope:" + pick(r, "repo", "repo.content", "repo.config", "repo.config.dois", "discussion", "discussion.comment")
	case 1:
		return "action:" + pick(r, string(payload.ActionCreate), string(payload.ActionUpdate), string(payload.ActionDelete), string(payload.ActionMove))
	case 2:
		return "type:" + pick(r, "model", "dataset", "space", "bucket", "kernel")
	case 3:
		return `repo:"` + pick(r, r.repo(), "me/*", "*", "*/*", "?e/*", "*corpus", "m?/c*s", "none", "\ufffd*", "you/\ufffd", "you/?") + `"`
	case 4:
		return "path:" + pick(r, "/webhooks", "/webhooks/*", "*", "/webhooks/?", "/w*é")
	case 5:
		return "status:" + pick(r, "200", "2xx", "5xx", "404", "err", "pending", "1xx")
	case 6, 7:
		return "is:" + pick(r, states...)
	case 15:
		return pick(r, "origin:hub", "origin:edit", "origin:import", "origin:synthetic", "pin:*", "pin:pin-1*", "note:*", "note:hello", "note:?rger", "note:e*o")
	case 16:
		return pick(r, "header.x-a:", "header.X-B~") + pick(r, "1", "2", "hello", ".")
	case 17:
		return pick(r, "answer:hello", "answer~^h", "answer~world$", "answer:日本", "answer:none")
	case 18:
		return pick(r, ".discussion.num", ".a[]", ".[0]") + op + pick(r, "0", "1", "2.5", "-1e3")
	case 19:
		return r.term() + " | " + r.term()
	case 14:
		return "target:" + pick(r, "a", "b", "?", "job", "*", "127.0.0.1:9000", "http://127.0.0.1:8000", "http://127.0.0.1:*", "*say_hello*", `"exec*[x]"`, `"exec ./job.sh [x]"`, "*.com", "none")
	case 8:
		return "ms:" + op + pick(r, "0", "499", "500", "3s", "1us")
	case 9:
		return "size:" + op + pick(r, "0", "5", "900", "1k")
	case 10:
		return pick(r, "ref:main", "ref:tags/*", "ref:pr/*", "ref:*", fmt.Sprint("pr:", r.IntN(3)), "author:"+r.author())
	case 11:
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(r.text()) + `"`
	case 12:
		return pick(r, ".repo.private:", ".discussion.num:", ".discussion.isPullRequest:", ".a[]:", ".comment.hidden:", ".updatedRefs[].oldSha:", ".[0]:") + pick(r, "true", "false", "null", "1", `"1"`, "2")
	default:
		return pick(r, ".comment.content~", ".repo.name~", ".event.scope~", ".updatedRefs[].ref~", ".a[2].b~") + pick(r, "hello", `"^."`, "corpus$", `"[aeiou]{2}"`, "main")
	}
}

var states = []string{"failed", "replayed", "edited", "synthetic", "pinned", "duplicate", "same-body", "warned", "missed"}
