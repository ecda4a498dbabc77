//go:build unix

package e2e

import (
	"bytes"
	"crypto/rand"
	"net"
	"os/exec"
	"strings"
	"testing"
)

// A strangePath is a handler whose path is not the one that hfhook sends to, as its program.
type strangePath struct {
	name    string
	path    string // empty: one drawn at random
	command func(t *testing.T) []string
	program string // with PATH for the path, and PORT for the port
	tells   bool   // it says which paths it has
}

const fastAPIHandler = `
import uvicorn
from fastapi import FastAPI, Request
app = FastAPI()

@app.post("PATH")
async def receive(request: Request):
    return {"scope": (await request.json())["event"]["scope"]}

@app.get("/health")
def health():
    return "well"

uvicorn.run(app, host="127.0.0.1", port=PORT, log_level="warning")
`

func debianFastAPI(t *testing.T) []string {
	if err := exec.Command(need(t, debianPython), "-c", "import fastapi, uvicorn").Run(); err != nil {
		need(t, "python3-fastapi and python3-uvicorn") // which is not a program
	}
	return []string{debianPython, "-c"}
}

var strangePaths = []strangePath{
	{"FastAPI", "", debianFastAPI, fastAPIHandler, true},
	{"on the root", "/", debianFastAPI, fastAPIHandler, true},
	{"under webhooks", "/webhooks/say_hello", debianFastAPI, fastAPIHandler, true},
	{"Node", "", func(t *testing.T) []string { return []string{need(t, "node"), "-e"} }, `
require("http").createServer((request, response) => {
  let body = ""
  request.on("data", part => body += part)
  request.on("end", () => {
    if (request.method !== "POST" || request.url !== "PATH") { response.statusCode = 404; return response.end("no such path") }
    response.end(JSON.stringify({scope: JSON.parse(body).event.scope}))
  })
}).listen(PORT, "127.0.0.1")
`, false},
	{"the standard library", "", func(t *testing.T) []string { return []string{need(t, "python3"), "-c"} }, `
import json
from http.server import BaseHTTPRequestHandler, HTTPServer

class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path != "PATH":
            return self.send_error(405)
        json.loads(body)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"taken")

    def log_message(self, *args):
        pass

HTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
`, false},
}

// TestStrangePaths has a newcomer's handler on a path of its own: the first event is refused, and
// accepted a few keys later.
func TestStrangePaths(t *testing.T) {
	t.Parallel()
	for _, tt := range strangePaths {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.path == "" {
				tt.path = "/in/" + strings.ToLower(rand.Text()[:6])
			}
			port := freePort(t)
			program := strings.NewReplacer("PATH", tt.path, "PORT", port).Replace(tt.program)
			command := append(tt.command(t), program)
			cmd := exec.Command(command[0], command[1:]...)
			var printed bytes.Buffer
			cmd.Stdout, cmd.Stderr = &printed, &printed
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				_ = cmd.Process.Kill()
				_ = cmd.Wait()
				if t.Failed() {
					t.Logf("the handler printed: %s", printed.Bytes())
				}
			})
			await(t, "the handler's port", func() bool {
				conn, err := net.Dial("tcp", "127.0.0.1:"+port)
				if err == nil {
					_ = conn.Close()
				}
				return err == nil
			})

			s := newHome(t).show(120, 36, "dev", "--addr", "127.0.0.1:0", "--tunnel", "none", port)
			s.await("Send a sample event")
			s.keys("n")
			s.await("New synthetic event")
			s.keys("Enter")
			if tt.tells {
				s.await("your handler has POST "+tt.path, "P sends there from now on")
				s.keys("P")
			} else {
				s.await("does not say which paths it has. P takes the right one", "enter path")
				s.keys("P")
				s.await("send there")
				s.keys("-l", tt.path) // pasted whole, behind the slash that is there
				s.keys("Enter")
			}
			s.await("✓ 200 in", "To keep that: hfhook dev "+port+tt.path)
			s.keys("q")
			s.await("code 0")
		})
	}
}
