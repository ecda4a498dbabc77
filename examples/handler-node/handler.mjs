// Handles webhooks of the Hub with Node alone: it answers a comment that calls for @bot.
//
//   hfhook dev --reload '*.mjs' --on-restart last -- node handler.mjs
//
// hfhook sends what it receives on /webhooks/say_hello to the same path here. Leave
// node's own --watch away, so that hfhook knows of the restart at once.

import { createHash, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { env } from "node:process";

const digest = (text) => createHash("sha256").update(text).digest();
const secret = digest(env.WEBHOOK_SECRET);

// What is done with an event: this is the part to change.
function answerTo(payload) {
  if (!payload.comment?.content?.includes("@bot")) {
    return { status: "ignored" };
  }
  return { status: "queued", repo: payload.repo.name };
}

async function read(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return JSON.parse(Buffer.concat(parts));
}

const server = createServer(async (request, response) => {
  const answer = (status, value) => {
    response.writeHead(status, { "Content-Type": "application/json" });
    response.end(JSON.stringify(value));
  };
  if (!timingSafeEqual(digest(request.headers["x-webhook-secret"] ?? ""), secret)) {
    return answer(403, { error: "Invalid webhook secret." });
  }
  try {
    const payload = await read(request);
    console.log(payload.event.scope, payload.event.action, payload.repo.name);
    // The event's id is the same on every attempt.
    answer(200, { ...answerTo(payload), event: request.headers["x-hfhook-event-id"] });
  } catch (error) {
    console.error(error);
    answer(500, { error: String(error) });
  }
});

server.listen(Number(env.PORT ?? 8000), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
