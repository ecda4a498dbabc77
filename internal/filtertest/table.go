package filtertest

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"math/rand/v2"
	"testing"
	"time"

	"hfhook/event"
	"hfhook/payload"
	"hfhook/payload/sample"
)

// A subject is an event that the table asks about.
type subject struct {
	name     string
	event    *event.Event
	attempts []event.Delivery
	again    string // name of the event that it is an edited copy of
	pinned   bool
	note     string
}

// hubEvent returns an event with a payload as the Hub sends it.
func hubEvent(t testing.TB, kind string, opts sample.Options) *event.Event {
	t.Helper()
	if opts.Rand == nil {
		opts.Rand = rand.NewPCG(1, 2)
	}
	body, err := sample.New(kind, opts)
	if err != nil {
		t.Fatal(err)
	}
	return newEvent(body)
}

// written returns a copy of an event about a discussion by these authors.
func written(t testing.TB, e *event.Event, discussion, comment string) *event.Event {
	t.Helper()
	p := *e.Payload
	if p.Discussion != nil {
		d := *p.Discussion
		d.Author.ID, p.Discussion = discussion, &d
	}
	if p.Comment != nil {
		c := *p.Comment
		c.Author.ID, p.Comment = comment, &c
	}
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(&p); err != nil {
		t.Fatal(err)
	}
	return newEvent(body.Bytes())
}

func newEvent(body []byte) *event.Event {
	e := &event.Event{Capture: event.Capture{
		Received: now, Method: "POST", Path: "/webhooks", Proto: "HTTP/1.1", Origin: event.FromHub,
		Body: body, SHA256: sha256.Sum256(body),
	}}
	e.Payload, e.Warnings = payload.ParseLenient(body)
	return e
}

func attempt(state event.DeliveryState, status int, err string, took time.Duration) event.Delivery {
	return event.Delivery{Kind: event.Live, State: state, Target: "t", Status: status, Err: err, Took: took}
}

func replay(d event.Delivery) event.Delivery {
	d.Kind = event.Replay
	return d
}

// subjects are the events of the table, oldest first.
func subjects(t testing.TB) []subject {
	corpus := sample.Options{Repo: "me/corpus", Num: 19}
	done := func(status int, took time.Duration) []event.Delivery {
		return []event.Delivery{attempt(event.Done, status, "", took)}
	}
	list := []subject{
		{name: "push", note: "flaky", event: hubEvent(t, "repo.content/update", corpus), attempts: done(200, 20*time.Millisecond)},
		{name: "tag", event: hubEvent(t, "repo.content/update:tag", sample.Options{Repo: "me/model", RepoType: payload.TypeModel}), attempts: done(500, 700*time.Millisecond)},
		{name: "prref", event: hubEvent(t, "repo.content/update:pr", corpus), attempts: []event.Delivery{attempt(event.Done, 0, "refused", 0)}},
		{name: "comment", event: written(t, hubEvent(t, "discussion.comment/create:pr", sample.Options{Repo: "me/corpus", Num: 19, Content: "LGTM, \"Ünï\" re-run a\\b <x> 日本 😀"}), "ann", "bob"), attempts: append(
			done(200, time.Millisecond), replay(attempt(event.Done, 404, "", 2*time.Second)))},
		{name: "hidden", event: hubEvent(t, "discussion.comment/update:hidden", sample.Options{Repo: "you/corpus", Num: 7}), attempts: []event.Delivery{attempt(event.Waiting, 0, "", 0)}},
		{name: "opened", note: "not a Flaky [X] one", event: hubEvent(t, "discussion/create", sample.Options{Repo: "gpt2", RepoType: payload.TypeModel, Num: 19, Rand: rand.NewPCG(7, 7)}), attempts: []event.Delivery{
			attempt(event.Done, 200, "the answer ended early", time.Second)}},
		{name: "closed", event: written(t, hubEvent(t, "discussion/update:closed", sample.Options{Repo: "you/corpus", Num: 7}), "ann", "")},
		{name: "config", event: hubEvent(t, "repo.config/update", corpus), attempts: []event.Delivery{attempt(event.Dropped, 0, "", time.Hour)}},
		{name: "dois", note: "Ärgerlich bis an the end", event: hubEvent(t, "repo.config.dois/update", corpus), attempts: append(
			done(500, time.Millisecond), attempt(event.Done, 302, "", 499*time.Millisecond))},
		{name: "move", event: hubEvent(t, "repo/move", sample.Options{Repo: "me/space [x]", RepoType: payload.TypeSpace}), attempts: []event.Delivery{replay(attempt(event.Sending, 200, "", time.Hour))}},
		{name: "files", pinned: true, event: hubEvent(t, "repo.content/update:files", sample.Options{Repo: "me/Bucket"})},
	}
	copied := hubEvent(t, "repo/create", sample.Options{Repo: "a/b"})
	copied.DeliveryID = "twice"
	again := hubEvent(t, "repo/delete", sample.Options{Repo: "a/b"})
	again.DeliveryID, again.Path = "twice", "/webhooks/say_hello"
	edit := hubEvent(t, "repo/update", sample.Options{Repo: "a/b"})
	edit.Origin = event.FromEdit
	synthetic := hubEvent(t, "repo/update", sample.Options{Repo: "a/b/c", Rand: rand.NewPCG(9, 9)})
	synthetic.Origin = event.Synthetic
	list[0].event.Header = []event.Field{{Name: "User-Agent", Value: "python-requests/2.31"}, {Name: "X-Run", Value: "7"}, {Name: "X-Run", Value: "eight: [9]"}}
	list[1].event.Header = []event.Field{{Name: "X-RUN", Value: "17"}}
	list[4].event.Origin = event.FromImport
	return append(list,
		subject{name: "once", pinned: true, event: copied},
		subject{name: "twice", event: again},
		subject{name: "edit", event: edit, again: "once"},
		subject{name: "synthetic", event: synthetic},
		subject{name: "text", event: newEvent([]byte("no JSON, but LGTM\n\xff"))},
		subject{name: "json", event: newEvent([]byte("\ufeff" + `{"a":[{"x":1},{"x":"one"},{"x":null},[true,false]],"a b":{"c.d":9007199254740993},` +
			`"big":1e400,"same":1,"same":2,"Same":3,"half":0.50,"u":"caf\u00e9 \ud83d\ude00","empty":"","n":-0}`))},
	)
}

// all are the names of the events, except for some.
func all(but ...string) []string {
	var names []string
	for _, name := range []string{"push", "tag", "prref", "comment", "hidden", "opened", "closed", "config", "dois", "move", "files", "once", "twice", "edit", "synthetic", "text", "json"} {
		keep := true
		for _, b := range but {
			keep = keep && b != name
		}
		if keep {
			names = append(names, name)
		}
	}
	return names
}

// table says which events match, oldest first.
var table = []wanted{
	{"", all()},

	{"scope:discussion", []string{"comment", "hidden", "opened", "closed"}},
	{"scope:discussion.comment", []string{"comment", "hidden"}},
	{"scope:repo.config", []string{"config", "dois"}},
	{"scope:repo.config.dois", []string{"dois"}},
	{"scope:repo.config.doi", nil},
	{"-scope:repo", []string{"comment", "hidden", "opened", "closed", "text", "json"}},
	{"scope:repo -scope:repo.content -scope:repo.config", []string{"move", "once", "twice", "edit", "synthetic"}},
	{"action:create", []string{"comment", "opened", "once"}},
	{"action:move", []string{"move"}},
	{"scope:discussion action:update", []string{"hidden", "closed"}},
	{"scope:discussion action:move", nil},
	{"type:model", []string{"tag", "opened"}},
	{"type:bucket | type:space", []string{"move", "files"}},
	{"type:kernel", nil},
	{"-type:dataset", []string{"tag", "opened", "move", "files", "text", "json"}},

	{"repo:me/corpus", []string{"push", "prref", "comment", "config", "dois"}},
	{"repo:*/corpus", []string{"push", "prref", "comment", "hidden", "closed", "config", "dois"}},
	{"repo:me/*", []string{"push", "tag", "prref", "comment", "config", "dois", "move", "files"}},
	{"repo:gpt?", []string{"opened"}},
	{"repo:gpt", nil},
	{"repo:a/*", []string{"once", "twice", "edit", "synthetic"}},
	{"repo:a/?", []string{"once", "twice", "edit"}},
	{"repo:me/bucket", nil},
	{"repo:me/B*", []string{"files"}},
	{`repo:"me/space [x]"`, []string{"move"}},
	{`repo:"me/space [*"`, []string{"move"}},
	{"repo:*", all()},
	{"-repo:*/*", []string{"opened", "text", "json"}},
	{"path:/webhooks/say_hello", []string{"twice"}},
	{"path:/webhooks/*", []string{"twice"}},
	{"path:/webhooks", all("twice")},

	{"ref:main", []string{"push"}},
	{"ref:refs/heads/main", []string{"push"}},
	{"ref:tags/*", []string{"tag"}},
	{"ref:pr/*", []string{"prref"}},
	{"ref:pr/1", nil},
	{"pr:19", []string{"prref", "comment"}},
	{"pr:1", nil},
	{"author:ann", []string{"closed"}},
	{"author:bob", []string{"comment"}},
	{"author:an*", nil},

	{"status:200", []string{"push"}},
	{"status:5xx", []string{"tag"}},
	{"status:3xx | status:404", []string{"comment", "dois"}},
	{"status:err", []string{"prref", "opened"}},
	{"status:pending", []string{"hidden", "move"}},
	{"-status:pending scope:repo", []string{"push", "tag", "prref", "config", "dois", "files", "once", "twice", "edit", "synthetic"}},
	{"-status:200 -status:5xx -status:err -status:pending", []string{"comment", "closed", "config", "dois", "files", "once", "twice", "edit", "synthetic", "text", "json"}},
	{"is:failed", []string{"tag", "prref", "comment", "opened", "dois"}},
	{"-is:failed repo:me/corpus", []string{"push", "config"}},
	{"is:replayed", []string{"comment", "move"}},
	{"is:edited", []string{"edit"}},
	{"is:synthetic", []string{"synthetic"}},
	{"is:pinned", []string{"files", "once"}},
	{"-is:pinned", all("files", "once")},
	{"is:duplicate", []string{"twice"}},
	{"is:same-body", nil},
	{"is:missed", nil},
	{"origin:edit", []string{"edit"}},
	{"origin:synthetic", []string{"synthetic"}},
	{"origin:import", []string{"hidden"}},
	{"-origin:hub", []string{"hidden", "edit", "synthetic"}},
	{"origin:hub", all("hidden", "edit", "synthetic")},
	{"origin:import | ms:>1s", []string{"comment", "hidden"}},
	{"is:duplicate | is:pinned | is:warned", []string{"dois", "files", "once", "twice", "text", "json"}},
	{"pin:once", []string{"once"}},
	{"pin:*e*", []string{"files", "once"}},
	{"-pin:once is:pinned", []string{"files"}},
	{"pin:none", nil},
	{"note:flaky", []string{"push", "opened"}},
	{"note:FLAKY", []string{"push", "opened"}},
	{"note:*", []string{"push", "opened", "dois"}},
	{`note:"flaky [x]"`, []string{"opened"}},
	{"note:?rger", []string{"dois"}},
	{"note:äRGER", []string{"dois"}},
	{"-note:* status:5xx", []string{"tag"}},
	{"note:rger*e*d", []string{"dois"}},
	{"note:end | lgtm", []string{"comment", "dois", "text"}},
	{"(note:flaky | pin:once) -lgtm", []string{"push", "opened", "once"}},

	{"header.user-agent:python*", []string{"push"}},
	{"HEADER.User-Agent~requests", []string{"push"}},
	{"header.user-agent:python", nil},
	{"header.x-run:7", []string{"push"}},
	{"header.x-run~7", []string{"push", "tag"}},
	{`header.x-run:"eight: [9]"`, []string{"push"}},
	{"header.x-run~. -header.x-run:17", []string{"push"}},
	{"header.x:7", nil},
	{"-header.x-run~. repo:me/corpus", []string{"prref", "comment", "config", "dois"}},
	{"header.x-run:17 | lgtm", []string{"tag", "comment", "text"}},
	{"header.x-run:17 status:500", []string{"tag"}},
	{"header.x-run:17 status:200", nil},
	{"header.x-run~7 .repo.type:dataset", []string{"push"}},
	{"is:warned", []string{"dois", "text", "json"}},
	{"-is:warned -is:duplicate -is:edited -is:synthetic -is:replayed", all("dois", "text", "json", "twice", "edit", "synthetic", "comment", "move")},
	{"ms:>499", []string{"tag", "comment", "opened"}},
	{"ms:>=499", []string{"tag", "comment", "opened", "dois"}},
	{"ms:>1s", []string{"comment"}},
	{"ms:<20", []string{"prref"}},
	{"ms:<=20ms", []string{"push", "prref"}},
	{"size:<20", []string{"text"}},
	{"size:>=19 size:<=19", []string{"text"}},
	{"size:<300 -scope:repo", []string{"text", "json"}},
	{"size:>1M", nil},

	{"lgtm", []string{"comment", "text"}},
	{"LGTM -scope:discussion", []string{"text"}},
	{`"RE-RUN A"`, []string{"comment"}},
	{`"\"ünÏ\" re"`, []string{"comment"}},
	{`"a\\b"`, []string{"comment"}},
	{"<x>", []string{"comment"}},
	{"日本", []string{"comment"}},
	{"😀", []string{"comment", "json"}},
	{"CAFÉ", []string{"json"}},
	{`"café 😀"`, []string{"json"}},
	{`ÜNÏ`, []string{"comment"}},
	{"nowhere", nil},
	{"-a", []string{"text"}},
	{`".json,"`, nil},
	{"lgtm | is:warned", []string{"comment", "dois", "text", "json"}},
	{"(lgtm | is:warned) scope:repo", []string{"dois"}},
	{"-(lgtm | scope:repo)", []string{"hidden", "opened", "closed", "json"}},
	{"-(lgtm scope:discussion) -scope:repo", []string{"hidden", "opened", "closed", "text", "json"}},
	{"--lgtm", []string{"comment", "text"}},

	{`.comment.content~"re-?run"`, []string{"comment"}},
	{".comment.content~LGTM", []string{"comment"}},
	{".comment.content~lgtm", nil},
	{`.comment.content~"(?i)^lgtm"`, []string{"comment"}},
	{".repo.private:true", []string{"config"}},
	{`.repo.private:"true"`, nil},
	{".discussion.num:19", []string{"comment", "opened"}},
	{".discussion.num:19.0", []string{"comment", "opened"}},
	{`.discussion.num:"19"`, nil},
	{".discussion.num~^1", []string{"comment", "opened"}},
	{".discussion.num>7", []string{"comment", "opened"}},
	{".discussion.num>=7", []string{"comment", "hidden", "opened", "closed"}},
	{".discussion.num<19", []string{"hidden", "closed"}},
	{".discussion.num<=18.5", []string{"hidden", "closed"}},
	{".discussion.num>7.0", []string{"comment", "opened"}},
	{"-.discussion.num>7 scope:discussion", []string{"hidden", "closed"}},
	{`.["a b"]["c.d"]>9007199254740992`, []string{"json"}},
	{`.["a b"]["c.d"]>9007199254740993`, nil},
	{".big>1e300", []string{"json"}},
	{".half<1", []string{"json"}},
	{".n>=0", []string{"json"}},
	{".n<0", nil},
	{".a[].x<2", []string{"json"}},
	{".a[].x>1", nil},
	{".comment.content>1", nil},
	{".discussion.status:open", []string{"comment", "hidden", "opened"}},
	{`.discussion.status:"closed"`, []string{"closed"}},
	{"-.discussion.status:open scope:discussion", []string{"closed"}},
	{".updatedRefs[].ref:refs/heads/main", []string{"push"}},
	{".updatedRefs[0].ref~^refs/tags/", []string{"tag"}},
	{".updatedRefs[1].ref~.", nil},
	{".updatedRefs[].oldSha:null", []string{"tag", "prref"}},
	{".updatedFiles[].action:delete", []string{"files"}},
	{".a[0].x:1", []string{"json"}},
	{".a[].x:one", []string{"json"}},
	{".a[].x:null", []string{"json"}},
	{".a[].x~null", nil},
	{".a[3][1]:false", []string{"json"}},
	{".a[3][]:true", []string{"json"}},
	{".a[3][2]:true", nil},
	{".a.x:1", nil},
	{".a:1", nil},
	{`.["a b"]["c.d"]:9007199254740993`, []string{"json"}},
	{`.["a b"]["c.d"]:9007199254740992`, nil},
	{".big:1e400", []string{"json"}},
	{".same:1", nil},
	{".same:2", []string{"json"}},
	{".Same:3", []string{"json"}},
	{".SAME:3", nil},
	{".half:.5", []string{"json"}},
	{".half:0.5", []string{"json"}},
	{".u:café", nil},
	{".u~^café", []string{"json"}},
	{`.empty:""`, []string{"json"}},
	{`.empty~""`, []string{"json"}},
	{".none:null", nil},
	{".[0]:1", nil},
}
