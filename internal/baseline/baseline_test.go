package baseline

import (
	"strings"
	"testing"
	"time"

	"hfhook/event"
)

func TestOf(t *testing.T) {
	now := time.Unix(1e9, 0)
	edit := func(d event.Delivery, change func(*event.Delivery)) event.Delivery {
		change(&d)
		return d
	}
	compared := func(d event.Delivery) event.Delivery {
		return edit(d, func(d *event.Delivery) { d.Kind, d.ForComparison = event.Replay, true })
	}
	accepted := func(d event.Delivery, after time.Duration) event.Delivery {
		return edit(d, func(d *event.Delivery) { d.Accepted = now.Add(after) })
	}
	replay := func(d event.Delivery, target string) event.Delivery {
		return edit(d, func(d *event.Delivery) { d.Kind, d.Target = event.Replay, target })
	}
	elsewhere := func(d event.Delivery, target string) event.Delivery {
		return edit(d, func(d *event.Delivery) { d.Target = target })
	}
	for _, test := range []struct {
		name   string
		made   []event.Delivery
		target string
		url    string
		ignore []string
		want   int // number of the attempt; 0: there is none
	}{
		{name: "never sent", want: 0},
		{name: "the first", made: []event.Delivery{answer(1, 200, "x")}, want: 1},
		{name: "red", made: []event.Delivery{answer(1, 500, "x"), answer(2, 302, "x")}, want: 0},
		{name: "red, then fixed", made: []event.Delivery{answer(1, 500, "x"), replay(answer(2, 200, "y"), "bot")}, want: 2},
		{name: "the newest of equal ones", made: []event.Delivery{answer(1, 200, "x"), answer(2, 500, "x"), answer(3, 200, "x")}, want: 3},
		{name: "changed since", made: []event.Delivery{answer(1, 200, "x"), answer(2, 200, "y"), answer(3, 200, "y")}, want: 1},
		{name: "changed and back", made: []event.Delivery{answer(1, 200, "x"), answer(2, 200, "y"), answer(3, 200, "x")}, want: 3},
		{name: "changed where nobody looks", made: []event.Delivery{answer(1, 200, `{"at":1}`), answer(2, 200, `{"at":2}`)}, ignore: []string{".at"}, want: 2},
		{name: "made for a comparison", made: []event.Delivery{answer(1, 200, "x"), compared(answer(2, 200, "x"))}, want: 1},
		{name: "only for comparisons", made: []event.Delivery{answer(1, 500, "x"), compared(answer(2, 200, "x"))}, want: 0},
		{name: "not answered", made: []event.Delivery{edit(answer(1, 200, "x"), func(d *event.Delivery) { d.Err = "the answer ended early" })}, want: 0},
		{name: "accepted", made: []event.Delivery{answer(1, 200, "x"), accepted(answer(2, 200, "y"), 0), answer(3, 200, "x")}, want: 2},
		{name: "accepted last", made: []event.Delivery{accepted(answer(1, 200, "x"), time.Hour), accepted(answer(2, 200, "y"), 0)}, want: 1},
		{name: "accepted after a comparison", made: []event.Delivery{answer(1, 200, "x"), accepted(compared(answer(2, 200, "y")), 0)}, want: 2},
		{name: "accepted refusal", made: []event.Delivery{answer(1, 200, "x"), accepted(answer(2, 422, "y"), 0)}, want: 2},

		{name: "of two targets", made: []event.Delivery{answer(1, 200, "x"), elsewhere(answer(2, 200, "y"), "ci")}, target: "ci", want: 2},
		{name: "of neither", made: []event.Delivery{answer(1, 200, "x"), elsewhere(answer(2, 200, "y"), "ci")}, target: "127.0.0.1:9000", want: 0},
		{name: "the only one", made: []event.Delivery{answer(1, 200, "x")}, target: "127.0.0.1:9000", want: 1},
		{name: "the only one that is its own", made: []event.Delivery{answer(1, 200, "x"), replay(answer(2, 200, "y"), "try")}, target: "127.0.0.1:9000", want: 1},
		{name: "by its own name", made: []event.Delivery{answer(1, 200, "x"), replay(answer(2, 200, "y"), "try")}, target: "try", want: 2},
		{name: "by a name that only compared", made: []event.Delivery{answer(1, 200, "x"), edit(compared(answer(2, 200, "y")), func(d *event.Delivery) { d.Target = "try" })}, target: "try", want: 1},
		{name: "by its address", made: []event.Delivery{answer(1, 200, "x"), elsewhere(edit(answer(2, 200, "y"), func(d *event.Delivery) { d.URL = "http://b/" }), "ci")}, target: "b:80", url: "http://b/", want: 2},
		{name: "accepted elsewhere", made: []event.Delivery{answer(1, 200, "x"), accepted(edit(compared(answer(2, 200, "y")), func(d *event.Delivery) { d.Target = "127.0.0.1:9000" }), 0)}, want: 2},
		{name: "accepted elsewhere, and asked for at a third place", made: []event.Delivery{answer(1, 200, "x"), accepted(edit(compared(answer(2, 200, "y")), func(d *event.Delivery) { d.Target = "127.0.0.1:9000" }), 0)}, target: "127.0.0.1:9001", want: 2},
		{name: "accepted elsewhere, of two targets", made: []event.Delivery{answer(1, 200, "x"), elsewhere(answer(2, 200, "y"), "ci"), accepted(edit(compared(answer(3, 200, "z")), func(d *event.Delivery) { d.Target = "127.0.0.1:9000" }), 0)}, want: 1},
		{name: "accepted elsewhere, asked for there", made: []event.Delivery{answer(1, 200, "x"), elsewhere(answer(2, 200, "y"), "ci"), accepted(edit(compared(answer(3, 200, "z")), func(d *event.Delivery) { d.Target = "127.0.0.1:9000" }), 0)}, target: "127.0.0.1:9000", want: 3},
		{name: "compared alone, accepted", made: []event.Delivery{accepted(compared(answer(1, 200, "x")), 0)}, target: "127.0.0.1:9000", want: 1},
		{name: "replays alone", made: []event.Delivery{replay(answer(1, 200, "x"), "try")}, target: "127.0.0.1:9000", want: 1},
		{name: "its own is red", made: []event.Delivery{answer(1, 200, "x"), elsewhere(answer(2, 500, "y"), "ci")}, target: "ci", want: 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			for i := range test.made {
				test.made[i].Started = now.Add(time.Duration(i) * time.Second)
			}
			if test.target == "" {
				test.target = "bot"
			}
			n := 0
			if d := Of(test.made, test.target, test.url, paths(t, test.ignore...)).Answer(); d != nil {
				n = d.N
			}
			if n != test.want {
				t.Errorf("the baseline is attempt %d, want %d", n, test.want)
			}
		})
	}
}

// TestLearned shows what two accepted answers teach, and what they do not.
func TestLearned(t *testing.T) {
	made := []event.Delivery{
		answer(1, 200, `{"ok":true,"at":1,"list":[1,2],"debug":"x"}`),
		answer(2, 200, `{"ok":true,"at":2,"list":[1,3]}`),
		answer(3, 422, `{"detail":"no"}`),
		answer(4, 200, `other`),
	}
	for i := range made {
		made[i].Accepted = time.Unix(int64(len(made)-i), 0)
	}
	for _, test := range []struct {
		body   string
		status int
		want   Verdict
	}{
		{`{"ok":true,"at":3,"list":[1,4],"debug":"y"}`, 200, Same},
		{`{"ok":true,"list":[1,4]}`, 200, Same},
		{`{"ok":false,"at":3,"list":[1,4]}`, 200, Changed},
		{`{"ok":true,"at":3,"list":[2,4]}`, 200, Changed},
		{`{"ok":true,"at":3,"list":[1,4],"more":1}`, 200, Changed},
		{`{"detail":"no"}`, 422, Same},
		{`{"detail":"another"}`, 422, Changed},
		{`other`, 200, Same},
		{`others`, 200, Changed},
		{`{"ok":true,"at":1}`, 201, Changed},
	} {
		is := answer(5, test.status, test.body)
		c, ok := Of(made, "bot", "", nil).Compare(&is)
		if !ok || c.Verdict != test.want {
			t.Errorf("%d %s: the verdict is %d, want %d: %s", test.status, test.body, c.Verdict, test.want, &c)
		}
	}
	var ignored []string
	for _, p := range Of(made[:2], "bot", "", paths(t, ".x")).Ignored() {
		ignored = append(ignored, p.String())
	}
	if got := strings.Join(ignored, " "); got != ".x .at .list[1] .debug" {
		t.Errorf("left out are %s", got)
	}
	if _, ok := Of(nil, "bot", "", nil).Compare(&made[0]); ok {
		t.Error("compared with nothing")
	}
}

func TestBefore(t *testing.T) {
	made := []event.Delivery{answer(1, 200, ""), answer(2, 200, ""), answer(3, 500, ""), answer(4, 200, ""), answer(5, 0, ""), answer(6, 200, "")}
	made[1].Target = "ci"
	made[4].State = event.Sending
	for i := range made {
		made[i].Started = time.Unix(int64(i+1), 0)
	}
	made[0].Started = time.Unix(10, 0) // it waited, and was sent last
	for n, want := range map[int]int{1: 6, 2: 0, 3: 0, 4: 3, 5: 4, 6: 4, 7: 0} {
		got := 0
		if d := Before(made, n); d != nil {
			got = d.N
		}
		if got != want {
			t.Errorf("before attempt %d came %d, want %d", n, got, want)
		}
	}
}
