package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A damage is what can happen to the files of a store.
type damage struct {
	name string
	log  bool // of the files of a store that was killed, which have a log
	do   func(m *machine, store string) error
}

const page = 4096

var damages = []damage{
	{"some bytes differ", false, func(m *machine, store string) error {
		return m.patch(store, func(text []byte) []byte {
			for range 1 + m.random.n(30) {
				text[m.random.n(len(text))] ^= byte(1 + m.random.n(255))
			}
			return text
		})
	}},
	{"a page is zero", false, func(m *machine, store string) error {
		return m.patch(store, func(text []byte) []byte {
			at := m.random.n(len(text)/page) * page
			clear(text[at : at+page])
			return text
		})
	}},
	{"a page is another one", false, func(m *machine, store string) error {
		return m.patch(store, func(text []byte) []byte {
			from, to := m.random.n(len(text)/page)*page, m.random.n(len(text)/page)*page
			copy(text[to:to+page], bytes.Clone(text[from:from+page]))
			return text
		})
	}},
	{"the header is random", false, func(m *machine, store string) error {
		return m.patch(store, func(text []byte) []byte {
			for i := range 100 {
				if m.random.n(4) == 0 {
					text[i] = byte(m.random.n(256))
				}
			}
			return text
		})
	}},
	{"cut", false, func(m *machine, store string) error {
		return m.patch(store, func(text []byte) []byte { return text[:m.random.n(len(text))] })
	}},
	{"empty", false, func(m *machine, store string) error { return os.Truncate(store, 0) }},
	{"text", false, func(m *machine, store string) error { return os.WriteFile(store, []byte("# notes\n"), 0o600) }},
	{"a directory", false, func(m *machine, store string) error {
		return errors.Join(os.Remove(store), os.Mkdir(store, 0o700))
	}},
	{"a link to itself", false, func(m *machine, store string) error {
		return errors.Join(os.Remove(store), os.Symlink(store, store))
	}},
	{"the log is cut", true, func(m *machine, store string) error {
		return m.patch(store+"-wal", func(text []byte) []byte { return text[:m.random.n(len(text))] })
	}},
	{"the log is random", true, func(m *machine, store string) error {
		return m.patch(store+"-wal", func(text []byte) []byte {
			for i := m.random.n(len(text)); i < len(text); i++ {
				text[i] = byte(m.random.n(256))
			}
			return text
		})
	}},
	{"the log is gone", true, func(m *machine, store string) error { return os.Remove(store + "-wal") }},
	{"the file is gone, its log is there", true, func(m *machine, store string) error { return os.Remove(store) }},
	{"the index of words is random", false, func(m *machine, store string) error {
		found, err := filepath.Glob(store + "*words*")
		for _, name := range found {
			err = errors.Join(err, os.WriteFile(name, bytes.Repeat([]byte{byte(m.random.n(256)), 'x'}, page), 0o600))
		}
		return err
	}},
}

func (m *machine) patch(name string, change func([]byte) []byte) error {
	text, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	return os.WriteFile(name, change(text), 0o600)
}

// damage gives hfhook stores that are damaged in many ways. It may take one for what it is,
// or say that it is damaged, but must not hang, break, or lose what it takes into it.
func (m *machine) damage(opts options) error {
	closed, killed := newLedger(), newLedger()
	if err := m.makeStore("closed", closed, func(s *session) { m.stop(s) }); err != nil {
		return err
	}
	// What a killed session has recorded is in the log, and not in the file yet.
	if err := m.makeStore("killed", killed, (*session).kill); err != nil {
		return err
	}
	outcomes := map[string]map[string]int{}
	commands, events := 0, 0
	for i := range opts.damages {
		d := damages[i%len(damages)]
		home := filepath.Join(m.dir, "damaged")
		good, l := "closed", closed
		if d.log {
			good, l = "killed", killed
		}
		if err := errors.Join(os.RemoveAll(home), os.CopyFS(home, os.DirFS(filepath.Join(m.dir, good)))); err != nil {
			return err
		}
		path := filepath.Join(home, "events.db")
		if err := d.do(m, path); err != nil {
			return fmt.Errorf("damage a store (%s): %w", d.name, err)
		}
		for _, args := range [][]string{
			{"ls"}, {"ls", "--json", "-n", "1000"}, {"ls", "is:failed"}, {"ls", "needle"}, {"show", "@last"}, {"show", string(l.any(m))},
			{"export", "--filter", "scope:repo", "--as", "ndjson"}, {"prune", "--keep", "1d", "--dry-run"}, {"note", "@last", "torture"},
		} {
			commands++
			// A store that is a mere piece of the former one has not got the event.
			m.check(m.run(home, 0, append(args, "--store", path)...), notFound, badStore)
		}
		outcome, err := m.receive(home, path)
		if err != nil {
			return fmt.Errorf("%s: %w", d.name, err)
		}
		if strings.HasPrefix(outcome, "takes events") {
			events++
		}
		if outcomes[d.name] == nil {
			outcomes[d.name] = map[string]int{}
		}
		outcomes[d.name][outcome]++
		if m.ctx.Err() != nil {
			return m.ctx.Err()
		}
	}
	m.figure("damaged stores", "%d, %d commands on them", opts.damages, commands)
	m.figure("  that a session takes events into", "%d", events)
	for _, name := range slices.Sorted(maps.Keys(outcomes)) {
		var text strings.Builder
		for _, outcome := range slices.Sorted(maps.Keys(outcomes[name])) {
			text.WriteString(fmt.Sprintf("%s %d  ", outcome, outcomes[name][outcome]))
		}
		m.figure("  "+name, "%s", text.String())
	}
	return nil
}

// makeStore makes a store of some hundred events in a directory of that name, by a session that
// is ended in some way.
func (m *machine) makeStore(name string, l *ledger, end func(*session)) error {
	home, err := m.home(name)
	if err != nil {
		return err
	}
	s, err := m.dev(home, "--store", filepath.Join(home, "events.db"))
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(m.ctx)
	defer cancel()
	p := m.pour(ctx, s, l, 4, 300, 3000, m.never)
	<-p.enough
	cancel()
	p.wg.Wait()
	end(s)
	return nil
}

// receive has a session take an event into a damaged store. What it acknowledges has to be
// there afterwards.
func (m *machine) receive(home, path string) (outcome string, err error) {
	s, err := m.dev(home, "--store", path)
	if s == nil || m.ctx.Err() != nil {
		return "", err
	}
	if err != nil {
		m.check(result{args: []string{"dev"}, code: s.cmd.ProcessState.ExitCode(), errs: s.errs.String()}, badStore)
		return "refused at the start", nil
	}
	client, closeIdle := newClient(1)
	defer closeIdle()
	body, err := m.body(100)
	if err != nil {
		return "", err
	}
	a, err := post(m.ctx, client, s.url, body, "")
	switch {
	case err != nil:
		m.fault("a session on a damaged store gives no answer: %v: %s", err, s.errs.String())
		s.kill()
		return "no answer", nil
	case a.status == http.StatusServiceUnavailable:
		outcome = "refuses events"
	case a.status == http.StatusOK:
		outcome = "takes events"
	default:
		m.fault("a session on a damaged store answers %d %.200s", a.status, a.text)
		outcome = fmt.Sprint(a.status)
	}
	m.stop(s)
	if a.status == http.StatusOK {
		r := m.run(home, 0, "show", string(a.id), "--raw", "--store", path)
		switch {
		case r.code == badStore: // the damage is seen only when that page is read
			outcome = "takes events, and says later that it is damaged"
		case m.check(r) && r.out != string(body):
			m.fault("%s was acknowledged on a damaged store, and came back as %.200q", a.id, r.out)
		}
	}
	return outcome, nil
}
