package tui

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/tui/screen"
)

// largeBodies are payloads of about 9 MB, each large in another way.
var largeBodies = map[string]func() string{
	"objects": func() string {
		return extra(func(i int) string { return fmt.Sprintf(`{"n":%d,"text":"row number %d","tags":["a","b"]}`, i, i) })
	},
	"numbers": func() string { return extra(func(i int) string { return fmt.Sprint(i % 1000) }) },
	"members": func() string {
		list := extra(func(i int) string { return fmt.Sprintf(`"name %d":%d`, i, i) })
		return strings.Replace(strings.TrimSuffix(list, "]}")+"}}", `"extra":[`, `"extra":{`, 1)
	},
	"text": func() string {
		return strings.Replace(commentBody, "@bot please", strings.Repeat(`a line of a long comment, \u00e9 and 日本語\n`, 180_000), 1)
	},
	"word": func() string {
		return strings.Replace(commentBody, "@bot please", strings.Repeat("x", 9<<20), 1)
	},
	"deep": func() string {
		return strings.TrimSuffix(commentBody, "}") + `,"extra":` + strings.Repeat(`{"a":[`, 4000) + strings.Repeat(`]}`, 4000) + "}"
	},
	"no JSON": func() string { return strings.Repeat("neither JSON nor short\x00\xff\n", 400_000) },
}

func extra(value func(i int) string) string {
	var b strings.Builder
	b.WriteString(strings.TrimSuffix(commentBody, "}") + `,"extra":[`)
	for i := 0; b.Len() < 9<<20; i++ {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(value(i))
	}
	b.WriteString("]}")
	return b.String()
}

// BenchmarkLargeBodies walks over all screens with a large body, by keys at random, and
// prints what Update and View have computed for one of them at most. It is 16 ms less the
// renderer's tick that they may take.
//
//	go test ./tui -run '^$' -bench LargeBodies -benchtime 1x
func BenchmarkLargeBodies(b *testing.B) {
	for name, body := range largeBodies {
		b.Run(strings.ReplaceAll(name, " ", "-"), func(b *testing.B) {
			b.Chdir(b.TempDir())
			for b.Loop() {
				walkLarge(b, body())
			}
		})
	}
}

func walkLarge(b *testing.B, body string) {
	s := day()
	for i := range s.extra {
		if i%2 == 1 {
			s.extra[i].body, s.extra[i].row.Size = body, int64(len(body))
		} else if i%4 == 0 { // like it, and not the same
			s.extra[i].body = strings.Replace(body, "me/corpus", "me/other", 3)
		}
	}
	m := newTestModel(b, s, 120, 40)
	type slow struct {
		took time.Duration
		what string
	}
	worst := map[string]slow{}
	var all []time.Duration
	var now string // key and screen
	measured := func(f func()) {
		began := threadTime()
		f()
		took := threadTime() - began
		all = append(all, took)
		if took > worst[now].took {
			worst[now] = slow{took, now}
		}
	}
	answered := make(chan tea.Msg, 1000)
	take := func(msg tea.Msg) {
		var cmd tea.Cmd
		measured(func() {
			if changed, ok := msg.(screen.ChangedMsg); ok {
				cmd = m.take(changed)
			} else {
				_, cmd = m.Update(msg)
			}
			m.View()
		})
		go func() {
			for _, msg := range answers(cmd) {
				answered <- msg
			}
		}()
	}
	r := rand.New(rand.NewPCG(1, 2))
	for range 600 {
		key := anyKeys[r.IntN(len(anyKeys))]
		switch r.IntN(8) {
		case 0, 1: // else it would stay where keys are typed
			key = "esc"
		case 2:
			key = []string{"enter", "1", "3", "4", "5", "ctrl+t", "e"}[r.IntN(7)]
		}
		now = fmt.Sprintf("%s on %s, tab %d", key, m.top().Name(), m.root.Detail.Tab)
		take(keyMsg(key))
		for patience := time.After(20 * time.Millisecond); patience != nil; {
			select {
			case msg := <-answered:
				now = fmt.Sprintf("%T on %s, tab %d", msg, m.top().Name(), m.root.Detail.Tab)
				take(msg)
			case <-patience:
				patience = nil
			}
		}
	}
	slices.Sort(all)
	b.ReportMetric(all[len(all)*99/100].Seconds()*1000, "p99-ms")
	b.ReportMetric(all[len(all)-1].Seconds()*1000, "max-ms")
	var list []slow
	for _, w := range worst {
		list = append(list, w)
	}
	slices.SortFunc(list, func(a, b slow) int { return cmp.Compare(b.took, a.took) })
	for _, w := range list[:min(len(list), 8)] {
		b.Logf("%6.1f ms  %s", w.took.Seconds()*1000, w.what)
	}
}
