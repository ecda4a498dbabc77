package tunnel

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"unicode/utf8"
)

// An authtoken in a value of any depth is not printed by any means.
func TestAuthtokenDoesNotShow(t *testing.T) {
	token := NewAuthtoken("  " + testToken + "\n")
	if token.reveal() != testToken || token.IsZero() {
		t.Fatalf("the token is %q", token.reveal())
	}
	type hidden struct{ token Authtoken }
	values := []any{
		token, &token, hidden{token}, &hidden{token}, []hidden{{token}}, map[string]Authtoken{"a": token},
		NgrokSettings{Authtoken: token}, &NgrokSettings{Authtoken: token},
		&ngrokConn{token: token}, ngrokConn{token: token}, fmt.Errorf("with %v and %w", token, &Problem{Message: token.String()}),
	}
	var out bytes.Buffer
	text := slog.New(slog.NewTextHandler(&out, nil))
	js := slog.New(slog.NewJSONHandler(&out, nil))
	for _, v := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d", "%T"} {
			fmt.Fprintf(&out, verb+"\n", v)
		}
		text.Info("value", "v", v)
		js.Info("value", "v", v)
		if b, err := json.Marshal(v); err == nil {
			out.Write(b)
		}
	}
	hex := fmt.Sprintf("%x", testToken)
	if s := out.String(); strings.Contains(s, testToken) || strings.Contains(s, hex) || !strings.Contains(s, redacted) {
		t.Errorf("the token shows, or nothing does:\n%s", s)
	}
	var none Authtoken
	if !NewAuthtoken(" \n").IsZero() || none.String() != "" || none.reveal() != "" || none.redact("as it was") != "as it was" {
		t.Error("no token is not no token")
	}
}

func TestRedact(t *testing.T) {
	token := NewAuthtoken(testToken)
	for text, want := range map[string]string{
		"nothing to hide": "nothing to hide",
		"it is " + testToken + ", twice " + testToken:        "it is [authtoken], twice [authtoken]",
		"Bad.\r\nYour authtoken: another_one\r\nERR_NGROK_1": "Bad.\r\nYour authtoken: [authtoken]\nERR_NGROK_1",
		"Your authtoken:" + testToken + "X":                  "Your authtoken:[authtoken]",
		"YOUR AUTH TOKEN = abc":                              "YOUR AUTH TOKEN = [authtoken]",
		"Your credential: abc. More.":                        "Your credential: [authtoken]",
		"authentication failed: no":                          "authentication failed: no",
		"see /get-started/your-authtoken":                    "see /get-started/your-authtoken",
	} {
		if got := token.redact(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestOneLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                                       "",
		"one":                                    "one",
		" one \r\n\r\n  two\tthree ":             "one two three",
		"Limited to 3.\r\n\r\nERR_NGROK_108\r\n": "Limited to 3.",
		"Stopped.\n\nhttps://ngrok.com/docs/errors/err_ngrok_3210":       "Stopped.",
		"In the text ERR_NGROK_1 stays":                                  "In the text ERR_NGROK_1 stays",
		strings.Repeat("é", 400):                                         strings.Repeat("é", 299) + "…",
		"a\x1b[31m is left to the screen, which shows all such as signs": "a\x1b[31m is left to the screen, which shows all such as signs",
	} {
		if got := oneLine(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func FuzzOneLine(f *testing.F) {
	f.Add("Bad.\r\nYour authtoken: x\r\n\r\nERR_NGROK_105\r\n")
	f.Add("\xff" + strings.Repeat("long ", 100))
	f.Fuzz(func(t *testing.T, text string) {
		got := oneLine(text)
		if strings.ContainsAny(got, "\r\n") || utf8.RuneCountInString(got) > maxLine {
			t.Errorf("%q", got)
		}
	})
}
