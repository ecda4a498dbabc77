package cli

// Where events go: targets of the command line and of the configuration.

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/dev"
	"hfhook/internal/redact"
)

// A forward is a [[forward]] of a configuration file.
type forward struct {
	target delivery.Target
	file   string
}

// targetSettings adds the flags that make and change targets.
func (p *program) targetSettings(f *pflag.FlagSet) {
	s := &p.settings
	f.StringArrayVar(&s.forward, "forward", nil, "forward events to this `target`: URL or port, with ,when=FILTER for some of them and ,name=N; may be repeated")
	f.StringArrayVar(&s.exec, "exec", nil, "run this `command` for each event, like a Job on the Hub; may be repeated")
	f.DurationVar(&s.timeout, "timeout", delivery.DefaultTimeout, "time limit for a target's answer")
	f.StringArrayVarP(&s.header, "header", "H", nil, "also send this `header` to targets, such as 'X-Mode: test'; may be repeated")
	f.BoolVar(&s.insecureTarget, "insecure-target", false, "skip certificate checks for https targets on this machine")
	f.StringArrayVar(&s.sendSecretTo, "send-secret-to", nil, "also send the secret to this `host` (by default only to this machine); may be repeated")
	for _, name := range []string{"exec", "header"} {
		_ = f.SetAnnotation(name, byLine, nil)
	}
}

// targets are those of the arguments and of the flags, wherever these have their values
// from, or else of the [[forward]] tables.
func (p *program) targets(cmd *cobra.Command, args []string) ([]delivery.Target, error) {
	var specs []string
	for _, arg := range args {
		// A word that is not an address may well be a mistyped command.
		if !strings.ContainsAny(arg, "0123456789:/.") {
			return nil, p.unknownCommand(cmd, arg)
		}
		specs = append(specs, arg)
	}
	if !p.tablesCount("forward") {
		specs = append(specs, p.settings.forward...)
	}
	for _, command := range p.settings.exec {
		specs = append(specs, "exec "+command)
	}
	targets, err := parseTargets(specs)
	if err != nil {
		return nil, err
	}
	if p.tablesCount("forward") && p.tablesCount("exec") {
		for _, f := range p.tables.forward {
			targets = append(targets, f.target)
		}
	}
	if err := p.settle(targets); err != nil {
		return nil, err
	}
	return targets, distinct(targets)
}

// parseTarget reads a target that is shown without the secrets that are in its address.
func (p *program) parseTarget(text string) (delivery.Target, error) {
	t, err := delivery.ParseTarget(text)
	if err != nil {
		return delivery.Target{}, err
	}
	return t.Redacted(p.redactor()), nil
}

// redactor takes the secrets out of texts. If they cannot be read there are none.
func (p *program) redactor() redact.Redactor {
	s, err := p.knownSecrets()
	if err != nil {
		return redact.Redactor{}
	}
	var texts []string
	for _, secret := range s.accepted {
		texts = append(texts, secret.Reveal())
	}
	return redact.New(texts...)
}

func parseTargets(specs []string) ([]delivery.Target, error) {
	var targets []delivery.Target
	for _, text := range specs {
		t, err := delivery.ParseTarget(text)
		if err != nil {
			return nil, usage(err)
		}
		targets = append(targets, t)
	}
	return targets, nil
}

// tablesCount reports whether the [[forward]] tables, if there are any, come before what a
// flag says: it says nothing, or what it says is from a file that counts less.
func (p *program) tablesCount(flag string) bool {
	if len(p.tables.forward) == 0 {
		return false
	}
	origin := p.origins[flag]
	rank := slices.Index(p.configNames(), origin)
	return origin == "" || rank >= 0 && rank > slices.Index(p.configNames(), p.tables.forward[0].file)
}

// settle gives targets what the flags say of all of them and they do not say themselves, and
// has them shown without the secret.
func (p *program) settle(targets []delivery.Target) error {
	var header []event.Field
	for _, text := range p.settings.header {
		field, err := delivery.ParseHeader(text)
		if err != nil {
			return usagef("--header: %w", err)
		}
		header = append(header, field)
	}
	secrets := p.redactor()
	for i := range targets {
		targets[i] = targets[i].Redacted(secrets)
		t := &targets[i]
		if t.Timeout == 0 {
			t.Timeout = p.settings.timeout
		}
		if t.Command != nil {
			continue
		}
		own := slices.Clone(t.Header)
		for _, field := range header {
			if !slices.ContainsFunc(own, func(f event.Field) bool { return strings.EqualFold(f.Name, field.Name) }) {
				t.Header = append(t.Header, field)
			}
		}
		if p.settings.insecureTarget && t.URL.Scheme == "https" && t.Loopback() {
			t.Insecure = true
		}
	}
	return nil
}

// distinct refuses targets of one name.
func distinct(targets []delivery.Target) error {
	names := map[string]bool{}
	for _, t := range targets {
		if names[t.Name] {
			return usagef("two targets have the name %q: rename one, for example %s,name=second", t.Name, strings.TrimPrefix(t.Where(), "http://"))
		}
		names[t.Name] = true
	}
	return nil
}

// targetFlags are those of the commands that send events.
type targetFlags struct{ to []string }

// targetFlags adds the flags that say where events are sent to.
func (p *program) targetFlags(cmd *cobra.Command, t *targetFlags) {
	f, s := cmd.Flags(), &p.settings
	f.StringArrayVar(&t.to, "to", nil, "send to this `target`: a URL, a port, a command as in 'exec ./job.sh', or the name of one that hfhook dev has in this project; may be repeated (default: all of those)")
	p.targetSettings(f)
	p.fileVar(f, &s.secretFile, "secret-file", "read the webhook secret from this `file`")
	f.BoolVar(&s.noVerify, "no-verify", false, "send no secret")
	for _, name := range []string{"forward", "exec"} {
		_ = f.MarkHidden(name)
	}
}

// sendTo returns the targets of --to or, without it, those of the hfhook dev that runs in this
// project or, if none does, of the configuration. dev.ErrNoTarget: there is none.
func (p *program) sendTo(cmd *cobra.Command, t *targetFlags) ([]delivery.Target, error) {
	known, err := p.knownTargets(cmd)
	if err != nil {
		return nil, err
	}
	if len(t.to) == 0 {
		if len(known) == 0 {
			return nil, dev.ErrNoTarget
		}
		return known, nil
	}
	var targets []delivery.Target
	for _, text := range t.to {
		name := p.redactor().Path(text)
		if i := slices.IndexFunc(known, func(t delivery.Target) bool { return t.Name == name }); i >= 0 {
			targets = append(targets, known[i])
			continue
		}
		parsed, err := parseTargets([]string{text})
		if err != nil {
			return nil, err
		}
		targets = append(targets, parsed...)
	}
	if err := p.settle(targets); err != nil {
		return nil, err
	}
	return targets, distinct(targets)
}

// knownTargets are those of the hfhook dev that runs in this project, else of the
// configuration.
func (p *program) knownTargets(cmd *cobra.Command) ([]delivery.Target, error) {
	configured, err := p.targets(cmd, nil)
	if err != nil {
		return nil, err
	}
	running, err := p.running()
	if err != nil || len(running) == 0 {
		return configured, err
	}
	for i := range running {
		t := &running[i]
		// The values of headers and variables are known from the configuration alone.
		at := slices.IndexFunc(configured, func(c delivery.Target) bool { return c.Name == t.Name })
		if at >= 0 && len(t.Header) == 0 {
			t.Header = configured[at].Header
		}
		if at >= 0 && t.Command != nil && configured[at].Command != nil {
			t.Command.Env = configured[at].Command.Env
		}
	}
	return running, p.settle(running)
}

// decodeForward reads a [[forward]].
func decodeForward(to *tables, from configTable) error {
	var address targetAddress
	var command wordList
	var name, when, timeout string
	var concurrency int
	var headers map[string]string
	var env []string
	var insecure bool
	if err := from.fields(map[string]any{
		"to": &address, "exec": &command, "name": &name, "when": &when, "timeout": &timeout, "concurrency": &concurrency,
		"headers": &headers, "env": &env, "insecure": &insecure,
	}); err != nil {
		return err
	}
	_, isAddress := from.values["to"]
	_, isCommand := from.values["exec"]
	if isAddress == isCommand {
		return from.refuse("", errors.New(`want either to = "8000" (an address) or exec = "./job.sh" (a command)`), "")
	}
	var t delivery.Target
	var err error
	key := "to"
	switch {
	case isAddress:
		t, err = delivery.ParseTarget(string(address))
	case command.one != "":
		key = "exec"
		t, err = delivery.ParseCommand(command.one)
	default:
		key = "exec"
		for i, word := range command.words {
			command.words[i] = expandHome(os.Getenv, word)
		}
		t, err = delivery.CommandTarget(command.words)
	}
	if err != nil {
		return from.refuse(key, err, "")
	}
	set := func(key, option, value string) {
		if err == nil {
			if err = t.Set(option, value); err != nil {
				err = from.refuse(key, err, "")
			}
		}
	}
	if _, ok := from.values["name"]; ok {
		t.Name = ""
		set("name", "name", name)
	}
	if _, ok := from.values["when"]; ok {
		set("when", "when", when)
	}
	if _, ok := from.values["timeout"]; ok {
		set("timeout", "timeout", timeout)
	}
	if _, ok := from.values["concurrency"]; ok {
		set("concurrency", "concurrency", fmt.Sprint(concurrency))
	}
	if insecure {
		set("insecure", "insecure", "true")
	}
	for _, name := range slices.Sorted(maps.Keys(headers)) {
		set("headers", "header", name+": "+headers[name])
	}
	for _, variable := range env {
		set("env", "env", variable)
	}
	if err != nil {
		return err
	}
	for _, other := range to.forward {
		if other.target.Name == t.Name {
			return from.refuse("", fmt.Errorf("another target has the name %q: rename one of them", t.Name), "")
		}
	}
	to.forward = append(to.forward, forward{target: t, file: from.file.path})
	return nil
}

// A targetAddress is an address, or a port as a number.
type targetAddress string

func (a *targetAddress) UnmarshalTOML(value any) error {
	switch value := value.(type) {
	case string:
		*a = targetAddress(value)
		return nil
	case int64:
		*a = targetAddress(fmt.Sprint(value))
		return nil
	}
	return errors.New(`want a target such as "8000" or "http://127.0.0.1:8000/hook"`)
}

// A wordList is a command as one text, or as its words.
type wordList struct {
	one   string
	words []string
}

func (w *wordList) UnmarshalTOML(value any) error {
	switch value := value.(type) {
	case string:
		w.one = value
		return nil
	case []any:
		for _, item := range value {
			word, ok := item.(string)
			if !ok {
				return errors.New("the words of a command must be strings")
			}
			w.words = append(w.words, word)
		}
		return nil
	}
	return errors.New(`want a command such as "./job.sh --fast" or ["./job.sh", "--fast"]`)
}
