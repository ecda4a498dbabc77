package main

import (
	"archive/zip"
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

func TestPython(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"1.2.3": "1.2.3", "v1.2.3": "1.2.3", "1.2.3-rc.1": "1.2.3rc1", "1.2.3-beta2": "1.2.3b2", "1.2.3-alpha.4": "1.2.3a4", "0.0.1-dev.1796000000": "0.0.1.dev1796000000",
		"0.0.1-SNAPSHOT-8a044fb": "0.0.1.dev0", "0.2.1-0.20261130100000-8a044fb+dirty": "0.2.1.dev0", "1.2.3+dirty": "1.2.3",
	} {
		if got, err := python(version); err != nil || got != want {
			t.Errorf("%s: %q, %v, want %q", version, got, err, want)
		}
	}
	for _, version := range []string{"", "1.2", "unknown", "1.2.3.4"} {
		if got, err := python(version); err == nil {
			t.Errorf("%q became %q", version, got)
		}
	}
}

// TestRecord checks each file of a wheel against its row of RECORD.
func TestRecord(t *testing.T) {
	t.Parallel()
	for system := range tags {
		var b bytes.Buffer
		w := Wheel{Name: "hf.hook-x", Version: "0.2.0", System: system, Binary: []byte("binary"), Licence: []byte("l"), Notices: []byte("n"), Readme: []byte("r"), Time: time.Unix(0, 0)}
		if err := w.Write(&b); err != nil {
			t.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		files, record := map[string][]byte{}, ""
		for _, f := range z.File {
			text, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			data, err := io.ReadAll(text)
			if err != nil {
				t.Fatal(err)
			}
			files[f.Name] = data
			if strings.HasSuffix(f.Name, "/RECORD") {
				record = f.Name
			}
			if runs := f.Mode()&0o111 != 0; runs != strings.Contains(f.Name, ".data/scripts/") {
				t.Errorf("%s: %s has mode %v", system, f.Name, f.Mode())
			}
		}
		if record != "hf_hook_x-0.2.0.dist-info/RECORD" {
			t.Errorf("%s: the record is %q", system, record)
		}
		rows, err := csv.NewReader(bytes.NewReader(files[record])).ReadAll()
		if err != nil || len(rows) != len(files) {
			t.Fatalf("%s: %d rows for %d files, %v", system, len(rows), len(files), err)
		}
		for _, row := range rows {
			sum := sha256.Sum256(files[row[0]])
			want := []string{row[0], "sha256=" + base64.RawURLEncoding.EncodeToString(sum[:]), fmt.Sprint(len(files[row[0]]))}
			if row[0] == record {
				want = []string{record, "", ""}
			}
			if strings.Join(row, ",") != strings.Join(want, ",") {
				t.Errorf("%s: %v, want %v", system, row, want)
			}
		}
	}
}
