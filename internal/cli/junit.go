package cli

// The JUnit report of a replay, as CI systems read it: a test case is an attempt.

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"os"
	"time"

	"hfhook/delivery"
	"hfhook/internal/visible"
)

type testSuite struct {
	XMLName  xml.Name   `xml:"testsuite"`
	Name     string     `xml:"name,attr"`
	Tests    int        `xml:"tests,attr"`
	Failures int        `xml:"failures,attr"`
	Errors   int        `xml:"errors,attr"`
	Seconds  string     `xml:"time,attr"`
	Cases    []testCase `xml:"testcase"`
}

type testCase struct {
	Class   string       `xml:"classname,attr"`
	Name    string       `xml:"name,attr"`
	Seconds string       `xml:"time,attr"`
	Failure *testFailure `xml:"failure"`
}

type testFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

func newTestCase(res *delivery.Result, v verdict) testCase {
	d := &res.Delivery
	c := testCase{Class: "hfhook.replay", Name: visible.Line(fmt.Sprintf("%s to %s", res.For, d.URL)), Seconds: seconds(d.Took)}
	if p := res.Event.Payload; p != nil {
		c.Class = visible.Line(fmt.Sprintf("%s/%s", p.Event.Scope, p.Event.Action))
		c.Name = visible.Line(fmt.Sprintf("%s %s to %s", res.For, p.Summary(), d.URL))
	}
	if !v.failed {
		return c
	}
	c.Failure = &testFailure{Text: visible.Block(v.text())}
	switch {
	case d.Err != "":
		c.Failure.Message = visible.Line(d.Err)
	case v.found == foundChanged:
		c.Failure.Message = "the answer has changed"
	case v.found == foundUnknown:
		c.Failure.Message = "the answer could not be compared"
	case v.found == foundNew && d.OK():
		c.Failure.Message = "there is nothing to compare the answer with"
	default:
		c.Failure.Message = "answered " + d.Result()
		c.Failure.Text = visible.Block(string(d.ResponseBody))
	}
	return c
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }

// writeReport writes the report to the file of --junit.
func (r *replaying) writeReport(spent time.Duration) error {
	if r.junit == "" {
		return nil
	}
	var b bytes.Buffer
	b.WriteString(xml.Header)
	enc := xml.NewEncoder(&b)
	enc.Indent("", "  ")
	err := enc.Encode(testSuite{Name: "hfhook replay", Tests: len(r.cases), Failures: r.failed, Seconds: seconds(spent), Cases: r.cases})
	if err == nil {
		b.WriteString("\n")
		err = os.WriteFile(r.junit, b.Bytes(), 0o666)
	}
	if err != nil {
		return fmt.Errorf("write the report of --junit: %w", err)
	}
	return nil
}
