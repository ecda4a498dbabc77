package sample_test

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"hfhook/payload"
	"hfhook/payload/sample"
)

// A handler is tried with no Hub at hand.
func ExampleNew() {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		p, _, err := payload.Parse(body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		fmt.Fprintln(w, p.Summary())
	})

	body, err := sample.New("discussion/create:pr", sample.Options{Repo: "me/my-model", Num: 19})
	if err != nil {
		fmt.Println(err)
		return
	}
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, httptest.NewRequest("POST", "/webhooks", bytes.NewReader(body)))
	fmt.Print(answer.Body)
	// Output: PR opened me/my-model#19 "Fix split names"
}

func ExampleTemplates() {
	for _, k := range sample.Templates()[:3] {
		fmt.Printf("%-12s %s\n", k.Name, k.About)
	}
	// Output:
	// repo/create  repository created
	// repo/delete  repository deleted
	// repo/move    repository renamed or transferred
}

// A payload as a test wants it: what New makes, and a change to it.
func ExampleParsed() {
	p, err := sample.Parsed("discussion.comment/create", sample.Options{Repo: "me/corpus", Num: 19}, func(p *payload.Payload) {
		p.Comment.Content = new("@bot, please retrain")
		p.Discussion.Status = payload.StatusClosed
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(p.Summary())
	fmt.Println(p.Discussion.Status)
	// Output:
	// comment me/corpus#19 "@bot, please retrain"
	// closed
}
