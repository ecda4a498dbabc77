package keymap

// A Letter takes one of them.
type Letter struct{ Key, Text string }

// CopyLetters are those that are worth to be known by heart, which the help tells.
var CopyLetters = []Letter{{"b", "body"}, {"c", "cURL (no secret)"}, {"u", "public URL"}, {"p", "JSON path"}}
