package export_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"hfhook/event"
)

// How browsers on Windows quote a word, by the years in which they did so.
var windowsQuotes = map[string]func(string) string{
	"today": func(s string) string { return `^"` + carets(s) + `^"` },
	"until 2023": func(s string) string {
		if strings.ContainsAny(s, "\r\n") {
			return `^"` + carets(s) + `^"`
		}
		return `"` + carets(s) + `"`
	},
	"until 2017": func(s string) string {
		s = strings.ReplaceAll(s, `"`, `""`)
		s = strings.ReplaceAll(s, `%`, `"%"`)
		return `"` + strings.ReplaceAll(s, `\`, `\\`) + `"`
	},
}

func carets(s string) string {
	s = strings.ReplaceAll(s, `\`, `\\`)
	s = strings.ReplaceAll(s, `"`, `\"`)
	s = regexp.MustCompile("[^a-zA-Z0-9\\s_\\-:=+~'/.',?;()*`]").ReplaceAllString(s, "^$0")
	s = regexp.MustCompile(`%([a-zA-Z0-9_])`).ReplaceAllString(s, "%^$1")
	return strings.ReplaceAll(s, "\n", "^\n\n")
}

// What browsers on Windows copy as cURL (cmd) comes in as it was sent.
func TestReadCmd(t *testing.T) {
	t.Parallel()
	bodies := map[string]string{
		"small":  small,
		"lines":  strings.ReplaceAll(small, ",", ",\n  "),
		"escape": strings.Replace(small, "a/b", `it's \"a\" 100%PATH% ^ & | < > \\ \\\\ \n\t%20 \u00e9 é 日本 \"\"`+"`$x` !", 1),
		"edges":  strings.Replace(small, "a/b", `\\\"\\`, 1),
	}
	for years, quote := range windowsQuotes {
		for name, body := range bodies {
			if name == "lines" && years == "until 2017" {
				continue // which these lost
			}
			for _, end := range []string{"\n", "\r\n"} {
				command := strings.Join([]string{
					`curl ` + quote(`https://example.ngrok.app/webhooks/x?a=%20&secret=`+canary),
					`  -H ` + quote(`accept: */*`),
					`  -H ` + quote(`content-type: application/json`),
					`  -H ` + quote(`sec-ch-ua: "Chromium";v="140"`),
					`  -H ` + quote(`x-webhook-secret: `+canary),
					`  -b ` + quote(`session=`+canary),
					`  --data-raw ` + quote(body),
					`  --compressed`,
				}, " ^\n")
				command = strings.ReplaceAll(command+" &\n"+command+"\n", "\n", end)
				found := readAll(t, command)
				if len(found) != 2 {
					t.Fatalf("%s, %s: %d events in\n%s", years, name, len(found), command)
				}
				for _, f := range found {
					e := f.Event
					if diff := cmp.Diff(body, string(e.Body)); diff != "" {
						t.Errorf("%s, %s: body (-want +got):\n%s\n%s", years, name, diff, command)
					}
					want := []event.Field{{Name: "Accept", Value: "*/*"}, {Name: "Content-Type", Value: "application/json"}, {Name: "Sec-Ch-Ua", Value: `"Chromium";v="140"`}}
					if diff := cmp.Diff(want, e.Header); diff != "" || e.Path != "/webhooks/x" || e.Query != "a=%20" || !f.AnyTime {
						t.Errorf("%s, %s: %s?%s, headers (-want +got):\n%s", years, name, e.Path, e.Query, diff)
					}
				}
			}
		}
	}
}

// What people type into cmd.exe, and what they do not mean by it.
func TestReadCmdByHand(t *testing.T) {
	t.Parallel()
	escaped := strings.ReplaceAll(small, `"`, `\"`)
	for _, tt := range []struct{ name, command, body string }{
		{"backslashes", `curl.exe -X POST http://127.0.0.1:4665/webhooks -d "` + strings.Replace(escaped, "a/b", `x^2\ny`, 1) + `"`, strings.Replace(small, "a/b", `x^2\ny`, 1)},
		{"lines", "curl http://h/webhooks ^\r\n -d \"" + escaped + "\"\r\n", small},
		{"a shell's, with a caret", `curl 'http://h/webhooks' -d '` + strings.Replace(small, "a/b", `x^\" ^`, 1) + `'`, strings.Replace(small, "a/b", `x^\" ^`, 1)},
	} {
		found := readAll(t, tt.command)
		if len(found) != 1 {
			t.Fatalf("%s: %d events", tt.name, len(found))
		}
		if diff := cmp.Diff(tt.body, string(found[0].Event.Body)); diff != "" {
			t.Errorf("%s: body (-want +got):\n%s", tt.name, diff)
		}
	}
}
