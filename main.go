// Command hfhook is the place where a person debugs a Hugging Face webhook.
package main

import (
	"os"

	"hfhook/internal/cli"
)

func main() { os.Exit(cli.Main()) }
