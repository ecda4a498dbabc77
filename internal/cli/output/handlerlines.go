package output

// The lines of --json about the handler that hfhook runs, and about handlers that have
// come back.

import (
	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/jsondiff"
)

type handlerLine struct {
	Schema int    `json:"schema"`
	Type   string `json:"type"`
	State  string `json:"state"`
	PID    int    `json:"pid"`
	Starts int    `json:"starts"`
	Why    string `json:"why"`
	Error  string `json:"error"`
}

// NewHandlerLine is the line about the handler that hfhook dev runs.
func NewHandlerLine(st *dev.Handler) handlerLine {
	return handlerLine{Schema: 1, Type: "handler", State: string(st.Phase), PID: st.PID, Starts: st.Starts, Why: st.Why, Error: st.Last}
}

type restartLine struct {
	Schema  int          `json:"schema"`
	Type    string       `json:"type"`
	Target  string       `json:"target"`
	Results []resultPart `json:"results"`
	Error   string       `json:"error"`
}

type resultPart struct {
	Event   event.ID    `json:"event"`
	Changed bool        `json:"changed"`
	Now     answerPart  `json:"now"`
	Before  *answerPart `json:"before"`
	Body    *bodyPart   `json:"body"`

	Compared Compared `json:"compared,omitempty"` // if there was an answer before
	Why      string   `json:"why,omitempty"`      // they could not be compared, or what body does not show
}

type answerPart struct {
	N      int     `json:"n"`
	Status int     `json:"status"`
	MS     float64 `json:"ms"`
	Error  string  `json:"error"`
}

type bodyPart struct {
	Changed int `json:"changed"`
	Added   int `json:"added"`
	Removed int `json:"removed"`
	Equal   int `json:"equal"`
}

func newAnswerPart(d *event.Delivery) answerPart {
	return answerPart{N: d.N, Status: d.Status, MS: milliseconds(d.Took), Error: d.Err}
}

// NewRestartLine is the line about what was replayed after a restart of the handler.
func NewRestartLine(c *dev.HandlerRestart) restartLine {
	line := restartLine{Schema: 1, Type: "restart", Target: c.URL, Results: []resultPart{}, Error: c.Err}
	for i := range c.Results {
		r := &c.Results[i]
		part := resultPart{Event: r.Now.Event, Changed: r.Changed(), Now: newAnswerPart(&r.Now)}
		if r.Before != nil {
			before := newAnswerPart(r.Before)
			part.Before = &before
		}
		if r.Body != nil {
			n := r.Body.Counts
			part.Compared, part.Why = ComparedWords[r.Found], r.Why
			part.Body = &bodyPart{n[jsondiff.Changed], n[jsondiff.Added], n[jsondiff.Removed], n[jsondiff.Equal]}
		}
		line.Results = append(line.Results, part)
	}
	return line
}
