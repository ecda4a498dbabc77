// Package release reads what every packer of hfhook starts from: the names under which it
// is published, its licence, and the binaries that were built.
package release

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
)

// Names are those of packaging/names.toml: they hang on who owns hfhook.
type Names struct {
	Published  bool   `toml:"published"` // false: nothing of it can be installed by name yet
	Module     string `toml:"module"`
	Repository string `toml:"repository"`
	Holder     string `toml:"holder"`
	PyPI       string `toml:"pypi"`
	NPM        string `toml:"npm"`
	Image      string `toml:"image"`
	Tap        string `toml:"tap"`
	Bucket     string `toml:"bucket"`
	Extension  string `toml:"extension"`
}

// ReadNames reads the names of the checkout at root.
func ReadNames(root string) (Names, error) {
	var n Names
	path := filepath.Join(root, "packaging", "names.toml")
	meta, err := toml.DecodeFile(path, &n)
	if err != nil {
		return n, fmt.Errorf("read the names: %w", err)
	}
	if extra := meta.Undecoded(); len(extra) > 0 {
		return n, fmt.Errorf("%s: unknown key %q", path, extra[0].String())
	}
	return n, nil
}

// An Input is what a packer makes packages of.
type Input struct {
	Names    Names
	Home     string // URL of the repository; empty until it is published
	Version  string // as it was given
	Licence  []byte
	Notices  []byte // licences of what the binaries contain
	Readme   []byte // of the packer's own folder
	Time     time.Time
	Binaries []Binary
	Out      string // folder for the packages
}

// A Binary is hfhook built for one system.
type Binary struct {
	System string // GOOS/GOARCH
	Bytes  []byte
}

// Read reads the input of the packer in packaging/name from its command line:
//
//	-version 0.2.0 -notices THIRD_PARTY_NOTICES -out dist SYSTEM=BINARY…
//
// Files have the time that SOURCE_DATE_EPOCH says or, without it, a fixed one, so that the
// same input gives the same bytes.
func Read(name string, args []string) (*Input, error) {
	flags := flag.NewFlagSet(name, flag.ContinueOnError)
	version := flags.String("version", "", "of hfhook, for example 0.2.0 or 0.2.0-rc.1")
	notices := flags.String("notices", "", "file of the licences of what the binaries contain")
	out := flags.String("out", "dist", "folder for the packages")
	root := flags.String("root", ".", "the checkout")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	if flags.NArg() == 0 {
		return nil, errors.New("no binary given: want SYSTEM=BINARY, for example linux/amd64=./hfhook")
	}
	names, err := ReadNames(*root)
	if err != nil {
		return nil, err
	}
	in := &Input{Names: names, Version: *version, Out: *out, Time: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
	if names.Published {
		in.Home = names.Repository
	}
	if epoch, err := strconv.ParseInt(os.Getenv("SOURCE_DATE_EPOCH"), 10, 64); err == nil {
		in.Time = time.Unix(epoch, 0)
	}
	for path, into := range map[string]*[]byte{filepath.Join(*root, "packaging", name, "README.md"): &in.Readme, filepath.Join(*root, "LICENSE"): &in.Licence, *notices: &in.Notices} {
		if *into, err = os.ReadFile(path); err != nil {
			return nil, err
		}
	}
	for _, arg := range flags.Args() {
		system, path, ok := strings.Cut(arg, "=")
		if !ok {
			return nil, fmt.Errorf("invalid argument %q: want SYSTEM=BINARY", arg)
		}
		bytes, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		in.Binaries = append(in.Binaries, Binary{system, bytes})
	}
	return in, nil
}
