package cli

// hfhook init: the configuration of a project, from four questions or from flags.

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"hfhook/delivery"
	"hfhook/internal/cli/config"
	"hfhook/internal/cli/exit"
	"hfhook/internal/hub"
	"hfhook/internal/visible"
	"hfhook/server"
	"hfhook/tui/questions"
)

// projectConfig is the configuration of a project, in its folder.
const projectConfig = ".hfhook.toml"

// ignoredFiles are what init puts into .gitignore: what hfhook export writes by default in the
// documentation, and a file that often has secrets.
var ignoredFiles = []string{"test_webhook.py", "*.ndjson", "*.har", ".env"}

var initTunnels = []string{"none", "ssh", "ngrok", "cloudflared"}

func initCommand(p *program) *cobra.Command {
	var a questions.Answers
	var watch []string
	var secretStdin, force bool
	cmd := &cobra.Command{
		Use:   "init",
		Short: "Write .hfhook.toml for this folder",
		Long: `Asks for your handler, the tunnel, the repositories to watch and the secret, and writes
.hfhook.toml, so that hfhook alone starts everything. The file contains no secret and can be
committed: a secret that you enter is kept in hfhook's state directory, for your user only.
Without a terminal, and whenever a flag is given, nothing is asked.`,
		Example: "  hfhook init\n  hfhook init --handler 'uvicorn app:app' --tunnel ssh --watch dataset:me/corpus\n  hfhook init --handler 8000/hooks/hf",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			path := projectConfig
			if _, err := os.Stat(path); err == nil && !force {
				return &exit.Error{Code: exit.CodeUsage, Err: fmt.Errorf("%s exists already", projectConfig), Try: "edit it, or hfhook init --force to replace it"}
			}
			a.Watch = strings.Join(watch, " ")
			if asked := cmd.Flags().NFlag() == 0 || cmd.Flags().NFlag() == 1 && force; asked {
				if !isTerminal(p.in) || !isTerminal(p.err) {
					return &exit.Error{Code: exit.CodeUsage, Err: errors.New("hfhook init asks its questions on a terminal, and there is no terminal here"), Try: "hfhook init --handler 'uvicorn app:app' --tunnel none"}
				}
				if err := askForProject(cmd.Context(), p, &a); err != nil {
					return err
				}
			} else if secretStdin {
				s, err := secretFromStdin(p, cmd)
				if err != nil {
					return err
				}
				a.Secret = s.present().Reveal()
			}
			return writeProject(p, path, a)
		},
	}
	f := cmd.Flags()
	f.StringVar(&a.Handler, "handler", "", "the `command` that starts your handler, or its port or URL")
	f.StringVar(&a.Tunnel, "tunnel", "none", "none, ssh, ngrok or cloudflared")
	f.StringArrayVar(&watch, "watch", nil, "create a webhook for this `type:name` while hfhook dev runs; may be repeated")
	f.BoolVar(&secretStdin, "secret-stdin", false, "read the webhook's secret from stdin and keep it in the state directory")
	f.BoolVar(&a.Ignore, "gitignore", false, "add exports and .env to .gitignore")
	f.BoolVar(&force, "force", false, "overwrite .hfhook.toml")
	onlyHere(cmd, "tunnel", "watch") // they are of what is written
	return cmd
}

func askForProject(ctx context.Context, p *program, a *questions.Answers) error {
	known, err := p.knownSecrets()
	if err != nil && !errors.Is(err, errNoSecret) {
		return err
	}
	a.Handler = guessHandler()
	a.Ignore = true
	if _, err := os.Stat(".git"); err != nil {
		a.Ignore = false
	}
	checks := questions.Checks{
		Handler: func(text string) error { _, _, err := parseHandler(text); return err },
		Watch:   func(text string) error { _, err := parseWatch(text); return err },
		Secret: func(text string) error {
			if text == "" {
				return nil
			}
			_, err := server.ParseSecret(text)
			return err
		},
	}
	return questions.Ask(ctx, p.in, p.err, a, checks, len(known.accepted) > 0, p.env("TERM") == "dumb" || p.env("ACCESSIBLE") != "")
}

// guessHandler is the command that a folder's files suggest; empty: none.
func guessHandler() string {
	app := regexp.MustCompile(`(?m)^(\w+)\s*=\s*(FastAPI|Flask)\(`)
	files, err := filepath.Glob("*.py")
	if err != nil {
		return ""
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			continue
		}
		if found := app.FindSubmatch(text); found != nil {
			module := strings.TrimSuffix(name, ".py") + ":" + string(found[1])
			if string(found[2]) == "Flask" {
				return "flask --app " + module + " run"
			}
			return "uvicorn " + module
		}
	}
	if _, err := os.Stat("go.mod"); err == nil {
		return "go run ."
	}
	return ""
}

// place matches a port, a host with a port, or a URL.
var place = regexp.MustCompile(`^(?:https?://\S+|[\w.-]*:?\d+(?:/\S*)?|[\w.-]+:\d+(?:/\S*)?)$`)

// parseHandler returns what was given: a target, or a command. Both are empty for "".
func parseHandler(text string) (target, command string, err error) {
	switch text = strings.TrimSpace(text); {
	case text == "":
		return "", "", nil
	case place.MatchString(text):
		_, err := delivery.ParseTarget(text)
		return text, "", err
	}
	_, err = delivery.ParseCommand(text)
	return "", text, err
}

func parseWatch(text string) ([]string, error) {
	all := strings.Fields(text)
	for _, name := range all {
		if _, err := hub.ParseWatched(name); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// writeProject writes the configuration, keeps the secret, and says what is next.
func writeProject(p *program, path string, a questions.Answers) error {
	target, command, err := parseHandler(a.Handler)
	if err != nil {
		return exit.Usage(fmt.Errorf("--handler: %w", err))
	}
	watch, err := parseWatch(a.Watch)
	if err != nil {
		return exit.Usage(fmt.Errorf("--watch: %w", err))
	}
	if !slices.Contains(initTunnels, a.Tunnel) {
		return exit.Usagef("invalid --tunnel %q: want none, ssh, ngrok or cloudflared", a.Tunnel)
	}
	if len(watch) > 0 && a.Tunnel == "none" {
		return exit.Usagef("--watch needs a tunnel, so that the Hub can reach this machine: add --tunnel ssh, ngrok or cloudflared")
	}
	if a.Secret != "" {
		if _, err := keepSecret(p, a.Secret, 0); err != nil {
			return err
		}
	}
	text := projectText(target, command, a.Tunnel, watch, reloadPattern())
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	if _, err := config.Read(path, settingNames(p.rootCommand())); err != nil {
		return fmt.Errorf("check what was written: %w", err)
	}
	fmt.Fprintf(p.out, "wrote %s, which contains no secret\n", projectConfig)
	if a.Secret != "" {
		fmt.Fprintln(p.out, "kept the secret in hfhook's state directory; handlers that hfhook starts get it as WEBHOOK_SECRET")
	}
	if a.Ignore {
		added, err := ignoreFiles()
		if err != nil {
			return err
		}
		if added > 0 {
			fmt.Fprintf(p.out, "added %d lines to .gitignore\n", added)
		}
	}
	fmt.Fprintln(p.out, "next: hfhook")
	return nil
}

// reloadPattern is for the files of the language that the folder has most of; empty: none.
func reloadPattern() string {
	best, most := "", 0
	for _, pattern := range []string{"*.py", "*.go", "*.mjs", "*.js", "*.ts"} {
		if files, err := filepath.Glob(pattern); err == nil && len(files) > most {
			best, most = "**/"+pattern, len(files)
		}
	}
	return best
}

func projectText(target, command, tunnel string, watch []string, reload string) string {
	var b strings.Builder
	b.WriteString("# How hfhook runs in this project: hfhook config show prints every setting.\n# It contains no secret, so commit it.\n")
	part := func(about, name string, values ...string) {
		for i, v := range values {
			values[i] = strconv.Quote(v)
		}
		value := values[0]
		if name == "reload" || name == "watch" || name == "forward" {
			value = "[" + strings.Join(values, ", ") + "]"
		}
		fmt.Fprintf(&b, "\n# %s\n%s = %s\n", about, name, value)
	}
	if command != "" {
		part("The command that starts your handler, with WEBHOOK_SECRET and PORT in its environment.", "run", command)
		if reload != "" {
			part("Restart it when one of these files changes,", "reload", reload)
			part("and send it the newest event again.", "on-restart", "last")
		}
	}
	if target != "" {
		part("Where events are sent: a port, host:port or URL.", "forward", target)
	}
	part("How the Hub reaches this machine: ngrok, ssh, cloudflared or none.", "tunnel", cmp.Or(tunnel, "none"))
	if len(watch) > 0 {
		part("Create a webhook for these repositories while hfhook runs.", "watch", watch...)
	}
	return b.String()
}

// ignoreFiles adds what is missing to .gitignore, and returns how many lines those are.
func ignoreFiles() (added int, err error) {
	const name = ".gitignore"
	text, err := os.ReadFile(name)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, fmt.Errorf("read %s: %w", name, err)
	}
	lines := strings.Split(string(text), "\n")
	var more strings.Builder
	if len(text) > 0 && text[len(text)-1] != '\n' {
		more.WriteString("\n")
	}
	for _, file := range ignoredFiles {
		if !slices.ContainsFunc(lines, func(line string) bool { return strings.TrimSpace(line) == file }) {
			more.WriteString(file + "\n")
			added++
		}
	}
	if added == 0 {
		return 0, nil
	}
	f, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return 0, fmt.Errorf("add to %s: %w", visible.Line(name), err)
	}
	_, err = f.WriteString(more.String())
	return added, errors.Join(err, f.Close())
}
