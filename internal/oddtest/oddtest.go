// Package oddtest has bodies that are payloads, and that nobody should send: whatever
// reads one has to bear it. They are what the memory, the time and the output of the
// commands and the screen are held to.
package oddtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"hfhook/payload/sample"
)

// depth is how deep bodies are nested that are: ten thousand is the limit.
const depth = 9_900

// Size is how large the large bodies are, in bytes. TEST_ODD_SIZE has another size, for example
// 10485760.
func Size(t testing.TB) int {
	t.Helper()
	size := 512 << 10
	if text := os.Getenv("TEST_ODD_SIZE"); text != "" {
		var err error
		if size, err = strconv.Atoi(text); err != nil {
			t.Fatal(err)
		}
	}
	return size
}

// A Body is an odd one, and another that is odd in the same way and differs in most of it.
type Body struct {
	Name        string
	Body, Other []byte
}

// Plain is a body with nothing odd, a comment.
func Plain() []byte {
	body, err := sample.New("discussion.comment/create:pr", sample.Options{Repo: "me/corpus", Num: 19, Rand: rand.NewPCG(1, 2)})
	if err != nil {
		panic(err) // a name that is not there
	}
	return body
}

// with is the plain body with one member more.
func with(name, value string) []byte {
	body := bytes.TrimSuffix(Plain(), []byte("}"))
	return fmt.Appendf(body, ",%q:%s}", name, value)
}

// saying is the plain body with another comment, which is written as JSON.
func saying(text string) []byte {
	var body map[string]json.RawMessage
	if err := json.Unmarshal(Plain(), &body); err != nil {
		panic(err)
	}
	var comment map[string]json.RawMessage
	if err := json.Unmarshal(body["comment"], &comment); err != nil {
		panic(err)
	}
	old := string(comment["content"])
	return bytes.Replace(Plain(), []byte(`"content":`+old), []byte(`"content":"`+text+`"`), 1)
}

func list(size int, element string) string {
	n := max(size/(len(element)+1), 1)
	return "[" + strings.Repeat(element+",", n-1) + element + "]"
}

func nested(n int, open, inside, shut string) string {
	return strings.Repeat(open, n) + inside + strings.Repeat(shut, n)
}

// Bodies are the odd ones. size is that of those which go by it, in bytes.
func Bodies(size int) []Body {
	pair := func(name string, make func(leaf string) []byte) Body {
		return Body{Name: name, Body: make("0"), Other: make("1")}
	}
	text := func(name, part string) Body {
		n := size / len(part)
		return Body{Name: name, Body: saying(strings.Repeat(part, n)), Other: saying("x" + strings.Repeat(part, n-1))}
	}
	keys := func(leaf string) string {
		var b strings.Builder
		for i := 0; b.Len() < size; i++ {
			fmt.Fprintf(&b, `,"key %d":%s`, i, leaf)
		}
		return b.String()[1:]
	}
	return []Body{
		pair("lists", func(leaf string) []byte { return with("x", nested(depth, "[", leaf, "]")) }),
		pair("many-lists", func(leaf string) []byte { return with("x", list(size, nested(depth, "[", leaf, "]"))) }),
		pair("objects", func(leaf string) []byte { return with("x", nested(depth, `{"a":`, leaf, "}")) }),
		pair("ladder", func(leaf string) []byte { return with("x", nested(depth, `{"b":`+leaf+`,"a":`, leaf, "}")) }),
		pair("numbers", func(leaf string) []byte { return with("x", list(size, leaf)) }),
		pair("empties", func(leaf string) []byte {
			return with("x", list(size, "[]")+"\n"+strings.Repeat(" ", int(leaf[0]-'0')))
		}),
		pair("strings", func(leaf string) []byte { return with("x", list(size, `"`+strings.Repeat("a", int(leaf[0]-'0'))+`"`)) }),
		pair("pairs", func(leaf string) []byte { return with("x", list(size, `{"":`+leaf+`}`)) }),
		pair("keys", func(leaf string) []byte { return with("x", "{"+keys(leaf)+"}") }),
		pair("top-keys", func(leaf string) []byte {
			return fmt.Appendf(bytes.TrimSuffix(Plain(), []byte("}")), ",%s}", keys(leaf))
		}),
		pair("same-key", func(leaf string) []byte {
			return with("x", "{"+strings.Trim(strings.Repeat(`"a":`+leaf+",", size/6), ",")+"}")
		}),
		pair("long-key", func(leaf string) []byte { return with(strings.Repeat("k", size/4), list(size/2, leaf)) }),
		pair("files", func(leaf string) []byte {
			return with("updatedFiles", list(size, `{"path":"a","action":"add","size":`+leaf+`}`))
		}),
		pair("bad-files", func(leaf string) []byte { return with("updatedFiles", list(size, `{"a":`+leaf+`}`)) }),
		pair("tags", func(leaf string) []byte {
			return bytes.Replace(Plain(), []byte(`"repo":{`), []byte(`"repo":{"tags":`+list(size, `"`+strings.Repeat("a", int(leaf[0]-'0'))+`"`)+`,`), 1)
		}),
		pair("number", func(leaf string) []byte { return with("x", "1"+strings.Repeat(leaf, size)) }),
		pair("spaces", func(leaf string) []byte { return with("x", strings.Repeat(" ", size)+leaf) }),
		text("one-line", "word "),
		text("newlines", `\n`),
		text("escapes", `\u001b`),
		text("bidi", "\u202e"),
		text("c1", "\u0085"),
	}
}

// Write puts a body into a file, and returns its name.
func Write(t testing.TB, dir, name string, body []byte) string {
	t.Helper()
	path := filepath.Join(dir, name+".json")
	if err := os.WriteFile(path, body, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// Holds fails if a text that ends with the body, as hfhook show writes it, lacks any of
// its values. What does not show is not compared.
func Holds(t testing.TB, text []byte, odd Body) {
	t.Helper()
	const begin = "\n{\n"
	at := bytes.Index(text, []byte(begin))
	if at < 0 {
		t.Errorf("%s: there is no payload in it", odd.Name)
		return
	}
	text = text[at+1:]
	if end := bytes.LastIndex(text, []byte("\n}\n")); end >= 0 {
		text = text[:end+2]
	}
	var was, is bytes.Buffer
	if err := json.Compact(&was, odd.Body); err != nil {
		t.Fatal(err)
	}
	if err := json.Compact(&is, text); err != nil {
		t.Errorf("%s: what it writes is not JSON: %v", odd.Name, err)
		return
	}
	if odd.Name == "bidi" || odd.Name == "c1" {
		return // these are shown as what they are not
	}
	if !bytes.Equal(was.Bytes(), is.Bytes()) {
		t.Errorf("%s: it writes %s bytes of the %s", odd.Name, strconv.Itoa(is.Len()), strconv.Itoa(was.Len()))
	}
}
