#!/bin/sh
# A CI job that tests a webhook handler with hfhook, with no Hub, account or tunnel: it
# starts the handler and hfhook dev, sends a scenario, waits until each event was answered
# by 2xx, and compares the answers with those of a second round.
#
#   examples/ci/check.sh          needs hfhook and python3 on the path
set -eu
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
export WEBHOOK_SECRET=only-for-this-job HFHOOK_STORE="$work/events.db" HFHOOK_TUNNEL=none
export XDG_STATE_HOME="$work/state" XDG_CONFIG_HOME="$work/config"

stop() {
	status=$?
	trap - EXIT
	# A shell tells on stderr, when it waits, that what it ended was terminated.
	[ -z "${dev:-}" ] || { kill "$dev" && wait "$dev"; } 2> /dev/null || :
	[ -z "${handler:-}" ] || { kill "$handler" && wait "$handler"; } 2> /dev/null || :
	[ "$status" = 0 ] || cat "$work"/*.log >&2
	rm -rf "$work"
	exit "$status"
}
trap stop EXIT
trap 'exit 130' INT TERM

# The handler, here the example in Python: it prints the port that it has got.
PORT=0 python3 "$here/../handler-python/handler.py" > "$work/handler.log" 2>&1 &
handler=$!
until port=$(sed -n 's/.*http:\/\/127.0.0.1:\([0-9][0-9]*\).*/\1/p' "$work/handler.log") && [ -n "$port" ]; do
	kill -0 "$handler"
	sleep 0.1
done

# hfhook, on a free port as well. The ready file is there once requests are taken.
hfhook dev --json --addr 127.0.0.1:0 --ready-file "$work/ready" "$port" > "$work/dev.log" 2>&1 &
dev=$!
until [ -s "$work/ready" ]; do
	kill -0 "$dev"
	sleep 0.1
done
HFHOOK_ADDR=$(sed 's/.*"local_url":"http:\/\/\([^/]*\).*/\1/' "$work/ready")
export HFHOOK_ADDR

# What happens: the life of a pull request, without the time between its events.
hfhook trigger scenario pr-life --repo model:me/small --speed max
hfhook wait 'repo:me/small status:200' --since 1h --count 7 --timeout 30s -q > "$work/ids"

# What must not change: each event of a pull request is answered as before.
hfhook replay $(cat "$work/ids") --to "$port" --fail-on-change --junit "${JUNIT:-$work/report.xml}"

# And nothing failed.
[ -z "$(hfhook ls -q is:failed)" ]
echo "the handler answers as it should"
