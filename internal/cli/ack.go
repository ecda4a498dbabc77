package cli

import (
	"errors"
	"fmt"
	"strings"

	"hfhook/internal/cli/exit"
	"hfhook/internal/dev"
)

// ackFlag is --ack: what the Hub is told, and the events that are answered in another way.
type ackFlag struct {
	handler bool
	rules   []dev.AckRule
}

func (a *ackFlag) Type() string { return "answer" }

func (a *ackFlag) String() string {
	texts := []string{"stored"}
	if a.handler {
		texts[0] = "handler"
	}
	for i := range a.rules {
		texts = append(texts, a.rules[i].Text)
	}
	return strings.Join(texts, " ")
}

func (a *ackFlag) Set(text string) error {
	switch {
	case text == "stored" || text == "handler":
		a.handler = text == "handler"
		return nil
	case text == "" || text[0] < '0' || text[0] > '9':
		return errors.New("want stored, handler, or a status from 200 to 599, for example 500,delay=5s,times=2,when=scope:discussion")
	}
	rule, err := dev.ParseAckRule(text)
	if err == nil {
		a.rules = append(a.rules, rule)
	}
	return err
}

// checkAck refuses a status that does not stand on the command line: nobody should forget that
// the Hub is told of failures.
func checkAck(p *program) error {
	rules := p.settings.ack.rules
	if origin := p.origins["ack"]; len(rules) > 0 && origin != "--ack" {
		return &exit.Error{Code: exit.CodeConfig, Err: fmt.Errorf("%s: ack can be stored or handler there, and %q on the command line only", origin, rules[0].Text), Try: "hfhook dev --ack " + quoted(rules[0].Text)}
	}
	return nil
}
