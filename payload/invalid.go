package payload

// A Fault is one reason why a body is no payload. Its JSON is an element of
// "detail" in the server's answer, as FastAPI gives it.
type Fault struct {
	Type string         `json:"type"` // as in pydantic: missing, string_type, json_invalid …
	Loc  []any          `json:"loc"`  // strings and ints, the first of them "body"
	Msg  string         `json:"msg"`
	Ctx  map[string]any `json:"ctx,omitempty"`
}

// Invalid is the error of Parse: every fault of the body.
type Invalid struct{ Faults []Fault }

// A Warning is something about a payload that is not documented, or no longer, and
// that was accepted all the same.
type Warning struct {
	Path string `json:"path"` // as in .event.scope
	Text string `json:"text"` // one line for people
}

// A Meaning is an event in the words of the Hub's users.
type Meaning struct {
	Label   string // what happened, in at most 14 cells: "push main", "PR +", "comment hidden"
	Subject string // to what: `me/corpus#19 "LGTM, merging"`, `me/my-model a1b2c3d→c3d4e5f`
}
