package contract

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"unicode/utf16"
)

// The answers of the contract.
const (
	stored      = `{"id":…,"status":"stored"}` // the id is whatever it is
	noSecret    = `{"error":"x-webhook-secret header not set."}`
	badSecret   = `{"error":"Invalid webhook secret."}`
	fromBrowser = `{"error":"Requests from web pages are refused."}`
	notAllowed  = `{"detail":"Method Not Allowed"}`
	notFound    = `{"detail":"Not Found"}`
	required    = `{"detail":[{"type":"missing","loc":["body"],"msg":"Field required"}]}`
	noObject    = `{"detail":[{"type":"model_attributes_type","loc":["body"],"msg":"Input should be a valid dictionary or object to extract fields from"}]}`
)

// MaxBody is the limit that a server under test has for bodies, in bytes.
const MaxBody = 1 << 20

// notJSON is the answer to a body that goes wrong at a byte.
func notJSON(at int, why string) string {
	return fmt.Sprintf(`{"detail":[{"type":"json_invalid","loc":["body",%d],"msg":"JSON decode error","ctx":{"error":%q}}]}`, at, why)
}

// requestCases are those about methods, paths, headers, encodings and framing.
func requestCases() []Case {
	with := func(member string) string { return strings.Replace(whole, "{", "{"+member+",", 1) }
	swap := func(old, new string) string {
		if !strings.Contains(whole, old) {
			panic(old)
		}
		return strings.Replace(whole, old, new, 1)
	}
	fault := func(typ, loc, msg string) string {
		return fmt.Sprintf(`{"detail":[{"type":%q,"loc":["body",%s],"msg":%q}]}`, typ, loc, msg)
	}
	var cases []Case
	add := func(c Case) { cases = append(cases, c) }

	for _, method := range []string{"GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "post", "FOO"} {
		for _, path := range []string{"/webhooks", "/webhooks/", "/webhooks/say_hello"} {
			c := Case{Name: method + " " + path, Method: method, Path: path, Body: whole, Status: 405, Answer: notAllowed, Allow: "POST"}
			if method == "HEAD" || method == "TRACE" { // have no body, of the answer or the request
				c.Body = ""
			}
			add(c)
		}
	}
	add(Case{Name: "GET without a secret", Method: "GET", Secret: []string{}, Status: 405, Answer: notAllowed, Allow: "POST"})

	for path, status := range map[string]int{
		"/webhooks": 200, "/webhooks/": 200, "/webhooks///": 200, "/webhooks/say_hello": 200, "/webhooks/say_hello/": 200, "/webhooks/a/b/c/d": 200,
		"/webhooks/%61": 200, "/webhooks/a%2Fb": 200, "/webhooks/%C3%BC": 200, "/webhooks/a..b": 200, "/webhooks/...": 200, "/webhooks?a=1&b": 200, "/webhooks/?": 200,
		"/webhooks/a;b=c": 200, "/webhooks/a:b@c": 200, "/%77ebhooks": 200,
		"/webhooksx": 404, "/webhook": 404, "/Webhooks": 404, "/WEBHOOKS/x": 404, "//webhooks": 404, "/x/webhooks": 404, "/": 404, "/docs": 404, "/healthz": 404,
		"/webhooks/..": 404, "/webhooks/../x": 404, "/webhooks/a/../b": 404, "/webhooks/.": 404, "/webhooks/%2e%2e/x": 404, "/webhooks/%2E/x": 404,
	} {
		answer := stored
		if status == 404 {
			answer = notFound
		}
		add(Case{Name: "path " + path, Path: path, Body: whole, Status: status, Answer: answer})
	}

	type secret struct {
		name    string
		headers []string // with Secret: {}
		query   string
		status  int
	}
	for _, s := range []secret{
		{"in lower case", []string{"x-webhook-secret: " + Secret}, "", 200},
		{"in upper case", []string{"X-WEBHOOK-SECRET: " + Secret}, "", 200},
		{"between spaces", []string{"X-Webhook-Secret:  \t" + Secret + "  "}, "", 200},
		{"with no space before", []string{"X-Webhook-Secret:" + Secret}, "", 200},
		{"in the query", nil, "?secret=" + Secret, 200},
		{"in the query, escaped", nil, "?a=b&s%65cret=" + strings.ReplaceAll(Secret, "-", "%2d"), 200},
		{"twice, the first one right", []string{"X-Webhook-Secret: " + Secret, "X-Webhook-Secret: wrong"}, "", 200},
		{"twice, the first one wrong", []string{"X-Webhook-Secret: wrong", "X-Webhook-Secret: " + Secret}, "", 403},
		{"in the header and wrong in the query", []string{"X-Webhook-Secret: " + Secret}, "?secret=wrong", 200},
		{"wrong in the header and in the query", []string{"X-Webhook-Secret: wrong"}, "?secret=" + Secret, 403},
		{"wrong", []string{"X-Webhook-Secret: wrong"}, "", 403},
		{"empty", []string{"X-Webhook-Secret:"}, "", 403},
		{"with more behind", []string{"X-Webhook-Secret: " + Secret + "x"}, "", 403},
		{"with less", []string{"X-Webhook-Secret: " + Secret[:len(Secret)-1]}, "", 403},
		{"in other letters", []string{"X-Webhook-Secret: " + strings.ToUpper(Secret)}, "", 403},
		{"in quotes", []string{`X-Webhook-Secret: "` + Secret + `"`}, "", 403},
		{"as a list", []string{"X-Webhook-Secret: " + Secret + ", " + Secret}, "", 403},
		{"wrong in the query", nil, "?secret=wrong", 403},
		{"empty in the query", nil, "?secret=", 403},
		{"long", []string{"X-Webhook-Secret: " + strings.Repeat("x", 4000)}, "", 403},
		{"not at all", nil, "", 401},
		{"as a bearer", []string{"Authorization: Bearer " + Secret}, "", 401},
		{"as a cookie", []string{"Cookie: secret=" + Secret}, "", 401},
		{"under another name", []string{"X-Webhook-Secrets: " + Secret, "Webhook-Secret: " + Secret}, "", 401},
		{"in a query that only looks so", nil, "?Secret=" + Secret, 401},
	} {
		answer := map[int]string{200: stored, 401: noSecret, 403: badSecret}[s.status]
		add(Case{Name: "secret " + s.name, Path: "/webhooks" + s.query, Secret: []string{}, Header: s.headers, Body: whole, Status: s.status, Answer: answer})
	}
	// Who has no secret learns nothing of the body.
	for name, body := range map[string]string{"broken": "{", "empty": "", "no payload": "{}", "not UTF-8": "\xff"} {
		add(Case{Name: "no secret, body " + name, Secret: []string{}, Body: body, Status: 401, Answer: noSecret})
	}
	add(Case{Name: "no secret on an unknown path", Path: "/x", Secret: []string{}, Body: whole, Status: 404, Answer: notFound})

	for _, header := range []string{
		"Content-Type: application/json", "Content-Type: application/json; charset=utf-8", "Content-Type: text/plain", "Content-Type: application/x-www-form-urlencoded",
		"Content-Type: multipart/form-data; boundary=x", "Content-Type: nonsense", "Content-Type:", "Accept: text/html", "Accept-Encoding: br", "Webhook-Id: 1", "Webhook-Id:",
		"User-Agent: Mozilla/5.0", "Cookie: a=b", "Sec-Fetch-Mode: cors", "Authorization: Basic eA==", "X-Forwarded-For: 1.2.3.4", "X-Hfhook-Event-Id: forged",
		"X-Empty:", "X-Latin: caf\xe9", "X-Long: " + strings.Repeat("y", 8000), "Content-Encoding: identity", "If-None-Match: *", "Range: bytes=0-1",
	} {
		add(Case{Name: fmt.Sprintf("header %.40s", header), Header: []string{header}, Body: whole, Status: 200, Answer: stored})
	}
	for _, header := range []string{"Origin: https://evil.example", "Origin: null", "Origin:", "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: none"} {
		add(Case{Name: "from a browser: " + header, Header: []string{header}, Body: whole, Status: 403, Answer: fromBrowser})
	}
	add(Case{Name: "no Content-Type", Body: whole, Status: 200, Answer: stored})

	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, _ = z.Write([]byte(whole))
	_ = z.Close()
	var wide []byte
	for _, unit := range utf16.Encode([]rune(whole)) {
		wide = append(wide, byte(unit), byte(unit>>8))
	}
	for _, b := range []struct {
		name, body string
		status     int
		answer     string
	}{
		{"with a byte-order mark", "\ufeff" + whole, 200, stored},
		{"with two", "\ufeff\ufeff" + whole, 422, ""},
		{"with white space around", "\r\n\t " + whole + "\n\n", 200, stored},
		{"on one line", strings.Join(strings.Fields(whole), ""), 200, stored},
		{"in UTF-16", string(wide), 422, ""},
		{"in Latin-1", swap("LGTM", "caf\xe9"), 422, ""},
		{"with an overlong encoding", swap("LGTM", "\xc0\xaf"), 422, ""},
		{"with a surrogate in UTF-8", swap("LGTM", "\xed\xa0\x80"), 422, ""},
		{"with half of a surrogate pair", swap("LGTM", `\ud800`), 200, stored},
		{"with an escaped emoji", swap("LGTM", `\ud83e\udd17`), 200, stored},
		{"with an escaped zero", swap("LGTM", `\u0000`), 200, stored},
		{"zipped", zipped.String(), 422, ""},
		{"empty", "", 422, required},
		{"of white space", " \n", 422, notJSON(2, "Expecting value")},
		{"null", "null", 422, required},
		{"a list", "[]", 422, noObject},
		{"a string", `"x"`, 422, noObject},
		{"a number", "1", 422, noObject},
		{"true", "true", 422, noObject},
		{"cut off", "{", 422, notJSON(1, "Expecting property name enclosed in double quotes")},
		{"with a comma too much", `{"a":1,}`, 422, notJSON(7, "Expecting property name enclosed in double quotes")},
		{"with single quotes", "{'a':1}", 422, notJSON(1, "Expecting property name enclosed in double quotes")},
		{"with a comment", "{/**/}", 422, notJSON(1, "Expecting property name enclosed in double quotes")},
		{"without a colon", `{"a" 1}`, 422, notJSON(5, "Expecting ':' delimiter")},
		{"with something behind", whole + "x", 422, notJSON(len(whole), "Extra data")},
		{"two at once", whole + whole, 422, notJSON(len(whole), "Extra data")},
		{"with a line break in a string", swap("LGTM", "a\nb"), 422, ""},
		{"with NaN", with(`"x":NaN`), 422, notJSON(5, "Expecting value")},
		{"with Infinity", with(`"x":Infinity`), 422, notJSON(5, "Expecting value")},
		{"with a leading zero", with(`"x":01`), 422, notJSON(6, "Expecting ',' delimiter")},
		{"with 1e400", with(`"x":1e400`), 200, stored},
		{"with a long integer", with(`"x":` + strings.Repeat("9", 400)), 200, stored},
		{"with a key that nobody knows", with(`"new":{"a":[1,null]}`), 200, stored},
		{"with a key in other letters besides", with(`"Repo":null`), 200, stored},
		{"with a key in other letters instead", swap(`"repo"`, `"Repo"`), 422, fault("missing", `"repo"`, "Field required")},
		{"with an escaped key", swap(`"repo"`, `"r\u0065po"`), 200, stored},
		{"with a key twice, the last one right", with(`"repo":7`), 200, stored},
		{"with a key twice, the last one wrong", whole[:len(whole)-1] + `,"repo":7}`, 422, fault("model_attributes_type", `"repo"`, "Input should be a valid dictionary or object to extract fields from")},
		{"as deep as it may be", with(`"x":` + strings.Repeat("[", 9999) + strings.Repeat("]", 9999)), 200, stored},
		{"too deep", with(`"x":` + strings.Repeat("[", 10001) + strings.Repeat("]", 10001)), 422, notJSON(5+9999, "Nested too deeply")},
		{"with many faults", `{"repo":{"id":1},"event":[]}`, 422, `{"detail":[` +
			`{"type":"model_attributes_type","loc":["body","event"],"msg":"Input should be a valid dictionary or object to extract fields from"},` +
			`{"type":"string_type","loc":["body","repo","id"],"msg":"Input should be a valid string"},` +
			`{"type":"missing","loc":["body","repo","owner"],"msg":"Field required"},{"type":"missing","loc":["body","repo","name"],"msg":"Field required"},` +
			`{"type":"missing","loc":["body","repo","private"],"msg":"Field required"},{"type":"missing","loc":["body","repo","type"],"msg":"Field required"},` +
			`{"type":"missing","loc":["body","repo","url"],"msg":"Field required"},{"type":"missing","loc":["body","webhook"],"msg":"Field required"}]}`},
		{"with num as 19.0", swap(`"num": 19`, `"num": 19.0`), 422, fault("int_type", `"discussion","num"`, "Input should be a valid integer")},
		{"with num as 1e1", swap(`"num": 19`, `"num": 1e1`), 422, fault("int_type", `"discussion","num"`, "Input should be a valid integer")},
		{"with num as text", swap(`"num": 19`, `"num": "19"`), 422, fault("int_type", `"discussion","num"`, "Input should be a valid integer")},
		{"with num below zero", swap(`"num": 19`, `"num": -1`), 200, stored},
		{"with the largest num", swap(`"num": 19`, `"num": 9223372036854775807`), 200, stored},
		{"with a num that is too large", swap(`"num": 19`, `"num": 9223372036854775808`), 422, fault("int_parsing_size", `"discussion","num"`, "Unable to parse input string as an integer, exceeded maximum size")},
		{"of another version", swap(`"version": 3`, `"version": 4`), 200, stored},
		{"with another action", swap(`"update"`, `"rename"`), 200, stored},
		{"with another scope", swap(`"discussion.comment"`, `"repo.config.dois"`), 200, stored},
		{"with another status", swap(`"open"`, `"locked"`), 200, stored},
		{"about a bucket", swap(`"space"`, `"bucket"`), 200, stored},
		{"about a kernel", swap(`"space"`, `"kernel"`), 200, stored},
		{"with a name of one word", swap(`"me/bot"`, `"gpt2"`), 200, stored},
		{"with empty texts", swap(`"LGTM"`, `""`), 200, stored},
		{"with empty lists", swap(`["region:us"]`, `[]`), 200, stored},
		{"with control characters", swap(`LGTM`, `\u001b[31m\u202e`), 200, stored},
		{"as large as it may be", whole + strings.Repeat(" ", MaxBody-len(whole)), 200, stored},
		{"too large by one byte", whole + strings.Repeat(" ", MaxBody-len(whole)+1), 413, fmt.Sprintf(`{"error":"Request body over %d bytes."}`, MaxBody)},
	} {
		add(Case{Name: "body " + b.name, Body: b.body, Status: b.status, Answer: b.answer})
	}

	// Framing. What a proxy reads and rewrites, it judges itself.
	chunk := func(body string) string { return fmt.Sprintf("%x\r\n%s\r\n", len(body), body) }
	head := func(lines ...string) string {
		return "POST /webhooks HTTP/1.1\r\nHost: {host}\r\nX-Webhook-Secret: " + Secret + "\r\nConnection: close\r\n" + strings.Join(lines, "\r\n") + "\r\n\r\n"
	}
	length := fmt.Sprintf("Content-Length: %d", len(whole))
	for _, f := range []struct {
		name, raw string
		direct    bool
		status    int
		answer    string
	}{
		{"in one chunk", head("Transfer-Encoding: chunked") + chunk(whole) + "0\r\n\r\n", false, 200, stored},
		{"in many chunks", head("Transfer-Encoding: chunked") + chunk(whole[:1]) + chunk(whole[1:300]) + chunk(whole[300:]) + "0\r\n\r\n", false, 200, stored},
		{"in chunks with a trailer", head("Transfer-Encoding: chunked", "Trailer: X-Sum") + chunk(whole) + "0\r\nX-Sum: 1\r\n\r\n", false, 200, stored},
		{"in chunks of no body", head("Transfer-Encoding: chunked") + "0\r\n\r\n", false, 422, required},
		{"with chunk extensions", head("Transfer-Encoding: chunked") + fmt.Sprintf("%x;a=b\r\n%s\r\n0\r\n\r\n", len(whole), whole), false, 200, stored},
		{"too large in chunks", head("Transfer-Encoding: chunked") + chunk(whole) + chunk(strings.Repeat(" ", MaxBody)) + "0\r\n\r\n", true, 413, fmt.Sprintf(`{"error":"Request body over %d bytes."}`, MaxBody)},
		{"of no length", head("X-A: b"), false, 422, required},
		{"of length 0", head("Content-Length: 0"), false, 422, required},
		{"with the same length twice", head(length, length) + whole, true, 200, stored},
		{"with two lengths", head(length, "Content-Length: 1") + whole, true, 400, ""},
		{"with a length below zero", head("Content-Length: -1"), true, 400, ""},
		{"with a length that is none", head("Content-Length: x"), true, 400, ""},
		{"with a broken chunk", head("Transfer-Encoding: chunked") + "zz\r\n", true, 400, `{"error":"The request body could not be read."}`},
		{"with an unknown encoding", head("Transfer-Encoding: gzip") + whole, true, 501, ""},
		{"that ends early", head(fmt.Sprintf("Content-Length: %d", len(whole)+10)) + whole, true, 400, `{"error":"The request body could not be read."}`},
		{"with bare line feeds", strings.ReplaceAll(head(length), "\r\n", "\n") + whole, true, 200, stored},
		{"of HTTP/1.0", strings.Replace(head(length), "HTTP/1.1", "HTTP/1.0", 1) + whole, true, 200, stored},
		{"of HTTP/1.0 without a host", "POST /webhooks HTTP/1.0\r\nX-Webhook-Secret: " + Secret + "\r\n" + length + "\r\n\r\n" + whole, true, 200, stored},
		{"of HTTP/3.7", strings.Replace(head(length), "HTTP/1.1", "HTTP/3.7", 1) + whole, true, 505, ""},
		{"without a host", "POST /webhooks HTTP/1.1\r\nX-Webhook-Secret: " + Secret + "\r\nConnection: close\r\n" + length + "\r\n\r\n" + whole, true, 400, ""},
		{"with two hosts", head(length, "Host: other.example") + whole, true, 400, ""},
		{"to a whole URL", strings.Replace(head(length), "POST /webhooks", "POST http://{host}/webhooks", 1) + whole, true, 200, stored},
		{"with a space in a header's name", head(length, "X Y: z") + whole, true, 400, ""},
		{"with a zero in a header", head(length, "X-Y: a\x00b") + whole, true, 400, ""},
		{"that is not a request", "hello\r\n\r\n", true, 400, ""},
		{"with a broken escape", strings.Replace(head(length), "/webhooks", "/webhooks/%zz", 1) + whole, true, 400, ""},
		{"that waits to be asked", head(length, "Expect: 100-continue") + whole, true, 200, stored},
		{"with another expectation", head(length, "Expect: a miracle") + whole, true, 417, ""},
	} {
		add(Case{Name: "request " + f.name, Raw: f.raw, Direct: f.direct, Status: f.status, Answer: f.answer})
	}
	return cases
}
