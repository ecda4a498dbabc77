package baseline

import (
	"strings"
	"testing"

	"hfhook/event"
	"hfhook/internal/jsontree"
)

// answer is a whole answer to attempt n.
func answer(n, status int, body string) event.Delivery {
	return event.Delivery{
		N: n, Kind: event.Live, State: event.Done, Target: "bot", Status: status, ResponseBody: []byte(body), ResponseSize: int64(len(body)),
		ResponseSent: event.SumOf([]byte(body)), ResponseDecoded: event.SumOf([]byte(body)),
	}
}

// cut is the answer of which only the first bytes are kept.
func cut(d event.Delivery, kept int) event.Delivery {
	d.ResponseBody, d.ResponseCut = d.ResponseBody[:kept], true
	return d
}

// old is the answer as it was recorded before there were sums.
func old(d event.Delivery) event.Delivery {
	d.ResponseSent, d.ResponseDecoded = event.Sum{}, event.Sum{}
	return d
}

// coded is an answer in a content coding. With text it was decoded, else that could not be.
func codedAs(coding, sent string, text *string) event.Delivery {
	d := answer(1, 200, "")
	d.ResponseHeader = []event.Field{{Name: "content-encoding", Value: coding}}
	d.ResponseSize, d.ResponseSent = int64(len(sent)), event.SumOf([]byte(sent))
	d.ResponseDecoded, d.ResponseCut = event.Sum{}, true
	if text != nil {
		d.ResponseBody, d.ResponseDecoded, d.ResponseCut = []byte(*text), event.SumOf([]byte(*text)), false
	}
	return d
}

func paths(t *testing.T, texts ...string) (all []jsontree.Path) {
	t.Helper()
	for _, text := range texts {
		p, err := jsontree.ParsePath(text)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	return all
}

func TestCompare(t *testing.T) {
	long, text := strings.Repeat("x", 100), "hello"
	failed, waiting, exit := answer(1, 200, "x"), answer(1, 0, ""), answer(1, 200, "x")
	failed.Err, waiting.State = "the answer ended early", event.Waiting
	exit.Exited = true
	for _, test := range []struct {
		name    string
		was, is event.Delivery
		ignore  []string
		want    Verdict
		why     string
	}{
		{name: "equal", was: answer(1, 200, "x"), is: answer(2, 200, "x"), want: Same},
		{name: "empty", was: answer(1, 204, ""), is: answer(2, 204, ""), want: Same},
		{name: "no sums, equal", was: old(answer(1, 200, "x")), is: answer(2, 200, "x"), want: Same},
		{name: "no sums, another", was: old(answer(1, 200, "x")), is: answer(2, 200, "y"), want: Changed},
		{name: "other status", was: answer(1, 200, "x"), is: answer(2, 201, "x"), want: Changed},
		{name: "exit status", was: exit, is: answer(2, 200, "x"), want: Changed},
		{name: "other body", was: answer(1, 200, "x"), is: answer(2, 200, "y"), want: Changed},
		{name: "rewritten JSON", was: answer(1, 200, `{"a":1,"b":[2]}`), is: answer(2, 200, `{ "b": [2.0], "a": 1 }`), want: Same},
		{name: "a digit", was: answer(1, 200, `{"a":9007199254740993}`), is: answer(2, 200, `{"a":9007199254740992}`), want: Changed},
		{name: "ignored", was: answer(1, 200, `{"a":1,"at":2}`), is: answer(2, 200, `{"a":1,"at":3}`), ignore: []string{".at"}, want: Same},
		{name: "ignored alone", was: answer(1, 200, `{"a":1,"at":2}`), is: answer(2, 200, `{"a":2,"at":3}`), ignore: []string{".at"}, want: Changed},
		{name: "not whole", was: answer(1, 200, "x"), is: failed, want: Unknown, why: "no complete answer: the answer ended early"},
		{name: "waiting", was: waiting, is: answer(2, 200, "x"), want: Unknown, why: "no complete answer: waiting"},

		{name: "cut, equal", was: cut(answer(1, 200, long), 10), is: cut(answer(2, 200, long), 10), want: Same},
		{name: "cut, at its end", was: cut(answer(1, 200, long+"a"), 10), is: cut(answer(2, 200, long+"b"), 10), want: Changed, why: "differ by their SHA-256"},
		{name: "cut, to be ignored", was: cut(answer(1, 200, long+"a"), 10), is: cut(answer(2, 200, long+"b"), 10), ignore: []string{".at"}, want: Changed, why: "ignored fields can only be applied to a body that was recorded in full"},
		{name: "cut, at its beginning", was: cut(answer(1, 200, "a"+long), 10), is: cut(answer(2, 200, "b"+long), 10), want: Changed, why: "differ by their SHA-256"},
		{name: "cut and longer", was: answer(1, 200, long[:10]), is: cut(answer(2, 200, long), 10), want: Changed, why: "10 bytes and 100 bytes"},
		{name: "cut, no sums, equal", was: old(cut(answer(1, 200, long), 10)), is: cut(answer(2, 200, long), 10), want: Unknown, why: "only the first 10 B of the answer to attempt 1 were recorded"},
		{name: "cut, no sums, longer", was: old(cut(answer(1, 200, long), 10)), is: cut(answer(2, 200, long+"x"), 10), want: Changed, why: "100 and 101 bytes"},
		{name: "cut, no sums, another", was: old(cut(answer(1, 200, "a"+long), 10)), is: cut(answer(2, 200, "b"+long), 10), want: Changed},
		{name: "cut, no sums, other status", was: old(cut(answer(1, 200, long), 10)), is: cut(answer(2, 201, long), 10), want: Changed},

		{name: "packed otherwise", was: codedAs("gzip", "1", &text), is: codedAs("br", "2", &text), want: Same},
		{name: "unreadable, equal", was: codedAs("compress", "1", nil), is: codedAs("compress", "1", nil), want: Same},
		{name: "unreadable, another", was: codedAs("compress", "1", nil), is: codedAs("compress", "2", nil), want: Unknown, why: "in the content coding compress"},
		{name: "unreadable, other coding", was: codedAs("compress", "1", nil), is: codedAs("x", "1", nil), want: Unknown, why: "in the content coding x"},
		{name: "identity is none", was: codedAs("identity", "hello", &text), is: answer(2, 200, "hello"), want: Same},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := Compare(&test.was, &test.is, paths(t, test.ignore...)...)
			if c.Verdict != test.want || !strings.Contains(c.Why, test.why) || test.why == "" && c.Why != "" {
				t.Errorf("the verdict is %d (%s), want %d (%s)", c.Verdict, c.Why, test.want, test.why)
			}
			if (c.String() == "") != (c.Verdict == Same) {
				t.Errorf("verdict %d in words: %q", c.Verdict, c.String())
			}
		})
	}
}
