package cli

// The commands around the secret. None prints it.

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/spf13/cobra"

	"hfhook/internal/cli/exit"
	"hfhook/internal/cli/output"
	"hfhook/tui/screen"
)

func secretCommand(p *program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "secret",
		Short: "Manage the webhook secret",
		Long: `The secret is that of --secret-file, else of WEBHOOK_SECRET, else one that hfhook makes
and keeps in its state directory. It is set on the Hub as well, at
https://huggingface.co/settings/webhooks; hfhook secret copy and the key y in the screen of
hfhook dev put it on the clipboard. It is never printed.`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return exit.Usagef("unknown command %q: want new, rotate, forget, copy or origin", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error {
			return &exit.Error{Code: exit.CodeUsage, Err: errors.New("secret needs a command: new, rotate, forget, copy or origin"), Try: "hfhook secret origin"}
		},
	}
	p.fileVar(cmd.PersistentFlags(), &p.settings.secretFile, "secret-file", "read the webhook secret from this `file`")
	cmd.AddCommand(secretNewCommand(p), secretRotateCommand(p), secretForgetCommand(p), secretCopyCommand(p), secretOriginCommand(p))
	return cmd
}

func secretNewCommand(p *program) *cobra.Command {
	var stdin bool
	var previousFor time.Duration
	var as output.Format
	cmd := &cobra.Command{
		Use:   "new",
		Short: "Create a new secret; the old one stays valid until 'forget'",
		Long: `Makes another secret in the place of the one that hfhook has made. hfhook dev takes
it, one that runs at once, and the one before it as well, so that nothing is refused
until the new one is set on the Hub. hfhook secret forget ends that, and so does the time of
--previous-for. Handlers get it once hfhook dev is started again.

--secret-stdin takes one that the Hub has already from the standard input, in place of
making one.`,
		Example: "  hfhook secret new\n  hfhook secret new --secret-stdin < FILE\n  hfhook secret new --previous-for 24h",
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := ownIsInUse(p); err != nil {
				return err
			}
			_, err := madeSecret(p)
			first := errors.Is(err, errNoSecret)
			if stdin {
				return takeSecret(p, cmd, first, previousFor, as)
			}
			if err := makeSecret(p, previousFor); err != nil {
				return err
			}
			path, _, err := findSecretPaths(p)
			if err != nil {
				return err
			}
			s, err := madeSecret(p)
			if err != nil || as != (output.Format{}) {
				return cmp.Or(err, printOrigin(p, s, as))
			}
			next := "Run hfhook secret copy, set the secret at https://huggingface.co/settings/webhooks, and restart hfhook dev;\n" + previousText(s.until) + "."
			if first {
				next = "Run hfhook secret copy, and set the secret at https://huggingface.co/settings/webhooks."
			}
			_, err = fmt.Fprintf(p.out, "A new secret is in %s.\n%s\n", path, next)
			return err
		},
	}
	cmd.Flags().BoolVar(&stdin, "secret-stdin", false, "read the secret from standard input instead of creating one")
	previousFlag(cmd.Flags().DurationVar, &previousFor)
	as.Flags(cmd, "print only the secret's file")
	onlyHere(cmd, "secret-stdin", "previous-for")
	return cmd
}

// takeSecret keeps the secret of standard input.
func takeSecret(p *program, cmd *cobra.Command, first bool, previousFor time.Duration, as output.Format) error {
	s, err := secretFromStdin(p, cmd)
	if err != nil {
		return err
	}
	path, err := keepSecret(p, s.present().Reveal(), previousFor)
	if err != nil {
		return err
	}
	if weak := s.present().Weakness(); weak != "" {
		fmt.Fprintln(p.err, "warning: "+weak)
	}
	kept, err := madeSecret(p)
	if err != nil || as != (output.Format{}) {
		return cmp.Or(err, printOrigin(p, kept, as))
	}
	next := "hfhook dev uses it from now on, also one that is running."
	if !first {
		next += "\nT" + previousText(kept.until)[1:] + "."
	}
	_, err = fmt.Fprintf(p.out, "The secret of %s is in %s.\n%s\n", output.Plural(s.present().Len(), "character"), path, next)
	return err
}

func secretForgetCommand(p *program) *cobra.Command {
	handlers := false
	cmd := &cobra.Command{
		Use:   "forget",
		Short: "Stop accepting the previous secret",
		Long: `Deletes the secret that hfhook secret new has put aside. hfhook dev then takes
the present one alone, one that runs at once.

--handlers deletes the secrets of handlers that were entered on the screen of hfhook dev
and kept for later runs in this directory, instead.`,
		Args: noArgs,
		RunE: func(*cobra.Command, []string) error {
			if handlers {
				return forgetHandlers(p)
			}
			_, previous, err := findSecretPaths(p)
			if err != nil {
				return err
			}
			text := "The previous secret is no longer accepted, also by a running hfhook dev."
			if err := forgetPrevious(previous); errors.Is(err, fs.ErrNotExist) {
				text = "There is no previous secret."
			} else if err != nil {
				return &exit.Error{Code: exit.CodeConfig, Err: fmt.Errorf("forget the previous secret: %w", err), Try: "remove that file"}
			}
			_, err = fmt.Fprintln(p.out, text)
			return err
		},
	}
	cmd.Flags().BoolVar(&handlers, "handlers", false, "delete the secrets kept for the handlers of this directory instead")
	onlyHere(cmd, "handlers")
	return cmd
}

func forgetHandlers(p *program) error {
	kept, err := openHandlerSecrets(p)
	if err != nil {
		return err
	}
	text := "The next hfhook dev here sends its own secret to every handler."
	if err := kept.forget(); errors.Is(err, fs.ErrNotExist) {
		text = "No secret of a handler is kept for this directory."
	} else if err != nil {
		return &exit.Error{Code: exit.CodeConfig, Err: fmt.Errorf("forget the secrets of handlers: %w", err), Try: "remove that file"}
	}
	_, err = fmt.Fprintln(p.out, text)
	return err
}

func secretCopyCommand(p *program) *cobra.Command {
	return &cobra.Command{
		Use:   "copy",
		Short: "Put the secret on the clipboard",
		Long: `Puts the secret on the clipboard, to be set at https://huggingface.co/settings/webhooks.
Over SSH the terminal takes it to the clipboard of the machine that one sits at, where
it supports that (OSC 52).`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := p.secrets()
			if err != nil {
				return err
			}
			var terminal io.Writer
			if f, ok := p.err.(*os.File); ok && isatty.IsTerminal(f.Fd()) {
				terminal = f
			}
			how, err := screen.Copy(cmd.Context(), os.Environ(), terminal, s.present().Reveal())
			if err != nil {
				return &exit.Error{Code: exit.CodeFailure, Err: fmt.Errorf("copy the secret: %w", err), Try: "hfhook secret origin shows where it is"}
			}
			_, err = fmt.Fprintln(p.out, "copied the secret", how)
			return err
		},
	}
}

// ownIsInUse fails where the secret is not the one that hfhook makes.
func ownIsInUse(p *program) error {
	origin := ""
	switch {
	case p.settings.secretFile != "":
		origin = p.settings.secretFile
	case p.env("WEBHOOK_SECRET") != "":
		origin = "WEBHOOK_SECRET"
	default:
		return nil
	}
	return &exit.Error{Code: exit.CodeConfig, Err: fmt.Errorf("the secret comes from %s, not from hfhook", origin),
		Try: "set another one there, and the old one as WEBHOOK_SECRET_PREVIOUS until the Hub has the new one"}
}

// originLine is the line of hfhook secret origin and secret new with --json.
type originLine struct {
	Schema   int    `json:"schema"`
	Type     string `json:"type"`
	Origin   string `json:"origin"`
	Made     bool   `json:"made"`     // by hfhook
	Accepted int    `json:"accepted"` // secrets in all
	Until    string `json:"previous_until,omitempty"`
}

func secretOriginCommand(p *program) *cobra.Command {
	var as output.Format
	cmd := &cobra.Command{
		Use:   "origin",
		Short: "Print the source of the secret",
		Args:  noArgs,
		RunE: func(*cobra.Command, []string) error {
			s, err := p.knownSecrets()
			if err != nil {
				return err
			}
			return printOrigin(p, s, as)
		},
	}
	as.Flags(cmd, "print only the source")
	return cmd
}

// printOrigin says where the secret comes from, and which others are accepted.
func printOrigin(p *program, s secrets, as output.Format) error {
	switch {
	case as.IDs:
		_, err := fmt.Fprintln(p.out, s.source)
		return err
	case as.JSON:
		return output.WriteLine(p.out, originLine{Schema: 1, Type: "secret", Origin: s.source, Made: s.made, Accepted: len(s.accepted), Until: output.StampOrNone(s.until)})
	}
	text := s.source
	if s.made {
		text += " (made by hfhook)"
	}
	if len(s.accepted) > 1 {
		text += ", and " + previousText(s.until)
	}
	_, err := fmt.Fprintln(p.out, text)
	return err
}
