package sample

// Scenarios: events that tell one story, and the files that they are written in.

import (
	"bufio"
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"hfhook/internal/nearest"
	"hfhook/payload"
)

// A Scenario is a story of several events that this package knows.
type Scenario struct {
	Name  string // as NewScenario takes it: "pr-life"
	About string // what happens, in a few words
	Text  string // the file that it is written in, as ReadScenario reads it
	Steps int    // how many events there are
}

// A Step is one event of a scenario.
type Step struct {
	After time.Duration // since the step before it
	Kind  string        // the name of its kind; empty where the scenario holds the body itself
	Body  []byte
	// Again is the step, counted from 1, whose delivery this one is once more, with the
	// same body and Webhook-Id, as the Hub tries again; 0: it is a delivery of its own.
	Again int
}

//go:embed scenarios/*.jsonl
var scenarioFiles embed.FS

// Scenarios lists the scenarios that NewScenario makes, by name, the life of a pull
// request first.
func Scenarios() []Scenario {
	files, _ := scenarioFiles.ReadDir("scenarios")
	var all []Scenario
	for _, f := range files {
		text, _ := scenarioFiles.ReadFile("scenarios/" + f.Name())
		lines := strings.Split(strings.TrimSpace(string(text)), "\n")
		var head scenarioLine
		_ = json.Unmarshal([]byte(lines[0]), &head)
		all = append(all, Scenario{Name: strings.TrimSuffix(f.Name(), path.Ext(f.Name())), About: head.About, Text: string(text), Steps: len(lines) - 1})
	}
	slices.SortStableFunc(all, func(a, b Scenario) int { return first(b) - first(a) })
	return all
}

func first(s Scenario) int {
	if s.Name == "pr-life" {
		return 1
	}
	return 0
}

// ScenarioNames lists the names of the scenarios in the order of Scenarios.
func ScenarioNames() []string {
	var names []string
	for _, s := range Scenarios() {
		names = append(names, s.Name)
	}
	return names
}

// NewScenario makes the steps of the named scenario. Every step is about the same
// repository and discussion, and goes on from where the one before it has left them.
// The error says which scenario is the nearest to a name that there is not.
func NewScenario(name string, opts Options) ([]Step, error) {
	for _, s := range Scenarios() {
		if s.Name == name {
			return ReadScenario(strings.NewReader(s.Text), opts)
		}
	}
	return nil, fmt.Errorf("unknown scenario %q: did you mean %s?", name, nearest.Word(name, ScenarioNames()))
}

// A scenarioLine is one line of a file.
type scenarioLine struct {
	About string `json:"about"` // of the first line: what happens
	Repo  string `json:"repo"`  // of the first line: type:owner/name

	After   string          `json:"after"` // since the line before: 2s
	Kind    string          `json:"kind"`
	By      string          `json:"by"`      // who comments; the same word is the same person
	Content string          `json:"content"` // of the comment
	Body    json.RawMessage `json:"body"`    // instead of a kind: the payload itself
	Again   int             `json:"again"`   // instead of a kind: the number of a step
}

var lineKeys = []string{"about", "repo", "after", "kind", "by", "content", "body", "again"}

// Limits of a scenario's file: of a line in bytes, and of its lines.
const (
	maxLine  = 16 << 20
	maxSteps = 100_000
)

// ReadScenario reads a file of JSON objects, one a line. Each is a step:
//
//	{"about":"a comment and its answer","repo":"dataset:me/corpus"}
//	{"kind":"discussion/create"}
//	{"after":"2s","kind":"discussion.comment/create","content":"hello","by":"somebody"}
//	{"after":"1.5s","body":{"event":{…},…}}
//	{"after":"4s","again":2}
//
// The first line may say what it is about, and of which repository. A kind is one of
// Names; those of a file tell one story. A body is sent as it is, to the byte. again is
// the number of an earlier step, which is sent once more as the same delivery. Empty
// lines are passed over. The options win over the file; an error names the line.
func ReadScenario(r io.Reader, opts Options) ([]Step, error) {
	s := &scenarioReader{opts: opts}
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, maxLine)
	number := 0
	for lines.Scan() {
		number++
		text := bytes.TrimSpace(lines.Bytes())
		if len(text) == 0 {
			continue
		}
		if err := s.line(text); err != nil {
			return nil, fmt.Errorf("line %d of the scenario: %w", number, err)
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("line %d of the scenario is longer than %d bytes", number+1, maxLine)
	case err != nil:
		return nil, fmt.Errorf("read the scenario: %w", err)
	case len(s.steps) == 0:
		return nil, errors.New("the scenario has no steps")
	}
	return s.steps, nil
}

type scenarioReader struct {
	opts  Options
	maker *maker // nil before the first kind
	begun bool   // there was a line
	steps []Step
}

func (s *scenarioReader) line(text []byte) error {
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(text, &keys); err != nil {
		return fmt.Errorf("not a JSON object: %w", err)
	}
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		if !slices.Contains(lineKeys, key) {
			return fmt.Errorf("unknown key %q in a step: did you mean %q?", key, nearest.Word(key, lineKeys))
		}
	}
	var l scenarioLine
	if err := json.Unmarshal(text, &l); err != nil {
		return err
	}
	head := l.Kind == "" && l.Body == nil && l.Again == 0
	switch {
	case head && s.begun:
		return errors.New(`a step needs "kind", "body" or "again"`)
	case head:
		s.begun = true
		return s.head(l)
	case l.About != "" || l.Repo != "":
		return errors.New(`"about" and "repo" belong in the first line`)
	case len(s.steps) == maxSteps:
		return fmt.Errorf("a scenario can have at most %d steps", maxSteps)
	}
	s.begun = true
	return s.step(l)
}

func (s *scenarioReader) head(l scenarioLine) error {
	if l.Repo == "" {
		return nil
	}
	repoType, name, ok := strings.Cut(l.Repo, ":")
	if !ok || repoType == "" || name == "" {
		return fmt.Errorf("invalid repo %q: want type:owner/name, for example dataset:me/corpus", l.Repo)
	}
	if s.opts.RepoType == "" && s.opts.Repo == "" {
		s.opts.RepoType, s.opts.Repo = payload.RepoType(repoType), name
	}
	return nil
}

func (s *scenarioReader) step(l scenarioLine) error {
	var step Step
	if l.After != "" {
		after, err := time.ParseDuration(l.After)
		if err != nil || after < 0 {
			return fmt.Errorf(`invalid "after":%q: want a duration such as 2s or 300ms`, l.After)
		}
		step.After = after
	}
	forms := 0
	if l.Kind != "" {
		forms++
	}
	if l.Body != nil {
		forms++
	}
	if l.Again != 0 {
		forms++
	}
	switch {
	case forms > 1:
		return errors.New(`a step can have only one of "kind", "body" and "again"`)
	case l.Kind == "" && (l.By != "" || l.Content != ""):
		return errors.New(`"by" and "content" require "kind"`)
	case l.Again != 0:
		if l.Again < 1 || l.Again > len(s.steps) {
			return fmt.Errorf(`invalid "again":%d: want one of the %d earlier steps`, l.Again, len(s.steps))
		}
		step.Again = l.Again
		if first := s.steps[l.Again-1].Again; first != 0 {
			step.Again = first
		}
		step.Kind, step.Body = s.steps[l.Again-1].Kind, s.steps[l.Again-1].Body
	case l.Body != nil:
		if l.Body[0] != '{' {
			return errors.New(`"body" must be a JSON object`)
		}
		step.Body = l.Body
	default:
		body, err := s.make(l)
		if err != nil {
			return err
		}
		step.Kind, step.Body = l.Kind, body
	}
	s.steps = append(s.steps, step)
	return nil
}

// make makes the body of a kind, which goes on with the story.
func (s *scenarioReader) make(l scenarioLine) ([]byte, error) {
	k, err := find(l.Kind)
	if err != nil {
		return nil, err
	}
	if s.maker == nil {
		opts, err := s.opts.filled(k.RepoTypes[0])
		if err != nil {
			return nil, err
		}
		s.maker = newMaker(opts)
	}
	if err := k.takes(s.maker.opts.RepoType); err != nil {
		return nil, err
	}
	s.maker.by, s.maker.opts.Content = l.By, l.Content
	return write(s.maker.make(k))
}
