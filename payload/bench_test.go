package payload_test

import (
	"encoding/json"
	"strings"
	"testing"

	"hfhook/payload"
)

type benchmarkBody struct {
	name string
	body []byte
}

// The bodies of the benchmarks: an ordinary one of 1.8 KB, and one of a bucket in
// which as many files changed as the Hub lists, some 1.3 MB.
func benchmarkBodies(b *testing.B) []benchmarkBody {
	var files payload.Payload
	if err := json.Unmarshal(readFile(b, "hubdocs-bucket-repo-content-update.json"), &files); err != nil {
		b.Fatal(err)
	}
	for len(files.UpdatedFiles) < 10_000 {
		files.UpdatedFiles = append(files.UpdatedFiles, files.UpdatedFiles[0])
	}
	large, err := json.Marshal(files)
	if err != nil {
		b.Fatal(err)
	}
	ordinary := readFile(b, "hubdocs-discussion-create-pr.json")
	const content = "Add co2 emissions information to the model card"
	padding := strings.Repeat(" and to the readme", (1800-len(ordinary))/18)
	ordinary = []byte(strings.Replace(string(ordinary), content, content+padding, 1))
	return []benchmarkBody{{"1.8KB", ordinary}, {"1.3MB", large}}
}

func BenchmarkParse(b *testing.B) {
	for _, bb := range benchmarkBodies(b) {
		b.Run(bb.name, func(b *testing.B) {
			b.SetBytes(int64(len(bb.body)))
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := payload.Parse(bb.body); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkUnmarshal is encoding/json on the same bodies, for comparison: without
// unknown keys, faults and letter case.
func BenchmarkUnmarshal(b *testing.B) {
	for _, bb := range benchmarkBodies(b) {
		b.Run(bb.name, func(b *testing.B) {
			b.SetBytes(int64(len(bb.body)))
			b.ReportAllocs()
			for b.Loop() {
				var p payload.Payload
				if err := json.Unmarshal(bb.body, &p); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkMeaning(b *testing.B) {
	p, _, err := payload.Parse(readFile(b, "hubdocs-discussion-create-pr.json"))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		p.Meaning()
	}
}
