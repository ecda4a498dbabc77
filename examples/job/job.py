#!/usr/bin/env python3
"""What a Job on the Hub does that a webhook has triggered, run on your machine.

The Hub starts such a Job with the payload and a few of its parts in the environment:
https://huggingface.co/docs/hub/jobs-webhooks. `hfhook dev --exec ./job.py` does the same
for each event, and has the payload on the standard input, too, which takes any size.
"""

import json
import os
import sys


def main() -> int:
    payload = json.load(sys.stdin)
    repo = f"{os.environ['WEBHOOK_REPO_TYPE']} {os.environ['WEBHOOK_REPO_ID']}"
    event = payload["event"]
    print(f"{event['scope']} {event['action']} on {repo}, by webhook {os.environ['WEBHOOK_ID']}")

    if event["scope"] == "repo.content":
        for ref in payload.get("updatedRefs", []):
            print(f"  {ref['ref']}: {ref['oldSha']} -> {ref['newSha']}")
        return 0
    if event["scope"] == "discussion.comment" and "@bot" in payload["comment"].get("content", ""):
        print("  asked for:", payload["comment"]["content"])
        return 0
    print("  nothing to do", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
