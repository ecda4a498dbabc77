"""Handles webhooks of the Hub with Python's standard library alone: it answers a comment
that calls for @bot.

    hfhook dev --reload '*.py' --on-restart last -- python3 handler.py

hfhook sends what it receives on /webhooks/say_hello to the same path here.
"""

import hmac
import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ["WEBHOOK_SECRET"].encode()


def answer_to(payload):
    """What is done with an event: this is the part to change."""
    comment = payload.get("comment") or {}
    if "@bot" not in (comment.get("content") or ""):
        return {"status": "ignored"}
    return {"status": "queued", "repo": payload["repo"]["name"]}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        sent = self.headers.get("X-Webhook-Secret", "").encode()
        if not hmac.compare_digest(sent, SECRET):
            return self.answer(403, {"error": "Invalid webhook secret."})
        payload = json.loads(body)
        print(payload["event"]["scope"], payload["event"]["action"], payload["repo"]["name"])
        return self.answer(200, answer_to(payload) | {
            "path": self.path,
            "bytes": len(body),
            "event": self.headers["X-Hfhook-Event-Id"],  # the same on every attempt
        })

    def answer(self, status, value):
        text = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *args):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8000"))), Handler)
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
