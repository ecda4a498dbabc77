package tunnel

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestNgrokProblem(t *testing.T) {
	for code, c := range map[string]struct {
		fatal bool
		fix   string // part of it
	}{
		"ERR_NGROK_105":   {true, "your-authtoken"},
		"ERR_NGROK_107":   {true, "your-authtoken"},
		"ERR_NGROK_108":   {false, "dashboard.ngrok.com/agents"},
		"ERR_NGROK_123":   {true, "Verify"},
		"ERR_NGROK_320":   {true, "dashboard.ngrok.com/domains"},
		"ERR_NGROK_334":   {false, "Stop the other one"},
		"ERR_NGROK_727":   {true, "dashboard.ngrok.com/usage"},
		"ERR_NGROK_3200":  {false, "endpoints"},
		"ERR_NGROK_4018":  {true, "NGROK_AUTHTOKEN"},
		"ERR_NGROK_8012":  {false, ""},
		"ERR_NGROK_77777": {false, "https://ngrok.com/docs/errors/err_ngrok_77777"},
	} {
		p := ngrokProblem(code, "text", "THE-SOURCE")
		if p.Code != code || p.Message != "text" || p.Fatal != c.fatal || !strings.Contains(p.Fix, c.fix) {
			t.Errorf("%s: %+v", code, p)
		}
		if strings.Contains(p.Cause, "%") {
			t.Errorf("%s: cause %q", code, p.Cause)
		}
		words := p.Cause
		if code == "ERR_NGROK_77777" { // of which only the service knows what it means
			words = "text"
		}
		if p.Error() != code+": "+words || p.Known() != (words == p.Cause) {
			t.Errorf("%s: %q", code, p.Error())
		}
	}
	if p := ngrokProblem("ERR_NGROK_107", "", "THE-SOURCE"); !strings.Contains(p.Cause, "THE-SOURCE") {
		t.Errorf("the source is not named: %q", p.Cause)
	}
	if p := ngrokProblem("", "authentication failed: no", ""); p.Message != "no" || p.Fix != "" || p.Error() != "no" {
		t.Errorf("without a code: %+v", p)
	}
}

// The table says each thing once, and always what to do.
func TestNgrokKnown(t *testing.T) {
	seen := map[int]bool{}
	for _, k := range ngrokKnown {
		if k.cause == "" || k.fix == "" || strings.Contains(k.cause+k.fix, "\n") {
			t.Errorf("%v: cause %q, fix %q", k.codes, k.cause, k.fix)
		}
		for _, n := range k.codes {
			if seen[n] {
				t.Errorf("%d is there twice", n)
			}
			seen[n] = true
		}
	}
}

// The SDK has three ways to say a code.
func TestServiceCode(t *testing.T) {
	for name, c := range map[string]struct {
		err     error
		code    string
		refused bool
	}{
		"public":               {fmt.Errorf("a: %w", publicError("ERR_NGROK_1")), "ERR_NGROK_1", true},
		"public, none":         {publicError(""), "", true},
		"internal":             {fmt.Errorf("a: %w", internalError("ERR_NGROK_2")), "ERR_NGROK_2", true},
		"text":                 {errors.New("no\r\n\r\nERR_NGROK_3\r\n"), "ERR_NGROK_3", true},
		"none":                 {errors.New("EOF"), "", false},
		"one of several":       {errors.Join(errors.New("EOF"), internalError("ERR_NGROK_4")), "ERR_NGROK_4", true},
		"something like a one": {errors.New("XERR_NGROK_5"), "", false},
	} {
		if code, refused := serviceCode(c.err); code != c.code || refused != c.refused {
			t.Errorf("%s: %q, %v", name, code, refused)
		}
	}
}

type publicError string

func (e publicError) Error() string { return "public" }
func (e publicError) Code() string  { return string(e) }

type internalError string

func (e internalError) Error() string     { return "internal" }
func (e internalError) ErrorCode() string { return string(e) }

func TestProblemOf(t *testing.T) {
	p := &Problem{Message: "known", Err: errors.New("below")}
	if problemOf(fmt.Errorf("above: %w", p)) != p || !errors.Is(p, p.Err) {
		t.Error("a problem in an error is not found")
	}
	err := errors.New("two\nlines")
	if got := problemOf(err); got.Message != "two lines" || got.Err != err || got.Fatal {
		t.Errorf("%+v", got)
	}
}

// TestLinkEnded has a cause for the words that are left of a connection which was ended.
func TestLinkEnded(t *testing.T) {
	for text, words := range map[string]string{
		"failed to send authentication request: EOF":                           "the connection was closed",
		"read tcp 10.0.0.2:52814->3.1.2.3:443: read: connection reset by peer": "the connection was closed",
		"something new": "something new",
	} {
		p := linkProblem(errors.New(text), text, "connect.example:443")
		if (p.Cause != "") != (words != text) || p.Message != "ngrok cannot be reached: "+words {
			t.Errorf("%s: %+v", text, p)
		}
	}
}
