package main

import (
	"fmt"
	"os"

	"hfhook/packaging/release"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "wheel:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	in, err := release.Read("wheel", args)
	if err != nil {
		return err
	}
	version, err := python(in.Version)
	if err != nil {
		return err
	}
	for _, b := range in.Binaries {
		path, err := writeFile(in.Out, Wheel{
			Name: in.Names.PyPI, Version: version, System: b.System, Binary: b.Bytes, Summary: "Debug Hugging Face webhooks on your own machine",
			Readme: in.Readme, Licence: in.Licence, Notices: in.Notices, Home: in.Home, Time: in.Time,
		})
		if err != nil {
			return fmt.Errorf("wheel for %s: %w", b.System, err)
		}
		fmt.Println(path)
	}
	return nil
}
