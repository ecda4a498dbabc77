package cli

// Where events go: targets of the command line and of the configuration.

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"hfhook/delivery"
	"hfhook/event"
	"hfhook/internal/cli/exit"
	"hfhook/internal/redact"
)

// addTargetSettings adds the flags that make and change targets.
func addTargetSettings(p *program, f *pflag.FlagSet) {
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

// readTargets are those of the arguments and of the flags, wherever these have their values
// from, or else of the [[forward]] tables.
func readTargets(p *program, cmd *cobra.Command, args []string) ([]delivery.Target, error) {
	var specs []string
	for _, arg := range args {
		// A word that is not an address may well be a mistyped command.
		if !strings.ContainsAny(arg, "0123456789:/.") {
			return nil, unknownCommand(p, cmd, arg)
		}
		specs = append(specs, arg)
	}
	if !useTables(p, "forward") {
		specs = append(specs, p.settings.forward...)
	}
	for _, command := range p.settings.exec {
		specs = append(specs, "exec "+command)
	}
	targets, err := parseTargets(specs)
	if err != nil {
		return nil, err
	}
	if useTables(p, "forward") && useTables(p, "exec") {
		for _, f := range p.tables.Forward {
			targets = append(targets, f.Target)
		}
	}
	if err := settleTargets(p, targets); err != nil {
		return nil, err
	}
	return targets, distinct(targets)
}

// parseTarget reads a target that is shown without the secrets that are in its address.
func parseTarget(p *program, text string) (delivery.Target, error) {
	t, err := delivery.ParseTarget(text)
	if err != nil {
		return delivery.Target{}, err
	}
	return t.Redacted(redactor(p)), nil
}

// redactor takes the secrets out of texts. If they cannot be read there are none.
func redactor(p *program) redact.Redactor {
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
			return nil, exit.Usage(err)
		}
		targets = append(targets, t)
	}
	return targets, nil
}

// useTables reports whether the [[forward]] tables, if there are any, come before what a
// flag says: it says nothing, or what it says is from a file that counts less.
func useTables(p *program, flag string) bool {
	if len(p.tables.Forward) == 0 {
		return false
	}
	origin := p.origins[flag]
	rank := slices.Index(configNames(p), origin)
	return origin == "" || rank >= 0 && rank > slices.Index(configNames(p), p.tables.Forward[0].File)
}

// settleTargets gives targets what the flags say of all of them and they do not say themselves, and
// has them shown without the secret.
func settleTargets(p *program, targets []delivery.Target) error {
	var header []event.Field
	for _, text := range p.settings.header {
		field, err := delivery.ParseHeader(text)
		if err != nil {
			return exit.Usagef("--header: %w", err)
		}
		header = append(header, field)
	}
	secrets := redactor(p)
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
			return exit.Usagef("two targets have the name %q: rename one, for example %s,name=second", t.Name, strings.TrimPrefix(t.Where(), "http://"))
		}
		names[t.Name] = true
	}
	return nil
}

// targetFlags are those of the commands that send events.
type targetFlags struct{ to []string }

// addTargetFlags adds the flags that say where events are sent to.
func addTargetFlags(p *program, cmd *cobra.Command, t *targetFlags) {
	f, s := cmd.Flags(), &p.settings
	f.StringArrayVar(&t.to, "to", nil, "send to this `target`: a URL, a port, a command as in 'exec ./job.sh', or the name of one that hfhook dev has in this project; may be repeated (default: all of those)")
	addTargetSettings(p, f)
	p.fileVar(f, &s.secretFile, "secret-file", "read the webhook secret from this `file`")
	f.BoolVar(&s.noVerify, "no-verify", false, "send no secret")
	addDevFlag(p, f)
	for _, name := range []string{"forward", "exec"} {
		_ = f.MarkHidden(name)
	}
}
