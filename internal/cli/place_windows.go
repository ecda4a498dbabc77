package cli

// writable reports whether hfhook may make files in a directory, or make the directory if
// it is not there yet. On Windows only trying would tell.
func writable(string) bool { return true }
