package payload_test

import (
	"encoding/json"
	"errors"
	"fmt"

	"hfhook/payload"
	"hfhook/payload/sample"
)

func ExampleParse() {
	body := []byte(`{
		"event": {"action": "create", "scope": "discussion.comment"},
		"repo": {
			"type": "dataset", "name": "me/corpus", "id": "621ffdc036468d709f17434d", "private": false,
			"url": {"web": "https://huggingface.co/datasets/me/corpus"},
			"owner": {"id": "628b753283ef59b5be89e937"}
		},
		"discussion": {
			"id": "6399f58518721fdd27fc9ca9", "title": "Fix split names", "num": 19, "isPullRequest": true, "status": "open",
			"url": {"web": "https://huggingface.co/datasets/me/corpus/discussions/19"},
			"author": {"id": "61d2f90c3c2083e1c08af22d"}
		},
		"comment": {
			"id": "6399f58518721fdd27fc9caa", "content": "LGTM", "hidden": false,
			"url": {"web": "https://huggingface.co/datasets/me/corpus/discussions/19#6399f58518721fdd27fc9caa"},
			"author": {"id": "61d2f90c3c2083e1c08af22d"}
		},
		"webhook": {"id": "6390e855e30d9209411de93b", "version": 3, "region": "eu"}
	}`)
	p, warnings, err := payload.Parse(body)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Summary())
	fmt.Println(warnings)
	// Output:
	// comment me/corpus#19 "LGTM"
	// [{.webhook.region unknown key}]
}

func ExampleParse_invalid() {
	_, _, err := payload.Parse([]byte(`{"event": {"action": "create", "scope": "repo"}, "repo": {"name": 19}}`))
	if invalid, ok := errors.AsType[*payload.InvalidError](err); ok {
		for _, fault := range invalid.Faults {
			fmt.Println(fault)
		}
	}
	// Output:
	// repo.id: Field required
	// repo.owner: Field required
	// repo.name: Input should be a valid string
	// repo.private: Field required
	// repo.type: Field required
	// repo.url: Field required
	// webhook: Field required
}

// A scope that is not known yet is handled as an update of the broader one.
func ExampleEventInfo_Effective() {
	body, err := sample.New("repo.config.dois/update", sample.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	p, warnings, err := payload.Parse(body)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Event.Effective())
	fmt.Println(warnings[0].Text)
	// Output:
	// repo.config update
	// unknown scope "repo.config.dois": take it for repo.config/update
}

func ExampleRefUpdate_Short() {
	u := payload.RefUpdate{Ref: "refs/pr/19", NewSHA: new("9f2c1e0")}
	fmt.Println(u.Kind(), u.Short(), u.Action())
	// Output: pr pr/19 create
}

// The schema is for programs in other languages: they check what they make or get.
func ExampleSchema() {
	var schema struct {
		Defs map[string]struct{ Required []string } `json:"$defs"`
	}
	if err := json.Unmarshal(payload.Schema(), &schema); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(schema.Defs["Payload"].Required)
	// Output: [event repo webhook]
}

// What Parse would say, without the payload.
func ExampleCheck() {
	faults, warnings := payload.Check([]byte(`{"event": {"action": "create", "scope": "repo"}, "repo": null, "webhook": {"id": "x", "version": 3}}`))
	fmt.Println(faults, warnings)
	// Output: [repo: Input should be a valid dictionary or object to extract fields from] []
}
