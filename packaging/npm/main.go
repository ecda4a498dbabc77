package main

import (
	"fmt"
	"os"
	"path/filepath"

	"hfhook/packaging/release"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "npm:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	in, err := release.Read("npm", args)
	if err != nil {
		return err
	}
	r := packages{name: in.Names.NPM, home: in.Home, licence: in.Licence, notices: in.Notices, readme: in.Readme, modified: in.Time}
	if r.version, err = semver(in.Version); err != nil {
		return err
	}
	var systems []string
	for _, b := range in.Binaries {
		name, files, err := r.platformPackage(b.System, b.Bytes)
		if err != nil {
			return err
		}
		if err := r.save(in.Out, name, files); err != nil {
			return err
		}
		systems = append(systems, b.System)
	}
	name, files, err := r.launcherPackage(systems)
	if err != nil {
		return err
	}
	return r.save(in.Out, name, files)
}

// save writes a package into a folder and prints its path.
func (r packages) save(out, name string, files []file) error {
	path := filepath.Join(out, r.archive(name))
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	err = r.write(f, files)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err == nil {
		fmt.Println(path)
	}
	return err
}
