package export_test

import (
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
	"hfhook/internal/export"
)

// Scripts in the form of those that gosmee writes: the address is in a variable, which
// options replace, and the body in the file beside.
const (
	gosmeeCurl = `#!/usr/bin/env bash
set -euo pipefail
cd $(dirname $(readlink -f $0))
targetURL="http://localhost:8000/webhooks/bot?a=1"
if [[ ${1:-""} == -l ]]; then
  targetURL="http://localhost:8080"
fi
flags="-sSi"
echo "to: $targetURL"
curl $flags -H "Content-Type: "'application/json' -H 'X-Webhook-Secret: ` + canary + `' -H 'X-Kind: it'\''s' -H 'User-Agent: hub' -X POST -d @./NAME.json "${targetURL}"
`
	gosmeeHTTPie = `#!/usr/bin/env bash
targetURL="http://localhost:8000/"
http -F --print=HhBb POST "${targetURL}" Content-Type:application/json 'X-Kind:a b' < ./NAME.json
`
)

func TestReadDir(t *testing.T) {
	t.Parallel()
	written := time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)
	dir := fstest.MapFS{}
	add := func(name, body, script string) {
		written = written.Add(-time.Second)
		dir[name+".json"] = &fstest.MapFile{Data: []byte(body), ModTime: written}
		if script != "" {
			dir[name+".sh"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(script, "NAME", name)), ModTime: written}
		}
	}
	add("2026-11-23T12.34.11.500", small, gosmeeCurl) // seconds are the month
	add("push-2026-11-23T12.34.11.700", strings.Replace(small, "a/b", "a/c", 1)+"\n", gosmeeHTTPie)
	add("2026-11-23T12.33.59.007", small, "")
	add("2026-11-23T12.35.11.000", `{"event":1}`, gosmeeCurl)
	add("2026-11-23T12.36.11.000", small, "rm -rf /; $(")
	add("notes", small, "")
	dir["README.md"] = &fstest.MapFile{Data: []byte("x")}

	type got struct {
		Where, At, Path, Query, Body, Headers, Missing, Refused string
	}
	var all []got
	for found, err := range export.ReadDir(dir) {
		if err != nil {
			t.Fatal(err)
		}
		g := got{Where: found.Where, Missing: found.Missing}
		if found.Refused != nil {
			g.Refused = found.Refused.Error()
		} else {
			e := found.Event
			g.At, g.Path, g.Query, g.Body = e.Received.Format("15:04:05.000"), e.Path, e.Query, string(e.Body)
			g.Headers = headerText(e.Header)
			if found.AnyTime {
				t.Errorf("%s has a time", found.Where)
			}
		}
		all = append(all, g)
	}
	want := []got{
		{Where: "2026-11-23T12.33.59.007.json", At: "12:33:59.007", Path: "/webhooks", Body: small, Headers: "Content-Type: application/json; ", Missing: "its headers file is missing: 2026-11-23T12.33.59.007.sh"},
		{Where: "push-2026-11-23T12.34.11.700.json", At: "12:34:00.700", Path: "/webhooks", Body: strings.Replace(small, "a/b", "a/c", 1) + "\n", Headers: "Content-Type: application/json; X-Kind: a b; "},
		{Where: "2026-11-23T12.34.11.500.json", At: "12:34:00.500", Path: "/webhooks/bot", Query: "a=1", Body: small, Headers: "Content-Type: application/json; User-Agent: hub; X-Kind: it's; "},
		{Where: "2026-11-23T12.35.11.000.json", Refused: "not a Hub payload: event: Input should be a valid dictionary or object to extract fields from, and 2 more"},
		{Where: "2026-11-23T12.36.11.000.json", At: "12:36:00.000", Path: "/webhooks", Body: small, Headers: "Content-Type: application/json; ", Missing: "its headers: 2026-11-23T12.36.11.000.sh: it is not a script"},
	}
	if diff := cmp.Diff(want, all); diff != "" {
		t.Errorf("events (-want +got):\n%s", diff)
	}

	for name, dir := range map[string]fs.FS{"empty": fstest.MapFS{}, "of others": fstest.MapFS{"a.json": &fstest.MapFile{Data: []byte(small)}}} {
		for _, err := range export.ReadDir(dir) {
			if !errors.Is(err, export.ErrUnknown) {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
}

func headerText(header []event.Field) string {
	var b strings.Builder
	for _, f := range header {
		fmt.Fprintf(&b, "%s: %s; ", f.Name, f.Value)
	}
	return b.String()
}
