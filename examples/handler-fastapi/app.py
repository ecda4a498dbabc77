"""Handles webhooks of the Hub with FastAPI: it answers a comment that calls for @bot.

    hfhook dev --reload '*.py' --on-restart last -- uvicorn app:app

hfhook sends what it receives on /webhooks/say_hello to the same path here. Leave
uvicorn's own --reload away: it keeps the port open, so nobody sees the restart.
"""

import hmac
import os

from fastapi import FastAPI, Header, HTTPException

SECRET = os.environ["WEBHOOK_SECRET"]
app = FastAPI()


def answer_to(payload: dict) -> dict:
    """What is done with an event: this is the part to change."""
    comment = payload.get("comment") or {}
    if "@bot" not in (comment.get("content") or ""):
        return {"status": "ignored"}
    return {"status": "queued", "repo": payload["repo"]["name"]}


@app.post("/webhooks")
@app.post("/webhooks/{name:path}")
def handle(payload: dict, x_webhook_secret: str = Header(""), x_hfhook_event_id: str = Header("")):
    if not hmac.compare_digest(x_webhook_secret.encode(), SECRET.encode()):
        raise HTTPException(403, "Invalid webhook secret.")
    print(payload["event"]["scope"], payload["event"]["action"], payload["repo"]["name"])
    return {**answer_to(payload), "event": x_hfhook_event_id}  # the same on every attempt
