package hub

// The types of the API, according to https://huggingface.co/.well-known/openapi.json.

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"
)

// A Webhook is the Hub's description of a webhook. It has no secret, but its URL can contain
// one: show [Webhook.Target] instead.
type Webhook struct {
	ID          string    `json:"id"`
	URL         string    `json:"url"`         // empty where a Job is run instead
	Job         *Job      `json:"job"`         // nil unless it was given with the webhook
	JobSourceID string    `json:"jobSourceId"` // of the Job that is run again, or empty
	State       State     `json:"disabled"`
	Watched     []Watched `json:"watched"`
	Domains     []Domain  `json:"domains"`
	HasSecret   bool      `json:"hasSecret"`
	LastTrigger time.Time `json:"lastTriggerAt"` // zero: never
}

// A Job is the part of a Job's description that identifies it. Its environment and secrets are
// not read.
type Job struct {
	DockerImage string `json:"dockerImage"`
	SpaceID     string `json:"spaceId"`
}

// A State says whether the Hub sends events to a webhook.
type State string

// The states. The Hub suspends a webhook whose deliveries fail consistently.
const (
	Enabled   State = "enabled"
	Disabled  State = "disabled"
	Suspended State = "suspended-after-failure"
)

// UnmarshalJSON reads the Hub's "disabled", which is a bool or a reason. An unknown reason is
// kept.
func (s *State) UnmarshalJSON(text []byte) error {
	var disabled *bool // nil for null, which is not a state
	if json.Unmarshal(text, &disabled) == nil && disabled != nil {
		*s = Enabled
		if *disabled {
			*s = Disabled
		}
		return nil
	}
	var reason *string
	if err := json.Unmarshal(text, &reason); err != nil || reason == nil {
		return errors.New("disabled is neither a boolean nor a string")
	}
	*s = State(*reason)
	return nil
}

// A Watched is something whose events a webhook gets: a repository, or everything of a user or
// an organization.
type Watched struct {
	Type string `json:"type"` // one of WatchedTypes
	Name string `json:"name"` // owner/name of a repository; name of a user or an organization
}

// WatchedTypes returns the types that the Hub accepts.
func WatchedTypes() []string {
	return []string{"dataset", "model", "space", "bucket", "kernel", "user", "org"}
}

// ParseWatched reads type:name, for example dataset:me/corpus.
func ParseWatched(s string) (Watched, error) {
	kind, name, ok := strings.Cut(s, ":")
	if !ok || name == "" {
		return Watched{}, fmt.Errorf("invalid %q: want type:name, for example dataset:me/corpus", s)
	}
	if !slices.Contains(WatchedTypes(), kind) {
		return Watched{}, fmt.Errorf("invalid %q: unknown type %q, want %s", s, kind, strings.Join(WatchedTypes(), ", "))
	}
	return Watched{Type: kind, Name: name}, nil
}

func (w Watched) String() string { return w.Type + ":" + w.Name }

// A Domain is a half of all events.
type Domain string

// The domains: a repository with its content and settings, and its discussions with
// their comments. The Hub takes "discussion", although its Python client sends
// "discussions".
const (
	DomainRepo       Domain = "repo"
	DomainDiscussion Domain = "discussion"
)

// Domains returns all domains.
func Domains() []Domain { return []Domain{DomainRepo, DomainDiscussion} }

// Target returns where events go, without parts of the URL that may be secret: a password, and
// the value of "secret", which the Hub's documentation recommends for receivers that cannot
// read headers.
func (w *Webhook) Target() string {
	switch {
	case w.URL != "":
		return safeURL(w.URL)
	case w.JobSourceID != "":
		return "job " + w.JobSourceID
	case w.Job != nil && w.Job.SpaceID != "":
		return "job in the space " + w.Job.SpaceID
	case w.Job != nil && w.Job.DockerImage != "":
		return "job in the image " + w.Job.DockerImage
	default:
		return "job"
	}
}

func safeURL(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		// A URL that cannot be parsed cannot be searched for a secret.
		before, _, _ := strings.Cut(text, "?")
		if strings.Contains(before, "@") {
			return "[a URL that can't be read]"
		}
		return before
	}
	if _, set := u.User.Password(); set {
		u.User = url.UserPassword(u.User.Username(), secretMark)
	}
	pairs := strings.Split(u.RawQuery, "&")
	for i, pair := range pairs {
		name, _, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); err != nil || strings.EqualFold(plain, "secret") {
			pairs[i] = name + "=" + secretMark
		}
	}
	u.RawQuery = ""
	u.Fragment, u.RawFragment = "", ""
	shown := strings.Replace(u.String(), url.QueryEscape(secretMark), secretMark, 1)
	if query := strings.Join(pairs, "&"); query != "" {
		shown += "?" + query
	}
	return shown
}

// A Spec describes a webhook to create.
type Spec struct {
	URL         string // or
	JobSourceID string
	Watched     []Watched // at least one
	Domains     []Domain  // at least one
	Secret      Secret    // nil: none
}

// A Change lists the changes of a webhook. Zero fields stay.
type Change struct {
	URL         string
	JobSourceID string
	Watched     []Watched // the whole list
	Domains     []Domain  // the whole list
	Secret      Secret
}

// A Secret is a webhook's secret, printable ASCII as the Hub accepts it, in a type that cannot
// be printed.
type Secret interface{ Reveal() string }

const secretMark = "[secret]"

// wireSpec is the body of create and update.
type wireSpec struct {
	Watched     []Watched `json:"watched"`
	Domains     []Domain  `json:"domains"`
	URL         string    `json:"url,omitempty"`
	JobSourceID string    `json:"jobSourceId,omitempty"`
	Secret      string    `json:"secret,omitempty"`
}

func (s *Spec) wire() wireSpec {
	w := wireSpec{Watched: s.Watched, Domains: s.Domains, URL: s.URL, JobSourceID: s.JobSourceID}
	if s.Secret != nil {
		w.Secret = s.Secret.Reveal()
	}
	return w
}

// secrets returns the parts of the body that no error may contain.
func (w *wireSpec) secrets() []string {
	all := []string{w.Secret}
	u, err := url.Parse(w.URL)
	if err != nil {
		return all
	}
	if password, set := u.User.Password(); set {
		all = append(all, password, url.QueryEscape(password))
	}
	for name, values := range u.Query() {
		for _, v := range values {
			if strings.EqualFold(name, "secret") {
				all = append(all, v, url.QueryEscape(v))
			}
		}
	}
	return all
}

// merge returns w with the changes of c. The API expects both lists completely.
func (c *Change) merge(w *Webhook) Spec {
	s := Spec{URL: w.URL, Watched: w.Watched, Domains: w.Domains, Secret: c.Secret}
	if w.URL == "" {
		s.JobSourceID = w.JobSourceID
	}
	switch {
	case c.URL != "":
		s.URL, s.JobSourceID = c.URL, ""
	case c.JobSourceID != "":
		s.URL, s.JobSourceID = "", c.JobSourceID
	}
	if c.Watched != nil {
		s.Watched = c.Watched
	}
	if c.Domains != nil {
		s.Domains = c.Domains
	}
	return s
}
