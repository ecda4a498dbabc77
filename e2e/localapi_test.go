//go:build unix

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// An apiDoc is the description of the local API.
type apiDoc struct {
	paths    map[string]map[string]map[string]string // by path, method and status: where the schema is; empty: the body is not JSON
	compiler *jsonschema.Compiler
	seen     map[string]bool // "METHOD path status"
}

const apiURL = "openapi.json"

// readAPI reads the description.
func readAPI(t *testing.T, text []byte) *apiDoc {
	t.Helper()
	object, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	d := &apiDoc{paths: map[string]map[string]map[string]string{}, compiler: jsonschema.NewCompiler(), seen: map[string]bool{}}
	d.compiler.DefaultDraft(jsonschema.Draft2020)
	if err := d.compiler.AddResource(apiURL, object); err != nil {
		t.Fatal(err)
	}
	type response struct {
		Ref     string `json:"$ref"`
		Content map[string]struct {
			Schema map[string]any `json:"schema"`
		} `json:"content"`
	}
	var doc struct {
		OpenAPI    string                                `json:"openapi"`
		Paths      map[string]map[string]json.RawMessage `json:"paths"`
		Components struct {
			Responses map[string]response `json:"responses"`
		} `json:"components"`
	}
	if err := json.Unmarshal(text, &doc); err != nil || doc.OpenAPI != "3.1.0" {
		t.Fatalf("OpenAPI %q: %v", doc.OpenAPI, err)
	}
	for path, operations := range doc.Paths {
		d.paths[path] = map[string]map[string]string{}
		for method, raw := range operations {
			if method == "parameters" {
				continue
			}
			var operation struct {
				Responses map[string]response `json:"responses"`
			}
			if err := json.Unmarshal(raw, &operation); err != nil {
				t.Fatal(err)
			}
			statuses := map[string]string{}
			for status, r := range operation.Responses {
				if name, ok := strings.CutPrefix(r.Ref, "#/components/responses/"); ok {
					r = doc.Components.Responses[name]
				}
				statuses[status] = ""
				for kind, content := range r.Content {
					ref, _ := content.Schema["$ref"].(string)
					if ref == "" && kind == "application/json" {
						ref = "#/components/schemas/object"
					}
					statuses[status] = ref
				}
			}
			d.paths[path][strings.ToUpper(method)] = statuses
		}
	}
	return d
}

// template is the path of the description that a path is of.
func (d *apiDoc) template(path string) string {
	best := ""
	for template := range d.paths {
		pattern := "^" + strings.ReplaceAll(regexp.QuoteMeta(template), `\{id\}`, `[^/]+`) + "$"
		if regexp.MustCompile(pattern).MatchString(path) && (best == "" || len(template) > len(best)) {
			best = template
		}
	}
	return best
}

// check holds one answer to the description.
func (d *apiDoc) check(t *testing.T, method, path string, resp *http.Response, bodies ...[]byte) {
	t.Helper()
	template := d.template(path)
	status := strconv.Itoa(resp.StatusCode)
	ref, known := d.paths[template][method][status]
	if !known {
		t.Errorf("%s %s answered %s, which is not described: %s", method, path, status, bytes.Join(bodies, nil))
		return
	}
	d.seen[method+" "+template+" "+status] = true
	if resp.Header.Get("Hfhook-Layout") != "1" || resp.Header.Get("Hfhook-Version") == "" {
		t.Errorf("%s %s does not say its version: %v", method, path, resp.Header)
	}
	if ref == "" || ref == "#/components/schemas/object" {
		return
	}
	schema, err := d.compiler.Compile(apiURL + ref)
	if err != nil {
		t.Fatal(err)
	}
	for _, body := range bodies {
		object, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
		if err == nil {
			err = schema.Validate(object)
		}
		if err != nil {
			t.Errorf("%s %s answered %s with what is not described: %v\n%s", method, path, status, err, body)
		}
	}
}

// unseen are the answers of the description that were not seen.
func (d *apiDoc) unseen() []string {
	var all []string
	for path, methods := range d.paths {
		for method, statuses := range methods {
			for status := range statuses {
				if key := method + " " + path + " " + status; status != "default" && !d.seen[key] {
					all = append(all, key)
				}
			}
		}
	}
	return slices.Sorted(slices.Values(all))
}

// An apiClient talks to the socket of one hfhook dev, as any HTTP client would.
type apiClient struct {
	t    *testing.T
	doc  *apiDoc // nil: answers are not checked yet
	http *http.Client
}

// api finds the socket of a hfhook dev by its note.
func (h *home) api(pid int) *apiClient {
	h.t.Helper()
	notes, err := filepath.Glob(filepath.Join(h.dir, ".local/state/hfhook/running", fmt.Sprintf("%d-*.json", pid)))
	if err != nil || len(notes) != 1 {
		h.t.Fatalf("the notes of process %d are %q, %v", pid, notes, err)
	}
	text, err := os.ReadFile(notes[0])
	var note struct{ Socket, Folder string }
	if err != nil || json.Unmarshal(text, &note) != nil || note.Folder == "" {
		h.t.Fatalf("the note is %s, %v", text, err)
	}
	return &apiClient{t: h.t, http: &http.Client{Transport: &http.Transport{DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "unix", note.Socket)
	}}}}
}

// do sends a request and returns the body of the answer, which has to have this status.
func (c *apiClient) do(status int, method, target, body string) []byte {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, "http://hfhook"+target, strings.NewReader(body))
	if err != nil {
		c.t.Fatal(err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if resp.StatusCode != status {
		c.t.Errorf("%s %s answered %d, want %d: %s", method, target, resp.StatusCode, status, text)
	}
	if bytes.Contains(text, []byte(canary)) {
		c.t.Errorf("%s %s has the secret in its answer: %s", method, target, text)
	}
	if c.doc != nil {
		c.doc.check(c.t, method, req.URL.Path, resp, text)
	}
	return text
}

// id is the id of an answer.
func (c *apiClient) id(answer []byte) string {
	c.t.Helper()
	var made struct{ ID string }
	if err := json.Unmarshal(answer, &made); err != nil || made.ID == "" {
		c.t.Fatalf("no id in %s", answer)
	}
	return made.ID
}

// TestLocalAPI asks a running hfhook for all that its description has. Each path was answered with
// each status of the description, and each answer is described.
func TestLocalAPI(t *testing.T) {
	t.Parallel()
	bot := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok") }))
	t.Cleanup(bot.Close)
	h := newHome(t)
	number := freePort(t)
	p := h.start(exec.Command(binary, "dev", "--json", "--addr", "127.0.0.1:"+number, "--url", "http://127.0.0.1:"+number, "--forward", bot.URL+",name=bot"))
	c := h.api(p.cmd.Process.Pid)
	doc := readAPI(t, c.do(200, "GET", "/openapi.json", ""))
	c.doc = doc
	file, err := os.ReadFile("../docs/openapi.json")
	if err != nil || !bytes.Equal(file, c.do(200, "GET", "/openapi.json", "")) {
		t.Errorf("docs/openapi.json is not what hfhook answers (%v)", err)
	}
	c.do(200, "GET", "/state", "")

	// The stream has what the others do.
	streamed := c.stream("/stream", func(lines map[string]int) bool {
		return lines["event"] >= 3 && lines["delivery"] >= 3 && lines["rejected"] >= 1 && lines["state"] >= 1
	})
	first := c.id(c.do(200, "POST", "/trigger", `{"kind":"discussion.comment/create","repo":"dataset:me/corpus","content":"hello","set":{".comment.content":"hello again"}}`))
	c.do(400, "POST", "/trigger", `{"kind":"no/such"}`)
	c.do(400, "POST", "/trigger", `{"unknown":1}`)
	c.do(422, "POST", "/trigger", `{"kind":"repo/create","set":{".repo":7}}`)
	body := c.do(200, "GET", "/events/"+first+"/body", "")
	if !bytes.Contains(body, []byte("hello again")) {
		t.Errorf("the body is %s", body)
	}
	second := c.id(c.do(200, "POST", "/send?path=/webhooks/other&delivery_id=abc", string(body)))
	c.do(400, "POST", "/send?path=/elsewhere", string(body))
	c.do(422, "POST", "/send?unsigned=true", string(body))
	c.do(422, "POST", "/send", `{}`)

	if got := c.do(200, "GET", "/events?filter=scope:discussion&limit=1", ""); !bytes.Contains(got, []byte(second)) || !bytes.Contains(got, []byte(`"next":`)) {
		t.Errorf("the page is %s", got)
	}
	if got := c.do(200, "GET", "/events?before="+second, ""); !bytes.Contains(got, []byte(first)) || bytes.Contains(got, []byte(`"next":`)) {
		t.Errorf("the last page is %s", got)
	}
	for _, query := range []string{"filter=nonsense:1", "limit=0", "before=x"} {
		c.do(400, "GET", "/events?"+query, "")
	}
	replayed := c.do(200, "POST", "/events/"+first+"/replay", `{"as_new":true}`)
	if !bytes.Contains(replayed, []byte(`"kind":"replay"`)) || !bytes.Contains(replayed, []byte(`"status":200`)) {
		t.Errorf("the replay is %s", replayed)
	}
	edited := c.do(200, "POST", "/events/"+first+"/replay", `{"target":"bot","set":{".comment.content":"edited"},"unset":[".discussion.url"],"header":["X-Mode: test"],"timeout":"5s"}`)
	if !bytes.Contains(edited, []byte(`"parent":"`+first)) {
		t.Errorf("the edited replay is %s", edited)
	}
	away := c.do(200, "POST", "/events/"+first+"/replay", `{"to":"127.0.0.1:1"}`)
	if !bytes.Contains(away, []byte(`"refused":true`)) {
		t.Errorf("the replay to nobody is %s", away)
	}
	c.do(404, "POST", "/events/"+first+"/replay", `{"target":"nobody"}`)
	for _, bad := range []string{`{"to":"ftp://x"}`, `{"to":"8000","target":"bot"}`, `{"timeout":"soon"}`, `{"header":["no colon"]}`, `{"secret":"sometimes"}`, `{"set":{"x[":1}}`, `{`} {
		c.do(400, "POST", "/events/"+first+"/replay", bad)
	}
	copied := c.id(c.do(200, "POST", "/events/"+first+"/edit", `{"patch":{"comment":{"content":"patched"}}}`))
	c.do(400, "POST", "/events/"+first+"/edit", `{}`)
	c.do(200, "GET", "/events/"+first+"/deliveries", "")
	c.do(200, "POST", "/events/"+first+"/accept", `{"attempt":1}`)
	c.do(200, "POST", "/events/"+first+"/accept", `{"attempt":1,"right":false}`)
	c.do(200, "PUT", "/events/"+first+"/pin", `{"name":"first-comment"}`)
	c.do(409, "PUT", "/events/"+second+"/pin", `{"name":"first-comment"}`)
	c.do(400, "PUT", "/events/"+first+"/pin", `{"name":"no good name"}`)
	c.do(200, "PUT", "/events/first-comment/note", `{"text":"from the API"}`)
	if got := c.do(200, "GET", "/events/first-comment", ""); !bytes.Contains(got, []byte(`"note":"from the API"`)) {
		t.Errorf("the event is %s", got)
	}
	c.do(200, "DELETE", "/events/"+copied, "")

	// An event that nobody knows, and a name that fits several.
	for template, methods := range doc.paths {
		for method := range maps.Keys(methods) {
			if strings.Contains(template, "{id}") {
				body := ""
				if strings.HasSuffix(template, "/edit") {
					body = `{"body":"x"}`
				}
				c.do(404, method, strings.ReplaceAll(template, "{id}", "nobody-knows"), body)
				c.do(409, method, strings.ReplaceAll(template, "{id}", "0"), body)
				if method == "POST" || method == "PUT" {
					c.do(400, method, strings.ReplaceAll(template, "{id}", first), `{"unknown":1}`)
				}
			}
		}
	}

	// Targets.
	c.do(200, "POST", "/targets", `{"to":"127.0.0.1:1","name":"away"}`)
	c.do(400, "POST", "/targets", `{"to":"127.0.0.1:1","name":"away"}`)
	for _, act := range []string{"pause", "resume", "deliver", "drop", "remove"} {
		c.do(400, "POST", "/targets/"+act, `[]`)
		c.do(404, "POST", "/targets/"+act, `{"target":"nobody"}`)
	}
	c.do(200, "POST", "/targets/pause", `{"target":"away"}`)
	c.id(c.do(200, "POST", "/trigger", `{"kind":"repo/create"}`))
	c.do(200, "POST", "/targets/resume", `{}`)
	if got := c.do(200, "POST", "/targets/deliver", `{"target":"away"}`); !bytes.Contains(got, []byte("connection refused")) {
		t.Errorf("the delivery to nobody is %s", got)
	}
	if got := c.do(200, "POST", "/targets/drop", `{"target":"away"}`); !bytes.Contains(got, []byte(`"events":1`)) {
		t.Errorf("dropped is %s", got)
	}
	c.do(400, "POST", "/targets/drop", `{}`)
	c.do(200, "POST", "/targets/remove", `{"target":"away"}`)

	// What was refused, and the rest.
	var refused struct {
		Rejected []struct{ At string }
	}
	if err := json.Unmarshal(c.do(200, "GET", "/rejected", ""), &refused); err != nil || len(refused.Rejected) == 0 {
		t.Fatalf("rejected: %+v, %v", refused, err)
	}
	c.do(200, "POST", "/rejected/forget", `{"at":"`+refused.Rejected[0].At+`"}`)
	c.do(404, "POST", "/rejected/forget", `{"at":"2001-01-01T00:00:00.000Z"}`)
	c.do(400, "POST", "/rejected/forget", `7`)
	c.do(200, "POST", "/rejected/forget", "")
	c.do(200, "POST", "/replays/stop", "")
	c.do(409, "POST", "/handler/restart", "")
	p.await("the tunnel", func(l line) bool { return l.text("part") == "tunnel" && l.text("state") == "up" })
	c.do(200, "POST", "/self-test", "")
	c.do(400, "GET", "/stream?only=nonsense", "")
	c.do(400, "GET", "/stream?filter=nonsense:1", "")
	select {
	case <-streamed:
	case <-time.After(deadline):
		t.Error("the stream does not have what has happened")
	}

	// A second one, with a handler and without a public URL, ends when it is asked to.
	other := h.dev("--tunnel", "none", "--", "sleep", "1000")
	o := h.api(other.cmd.Process.Pid)
	o.doc = doc
	o.do(200, "POST", "/handler/restart", "")
	o.do(409, "POST", "/self-test", "")
	o.do(200, "POST", "/stop", "")
	select {
	case <-other.ended:
	case <-time.After(deadline):
		t.Error("hfhook dev has not ended")
	}
	if left := doc.unseen(); len(left) > 0 {
		t.Errorf("described, and not seen: %s", strings.Join(left, ", "))
	}
	if code := p.stop(); code != 130 {
		t.Errorf("exit code %d: %s", code, p.stderr)
	}
}

// stream follows a stream, and closes the channel once it has what is wanted.
func (c *apiClient) stream(target string, enough func(lines map[string]int) bool) <-chan struct{} {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), http.MethodGet, "http://hfhook"+target, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		c.t.Fatal(err)
	}
	c.doc.check(c.t, http.MethodGet, req.URL.Path, resp)
	c.t.Cleanup(func() { _ = resp.Body.Close() })
	schema, err := c.doc.compiler.Compile(apiURL + "#/components/schemas/line")
	if err != nil {
		c.t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		lines := map[string]int{}
		for dec := json.NewDecoder(resp.Body); !enough(lines); {
			var raw json.RawMessage
			if err := dec.Decode(&raw); err != nil {
				c.t.Errorf("the stream has ended: %v, %v", err, lines)
				return
			}
			object, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
			if err == nil {
				err = schema.Validate(object)
			}
			if err != nil {
				c.t.Errorf("the stream has what is not described: %v\n%s", err, raw)
			}
			kind, _ := object.(map[string]any)["type"].(string)
			lines[kind]++
		}
	}()
	return done
}
