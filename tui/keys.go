package tui

// Every action: its key, its words, where it is offered, and the command that does the
// same. Footer, help, palette, [keys] and hfhook help keys are made from this table, so a
// key that is shown is a key that works.

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

// A binding is one row of the table: everything there is to say about an action.
type binding struct {
	action action
	name   string   // in a configuration file
	keys   []string // as Bubble Tea names them
	label  string   // as they are shown
	foot   string   // as they are shown in the footer, where one place is for several; empty: as label
	word   string   // in the footer
	help   string   // in the help
	group  string   // heading in the help

	quiet bool // not in the footer: everybody tries it, or the screen shows it elsewhere
	right bool // at the footer's right

	where place // it is offered; 0: everywhere

	// The command that does the same, in its general form: ID, TARGET, WEBHOOK and other
	// capitals stand for what is selected or typed. An action without one has the reason in
	// none, unless it only moves or changes how something is shown.
	command, none string
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
	actUp:       {name: "up", keys: []string{"up", "k"}, label: "↑ k", help: "one up", group: groupMove, quiet: true},
	actDown:     {name: "down", keys: []string{"down", "j"}, label: "↓ j", help: "one down", group: groupMove, quiet: true},
	actPageUp:   {name: "page-up", keys: []string{"pgup", "ctrl+b"}, label: "pgup", help: "page up", group: groupMove, quiet: true},
	actPageDown: {name: "page-down", keys: []string{"pgdown", "ctrl+f"}, label: "pgdn", help: "page down", group: groupMove, quiet: true},
	actFirst:    {name: "first", keys: []string{"g", "home"}, label: "g", help: "first", group: groupMove, quiet: true, where: everywhere &^ onHooks},
	actLast:     {name: "last", keys: []string{"G", "end"}, label: "G", help: "last, newest", group: groupMove, quiet: true},

	actFold:      {name: "fold", keys: []string{"left"}, label: "←", word: "fold", help: "fold, to the parent", group: groupMove, where: onDetail | onReading | onForm | onEdit},
	actUnfold:    {name: "unfold", keys: []string{"right"}, label: "→", word: "unfold", help: "unfold, into", group: groupMove, where: onDetail | onReading | onForm | onEdit},
	actPrevious:  {name: "previous-event", keys: []string{"["}, label: "[", word: "prev", help: "previous event", group: groupMove, where: onList | onDetail},
	actNext:      {name: "next-event", keys: []string{"]"}, label: "]", word: "next", help: "next event", group: groupMove, where: onList | onDetail},
	actOtherPane: {name: "other-pane", keys: []string{"tab"}, label: "tab", word: "pane", help: "other pane", group: groupMove, where: onList | onDetail | onForm},

	actUnfoldAll: {name: "unfold-all", keys: []string{"E"}, label: "E", word: "all", help: "unfold or fold all", group: groupMove, where: onDetail | onReading},

	actOpen:       {name: "open", keys: []string{"enter"}, label: "↵", word: "open", help: "open, whole screen", group: groupEvent, where: onList | onDetail | onRefused, command: "hfhook show ID"},
	actReplay:     {name: "replay", keys: []string{"r"}, label: "r", word: "replay", help: "replay now", group: groupEvent, where: onList | onDetail, command: "hfhook replay ID"},
	actReplayMany: {name: "replay-options", keys: []string{"R"}, label: "R", word: "options", help: "replay with options", group: groupEvent, where: onList, command: "hfhook replay ID"},
	actStop:       {name: "stop-replays", keys: []string{"ctrl+x"}, label: "ctrl+x", word: "stop replays", help: "stop the replays", group: groupEvent, where: onList | onDetail, none: "ctrl+c ends a command"},
	actFilter:     {name: "filter", keys: []string{"/"}, label: "/", word: "filter", help: "filter", group: groupLook, where: onList, command: "hfhook ls FILTER"},
	actComplete:   {name: "complete", keys: []string{"tab"}, label: "tab", word: "complete", help: "complete the word", group: groupLook, where: onForm | onEdit},
	actMark:       {name: "select", keys: []string{"space"}, label: "space", word: "select", help: "select", group: groupMove, where: onList | onForm},
	actMarkRange:  {name: "select-to-here", keys: []string{"V"}, label: "V", word: "select to here", help: "select to here", group: groupMove, where: onList},

	actCompleteBack: {name: "complete-back", keys: []string{"shift+tab"}, label: "shift+tab", word: "back", help: "the one before", group: groupLook, quiet: true, where: onForm},
	actClear:        {name: "clear", keys: []string{"ctrl+u"}, label: "ctrl+u", word: "clear", help: "clear the text", group: groupLook, where: onForm},
	actSaveFilter:   {name: "save-filter", keys: []string{"ctrl+s"}, label: "ctrl+s", word: "save", help: "save the filter", group: groupLook, where: onForm, command: "hfhook ls FILTER --save NAME"},
	actCopyFilter:   {name: "copy-filter", keys: []string{"ctrl+y"}, label: "ctrl+y", word: "copy command", help: "copy the command", group: groupTake, quiet: true, where: onForm},
	actFilterValue:  {name: "filter-value", keys: []string{"f"}, label: "f", word: "filter", help: "filter on this value", group: groupLook, where: onDetail, command: "hfhook ls FILTER"},
	actSaved1:       {name: "saved-filter-1", keys: []string{"f1"}, label: "F1", help: "saved filter 1", group: groupLook, quiet: true, where: onList | onForm, command: "hfhook ls FILTER"},
	actSaved2:       {name: "saved-filter-2", keys: []string{"f2"}, label: "F2", help: "saved filter 2", group: groupLook, quiet: true, where: onList | onForm, command: "hfhook ls FILTER"},
	actSaved3:       {name: "saved-filter-3", keys: []string{"f3"}, label: "F3", help: "saved filter 3", group: groupLook, quiet: true, where: onList | onForm, command: "hfhook ls FILTER"},
	actSaved4:       {name: "saved-filter-4", keys: []string{"f4"}, label: "F4", help: "saved filter 4", group: groupLook, quiet: true, where: onList | onForm, command: "hfhook ls FILTER"},
	actSaved5:       {name: "saved-filter-5", keys: []string{"f5"}, label: "F5", help: "saved filter 5", group: groupLook, quiet: true, where: onList | onForm, command: "hfhook ls FILTER"},
	actSaved6:       {name: "saved-filter-6", keys: []string{"f6"}, label: "F6", help: "saved filter 6", group: groupLook, quiet: true, where: onList | onForm, command: "hfhook ls FILTER"},
	actSaved7:       {name: "saved-filter-7", keys: []string{"f7"}, label: "F7", help: "saved filter 7", group: groupLook, quiet: true, where: onList | onForm, command: "hfhook ls FILTER"},
	actSaved8:       {name: "saved-filter-8", keys: []string{"f8"}, label: "F8", help: "saved filter 8", group: groupLook, quiet: true, where: onList | onForm, command: "hfhook ls FILTER"},
	actSaved9:       {name: "saved-filter-9", keys: []string{"f9"}, label: "F9", help: "saved filter 9", group: groupLook, quiet: true, where: onList | onForm, command: "hfhook ls FILTER"},

	actMarkAll:   {name: "select-all", keys: []string{"A"}, label: "A", word: "select all", help: "select all that match", group: groupMove, where: onList, command: "hfhook ls FILTER -n 100 -q"},
	actName:      {name: "pin", keys: []string{"m"}, label: "m", word: "pin", help: "pin, name it", group: groupEvent, where: onList | onDetail, command: "hfhook pin ID NAME"},
	actNote:      {name: "note", keys: []string{"M"}, label: "M", word: "note", help: "write a note", group: groupEvent, where: onList | onDetail, command: "hfhook note ID TEXT"},
	actDelete:    {name: "delete", keys: []string{"delete"}, label: "del", word: "delete", help: "delete (u undoes)", group: groupEvent, where: onList | onDetail, command: "hfhook rm ID"},
	actUndo:      {name: "undo", keys: []string{"u"}, label: "u", word: "undo", help: "undo", group: groupEvent, where: onList | onDetail, none: "nothing is taken back there"},
	actKinBefore: {name: "previous-of-repo", keys: []string{"{"}, label: "{", word: "prev of repo", help: "previous, same repo/PR", group: groupMove, quiet: true, where: onList | onDetail},
	actKinAfter:  {name: "next-of-repo", keys: []string{"}"}, label: "}", word: "next of repo", help: "next, same repo/PR", group: groupMove, quiet: true, where: onList | onDetail},
	actColumns:   {name: "columns", keys: []string{"v"}, label: "v", word: "columns", help: "columns", group: groupLook, quiet: true, where: onList},
	actZoom:      {name: "one-pane", keys: []string{"z"}, label: "z", word: "one pane", help: "one pane", group: groupLook, quiet: true, where: onList},
	actDoctor:    {name: "doctor", keys: []string{"D"}, label: "D", word: "doctor", help: "doctor", group: groupHfhook, where: onList | onDetail | onReading, command: "hfhook doctor"},
	actAuthtoken: {name: "authtoken", keys: []string{"a"}, label: "a", word: "authtoken", help: "enter authtoken", group: groupTunnel, where: onList | onDetail, command: "NGROK_AUTHTOKEN=TOKEN hfhook dev"},
	actOwnURL:    {name: "own-url", keys: []string{"u"}, label: "u", word: "own URL", help: "use my own URL", group: groupTunnel, where: onList | onDetail, command: "hfhook dev --url URL"},
	actHubLog:    {name: "hub-log", keys: []string{"O"}, label: "O", word: "Hub log", help: "the Hub's log of it", group: groupTunnel, where: onList | onDetail | onHooks, command: "hfhook open hub --webhook WEBHOOK"},

	actHooks:        {name: "hooks", keys: []string{"w"}, label: "w", word: "hooks", help: "webhooks on the Hub", group: groupTunnel, where: onList | onDetail, command: "hfhook webhooks ls"},
	actTargets:      {name: "targets", keys: []string{"T"}, label: "T", word: "targets", help: "targets", group: groupTunnel, quiet: true, where: onList | onDetail, command: "hfhook held"},
	actPause:        {name: "pause", keys: []string{"p"}, label: "p", word: "pause", help: "pause forwarding", group: groupTunnel, quiet: true, where: onList | onTargets, none: "it is about the hfhook that runs"},
	actAddTarget:    {name: "add-target", keys: []string{"a"}, label: "a", word: "add", help: "add a target", group: groupTunnel, where: onTargets, command: "hfhook dev TARGET"},
	actEditTarget:   {name: "edit-target", keys: []string{"e"}, label: "e", word: "edit", help: "change the target", group: groupTunnel, where: onTargets, command: "hfhook dev TARGET"},
	actDeliverHeld:  {name: "deliver-held", keys: []string{"d"}, label: "d", word: "deliver now", help: "deliver what is held", group: groupTunnel, where: onTargets, command: "hfhook held TARGET --deliver"},
	actDropHeld:     {name: "drop-held", keys: []string{"x"}, label: "x", word: "drop", help: "drop what is held", group: groupTunnel, where: onTargets, command: "hfhook held TARGET --drop"},
	actRemoveTarget: {name: "remove-target", keys: []string{"delete"}, label: "del", word: "remove", help: "remove the target", group: groupTunnel, where: onTargets, command: "hfhook dev"},
	actAddHook:      {name: "add-hook", keys: []string{"a"}, label: "a", word: "add", help: "make a webhook", group: groupEvent, where: onHooks, command: "hfhook webhooks create --watch TYPE:NAME --own-secret"},
	actEditHook:     {name: "edit-hook", keys: []string{"e"}, label: "e", word: "edit", help: "change what it watches", group: groupEvent, where: onHooks, command: "hfhook webhooks update WEBHOOK --watch TYPE:NAME"},
	actTakeOver:     {name: "take-over", keys: []string{"t"}, label: "t", word: "take over", help: "lead it here", group: groupEvent, where: onHooks, command: "hfhook webhooks update WEBHOOK --url URL --own-secret"},
	actPushSecret:   {name: "push-secret", keys: []string{"s"}, label: "s", word: "push secret", help: "set your secret on it", group: groupEvent, where: onHooks, command: "hfhook webhooks update WEBHOOK --own-secret"},
	actSwitchHook:   {name: "switch-hook", keys: []string{"d"}, label: "d", word: "enable", help: "enable or disable it", group: groupEvent, where: onHooks, command: "hfhook webhooks disable WEBHOOK"},
	actDeleteHook:   {name: "delete-hook", keys: []string{"delete"}, label: "del", word: "delete", help: "delete it", group: groupEvent, where: onHooks, command: "hfhook webhooks delete WEBHOOK"},
	actOnQuit:       {name: "on-quit", keys: []string{"c"}, label: "c", word: "on quit", help: "what becomes of it", group: groupEvent, where: onHooks, command: "hfhook dev --on-quit disable"},
	actProve:        {name: "prove", keys: []string{"p"}, label: "p", word: "prove", help: "go an event's way", group: groupTunnel, where: onHooks, command: "hfhook doctor"},
	actReload:       {name: "read-hub-again", keys: []string{"g"}, label: "g", word: "reload", help: "read the Hub again", group: groupLook, quiet: true, where: onHooks, command: "hfhook webhooks ls"},

	actNew: {name: "new-event", keys: []string{"n"}, label: "n", word: "new event", help: "new synthetic event", group: groupEvent, where: onList | onDetail, command: "hfhook trigger SCOPE/ACTION"},

	actAgain:  {name: "replay-attempt", keys: []string{"R"}, label: "R", word: "again", help: "replay this attempt", group: groupEvent, where: onDetail, command: "hfhook replay ID --to TARGET"},
	actAnswer: {name: "whole-response", keys: []string{"enter"}, label: "↵", word: "response", help: "whole response", group: groupEvent, where: onDetail, command: "hfhook show ID --deliveries"},

	actCopy:       {name: "copy", keys: []string{"y"}, label: "y", word: "copy", help: "copy menu", group: groupTake, where: onList | onDetail | onRefused},
	actCopyValue:  {name: "copy-value", keys: []string{"y"}, label: "y", word: "value", help: "copy the value", group: groupTake, where: onDetail | onReading, command: "hfhook show ID --raw | jq -r PATH"},
	actCopyPath:   {name: "copy-path", keys: []string{"Y"}, label: "Y", word: "path", help: "copy the path", group: groupTake, where: onDetail | onReading, none: "it is a word for one"},
	actCopyHeader: {name: "copy-header", keys: []string{"Y"}, label: "Y", word: "as -H", help: "copy as -H", group: groupTake, where: onDetail, command: "hfhook show ID --headers"},
	actCopyQuery:  {name: "copy-jq", keys: []string{"c"}, label: "c", word: "jq", help: "copy as jq", group: groupTake, where: onDetail | onReading, command: "hfhook show ID --raw | jq PATH"},
	actSave:       {name: "save", keys: []string{"S"}, label: "S", word: "save", help: "save to a file", group: groupTake, where: onDetail | onReading | onEdit, command: "hfhook show ID --raw > FILE"},
	actPager:      {name: "pager", keys: []string{"v"}, label: "v", word: "pager", help: "read in $PAGER", group: groupTake, where: onDetail | onReading, command: "hfhook show ID --payload | less"},
	actPipe:       {name: "pipe", keys: []string{"|"}, label: "|", word: "pipe", help: "pipe to a command", group: groupTake, where: onDetail, command: "hfhook show ID --raw | COMMAND"},
	actBrowse:     {name: "open-on-hub", keys: []string{"o"}, label: "o", word: "on the Hub", help: "open on the Hub", group: groupTake, where: onList | onDetail, command: "hfhook open ID"},

	actFind:         {name: "find", keys: []string{"/"}, label: "/", word: "find", help: "find", group: groupLook, where: onDetail | onReading},
	actFindNext:     {name: "next-match", keys: []string{"n"}, label: "n", word: "next match", help: "next match", group: groupLook, where: onDetail | onReading},
	actFindPrevious: {name: "previous-match", keys: []string{"N"}, label: "N", word: "previous", help: "previous match", group: groupLook, where: onDetail | onReading},
	actPick:         {name: "pick-other", keys: []string{"b"}, label: "b", word: "pick B", help: "pick the other event", group: groupLook, where: onDetail, command: "hfhook diff ID ID"},
	actOlder:        {name: "older-of-kind", keys: []string{"]"}, label: "]", word: "older", help: "older one of its kind", group: groupLook, where: onDetail, command: "hfhook diff ID ID"},
	actNewer:        {name: "newer-of-kind", keys: []string{"["}, label: "[", word: "back", help: "back to the newer one", group: groupLook, where: onDetail},
	actEqual:        {name: "equal-fields", keys: []string{"z"}, label: "z", word: "equal", help: "equal fields too", group: groupLook, where: onDetail},
	actHex:          {name: "hex", keys: []string{"x"}, label: "x", word: "text/hex", help: "text or hex", group: groupLook, where: onDetail | onReading},

	actPayload:    {name: "payload", keys: []string{"1"}, label: "1", word: "payload", help: "payload", group: groupLook, quiet: true, where: onList | onDetail, command: "hfhook show ID --payload"},
	actHeaders:    {name: "headers", keys: []string{"2"}, label: "2", word: "headers", help: "headers", group: groupLook, quiet: true, where: onList | onDetail, command: "hfhook show ID --headers"},
	actDeliveries: {name: "deliveries", keys: []string{"3"}, label: "3", word: "deliveries", help: "deliveries", group: groupLook, quiet: true, where: onList | onDetail, command: "hfhook show ID --deliveries"},
	actRaw:        {name: "raw", keys: []string{"4"}, label: "4", word: "raw", help: "raw bytes", group: groupLook, quiet: true, where: onList | onDetail, command: "hfhook show ID --raw"},
	actDiff:       {name: "diff", keys: []string{"5", "d"}, label: "5", word: "diff", help: "diff with another", group: groupLook, quiet: true, where: onList | onDetail, command: "hfhook diff ID"},
	actFollow:     {name: "follow", keys: []string{"F"}, label: "F", word: "follow", help: "follow the newest", group: groupLook, where: onList | onDetail},
	actRejected:   {name: "rejected", keys: []string{"!"}, label: "!", word: "rejected", help: "rejected requests", group: groupLook, where: onList | onDetail},
	actForget:     {name: "forget", keys: []string{"x"}, label: "x", word: "forget", help: "forget this one", group: groupEvent, where: onRefused, none: "what is rejected is remembered by this run alone"},
	actForgetAll:  {name: "forget-all", keys: []string{"X"}, label: "X", word: "forget all", help: "forget all of them", group: groupEvent, where: onRefused, none: "what is rejected is remembered by this run alone"},
	actMySecret:   {name: "my-secret", keys: []string{"k"}, label: "k", word: "my secret", help: "mend or type my secret", group: groupEvent, where: onRefused, command: "hfhook secret new --secret-stdin < FILE"},
	actReport:     {name: "copy-report", keys: []string{"c"}, label: "c", word: "copy report", help: "copy what is known", group: groupTake, where: onRefused, none: "what is rejected is remembered by this run alone"},
	actEarlier:    {name: "history", keys: []string{"h"}, label: "h", word: "history", help: "earlier events", group: groupLook, where: onList, command: "hfhook ls"},

	actEdit:     {name: "edit", keys: []string{"e"}, label: "e", word: "edit", help: "edit and replay", group: groupEvent, where: onList | onDetail | onForm, command: "hfhook edit ID --send"},
	actEditor:   {name: "editor", keys: []string{"e"}, label: "e", word: "$EDITOR", help: "the whole in $EDITOR", group: groupEvent, where: onEdit, command: "hfhook edit ID --send"},
	actSetValue: {name: "set", keys: []string{"s"}, label: "s", word: "set", help: "set the value", group: groupEvent, where: onDetail | onEdit, command: "hfhook replay ID --set PATH=VALUE"},
	actToggle:   {name: "toggle", keys: []string{"space"}, label: "space", word: "true/false", help: "true or false", group: groupEvent, where: onEdit, command: "hfhook replay ID --set PATH=VALUE"},
	actAddField: {name: "add-field", keys: []string{"a"}, label: "a", word: "add field", help: "add a field", group: groupEvent, where: onEdit, command: "hfhook replay ID --set PATH=VALUE"},
	actUnset:    {name: "remove-field", keys: []string{"x", "delete"}, label: "x", word: "remove", help: "remove the field", group: groupEvent, where: onEdit, command: "hfhook replay ID --unset PATH"},
	actTakeBack: {name: "undo-edit", keys: []string{"u"}, label: "u", word: "undo", help: "undo the last change", group: groupEvent, where: onEdit, none: "it is about what is being edited"},
	actPresets:  {name: "presets", keys: []string{"p"}, label: "p", word: "presets", help: "presets", group: groupEvent, where: onEdit, command: "hfhook replay ID --set PATH=VALUE"},
	actFixture:  {name: "fixture", keys: []string{"ctrl+s"}, label: "ctrl+s", word: "fixture", help: "save as a fixture", group: groupEvent, where: onEdit | onForm, command: "hfhook pin ID NAME"},

	actMore:   {name: "faster", keys: []string{"+", "="}, label: "+", word: "faster", help: "faster, more", group: groupEvent, where: onForm},
	actLess:   {name: "slower", keys: []string{"-"}, label: "-", word: "slower", help: "slower, fewer", group: groupEvent, where: onForm},
	actDryRun: {name: "dry-run", keys: []string{"d"}, label: "d", word: "dry run", help: "show what would be sent", group: groupEvent, where: onForm, command: "hfhook replay ID --dry-run"},

	actExport:   {name: "export", keys: []string{"x"}, label: "x", word: "export", help: "export", group: groupTake, where: onList, command: "hfhook export ID --as FORMAT"},
	actPair:     {name: "mark-attempt", keys: []string{"space"}, label: "space", word: "mark", help: "mark an attempt", group: groupLook, where: onDetail},
	actPaired:   {name: "diff-attempts", keys: []string{"D"}, label: "D", word: "diff two", help: "diff two attempts", group: groupLook, where: onDetail, command: "hfhook diff ID --attempts 1,2"},
	actAttempts: {name: "attempts", keys: []string{"a"}, label: "a", word: "attempts", help: "diff of attempts", group: groupLook, where: onDetail, command: "hfhook diff ID --attempts 1,2"},
	actAsText:   {name: "text-diff", keys: []string{"t", "ctrl+t"}, label: "t", word: "text diff", help: "by lines, as text", group: groupLook, where: onDetail},

	actScenarios: {name: "scenarios", keys: []string{"s"}, label: "s", word: "scenarios", help: "scenarios, and yours", group: groupEvent, where: onForm},

	actRetryTunnel: {name: "retry-tunnel", keys: []string{"t"}, label: "t", word: "retry", help: "retry the tunnel", group: groupTunnel, where: onList | onDetail, command: "hfhook dev"},
	actDropTunnel:  {name: "drop-tunnel", keys: []string{"l"}, label: "l", word: "local only", help: "work without tunnel", group: groupTunnel, where: onList | onDetail, command: "hfhook dev --tunnel none"},

	actPrint:       {name: "print", keys: []string{"p"}, label: "p", word: "print only", help: "print, do not send", group: groupEvent, where: onForm, command: "hfhook trigger SCOPE/ACTION --print"},
	actCopyCommand: {name: "copy-command", keys: []string{"y", "ctrl+y"}, label: "y", word: "copy command", help: "copy the command", group: groupTake},

	actChoose: {name: "choose", keys: []string{"enter"}, label: "↵", word: "choose", help: "choose", group: groupEvent, where: onForm | onEdit},

	actBack:     {name: "back", keys: []string{"esc"}, label: "esc", word: "back", help: "back", group: groupHfhook, right: true},
	actLog:      {name: "log", keys: []string{"L"}, label: "L", word: "log", help: "log", group: groupHfhook, quiet: true},
	actHandler:  {name: "handler", keys: []string{"H"}, label: "H", word: "handler", help: "your handler", group: groupHfhook, quiet: true},
	actRestart:  {name: "restart-handler", keys: []string{"K"}, label: "K", word: "restart", help: "restart your handler", group: groupHfhook, quiet: true, none: "it is about the hfhook that runs"},
	actPalette:  {name: "commands", keys: []string{":"}, label: ":", word: "commands", help: "command palette", group: groupHfhook, quiet: true},
	actSettings: {name: "settings", keys: []string{","}, label: ",", word: "settings", help: "settings", group: groupHfhook, quiet: true, command: "hfhook config show"},

	actHelp:    {name: "help", keys: []string{"?"}, label: "?", word: "help", help: "this help", group: groupHfhook, right: true, command: "hfhook help keys"},
	actQuit:    {name: "quit", keys: []string{"q"}, label: "q", word: "quit", help: "quit", group: groupHfhook, right: true},
	actQuitNow: {name: "quit-now", keys: []string{"ctrl+c"}, label: "ctrl+c", help: "quit now", group: groupHfhook, quiet: true},
	actSuspend: {name: "suspend", keys: []string{"ctrl+z"}, label: "ctrl+z", help: "suspend", group: groupHfhook, quiet: true},
	actRedraw:  {name: "redraw", keys: []string{"ctrl+l"}, label: "ctrl+l", help: "redraw", group: groupHfhook, quiet: true},
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
