package output

// The JUnit report of a replay, as CI systems read it: a test case is an attempt.

import (
	"encoding/xml"
	"fmt"
	"time"

	"hfhook/delivery"
	"hfhook/internal/visible"
)

// A TestSuite is a JUnit report of a replay.
type TestSuite struct {
	XMLName  xml.Name   `xml:"testsuite"`
	Name     string     `xml:"name,attr"`
	Tests    int        `xml:"tests,attr"`
	Failures int        `xml:"failures,attr"`
	Errors   int        `xml:"errors,attr"`
	Seconds  string     `xml:"time,attr"`
	Cases    []TestCase `xml:"testcase"`
}

// A TestCase is one attempt in it.
type TestCase struct {
	Class   string       `xml:"classname,attr"`
	Name    string       `xml:"name,attr"`
	Seconds string       `xml:"time,attr"`
	Failure *testFailure `xml:"failure"`
}

type testFailure struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// NewTestCase is the attempt of a result, judged by v.
func NewTestCase(res *delivery.Result, v Verdict) TestCase {
	d := &res.Delivery
	c := TestCase{Class: "hfhook.replay", Name: visible.Line(fmt.Sprintf("%s to %s", res.For, d.URL)), Seconds: Seconds(d.Took)}
	if p := res.Event.Payload; p != nil {
		c.Class = visible.Line(fmt.Sprintf("%s/%s", p.Event.Scope, p.Event.Action))
		c.Name = visible.Line(fmt.Sprintf("%s %s to %s", res.For, p.Summary(), d.URL))
	}
	if !v.Failed {
		return c
	}
	c.Failure = &testFailure{Text: visible.Block(v.Text())}
	switch {
	case d.Err != "":
		c.Failure.Message = visible.Line(d.Err)
	case v.Found == FoundChanged:
		c.Failure.Message = "the answer has changed"
	case v.Found == FoundUnknown:
		c.Failure.Message = "the answer could not be compared"
	case v.Found == FoundNew && d.OK():
		c.Failure.Message = "there is nothing to compare the answer with"
	default:
		c.Failure.Message = "answered " + d.Result()
		c.Failure.Text = visible.Block(string(d.ResponseBody))
	}
	return c
}

// Seconds is a duration as JUnit has it.
func Seconds(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
