package cli

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/pflag"
)

// plainFlag explains an invalid value of a flag: the errors of Go's parsers are for
// programmers.
func plainFlag(err error) error {
	invalid, ok := errors.AsType[*pflag.InvalidValueError](err)
	if !ok {
		return err
	}
	f := invalid.GetFlag()
	want := invalid.Unwrap().Error()
	switch f.Value.Type() {
	case "duration":
		want = "want a time such as 30s, 5m or 1h30m"
	case "int", "int64", "uint":
		want = "want a whole number"
	case "intSlice":
		want = "want whole numbers, for example 1,2"
	case "float64":
		want = "want a number"
	case "bool":
		want = "want true or false"
	}
	return fmt.Errorf("invalid --%s %q: %s", f.Name, invalid.GetValue(), want)
}

// plainUsage explains which flags exclude each other: cobra's error has no type.
func plainUsage(err error) error {
	_, set, ok := strings.Cut(err.Error(), "none of the others can be; [")
	set, _, all := strings.Cut(set, "] were all set")
	if !ok || !all {
		return err
	}
	return errors.New("use one of --" + strings.ReplaceAll(set, " ", " and --"))
}
