package tui

// Every key: what it does, how it is written, and in which words. Footer and help
// are made of this table, so a key that is shown is a key that works.

import "slices"

type action int

const (
	actUp action = iota
	actDown
	actPageUp
	actPageDown
	actFirst
	actLast
	actOtherPane
	actPrevious
	actNext
	actFold
	actUnfold
	actOpen
	actReplay
	actReplayMany
	actStop
	actFilter
	actComplete
	actCompleteBack
	actClear
	actSaveFilter
	actCopyFilter
	actFilterValue
	actSaved1
	actSaved2
	actSaved3
	actSaved4
	actSaved5
	actSaved6
	actSaved7
	actSaved8
	actSaved9
	actMark
	actMarkRange
	actMarkAll
	actName
	actNote
	actDelete
	actUndo
	actKinBefore
	actKinAfter
	actColumns
	actZoom
	actHubLog
	actHooks
	actTargets
	actPause
	actAddTarget
	actEditTarget
	actDeliverHeld
	actDropHeld
	actRemoveTarget
	actAddHook
	actEditHook
	actTakeOver
	actPushSecret
	actSwitchHook
	actDeleteHook
	actOnQuit
	actProve
	actReload
	actDoctor
	actAuthtoken
	actOwnURL
	actNew
	actCopy
	actPayload
	actHeaders
	actDeliveries
	actRaw
	actDiff
	actUnfoldAll
	actFind
	actFindNext
	actFindPrevious
	actCopyValue
	actCopyPath
	actCopyHeader
	actCopyQuery
	actBrowse
	actAgain
	actAnswer
	actHex
	actPick
	actOlder
	actNewer
	actEqual
	actSave
	actPager
	actPipe
	actFollow
	actEarlier
	actRejected
	actForget
	actForgetAll
	actMySecret
	actReport
	actEdit
	actEditor
	actSetValue
	actToggle
	actAddField
	actUnset
	actTakeBack
	actPresets
	actFixture
	actMore
	actLess
	actDryRun
	actScenarios
	actExport
	actPair
	actPaired
	actAttempts
	actAsText
	actRetryTunnel
	actDropTunnel
	actChoose
	actPrint
	actCopyCommand
	actBack
	actLog
	actHandler
	actRestart
	actPalette
	actSettings
	actHelp
	actQuit
	actQuitNow
	actSuspend
	actRedraw
)

// A binding is one row of the table.
type binding struct {
	action action
	keys   []string // as Bubble Tea names them
	label  string   // as they are shown
	foot   string   // as they are shown in the footer, where one place is for several; empty: as label
	word   string   // in the footer
	help   string   // in the help
	group  string   // heading in the help

	quiet bool // not in the footer: everybody tries it, or the screen shows it elsewhere
	right bool // at the footer's right
}

const (
	groupMove   = "Move"
	groupEvent  = "Event"
	groupLook   = "Look"
	groupTunnel = "Tunnel"
	groupTake   = "Take away"
	groupHfhook = "hfhook"
)

var keyTable = [...]binding{
	actUp:       {keys: []string{"up", "k"}, label: "↑ k", help: "one up", group: groupMove, quiet: true},
	actDown:     {keys: []string{"down", "j"}, label: "↓ j", help: "one down", group: groupMove, quiet: true},
	actPageUp:   {keys: []string{"pgup", "ctrl+b"}, label: "pgup", help: "page up", group: groupMove, quiet: true},
	actPageDown: {keys: []string{"pgdown", "ctrl+f"}, label: "pgdn", help: "page down", group: groupMove, quiet: true},
	actFirst:    {keys: []string{"g", "home"}, label: "g", help: "first", group: groupMove, quiet: true},
	actLast:     {keys: []string{"G", "end"}, label: "G", help: "last, newest", group: groupMove, quiet: true},

	actFold:      {keys: []string{"left"}, label: "←", word: "fold", help: "fold, to the parent", group: groupMove},
	actUnfold:    {keys: []string{"right"}, label: "→", word: "unfold", help: "unfold, into", group: groupMove},
	actPrevious:  {keys: []string{"["}, label: "[", word: "prev", help: "previous event", group: groupMove},
	actNext:      {keys: []string{"]"}, label: "]", word: "next", help: "next event", group: groupMove},
	actOtherPane: {keys: []string{"tab"}, label: "tab", word: "pane", help: "other pane", group: groupMove},

	actUnfoldAll: {keys: []string{"E"}, label: "E", word: "all", help: "unfold or fold all", group: groupMove},

	actOpen:       {keys: []string{"enter"}, label: "↵", word: "open", help: "open, whole screen", group: groupEvent},
	actReplay:     {keys: []string{"r"}, label: "r", word: "replay", help: "replay now", group: groupEvent},
	actReplayMany: {keys: []string{"R"}, label: "R", word: "options", help: "replay with options", group: groupEvent},
	actStop:       {keys: []string{"ctrl+x"}, label: "ctrl+x", word: "stop replays", help: "stop the replays", group: groupEvent},
	actFilter:     {keys: []string{"/"}, label: "/", word: "filter", help: "filter", group: groupLook},
	actComplete:   {keys: []string{"tab"}, label: "tab", word: "complete", help: "complete the word", group: groupLook},
	actMark:       {keys: []string{"space"}, label: "space", word: "select", help: "select", group: groupMove},
	actMarkRange:  {keys: []string{"V"}, label: "V", word: "select to here", help: "select to here", group: groupMove},

	actCompleteBack: {keys: []string{"shift+tab"}, label: "shift+tab", word: "back", help: "the one before", group: groupLook, quiet: true},
	actClear:        {keys: []string{"ctrl+u"}, label: "ctrl+u", word: "clear", help: "clear the text", group: groupLook},
	actSaveFilter:   {keys: []string{"ctrl+s"}, label: "ctrl+s", word: "save", help: "save the filter", group: groupLook},
	actCopyFilter:   {keys: []string{"ctrl+y"}, label: "ctrl+y", word: "copy command", help: "copy the command", group: groupTake, quiet: true},
	actFilterValue:  {keys: []string{"f"}, label: "f", word: "filter", help: "filter on this value", group: groupLook},
	actSaved1:       {keys: []string{"f1"}, label: "F1", help: "saved filter 1", group: groupLook, quiet: true},
	actSaved2:       {keys: []string{"f2"}, label: "F2", help: "saved filter 2", group: groupLook, quiet: true},
	actSaved3:       {keys: []string{"f3"}, label: "F3", help: "saved filter 3", group: groupLook, quiet: true},
	actSaved4:       {keys: []string{"f4"}, label: "F4", help: "saved filter 4", group: groupLook, quiet: true},
	actSaved5:       {keys: []string{"f5"}, label: "F5", help: "saved filter 5", group: groupLook, quiet: true},
	actSaved6:       {keys: []string{"f6"}, label: "F6", help: "saved filter 6", group: groupLook, quiet: true},
	actSaved7:       {keys: []string{"f7"}, label: "F7", help: "saved filter 7", group: groupLook, quiet: true},
	actSaved8:       {keys: []string{"f8"}, label: "F8", help: "saved filter 8", group: groupLook, quiet: true},
	actSaved9:       {keys: []string{"f9"}, label: "F9", help: "saved filter 9", group: groupLook, quiet: true},

	actMarkAll:   {keys: []string{"A"}, label: "A", word: "select all", help: "select all that match", group: groupMove},
	actName:      {keys: []string{"m"}, label: "m", word: "pin", help: "pin, name it", group: groupEvent},
	actNote:      {keys: []string{"M"}, label: "M", word: "note", help: "write a note", group: groupEvent},
	actDelete:    {keys: []string{"delete"}, label: "del", word: "delete", help: "delete (u undoes)", group: groupEvent},
	actUndo:      {keys: []string{"u"}, label: "u", word: "undo", help: "undo", group: groupEvent},
	actKinBefore: {keys: []string{"{"}, label: "{", word: "prev of repo", help: "previous, same repo/PR", group: groupMove, quiet: true},
	actKinAfter:  {keys: []string{"}"}, label: "}", word: "next of repo", help: "next, same repo/PR", group: groupMove, quiet: true},
	actColumns:   {keys: []string{"v"}, label: "v", word: "columns", help: "columns", group: groupLook, quiet: true},
	actZoom:      {keys: []string{"z"}, label: "z", word: "one pane", help: "one pane", group: groupLook, quiet: true},
	actDoctor:    {keys: []string{"D"}, label: "D", word: "doctor", help: "doctor", group: groupHfhook},
	actAuthtoken: {keys: []string{"a"}, label: "a", word: "authtoken", help: "enter authtoken", group: groupTunnel},
	actOwnURL:    {keys: []string{"u"}, label: "u", word: "own URL", help: "use my own URL", group: groupTunnel},
	actHubLog:    {keys: []string{"O"}, label: "O", word: "Hub log", help: "the Hub's log of it", group: groupTunnel},

	actHooks:        {keys: []string{"w"}, label: "w", word: "hooks", help: "webhooks on the Hub", group: groupTunnel},
	actTargets:      {keys: []string{"T"}, label: "T", word: "targets", help: "targets", group: groupTunnel, quiet: true},
	actPause:        {keys: []string{"p"}, label: "p", word: "pause", help: "pause forwarding", group: groupTunnel, quiet: true},
	actAddTarget:    {keys: []string{"a"}, label: "a", word: "add", help: "add a target", group: groupTunnel},
	actEditTarget:   {keys: []string{"e"}, label: "e", word: "edit", help: "change the target", group: groupTunnel},
	actDeliverHeld:  {keys: []string{"d"}, label: "d", word: "deliver now", help: "deliver what is held", group: groupTunnel},
	actDropHeld:     {keys: []string{"x"}, label: "x", word: "drop", help: "drop what is held", group: groupTunnel},
	actRemoveTarget: {keys: []string{"delete"}, label: "del", word: "remove", help: "remove the target", group: groupTunnel},
	actAddHook:      {keys: []string{"a"}, label: "a", word: "add", help: "make a webhook", group: groupEvent},
	actEditHook:     {keys: []string{"e"}, label: "e", word: "edit", help: "change what it watches", group: groupEvent},
	actTakeOver:     {keys: []string{"t"}, label: "t", word: "take over", help: "lead it here", group: groupEvent},
	actPushSecret:   {keys: []string{"s"}, label: "s", word: "push secret", help: "set your secret on it", group: groupEvent},
	actSwitchHook:   {keys: []string{"d"}, label: "d", word: "enable", help: "enable or disable it", group: groupEvent},
	actDeleteHook:   {keys: []string{"delete"}, label: "del", word: "delete", help: "delete it", group: groupEvent},
	actOnQuit:       {keys: []string{"c"}, label: "c", word: "on quit", help: "what becomes of it", group: groupEvent},
	actProve:        {keys: []string{"p"}, label: "p", word: "prove", help: "go an event's way", group: groupTunnel},
	actReload:       {keys: []string{"g"}, label: "g", word: "reload", help: "read the Hub again", group: groupLook, quiet: true},

	actNew: {keys: []string{"n"}, label: "n", word: "new event", help: "new synthetic event", group: groupEvent},

	actAgain:  {keys: []string{"R"}, label: "R", word: "again", help: "replay this attempt", group: groupEvent},
	actAnswer: {keys: []string{"enter"}, label: "↵", word: "response", help: "whole response", group: groupEvent},

	actCopy:       {keys: []string{"y"}, label: "y", word: "copy", help: "copy menu", group: groupTake},
	actCopyValue:  {keys: []string{"y"}, label: "y", word: "value", help: "copy the value", group: groupTake},
	actCopyPath:   {keys: []string{"Y"}, label: "Y", word: "path", help: "copy the path", group: groupTake},
	actCopyHeader: {keys: []string{"Y"}, label: "Y", word: "as -H", help: "copy as -H", group: groupTake},
	actCopyQuery:  {keys: []string{"c"}, label: "c", word: "jq", help: "copy as jq", group: groupTake},
	actSave:       {keys: []string{"S"}, label: "S", word: "save", help: "save to a file", group: groupTake},
	actPager:      {keys: []string{"v"}, label: "v", word: "pager", help: "read in $PAGER", group: groupTake},
	actPipe:       {keys: []string{"|"}, label: "|", word: "pipe", help: "pipe to a command", group: groupTake},
	actBrowse:     {keys: []string{"o"}, label: "o", word: "on the Hub", help: "open on the Hub", group: groupTake},

	actFind:         {keys: []string{"/"}, label: "/", word: "find", help: "find", group: groupLook},
	actFindNext:     {keys: []string{"n"}, label: "n", word: "next match", help: "next match", group: groupLook},
	actFindPrevious: {keys: []string{"N"}, label: "N", word: "previous", help: "previous match", group: groupLook},
	actPick:         {keys: []string{"b"}, label: "b", word: "pick B", help: "pick the other event", group: groupLook},
	actOlder:        {keys: []string{"]"}, label: "]", word: "older", help: "older one of its kind", group: groupLook},
	actNewer:        {keys: []string{"["}, label: "[", word: "back", help: "back to the newer one", group: groupLook},
	actEqual:        {keys: []string{"z"}, label: "z", word: "equal", help: "equal fields too", group: groupLook},
	actHex:          {keys: []string{"x"}, label: "x", word: "text/hex", help: "text or hex", group: groupLook},

	actPayload:    {keys: []string{"1"}, label: "1", word: "payload", help: "payload", group: groupLook, quiet: true},
	actHeaders:    {keys: []string{"2"}, label: "2", word: "headers", help: "headers", group: groupLook, quiet: true},
	actDeliveries: {keys: []string{"3"}, label: "3", word: "deliveries", help: "deliveries", group: groupLook, quiet: true},
	actRaw:        {keys: []string{"4"}, label: "4", word: "raw", help: "raw bytes", group: groupLook, quiet: true},
	actDiff:       {keys: []string{"5", "d"}, label: "5", word: "diff", help: "diff with another", group: groupLook, quiet: true},
	actFollow:     {keys: []string{"F"}, label: "F", word: "follow", help: "follow the newest", group: groupLook},
	actRejected:   {keys: []string{"!"}, label: "!", word: "rejected", help: "rejected requests", group: groupLook},
	actForget:     {keys: []string{"x"}, label: "x", word: "forget", help: "forget this one", group: groupEvent},
	actForgetAll:  {keys: []string{"X"}, label: "X", word: "forget all", help: "forget all of them", group: groupEvent},
	actMySecret:   {keys: []string{"k"}, label: "k", word: "my secret", help: "mend or type my secret", group: groupEvent},
	actReport:     {keys: []string{"c"}, label: "c", word: "copy report", help: "copy what is known", group: groupTake},
	actEarlier:    {keys: []string{"h"}, label: "h", word: "history", help: "earlier events", group: groupLook},

	actEdit:     {keys: []string{"e"}, label: "e", word: "edit", help: "edit and replay", group: groupEvent},
	actEditor:   {keys: []string{"e"}, label: "e", word: "$EDITOR", help: "the whole in $EDITOR", group: groupEvent},
	actSetValue: {keys: []string{"s"}, label: "s", word: "set", help: "set the value", group: groupEvent},
	actToggle:   {keys: []string{"space"}, label: "space", word: "true/false", help: "true or false", group: groupEvent},
	actAddField: {keys: []string{"a"}, label: "a", word: "add field", help: "add a field", group: groupEvent},
	actUnset:    {keys: []string{"x", "delete"}, label: "x", word: "remove", help: "remove the field", group: groupEvent},
	actTakeBack: {keys: []string{"u"}, label: "u", word: "undo", help: "undo the last change", group: groupEvent},
	actPresets:  {keys: []string{"p"}, label: "p", word: "presets", help: "presets", group: groupEvent},
	actFixture:  {keys: []string{"ctrl+s"}, label: "ctrl+s", word: "fixture", help: "save as a fixture", group: groupEvent},

	actMore:   {keys: []string{"+", "="}, label: "+", word: "faster", help: "faster, more", group: groupEvent},
	actLess:   {keys: []string{"-"}, label: "-", word: "slower", help: "slower, fewer", group: groupEvent},
	actDryRun: {keys: []string{"d"}, label: "d", word: "dry run", help: "show what would be sent", group: groupEvent},

	actExport:   {keys: []string{"x"}, label: "x", word: "export", help: "export", group: groupTake},
	actPair:     {keys: []string{"space"}, label: "space", word: "mark", help: "mark an attempt", group: groupLook},
	actPaired:   {keys: []string{"D"}, label: "D", word: "diff two", help: "diff two attempts", group: groupLook},
	actAttempts: {keys: []string{"a"}, label: "a", word: "attempts", help: "diff of attempts", group: groupLook},
	actAsText:   {keys: []string{"t", "ctrl+t"}, label: "t", word: "text diff", help: "by lines, as text", group: groupLook},

	actScenarios: {keys: []string{"s"}, label: "s", word: "scenarios", help: "scenarios, and yours", group: groupEvent},

	actRetryTunnel: {keys: []string{"t"}, label: "t", word: "retry", help: "retry the tunnel", group: groupTunnel},
	actDropTunnel:  {keys: []string{"l"}, label: "l", word: "local only", help: "work without tunnel", group: groupTunnel},

	actPrint:       {keys: []string{"p"}, label: "p", word: "print only", help: "print, do not send", group: groupEvent},
	actCopyCommand: {keys: []string{"y", "ctrl+y"}, label: "y", word: "copy command", help: "copy the command", group: groupTake},

	actChoose: {keys: []string{"enter"}, label: "↵", word: "choose", help: "choose", group: groupEvent},

	actBack:     {keys: []string{"esc"}, label: "esc", word: "back", help: "back", group: groupHfhook, right: true},
	actLog:      {keys: []string{"L"}, label: "L", word: "log", help: "log", group: groupHfhook, quiet: true},
	actHandler:  {keys: []string{"H"}, label: "H", word: "handler", help: "your handler", group: groupHfhook, quiet: true},
	actRestart:  {keys: []string{"K"}, label: "K", word: "restart", help: "restart your handler", group: groupHfhook, quiet: true},
	actPalette:  {keys: []string{":"}, label: ":", word: "commands", help: "command palette", group: groupHfhook, quiet: true},
	actSettings: {keys: []string{","}, label: ",", word: "settings", help: "settings", group: groupHfhook, quiet: true},

	actHelp:    {keys: []string{"?"}, label: "?", word: "help", help: "this help", group: groupHfhook, right: true},
	actQuit:    {keys: []string{"q"}, label: "q", word: "quit", help: "quit", group: groupHfhook, right: true},
	actQuitNow: {keys: []string{"ctrl+c"}, label: "ctrl+c", help: "quit now", group: groupHfhook, quiet: true},
	actSuspend: {keys: []string{"ctrl+z"}, label: "ctrl+z", help: "suspend", group: groupHfhook, quiet: true},
	actRedraw:  {keys: []string{"ctrl+l"}, label: "ctrl+l", help: "redraw", group: groupHfhook, quiet: true},
}

// everyBinding is the whole table.
func everyBinding() []binding {
	all := make([]binding, len(keyTable))
	for i := range all {
		all[i] = keys(action(i))[0]
	}
	return all
}

// keys picks rows of the table.
func keys(actions ...action) []binding {
	out := make([]binding, len(actions))
	for i, a := range actions {
		out[i] = keyTable[a]
		out[i].action = a
	}
	return out
}

// as is the binding in other words, where the table's are too general.
func (b binding) as(word string) binding {
	b.word, b.help = word, word
	return b
}

// yield takes the keys of others away from bindings, and what then has none. So each key
// that is shown does what is written beside it.
func yield(bindings, others []binding) []binding {
	var left []binding
	for _, b := range bindings {
		keys := slices.DeleteFunc(slices.Clone(b.keys), func(key string) bool { _, taken := pressed(others, key); return taken })
		if len(keys) == 0 {
			continue
		}
		if keys[0] != b.keys[0] {
			b.label = keyLabel(keys[:1])
		}
		b.keys = keys
		left = append(left, b)
	}
	return left
}

// pressed finds the action of a key.
func pressed(bindings []binding, key string) (action, bool) {
	for _, b := range bindings {
		if slices.Contains(b.keys, key) {
			return b.action, true
		}
	}
	return 0, false
}
