package tui

// What a shell has for each action: the command that does the same, in its general form.
// The palette and the help of the keys show it; once an action is carried out, the
// command with its ids and values stands in the status line, and y copies it.

import (
	"fmt"
	"strings"

	"hfhook/internal/visible"
)

// A counterpart is what a shell has for an action: exactly one of its fields is set.
type counterpart struct {
	command string // ID, TARGET, WEBHOOK and other capitals stand for what is selected or typed
	none    string // why there is no command
	look    bool   // it moves, or changes how something is shown: nothing is done
}

var (
	justLooks = counterpart{look: true}
	thisRun   = counterpart{none: "it is about the hfhook that runs"}
)

func shell(command string) counterpart { return counterpart{command: command} }

var counterparts = [...]counterpart{
	actUp: justLooks, actDown: justLooks, actPageUp: justLooks, actPageDown: justLooks, actFirst: justLooks, actLast: justLooks,
	actOtherPane: justLooks, actPrevious: justLooks, actNext: justLooks, actFold: justLooks, actUnfold: justLooks, actUnfoldAll: justLooks,
	actMark: justLooks, actMarkRange: justLooks, actKinBefore: justLooks, actKinAfter: justLooks, actColumns: justLooks, actZoom: justLooks,
	actComplete: justLooks, actCompleteBack: justLooks, actClear: justLooks,
	actFind: justLooks, actFindNext: justLooks, actFindPrevious: justLooks, actHex: justLooks, actEqual: justLooks, actAsText: justLooks,
	actFollow: justLooks, actPair: justLooks, actNewer: justLooks, actScenarios: justLooks, actBack: justLooks, actHelp: shell("hfhook help keys"), actPalette: justLooks,
	actQuit: justLooks, actQuitNow: justLooks, actSuspend: justLooks, actRedraw: justLooks,

	// What is chosen shows its own command.
	actChoose: justLooks, actMore: justLooks, actLess: justLooks, actCopyCommand: justLooks, actCopyFilter: justLooks,

	actOpen:       shell("hfhook show ID"),
	actPayload:    shell("hfhook show ID --payload"),
	actHeaders:    shell("hfhook show ID --headers"),
	actDeliveries: shell("hfhook show ID --deliveries"),
	actAnswer:     shell("hfhook show ID --deliveries"),
	actRaw:        shell("hfhook show ID --raw"),
	actDiff:       shell("hfhook diff ID"),
	actPick:       shell("hfhook diff ID ID"),
	actOlder:      shell("hfhook diff ID ID"),
	actPaired:     shell("hfhook diff ID --attempts 1,2"),
	actAttempts:   shell("hfhook diff ID --attempts 1,2"),
	actEarlier:    shell("hfhook ls"),
	actFilter:     shell("hfhook ls FILTER"),
	actSaveFilter: shell("hfhook ls FILTER --save NAME"),
	actMarkAll:    shell("hfhook ls FILTER -n 100 -q"),

	actFilterValue: shell("hfhook ls FILTER"),
	actSaved1:      shell("hfhook ls FILTER"),
	actSaved2:      shell("hfhook ls FILTER"),
	actSaved3:      shell("hfhook ls FILTER"),
	actSaved4:      shell("hfhook ls FILTER"),
	actSaved5:      shell("hfhook ls FILTER"),
	actSaved6:      shell("hfhook ls FILTER"),
	actSaved7:      shell("hfhook ls FILTER"),
	actSaved8:      shell("hfhook ls FILTER"),
	actSaved9:      shell("hfhook ls FILTER"),

	actReplay:     shell("hfhook replay ID"),
	actReplayMany: shell("hfhook replay ID"),
	actAgain:      shell("hfhook replay ID --to TARGET"),
	actDryRun:     shell("hfhook replay ID --dry-run"),
	actStop:       {none: "ctrl+c ends a command"},
	actName:       shell("hfhook pin ID NAME"),
	actNote:       shell("hfhook note ID TEXT"),
	actDelete:     shell("hfhook rm ID"),
	actUndo:       {none: "nothing is taken back there"},
	actNew:        shell("hfhook trigger SCOPE/ACTION"),
	actPrint:      shell("hfhook trigger SCOPE/ACTION --print"),

	actEdit:     shell("hfhook edit ID --send"),
	actEditor:   shell("hfhook edit ID --send"),
	actSetValue: shell("hfhook replay ID --set PATH=VALUE"),
	actToggle:   shell("hfhook replay ID --set PATH=VALUE"),
	actAddField: shell("hfhook replay ID --set PATH=VALUE"),
	actUnset:    shell("hfhook replay ID --unset PATH"),
	actPresets:  shell("hfhook replay ID --set PATH=VALUE"),
	actTakeBack: {none: "it is about what is being edited"},
	actFixture:  shell("hfhook pin ID NAME"),

	actCopy:       justLooks, // what is chosen names its own
	actCopyValue:  shell("hfhook show ID --raw | jq -r PATH"),
	actCopyHeader: shell("hfhook show ID --headers"),
	actCopyPath:   {none: "it is a word for one"},
	actCopyQuery:  shell("hfhook show ID --raw | jq PATH"),
	actSave:       shell("hfhook show ID --raw > FILE"),
	actPager:      shell("hfhook show ID --payload | less"),
	actPipe:       shell("hfhook show ID --raw | COMMAND"),
	actExport:     shell("hfhook export ID --as FORMAT"),
	actBrowse:     shell("hfhook open ID"),

	actRejected:  justLooks, // it is remembered by this run alone
	actForget:    {none: "what is rejected is remembered by this run alone"},
	actForgetAll: {none: "what is rejected is remembered by this run alone"},
	actReport:    {none: "what is rejected is remembered by this run alone"},
	actMySecret:  shell("hfhook secret new --secret-stdin < FILE"),

	actTargets:      shell("hfhook held"),
	actPause:        thisRun,
	actAddTarget:    shell("hfhook dev TARGET"),
	actEditTarget:   shell("hfhook dev TARGET"),
	actRemoveTarget: shell("hfhook dev"),
	actDeliverHeld:  shell("hfhook held TARGET --deliver"),
	actDropHeld:     shell("hfhook held TARGET --drop"),

	actHubLog:     shell("hfhook open hub --webhook WEBHOOK"),
	actHooks:      shell("hfhook webhooks ls"),
	actReload:     shell("hfhook webhooks ls"),
	actAddHook:    shell("hfhook webhooks create --watch TYPE:NAME --own-secret"),
	actEditHook:   shell("hfhook webhooks update WEBHOOK --watch TYPE:NAME"),
	actTakeOver:   shell("hfhook webhooks update WEBHOOK --url URL --own-secret"),
	actPushSecret: shell("hfhook webhooks update WEBHOOK --own-secret"),
	actSwitchHook: shell("hfhook webhooks disable WEBHOOK"),
	actDeleteHook: shell("hfhook webhooks delete WEBHOOK"),
	actOnQuit:     shell("hfhook dev --on-quit disable"),
	actProve:      shell("hfhook doctor"),

	actDoctor:      shell("hfhook doctor"),
	actAuthtoken:   shell("NGROK_AUTHTOKEN=TOKEN hfhook dev"),
	actOwnURL:      shell("hfhook dev --url URL"),
	actRetryTunnel: shell("hfhook dev"),
	actDropTunnel:  shell("hfhook dev --tunnel none"),
	actHandler:     justLooks,
	actRestart:     thisRun,
	actLog:         justLooks,
	actSettings:    shell("hfhook config show"),
}

// says is the command, or why there is none; empty where nothing is done.
func (c counterpart) says() string {
	switch {
	case c.command != "":
		return c.command
	case c.none != "":
		return "no command: " + c.none
	}
	return ""
}

// A subject is a screen that knows what a word of a general form stands for there. What
// it does not know is empty.
type subject interface {
	subject(word string, f frame) string
}

// about puts what is selected on a screen into the general form of a command, each
// word once.
func about(top screen, command string, f frame) string {
	words := strings.Fields(command)
	done := map[string]bool{}
	for i, word := range words {
		if done[word] {
			continue
		}
		known := ""
		if s, ok := top.(subject); ok {
			known = s.subject(word, f)
		}
		if known != "" {
			words[i], done[word] = known, true
		}
	}
	return strings.Join(words, " ")
}

func (e *events) subject(word string, f frame) string {
	switch word {
	case "ID":
		return string(e.detail.item.key.id)
	case "FILTER":
		if e.list.filter != nil {
			return shellWord(e.list.text)
		}
	case "WEBHOOK":
		return e.webhook(f)
	}
	return ""
}

func (p *opened) subject(word string, f frame) string { return p.main.subject(word, f) }

func (p *targetList) subject(word string, f frame) string {
	if t := p.current(f); t != nil && word == "TARGET" {
		return shellWord(t.Name)
	}
	return ""
}

func (p *hooks) subject(word string, f frame) string {
	if h := p.current(f); h != nil && word == "WEBHOOK" {
		return shellWord(h.ID)
	}
	return ""
}

// A printed screen shows what a command prints.
type printed interface{ printedBy(f frame) string }

func (p *targetList) printedBy(f frame) string {
	if t := p.current(f); t != nil && t.Waiting > 0 {
		return heldCommand(t.Name)
	}
	return "hfhook held"
}

func (*hooks) printedBy(frame) string { return "hfhook webhooks ls" }

func (*doctor) printedBy(frame) string { return "hfhook doctor" }

func (p *document) printedBy(frame) string { return p.command }

// lastDone is the command of what was done on the screen that is on top, else the one that
// prints what it shows, else that of what was done before.
func (m *model) lastDone() string {
	if top, ok := m.top().(printed); ok && m.didOn != m.top() {
		if command := top.printedBy(m.frame()); command != "" {
			return command
		}
	}
	return m.did
}

// lastCommand is the key that copies that command, on each screen that has none of its
// own: y, where that is for nothing else there.
func (m *model) lastCommand(bindings []binding) []binding {
	_, letters := m.top().(*menu)
	for _, b := range bindings {
		switch b.action {
		case actCopyCommand:
			return nil
		case actCopy, actCopyValue:
			letters = true
		}
	}
	b := keys(actCopyCommand)[0]
	if letters {
		b.keys, b.label, b.quiet = b.keys[1:], b.keys[1], true
	}
	return []binding{b}
}

// logged is a result as the log has it, with its command.
func logged(text, command string) string {
	if command == "" {
		return text
	}
	return fmt.Sprintf("%s  $ %s", text, visible.Line(command))
}
