package delivery

import (
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseCommand(t *testing.T) {
	t.Parallel()
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	for in, want := range map[string]struct {
		args, env []string
		name      string
	}{
		"./job.sh":                                {args: []string{"./job.sh"}, name: "job.sh"},
		" python3 -u 'my job.py' --n=1 ":          {args: []string{"python3", "-u", "my job.py", "--n=1"}, name: "python3"},
		`python -c "print(1, 2)"`:                 {args: []string{"python", "-c", "print(1, 2)"}, name: "python"},
		`sh -c 'echo $WEBHOOK_REPO_ID | wc'`:      {args: []string{"sh", "-c", "echo $WEBHOOK_REPO_ID | wc"}, name: "sh"},
		`job --list a,b,c`:                        {args: []string{"job", "--list", "a,b,c"}, name: "job"},
		`job "a,name=b" c\,d`:                     {args: []string{"job", "a,name=b", "c,d"}, name: "job"},
		"~/job.sh":                                {args: []string{home + "/job.sh"}, name: "job.sh"},
		"MODE=test ./job.sh":                      {args: []string{"./job.sh"}, env: []string{"MODE=test"}, name: "job.sh"},
		"job,name=api,env=HF_TOKEN,env=A=b c":     {args: []string{"job"}, env: []string{"HF_TOKEN", "A=b c"}, name: "api"},
		`job -x,when="a, b" repo:me/*,timeout=5m`: {args: []string{"job", "-x"}, name: "job"},
	} {
		got, err := ParseTarget("exec " + in)
		if err != nil {
			t.Errorf("%s: %v", in, err)
			continue
		}
		if got.Name != want.name || !cmp.Equal(got.Command.Args, want.args) || !cmp.Equal(got.Command.Env, want.env) {
			t.Errorf("%s: %q, %q, name %q; want %q, %q, %q", in, got.Command.Args, got.Command.Env, got.Name, want.args, want.env, want.name)
		}
		again, err := ParseTarget(got.Where())
		if err != nil || !cmp.Equal(again.Command.Args, got.Command.Args) {
			t.Errorf("%s: written as %s, and read as %v, %v", in, got.Where(), again.Command, err)
		}
	}
	for in, want := range map[string]string{
		"":                     "has no program",
		"''":                   "has no program",
		"A=b":                  "has no program",
		"job | wc":             "without a shell",
		"job > out":            "without a shell",
		"job &":                "without a shell",
		"job; job":             "without a shell",
		"job $HOME":            "without a shell",
		"job $(date)":          "without a shell",
		"A=$B job":             "without a shell",
		"if true; then x; fi":  "without a shell",
		"job 'x":               "read the command",
		"job,when=scop:x":      "unknown key",
		"job,header=X-A: b":    "gets no headers",
		"job,insecure=true":    "on this machine",
		"job,env=":             "NAME=VALUE",
		"job,env=A B=c":        "NAME=VALUE",
		"job,timeout=5 apples": "invalid timeout=",
	} {
		if got, err := ParseCommand(in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v; want %q", in, got.Command, err, want)
		}
	}
}
