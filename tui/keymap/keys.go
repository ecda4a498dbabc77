// Package keymap has one table with a row for each action: its keys, its words, where it
// is offered, and the command that does the same. Footer, help, palette and [keys] are made
// from it.
package keymap

// Every action: its key, its words, where it is offered, and the command that does the
// same. Footer, help, palette, [keys] and hfhook help keys are made from this table, so a
// key that is shown is a key that works.

import (
	"slices"
)

type Action int

const (
	ActUp Action = iota
	ActDown
	ActHalfUp
	ActHalfDown
	ActPageUp
	ActPageDown
	ActFirst
	ActLast
	ActOtherPane
	ActPrevious
	ActNext
	ActFold
	ActUnfold
	ActOpen
	ActRead
	ActReplay
	ActReplayNew
	ActReplayMany
	ActStop
	ActFilter
	ActFailed
	ActComplete
	ActCompleteBack
	ActClear
	ActSaveFilter
	ActCopyFilter
	ActFilterGuide
	ActFilterValue
	ActSaved1
	ActSaved2
	ActSaved3
	ActSaved4
	ActSaved5
	ActSaved6
	ActSaved7
	ActSaved8
	ActSaved9
	ActMark
	ActMarkRange
	ActMarkAll
	ActName
	ActNote
	ActDelete
	ActUndo
	ActPreviousInRepo
	ActNextInRepo
	ActColumns
	ActZoom
	ActHubLog
	ActHooks
	ActTargets
	ActSendTo
	ActHandlerSecret
	ActPause
	ActAddTarget
	ActEditTarget
	ActDeliverHeld
	ActDropHeld
	ActClearLeft
	ActRemoveTarget
	ActAddHook
	ActEditHook
	ActTakeOver
	ActPushSecret
	ActSwitchHook
	ActDeleteHook
	ActOnQuit
	ActProve
	ActReload
	ActDoctor
	ActTunnel
	ActNew
	ActCopy
	ActPayload
	ActHeaders
	ActDeliveries
	ActRaw
	ActDiff
	ActUnfoldAll
	ActFind
	ActFindNext
	ActFindPrevious
	ActCopyValue
	ActCopyPath
	ActCopyHeader
	ActCopyQuery
	ActBrowse
	ActAnswer
	ActAccept
	ActHex
	ActPick
	ActOlder
	ActNewer
	ActEqual
	ActSave
	ActPager
	ActPipe
	ActFollow
	ActEarlier
	ActRejected
	ActCauses
	ActSort
	ActForget
	ActForgetAll
	ActMySecret
	ActReport
	ActEdit
	ActSend
	ActEditor
	ActSetValue
	ActToggle
	ActAddField
	ActUnset
	ActTakeBack
	ActPresets
	ActRequest
	ActFixture
	ActMore
	ActLess
	ActDryRun
	ActScenarios
	ActExport
	ActPair
	ActPaired
	ActAttempts
	ActAsText
	ActChoose
	ActPrint
	ActCopyCommand
	ActBack
	ActLog
	ActHandler
	ActRestart
	ActPalette
	ActSettings
	ActHelp
	ActQuit
	ActQuitNow
	ActSuspend
	ActRedraw
)

// A Binding is one row of the table: everything there is to say about an action.
type Binding struct {
	Action Action
	Name   string   // in a configuration file
	Keys   []string // as Bubble Tea names them
	Label  string   // as they are shown
	Foot   string   // as they are shown in the footer, where one place is for several; empty: as label
	Word   string   // in the footer
	Help   string   // in the help
	Group  string   // heading in the help

	Quiet bool // not in the footer: everybody tries it, or the screen shows it elsewhere
	right bool // at the footer's right

	where place // it is offered; 0: everywhere

	// The command that does the same, in its general form: ID, TARGET, WEBHOOK and other
	// capitals stand for what is selected or typed. An action without one only moves, or changes
	// how something is shown, or takes back on the screen what was not carried out yet.
	Command string
}

const (
	GroupEveryday = "Everyday" // of the help alone: the ten commonest tasks

	GroupMove   = "Move"
	GroupEvent  = "Event"
	GroupLook   = "Look"
	GroupTunnel = "Tunnel"
	GroupTake   = "Take away"
	GroupHfhook = "hfhook"
)

var KeyTable = [...]Binding{
	ActUp:       {Name: "up", Keys: []string{"up", "k"}, Label: "↑ k", Help: "one up", Group: GroupMove, Quiet: true},
	ActDown:     {Name: "down", Keys: []string{"down", "j"}, Label: "↓ j", Help: "one down", Group: GroupMove, Quiet: true},
	ActHalfUp:   {Name: "half-page-up", Keys: []string{"ctrl+u"}, Label: "ctrl+u", Help: "half a page up", Group: GroupMove, Quiet: true},
	ActHalfDown: {Name: "half-page-down", Keys: []string{"ctrl+d"}, Label: "ctrl+d", Help: "half a page down", Group: GroupMove, Quiet: true},
	ActPageUp:   {Name: "page-up", Keys: []string{"pgup", "ctrl+b"}, Label: "pgup", Help: "page up", Group: GroupMove, Quiet: true},
	ActPageDown: {Name: "page-down", Keys: []string{"pgdown", "ctrl+f"}, Label: "pgdn", Help: "page down", Group: GroupMove, Quiet: true},
	ActFirst:    {Name: "first", Keys: []string{"g", "home"}, Label: "g", Help: "first", Group: GroupMove, Quiet: true},
	ActLast:     {Name: "last", Keys: []string{"G", "end"}, Label: "G", Help: "last, newest", Group: GroupMove, Quiet: true},

	ActFold:      {Name: "fold", Keys: []string{"left", "h"}, Label: "← h", Foot: "←", Word: "fold", Help: "fold, to the parent", Group: GroupMove, where: onDetail | onReading | onForm | onEdit},
	ActUnfold:    {Name: "unfold", Keys: []string{"right", "l"}, Label: "→ l", Foot: "→", Word: "unfold", Help: "unfold, into", Group: GroupMove, where: onDetail | onReading | onForm | onEdit},
	ActPrevious:  {Name: "previous-event", Keys: []string{"["}, Label: "[", Word: "older", Help: "older event", Group: GroupMove, where: onList | onDetail},
	ActNext:      {Name: "next-event", Keys: []string{"]"}, Label: "]", Word: "newer", Help: "newer event", Group: GroupMove, where: onList | onDetail},
	ActOtherPane: {Name: "other-pane", Keys: []string{"tab"}, Label: "tab", Word: "pane", Help: "other pane", Group: GroupMove, where: onList | onDetail | onForm | onReading},

	ActUnfoldAll: {Name: "unfold-all", Keys: []string{"E"}, Label: "E", Word: "all", Help: "unfold or fold all", Group: GroupMove, where: onDetail | onReading},

	ActOpen:       {Name: "open", Keys: []string{"enter"}, Label: "↵", Word: "open", Help: "open, whole screen", Group: GroupEvent, where: onList | onDetail | onRefused, Command: "hfhook show ID"},
	ActRead:       {Name: "read", Keys: []string{"enter"}, Label: "↵", Word: "read", Help: "read the whole text", Group: GroupLook, where: onDetail | onReading, Command: "hfhook show ID --raw | jq -r PATH"},
	ActReplay:     {Name: "replay", Keys: []string{"r"}, Label: "r", Word: "replay", Help: "replay now", Group: GroupEvent, where: onList | onDetail, Command: "hfhook replay ID"},
	ActReplayNew:  {Name: "replay-as-new", Keys: []string{"ctrl+n"}, Label: "ctrl+n", Word: "as new", Help: "replay as a new event", Group: GroupEvent, Quiet: true, where: onList | onDetail, Command: "hfhook replay ID --as-new"},
	ActReplayMany: {Name: "replay-options", Keys: []string{"R"}, Label: "R", Word: "options", Help: "replay with options", Group: GroupEvent, where: onList | onDetail, Command: "hfhook replay ID"},
	ActStop:       {Name: "stop-replays", Keys: []string{"ctrl+x"}, Label: "ctrl+x", Word: "stop replays", Help: "stop the replays", Group: GroupEvent, where: onList | onDetail, Command: "hfhook stop --replays"},
	ActFilter:     {Name: "filter", Keys: []string{"/"}, Label: "/", Word: "filter", Help: "filter", Group: GroupLook, where: onList, Command: "hfhook ls FILTER"},
	ActFailed:     {Name: "failed-only", Keys: []string{"f"}, Label: "f", Word: "failed", Help: "failed, rejected, all", Group: GroupLook, where: onList | onDetail, Command: "hfhook ls is:failed"},
	ActComplete:   {Name: "complete", Keys: []string{"tab"}, Label: "tab", Word: "complete", Help: "complete the word", Group: GroupLook, where: onForm | onEdit},
	ActMark:       {Name: "select", Keys: []string{"space"}, Label: "space", Word: "select", Help: "select", Group: GroupMove, where: onList | onForm},
	ActMarkRange:  {Name: "select-to-here", Keys: []string{"V"}, Label: "V", Word: "select to here", Help: "select to here", Group: GroupMove, where: onList},

	ActCompleteBack: {Name: "complete-back", Keys: []string{"shift+tab"}, Label: "shift+tab", Word: "back", Help: "the previous one", Group: GroupLook, Quiet: true, where: onForm},
	ActClear:        {Name: "clear", Keys: []string{"ctrl+u"}, Label: "ctrl+u", Word: "clear", Help: "clear the text", Group: GroupLook, where: onForm},
	ActSaveFilter:   {Name: "save-filter", Keys: []string{"ctrl+s"}, Label: "ctrl+s", Word: "save", Help: "save the filter", Group: GroupLook, where: onForm, Command: "hfhook ls FILTER --save NAME"},
	ActFilterGuide:  {Name: "filter-guide", Keys: []string{"ctrl+g"}, Label: "ctrl+g", Word: "all filters", Help: "every term of a filter", Group: GroupLook, where: onForm},
	ActCopyFilter:   {Name: "copy-filter", Keys: []string{"ctrl+y"}, Label: "ctrl+y", Word: "copy command", Help: "copy the command", Group: GroupTake, Quiet: true, where: onForm},
	ActFilterValue:  {Name: "filter-value", Keys: []string{"="}, Label: "=", Word: "filter", Help: "filter on this value", Group: GroupLook, where: onDetail, Command: "hfhook ls FILTER"},
	ActSaved1:       {Name: "saved-filter-1", Keys: []string{"f1"}, Label: "F1", Help: "saved filter 1", Group: GroupLook, Quiet: true, where: onList | onForm, Command: "hfhook ls FILTER"},
	ActSaved2:       {Name: "saved-filter-2", Keys: []string{"f2"}, Label: "F2", Help: "saved filter 2", Group: GroupLook, Quiet: true, where: onList | onForm, Command: "hfhook ls FILTER"},
	ActSaved3:       {Name: "saved-filter-3", Keys: []string{"f3"}, Label: "F3", Help: "saved filter 3", Group: GroupLook, Quiet: true, where: onList | onForm, Command: "hfhook ls FILTER"},
	ActSaved4:       {Name: "saved-filter-4", Keys: []string{"f4"}, Label: "F4", Help: "saved filter 4", Group: GroupLook, Quiet: true, where: onList | onForm, Command: "hfhook ls FILTER"},
	ActSaved5:       {Name: "saved-filter-5", Keys: []string{"f5"}, Label: "F5", Help: "saved filter 5", Group: GroupLook, Quiet: true, where: onList | onForm, Command: "hfhook ls FILTER"},
	ActSaved6:       {Name: "saved-filter-6", Keys: []string{"f6"}, Label: "F6", Help: "saved filter 6", Group: GroupLook, Quiet: true, where: onList | onForm, Command: "hfhook ls FILTER"},
	ActSaved7:       {Name: "saved-filter-7", Keys: []string{"f7"}, Label: "F7", Help: "saved filter 7", Group: GroupLook, Quiet: true, where: onList | onForm, Command: "hfhook ls FILTER"},
	ActSaved8:       {Name: "saved-filter-8", Keys: []string{"f8"}, Label: "F8", Help: "saved filter 8", Group: GroupLook, Quiet: true, where: onList | onForm, Command: "hfhook ls FILTER"},
	ActSaved9:       {Name: "saved-filter-9", Keys: []string{"f9"}, Label: "F9", Help: "saved filter 9", Group: GroupLook, Quiet: true, where: onList | onForm, Command: "hfhook ls FILTER"},

	ActMarkAll:        {Name: "select-all", Keys: []string{"A"}, Label: "A", Word: "select all", Help: "select all that match", Group: GroupMove, where: onList, Command: "hfhook ls FILTER -n 100 -q"},
	ActName:           {Name: "pin", Keys: []string{"m"}, Label: "m", Word: "pin", Help: "pin, name it", Group: GroupEvent, where: onList | onDetail, Command: "hfhook pin ID NAME"},
	ActNote:           {Name: "note", Keys: []string{"M"}, Label: "M", Word: "note", Help: "write a note", Group: GroupEvent, where: onList | onDetail, Command: "hfhook note ID TEXT"},
	ActDelete:         {Name: "delete", Keys: []string{"delete", "backspace"}, Label: "del", Word: "delete", Help: "delete (u undoes)", Group: GroupEvent, where: onList | onDetail, Command: "hfhook rm ID"},
	ActUndo:           {Name: "undo", Keys: []string{"u"}, Label: "u", Word: "undo", Help: "undo", Group: GroupEvent, where: onList | onDetail, right: true},
	ActPreviousInRepo: {Name: "previous-of-repo", Keys: []string{"{"}, Label: "{", Word: "prev of repo", Help: "previous, same repo/PR", Group: GroupMove, Quiet: true, where: onList | onDetail},
	ActNextInRepo:     {Name: "next-of-repo", Keys: []string{"}"}, Label: "}", Word: "next of repo", Help: "next, same repo/PR", Group: GroupMove, Quiet: true, where: onList | onDetail},
	ActColumns:        {Name: "columns", Keys: []string{"v"}, Label: "v", Word: "columns", Help: "columns", Group: GroupLook, Quiet: true, where: onList},
	ActZoom:           {Name: "one-pane", Keys: []string{"z"}, Label: "z", Word: "one pane", Help: "one pane", Group: GroupLook, Quiet: true, where: onList},
	ActDoctor:         {Name: "doctor", Keys: []string{"D"}, Label: "D", Word: "doctor", Help: "doctor", Group: GroupHfhook, Command: "hfhook doctor"},
	ActTunnel:         {Name: "tunnel", Keys: []string{"t"}, Label: "t", Word: "tunnel", Help: "tunnel menu", Group: GroupTunnel, Command: "hfhook dev --tunnel PROVIDER"},
	ActHubLog:         {Name: "hub-log", Keys: []string{"O"}, Label: "O", Word: "Hub log", Help: "the Hub's log of it", Group: GroupTunnel, where: onList | onDetail | onHooks, Command: "hfhook open hub --webhook WEBHOOK"},

	ActHooks:         {Name: "hooks", Keys: []string{"w"}, Label: "w", Word: "webhooks", Help: "webhooks on the Hub", Group: GroupTunnel, Command: "hfhook webhooks ls"},
	ActTargets:       {Name: "targets", Keys: []string{"T"}, Label: "T", Word: "targets", Help: "targets", Group: GroupTunnel, Command: "hfhook held"},
	ActSendTo:        {Name: "send-to-path", Keys: []string{"P"}, Label: "P", Word: "use that path", Help: "send to the handler's path", Group: GroupTunnel, where: onList | onDetail, Command: "hfhook dev TARGET"},
	ActHandlerSecret: {Name: "handler-secret", Keys: []string{"s"}, Label: "s", Word: "secret", Help: "the handler's secret", Group: GroupTunnel, where: onList, Command: "WEBHOOK_SECRET=… hfhook dev"},
	ActPause:         {Name: "pause", Keys: []string{"p"}, Label: "p", Word: "pause", Help: "pause forwarding", Group: GroupTunnel, Quiet: true, where: onList | onTargets, Command: "hfhook pause"},
	ActAddTarget:     {Name: "add-target", Keys: []string{"a"}, Label: "a", Word: "add", Help: "add a target", Group: GroupTunnel, where: onTargets, Command: "hfhook dev TARGET"},
	ActEditTarget:    {Name: "edit-target", Keys: []string{"e"}, Label: "e", Word: "edit", Help: "change the target", Group: GroupTunnel, where: onTargets, Command: "hfhook dev TARGET"},
	ActDeliverHeld:   {Name: "deliver-held", Keys: []string{"s"}, Label: "s", Word: "send now", Help: "send waiting events now", Group: GroupTunnel, where: onTargets, Command: "hfhook held TARGET --deliver"},
	ActDropHeld:      {Name: "drop-held", Keys: []string{"X"}, Label: "X", Word: "drop", Help: "drop waiting events", Group: GroupTunnel, where: onTargets, Command: "hfhook held TARGET --drop"},
	ActClearLeft:     {Name: "clear-left-over", Keys: []string{"c"}, Label: "c", Word: "clear", Help: "clear leftovers", Group: GroupTunnel, where: onTargets, Command: "hfhook held TARGET --drop"},
	ActRemoveTarget:  {Name: "remove-target", Keys: []string{"delete", "backspace"}, Label: "del", Word: "remove", Help: "remove the target", Group: GroupTunnel, where: onTargets, Command: "hfhook dev"},
	ActAddHook:       {Name: "add-hook", Keys: []string{"a"}, Label: "a", Word: "add", Help: "make a webhook", Group: GroupEvent, where: onHooks, Command: "hfhook webhooks create --watch TYPE:NAME --own-secret"},
	ActEditHook:      {Name: "edit-hook", Keys: []string{"e"}, Label: "e", Word: "edit", Help: "change what it watches", Group: GroupEvent, where: onHooks, Command: "hfhook webhooks update WEBHOOK --watch TYPE:NAME"},
	ActTakeOver:      {Name: "take-over", Keys: []string{"p"}, Label: "p", Word: "take over", Help: "point it here", Group: GroupEvent, where: onHooks, Command: "hfhook webhooks update WEBHOOK --url URL --own-secret"},
	ActPushSecret:    {Name: "push-secret", Keys: []string{"s"}, Label: "s", Word: "push secret", Help: "set your secret on it", Group: GroupEvent, where: onHooks, Command: "hfhook webhooks update WEBHOOK --own-secret"},
	ActSwitchHook:    {Name: "switch-hook", Keys: []string{"E"}, Label: "E", Word: "enable", Help: "enable or disable it", Group: GroupEvent, where: onHooks, Command: "hfhook webhooks disable WEBHOOK"},
	ActDeleteHook:    {Name: "delete-hook", Keys: []string{"delete", "backspace"}, Label: "del", Word: "delete", Help: "delete it", Group: GroupEvent, where: onHooks, Command: "hfhook webhooks delete WEBHOOK"},
	ActOnQuit:        {Name: "on-quit", Keys: []string{"c"}, Label: "c", Word: "on quit", Help: "what happens on quit", Group: GroupEvent, where: onHooks, Command: "hfhook dev --on-quit disable"},
	ActProve:         {Name: "prove", Keys: []string{"v"}, Label: "v", Word: "test", Help: "test the connection", Group: GroupTunnel, where: onHooks, Command: "hfhook doctor"},
	ActReload:        {Name: "read-hub-again", Keys: []string{"ctrl+r"}, Label: "ctrl+r", Word: "reload", Help: "reload from the Hub", Group: GroupLook, Quiet: true, where: onHooks, Command: "hfhook webhooks ls"},

	ActNew: {Name: "new-event", Keys: []string{"n"}, Label: "n", Word: "new event", Help: "new synthetic event", Group: GroupEvent, where: onList | onDetail, Command: "hfhook trigger SCOPE/ACTION"},

	ActAccept: {Name: "accept", Keys: []string{"a"}, Label: "a", Word: "accept", Help: "accept the answer, or not", Group: GroupEvent, where: onDetail, Command: "hfhook accept ID"},
	ActAnswer: {Name: "whole-response", Keys: []string{"enter"}, Label: "↵", Word: "response", Help: "whole response", Group: GroupEvent, where: onDetail, Command: "hfhook show ID --deliveries"},

	ActCopy:       {Name: "copy", Keys: []string{"y"}, Label: "y", Word: "copy", Help: "copy menu", Group: GroupTake, where: onList | onDetail | onRefused, Command: "hfhook export ID --as curl"},
	ActCopyValue:  {Name: "copy-value", Keys: []string{"y"}, Label: "y", Word: "value", Help: "copy the value", Group: GroupTake, where: onDetail | onReading, Command: "hfhook show ID --raw | jq -r PATH"},
	ActCopyPath:   {Name: "copy-path", Keys: []string{"Y"}, Label: "Y", Word: "path", Help: "copy the path", Group: GroupTake, where: onDetail | onReading, Command: "hfhook show ID --raw | jq PATH"},
	ActCopyHeader: {Name: "copy-header", Keys: []string{"Y"}, Label: "Y", Word: "as -H", Help: "copy as -H", Group: GroupTake, where: onDetail, Command: "hfhook show ID --headers"},
	ActCopyQuery:  {Name: "copy-jq", Keys: []string{"c"}, Label: "c", Word: "jq", Help: "copy as jq", Group: GroupTake, where: onDetail | onReading, Command: "hfhook show ID --raw | jq PATH"},
	ActSave:       {Name: "save", Keys: []string{"S"}, Label: "S", Word: "save", Help: "save to a file", Group: GroupTake, where: onDetail | onReading | onEdit, Command: "hfhook show ID --raw > FILE"},
	ActPager:      {Name: "pager", Keys: []string{"v"}, Label: "v", Word: "pager", Help: "read in $PAGER", Group: GroupTake, where: onDetail | onReading, Command: "hfhook show ID --payload | less"},
	ActPipe:       {Name: "pipe", Keys: []string{"|"}, Label: "|", Word: "pipe", Help: "pipe to a command", Group: GroupTake, where: onDetail, Command: "hfhook show ID --raw | COMMAND"},
	ActBrowse:     {Name: "open-on-hub", Keys: []string{"o"}, Label: "o", Word: "on the Hub", Help: "open on the Hub", Group: GroupTake, where: onList | onDetail, Command: "hfhook open ID"},

	ActFind:         {Name: "find", Keys: []string{"/"}, Label: "/", Word: "find", Help: "find", Group: GroupLook, where: onDetail | onReading},
	ActFindNext:     {Name: "next-match", Keys: []string{"n"}, Label: "n", Word: "next match", Help: "next match", Group: GroupLook, where: onDetail | onReading},
	ActFindPrevious: {Name: "previous-match", Keys: []string{"N"}, Label: "N", Word: "previous", Help: "previous match", Group: GroupLook, where: onDetail | onReading},
	ActPick:         {Name: "pick-other", Keys: []string{"b"}, Label: "b", Word: "pick B", Help: "pick the other event", Group: GroupLook, where: onDetail, Command: "hfhook diff ID ID"},
	ActOlder:        {Name: "older-of-kind", Keys: []string{"["}, Label: "[", Word: "older", Help: "older one of its kind", Group: GroupLook, where: onDetail, Command: "hfhook diff ID ID"},
	ActNewer:        {Name: "newer-of-kind", Keys: []string{"]"}, Label: "]", Word: "newer", Help: "back to the newer one", Group: GroupLook, where: onDetail, Command: "hfhook diff ID ID"},
	ActEqual:        {Name: "equal-fields", Keys: []string{"z"}, Label: "z", Word: "equal", Help: "equal fields too", Group: GroupLook, where: onDetail},
	ActHex:          {Name: "hex", Keys: []string{"X"}, Label: "X", Word: "text/hex", Help: "text or hex", Group: GroupLook, where: onDetail | onReading},

	ActPayload:    {Name: "payload", Keys: []string{"1"}, Label: "1", Word: "payload", Help: "payload", Group: GroupLook, Quiet: true, where: onList | onDetail, Command: "hfhook show ID --payload"},
	ActHeaders:    {Name: "headers", Keys: []string{"2"}, Label: "2", Word: "headers", Help: "headers", Group: GroupLook, Quiet: true, where: onList | onDetail, Command: "hfhook show ID --headers"},
	ActDeliveries: {Name: "deliveries", Keys: []string{"3"}, Label: "3", Word: "deliveries", Help: "deliveries", Group: GroupLook, Quiet: true, where: onList | onDetail, Command: "hfhook show ID --deliveries"},
	ActRaw:        {Name: "raw", Keys: []string{"4"}, Label: "4", Word: "raw", Help: "raw bytes", Group: GroupLook, Quiet: true, where: onList | onDetail, Command: "hfhook show ID --raw"},
	ActDiff:       {Name: "diff", Keys: []string{"5", "d"}, Label: "5", Word: "diff", Help: "diff with another", Group: GroupLook, Quiet: true, where: onList | onDetail, Command: "hfhook diff ID"},
	ActFollow:     {Name: "follow", Keys: []string{"F"}, Label: "F", Word: "follow", Help: "follow the newest", Group: GroupLook, where: onList | onDetail, Command: "hfhook tail"},
	ActSort:       {Name: "sort", Keys: []string{"Z"}, Label: "Z", Word: "sort", Help: "sorted by duration, size", Group: GroupLook, Quiet: true, where: onList | onDetail | onReading, Command: "hfhook ls --sort duration"},
	ActCauses:     {Name: "failures-by-cause", Keys: []string{"W"}, Label: "W", Word: "causes", Help: "failures by cause", Group: GroupLook, where: onList | onDetail, Command: "hfhook failures"},
	ActRejected:   {Name: "rejected", Keys: []string{"!"}, Label: "!", Word: "rejected", Help: "rejected requests", Group: GroupLook, Command: "hfhook rejected"},
	ActForget:     {Name: "forget", Keys: []string{"delete", "backspace"}, Label: "del", Word: "forget", Help: "forget this one", Group: GroupEvent, where: onRefused, Command: "hfhook rejected N --forget"},
	ActForgetAll:  {Name: "forget-all", Keys: []string{"X"}, Label: "X", Word: "forget all", Help: "forget all of them", Group: GroupEvent, where: onRefused, Command: "hfhook rejected --forget-all"},
	ActMySecret:   {Name: "my-secret", Keys: []string{"s"}, Label: "s", Word: "secret", Help: "fix or enter the secret", Group: GroupEvent, where: onRefused, Command: "hfhook secret new --secret-stdin < FILE"},
	ActReport:     {Name: "copy-report", Keys: []string{"c"}, Label: "c", Word: "copy report", Help: "copy a report", Group: GroupTake, where: onRefused, Command: "hfhook rejected N"},
	ActEarlier:    {Name: "history", Keys: []string{"B"}, Label: "B", Word: "earlier", Help: "events of earlier runs", Group: GroupLook, where: onList | onDetail, Command: "hfhook ls"},

	ActEdit:     {Name: "edit", Keys: []string{"e", "ctrl+e"}, Label: "e", Word: "edit", Help: "edit and replay", Group: GroupEvent, where: onList | onDetail | onForm, Command: "hfhook edit ID --send"},
	ActSend:     {Name: "send", Keys: []string{"ctrl+s"}, Label: "ctrl+s", Word: "send", Help: "send the edited copy", Group: GroupEvent, where: onEdit, Command: "hfhook edit ID --send"},
	ActEditor:   {Name: "editor", Keys: []string{"e"}, Label: "e", Word: "$EDITOR", Help: "edit it all in $EDITOR", Group: GroupEvent, where: onEdit, Command: "hfhook edit ID --send"},
	ActSetValue: {Name: "set", Keys: []string{"s"}, Label: "s", Word: "set", Help: "set the value", Group: GroupEvent, where: onDetail | onEdit, Command: "hfhook replay ID --set PATH=VALUE"},
	ActToggle:   {Name: "toggle", Keys: []string{"space"}, Label: "space", Word: "true/false", Help: "true or false", Group: GroupEvent, where: onEdit, Command: "hfhook replay ID --set PATH=VALUE"},
	ActAddField: {Name: "add-field", Keys: []string{"a"}, Label: "a", Word: "add field", Help: "add a field", Group: GroupEvent, where: onEdit, Command: "hfhook replay ID --set PATH=VALUE"},
	ActUnset:    {Name: "remove-field", Keys: []string{"delete", "backspace"}, Label: "del", Word: "remove", Help: "remove the field", Group: GroupEvent, where: onEdit, Command: "hfhook replay ID --unset PATH"},
	ActTakeBack: {Name: "undo-edit", Keys: []string{"u"}, Label: "u", Word: "undo", Help: "undo the last change", Group: GroupEvent, where: onEdit, Command: "hfhook edit ID"},
	ActPresets:  {Name: "presets", Keys: []string{"p"}, Label: "p", Word: "presets", Help: "presets", Group: GroupEvent, where: onEdit, Command: "hfhook replay ID --set PATH=VALUE"},
	ActRequest:  {Name: "request", Keys: []string{"i"}, Label: "i", Word: "request", Help: "method, path, headers", Group: GroupEvent, where: onEdit | onForm, Command: "hfhook replay ID --method METHOD --path PATH -H HEADER"},
	ActFixture:  {Name: "fixture", Keys: []string{"m", "ctrl+s"}, Label: "m", Word: "fixture", Help: "save as a fixture", Group: GroupEvent, where: onEdit | onForm, Command: "hfhook pin ID NAME"},

	ActMore:   {Name: "faster", Keys: []string{"+"}, Label: "+", Word: "faster", Help: "faster, more", Group: GroupEvent, where: onForm},
	ActLess:   {Name: "slower", Keys: []string{"-"}, Label: "-", Word: "slower", Help: "slower, fewer", Group: GroupEvent, where: onForm},
	ActDryRun: {Name: "dry-run", Keys: []string{"p"}, Label: "p", Word: "dry run", Help: "show what would be sent", Group: GroupEvent, where: onForm, Command: "hfhook replay ID --dry-run"},

	ActExport:   {Name: "export", Keys: []string{"x"}, Label: "x", Word: "export", Help: "export", Group: GroupTake, where: onList | onDetail, Command: "hfhook export ID --as FORMAT"},
	ActPair:     {Name: "mark-attempt", Keys: []string{"space"}, Label: "space", Word: "mark", Help: "mark an attempt", Group: GroupLook, where: onDetail},
	ActPaired:   {Name: "diff-attempts", Keys: []string{"c"}, Label: "c", Word: "compare two", Help: "compare two attempts", Group: GroupLook, where: onDetail, Command: "hfhook diff ID --attempts 1,2"},
	ActAttempts: {Name: "attempts", Keys: []string{"a"}, Label: "a", Word: "attempts", Help: "diff of attempts", Group: GroupLook, where: onDetail, Command: "hfhook diff ID --attempts 1,2"},
	ActAsText:   {Name: "text-diff", Keys: []string{"ctrl+t"}, Label: "ctrl+t", Word: "text diff", Help: "by lines, as text", Group: GroupLook, where: onDetail, Command: "hfhook diff ID ID"},

	ActScenarios:   {Name: "scenarios", Keys: []string{"ctrl+t"}, Label: "ctrl+t", Word: "scenarios", Help: "scenarios and saved events", Group: GroupEvent, where: onForm, Command: "hfhook trigger --list"},
	ActPrint:       {Name: "print", Keys: []string{"ctrl+o"}, Label: "ctrl+o", Word: "print only", Help: "print, do not send", Group: GroupEvent, where: onForm, Command: "hfhook trigger SCOPE/ACTION --print"},
	ActCopyCommand: {Name: "copy-command", Keys: []string{"y", "ctrl+y"}, Label: "y", Word: "copy command", Help: "copy the command", Group: GroupTake},

	ActChoose: {Name: "choose", Keys: []string{"enter"}, Label: "↵", Word: "choose", Help: "choose", Group: GroupEvent, where: onForm | onEdit},

	ActBack:     {Name: "back", Keys: []string{"esc"}, Label: "esc", Word: "back", Help: "back", Group: GroupHfhook, right: true},
	ActLog:      {Name: "log", Keys: []string{"L"}, Label: "L", Word: "log", Help: "log", Group: GroupHfhook, Quiet: true},
	ActHandler:  {Name: "handler", Keys: []string{"H"}, Label: "H", Word: "handler", Help: "your handler", Group: GroupHfhook, Quiet: true},
	ActRestart:  {Name: "restart-handler", Keys: []string{"K"}, Label: "K", Word: "restart", Help: "restart your handler", Group: GroupHfhook, where: onReading, Command: "hfhook restart"},
	ActPalette:  {Name: "commands", Keys: []string{":"}, Label: ":", Word: "commands", Help: "command palette", Group: GroupHfhook, Quiet: true},
	ActSettings: {Name: "settings", Keys: []string{","}, Label: ",", Word: "settings", Help: "settings", Group: GroupHfhook, Quiet: true, Command: "hfhook config show"},

	ActHelp:    {Name: "help", Keys: []string{"?"}, Label: "?", Word: "help", Help: "this help", Group: GroupHfhook, right: true, Command: "hfhook help keys"},
	ActQuit:    {Name: "quit", Keys: []string{"q"}, Label: "q", Word: "quit", Help: "quit", Group: GroupHfhook, right: true},
	ActQuitNow: {Name: "quit-now", Keys: []string{"ctrl+c"}, Label: "ctrl+c", Help: "quit now", Group: GroupHfhook, Quiet: true},
	ActSuspend: {Name: "suspend", Keys: []string{"ctrl+z"}, Label: "ctrl+z", Help: "suspend", Group: GroupHfhook, Quiet: true},
	ActRedraw:  {Name: "redraw", Keys: []string{"ctrl+l"}, Label: "ctrl+l", Help: "redraw", Group: GroupHfhook, Quiet: true},
}

// EveryBinding is the whole table.
func EveryBinding() []Binding {
	all := make([]Binding, len(KeyTable))
	for i := range all {
		all[i] = Keys(Action(i))[0]
	}
	return all
}

// Keys picks rows of the table.
func Keys(actions ...Action) []Binding {
	out := make([]Binding, len(actions))
	for i, a := range actions {
		out[i] = KeyTable[a]
		out[i].Action = a
	}
	return out
}

// As is the binding in other words, where the table's are too general.
func (b Binding) As(word string) Binding {
	b.Word, b.Help = word, word
	return b
}

// Yield takes the keys of others away from bindings, and what then has none. So each key
// that is shown does what is written beside it.
func Yield(bindings, others []Binding) []Binding {
	var left []Binding
	for _, b := range bindings {
		keys := slices.DeleteFunc(slices.Clone(b.Keys), func(key string) bool { _, taken := Pressed(others, key); return taken })
		if len(keys) == 0 {
			continue
		}
		if keys[0] != b.Keys[0] {
			b.Label = KeyLabel(keys[:1])
		}
		b.Keys = keys
		left = append(left, b)
	}
	return left
}

// Pressed finds the action of a key.
func Pressed(bindings []Binding, key string) (Action, bool) {
	for _, b := range bindings {
		if slices.Contains(b.Keys, key) {
			return b.Action, true
		}
	}
	return 0, false
}
