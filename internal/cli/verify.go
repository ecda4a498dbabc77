package cli

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"hfhook/event"
	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/internal/visible"
	"hfhook/payload"
	"hfhook/server"
	"hfhook/store/sqlite"
)

func verifyCommand(p *program) *cobra.Command {
	var headers []string
	var body string
	var as output.Format
	var secretStdin bool
	cmd := &cobra.Command{
		Use:   "verify [ID|-]",
		Short: "Check a request like hfhook dev: secret, then payload",
		Long: `Checks a request like the server of hfhook dev. It sends and records nothing. The body is
read from standard input or --body, and the headers from --header. The expected secret is
read from --secret-file, else WEBHOOK_SECRET; else it is the one that hfhook generated.
With --secret-stdin it is read from standard input, and the body from --body. It exits
with 5, and says why, if the request is rejected.

For a recorded event only the payload is checked; its secret was verified on arrival and
not stored.`,
		Example: "  hfhook verify --header @headers.txt < body.json\n  hfhook verify --header \"X-Webhook-Secret: $SECRET\" --body body.json\n  hfhook verify --header @headers.txt --body body.json --secret-stdin < secret.txt\n  hfhook verify @last",
		Args: func(cmd *cobra.Command, args []string) error {
			switch {
			case len(args) > 1:
				return exit.Usagef("verify takes one id, or - for a body on standard input")
			case len(args) == 1 && args[0] != "-" && (body != "" || len(headers) > 0):
				return exit.Usagef("%s is an event with its own headers and body: leave out --header and --body", args[0])
			case len(args) == 1 && args[0] == "-" && body != "":
				return exit.Usagef("the body can come from standard input or --body, not both")
			case secretStdin && len(args) == 1 && args[0] != "-":
				return exit.Usagef("%s is an event, whose secret was verified and not kept: leave --secret-stdin out", args[0])
			case secretStdin && (body == "" || body == "-"):
				return exit.Usagef("--secret-stdin reads the secret from standard input: give the body as --body FILE")
			case secretStdin && (p.settings.noVerify || cmd.Flags().Changed("secret-file")):
				return exit.Usagef("--secret-stdin is the expected secret: leave out --secret-file and --no-verify")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) == 1 && args[0] != "-" {
				return verifyEvent(cmd.Context(), p, args[0], as)
			}
			req, err := buildRequest(cmd.Context(), p, headers, body)
			if err != nil {
				return err
			}
			find := p.knownSecrets
			if secretStdin {
				find = func() (secrets, error) { return secretFromStdin(p, cmd) }
			}
			secret, err := find()
			if err != nil {
				return err
			}
			return judgeRequest(p, req, secret.accepted, as)
		},
	}
	f, s := cmd.Flags(), &p.settings
	f.StringArrayVar(&headers, "header", nil, "a `line` as in 'Name: value', or @FILE with one in each line; may be repeated")
	f.StringVar(&body, "body", "", "read the body from this `file`")
	f.StringVar(&s.path, "path", server.Root, "path and query of the request, with ?secret= if it was used")
	p.fileVar(f, &s.secretFile, "secret-file", "read the webhook secret from this `file`")
	f.BoolVar(&s.noVerify, "no-verify", false, "check only the payload")
	f.BoolVar(&secretStdin, "secret-stdin", false, "read the webhook secret from standard input, and the body from --body")
	onlyHere(cmd, "secret-stdin")
	as.Flags(cmd, "print nothing; only the exit code counts")
	return cmd
}

// buildRequest makes the request of the flags.
func buildRequest(ctx context.Context, p *program, headers []string, body string) (*http.Request, error) {
	path, query, _ := strings.Cut(p.settings.path, "?")
	path, err := hookPath(path)
	if err != nil {
		return nil, err
	}
	content, err := readContent(p, body)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+defaultAddr+path, bytes.NewReader(content))
	if err != nil {
		return nil, exit.Usagef("--path: %w", err)
	}
	req.URL.RawQuery = query
	for _, h := range headers {
		lines := []string{h}
		if file, ok := strings.CutPrefix(h, "@"); ok {
			text, err := os.ReadFile(homePath(p, file))
			if err != nil {
				return nil, exit.Usagef("read the headers: %w", err)
			}
			lines = strings.Split(string(text), "\n")
		}
		for i, line := range lines {
			name, value, ok := strings.Cut(strings.TrimSuffix(line, "\r"), ":")
			switch {
			case strings.TrimSpace(line) == "":
			case ok && name != "" && !strings.ContainsAny(name, " \t"):
				req.Header.Add(name, strings.Trim(value, " \t"))
			case len(lines) == 1: // which may be the secret itself
				return nil, exit.Usagef("--header takes a line as in 'X-Webhook-Secret: value', or @FILE")
			case i > 0 || !strings.Contains(line, "HTTP/"): // the first line of a request
				return nil, exit.Usagef("line %d of %s is not a header like 'Name: value'", i+1, h)
			}
		}
	}
	return req, nil
}

// readContent is a body: of a file, or of standard input where that is - or nothing.
func readContent(p *program, file string) ([]byte, error) {
	content, err := readInput(p, file)
	if err != nil {
		return nil, exit.Usagef("read the body: %w", err)
	}
	return content, nil
}

// readInput reads a file, or standard input for - and the empty name.
func readInput(p *program, file string) ([]byte, error) {
	if file != "" && file != "-" {
		return os.ReadFile(homePath(p, file))
	}
	content, err := io.ReadAll(io.LimitReader(p.in, maxContent+1))
	if err == nil && len(content) > maxContent {
		err = fmt.Errorf("it is longer than %s", output.Size(maxContent))
	}
	if err != nil {
		return nil, fmt.Errorf("standard input: %w", err)
	}
	return content, nil
}

// maxContent is as much as hfhook dev takes at most, in bytes.
const maxContent = 1 << 30

// A ruling is what the server says of a request. It is the server's Recorder, and
// the http.ResponseWriter that it answers to.
type ruling struct {
	status  int
	refused event.Rejected
	event   *event.Event // nil where it was refused
	header  http.Header
}

// judgeRequest has a server check a request, and tells what it says.
func judgeRequest(p *program, req *http.Request, accepted []server.Secret, as output.Format) error {
	v := &ruling{header: http.Header{}}
	s, err := server.New(server.Options{Secrets: accepted, Open: len(accepted) == 0, Recorder: v, MaxBody: maxContent, Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	s.ServeHTTP(v, req)
	return printRuling(p, v, as)
}

func (v *ruling) Record(_ context.Context, e *event.Event) error {
	v.event = e
	return nil
}

func (v *ruling) Reject(r event.Rejected) { v.refused = r }

func (v *ruling) Header() http.Header { return v.header }

func (v *ruling) Write(b []byte) (n int, err error) { return len(b), nil }

func (v *ruling) WriteHeader(status int) { v.status = status }

// verifyEvent checks the payload of a recorded event.
func verifyEvent(ctx context.Context, p *program, ref string, as output.Format) error {
	return withStoreToRead(ctx, p, func(ctx context.Context, events *sqlite.Store) error {
		id, err := events.Resolve(ctx, ref)
		if err != nil {
			return err
		}
		e, err := events.Event(ctx, id)
		if err != nil {
			return err
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+defaultAddr+server.Root, bytes.NewReader(e.Body))
		if err != nil {
			return err
		}
		return judgeRequest(p, req, nil, as)
	})
}

// rulingLine is the line of hfhook verify --json.
type rulingLine struct {
	Schema   int               `json:"schema"`
	Type     string            `json:"type"`
	OK       bool              `json:"ok"`
	Status   int               `json:"status"` // that hfhook dev would answer
	Reason   event.Reason      `json:"reason"`
	Detail   string            `json:"detail"`
	Summary  string            `json:"summary"`
	Warnings []payload.Warning `json:"warnings"`
	Faults   []payload.Fault   `json:"faults,omitempty"` // of the body, if that is why it would be refused
}

func printRuling(p *program, v *ruling, as output.Format) error {
	line := rulingLine{Schema: 1, Type: "verified", OK: v.event != nil, Status: v.status, Reason: v.refused.Reason, Detail: v.refused.Detail, Warnings: []payload.Warning{}, Faults: v.refused.Faults}
	if v.event != nil {
		line.Summary = v.event.Payload.Summary()
		line.Warnings = append(line.Warnings, v.event.Warnings...)
	}
	if v.event == nil && line.Detail == "" {
		line.Detail = strings.ReplaceAll(string(line.Reason), "_", " ")
	}
	if as.JSON {
		if err := output.WriteLine(p.out, line); err != nil {
			return err
		}
	}
	if v.event == nil && as.IDs {
		return &exit.Error{Code: exit.CodeVerify, Err: exit.ErrSilent}
	}
	if v.event == nil {
		if !as.JSON && len(line.Faults) > 1 {
			for _, fault := range line.Faults {
				fmt.Fprintf(p.err, "fault    %s\n", visible.Line(fault.String()))
			}
		}
		return &exit.Error{Code: exit.CodeVerify, Err: fmt.Errorf("the answer would be %d: %s", v.status, line.Detail), Try: reasonFix[line.Reason]}
	}
	if as.JSON || as.IDs {
		return nil
	}
	var text strings.Builder
	text.WriteString("valid: " + visible.Line(line.Summary) + "\n")
	for _, w := range line.Warnings {
		text.WriteString("warning: " + visible.Line(w.Path+" "+w.Text) + "\n")
	}
	_, err := io.WriteString(p.out, text.String())
	return err
}

// reasonFix says what to do about a request that is refused.
var reasonFix = map[event.Reason]string{
	event.NoSecret:    "set the webhook's secret at https://huggingface.co/settings/webhooks",
	event.WrongSecret: "hfhook secret origin shows which secret is expected; set that one at https://huggingface.co/settings/webhooks",
	event.BadPayload:  "hfhook trigger repo/create --print shows a valid payload",
}
