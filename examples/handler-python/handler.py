"""Handles webhooks of the Hub with Python's standard library alone.

    hfhook dev 8000 &
    WEBHOOK_SECRET=... PORT=8000 python3 handler.py
"""

import hmac
import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = os.environ["WEBHOOK_SECRET"].encode()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        sent = self.headers.get("X-Webhook-Secret", "").encode()
        if not hmac.compare_digest(sent, SECRET):
            return self.answer(403, {"error": "Invalid webhook secret."})
        payload = json.loads(body)
        return self.answer(200, {
            "path": self.path,
            "bytes": len(body),
            "scope": payload["event"]["scope"],
            "event": self.headers["X-Hfhook-Event-Id"],
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
