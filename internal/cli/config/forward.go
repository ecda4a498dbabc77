package config

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"hfhook/delivery"
)

// A forward is a [[forward]] of a configuration file.
type forward struct {
	Target delivery.Target
	File   string
}

// decodeForward reads a [[forward]].
func decodeForward(to *Tables, from Table) error {
	var address targetAddress
	var command wordList
	var name, when, timeout string
	var concurrency int
	var headers map[string]string
	var env []string
	var insecure bool
	if err := from.Fields(map[string]any{
		"to": &address, "exec": &command, "name": &name, "when": &when, "timeout": &timeout, "concurrency": &concurrency,
		"headers": &headers, "env": &env, "insecure": &insecure,
	}); err != nil {
		return err
	}
	_, isAddress := from.Values["to"]
	_, isCommand := from.Values["exec"]
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
			command.words[i] = ExpandHome(os.Getenv, word)
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
	if _, ok := from.Values["name"]; ok {
		t.Name = ""
		set("name", "name", name)
	}
	if _, ok := from.Values["when"]; ok {
		set("when", "when", when)
	}
	if _, ok := from.Values["timeout"]; ok {
		set("timeout", "timeout", timeout)
	}
	if _, ok := from.Values["concurrency"]; ok {
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
	for _, other := range to.Forward {
		if other.Target.Name == t.Name {
			return from.refuse("", fmt.Errorf("another target has the name %q: rename one of them", t.Name), "")
		}
	}
	to.Forward = append(to.Forward, forward{Target: t, File: from.File.Path})
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
