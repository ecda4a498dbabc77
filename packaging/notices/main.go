// Notices prints THIRD_PARTY_NOTICES: the licences of Go and of every module in a binary of
// hfhook, for all systems that it is built for. It reads the module cache.
//
//	go run ./packaging/notices > THIRD_PARTY_NOTICES
package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// targets are the systems that hfhook is released for.
var targets = []string{"linux/amd64", "linux/arm64", "darwin/amd64", "darwin/arm64", "windows/amd64", "windows/arm64"}

func main() {
	if err := run(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "notices:", err)
		os.Exit(1)
	}
}

// A module is one that a binary holds code of.
type module struct{ Path, Version, Dir string }

func run(ctx context.Context, w io.Writer) error {
	all := map[module]bool{}
	for _, target := range targets {
		found, err := modules(ctx, target)
		if err != nil {
			return err
		}
		for _, m := range found {
			all[m] = true
		}
	}
	var list []module
	for m := range all {
		list = append(list, m)
	}
	slices.SortFunc(list, func(a, b module) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Version, b.Version))
	})
	return write(w, list)
}

// modules are those that a binary for a system, for example "linux/amd64", holds code of.
func modules(ctx context.Context, target string) ([]module, error) {
	system, cpu, _ := strings.Cut(target, "/")
	cmd := exec.CommandContext(ctx, "go", "list", "-deps", "-json=Module", ".")
	cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH="+cpu, "CGO_ENABLED=0")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("list the modules for %s: %w: %s", target, err, stderr.String())
	}
	seen := map[module]bool{}
	var all []module
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var pkg struct {
			Module *struct {
				module
				Main    bool
				Replace *module
			}
		}
		if err := dec.Decode(&pkg); errors.Is(err, io.EOF) {
			return all, nil
		} else if err != nil {
			return nil, fmt.Errorf("list the modules for %s: %w", target, err)
		}
		if pkg.Module == nil || pkg.Module.Main || seen[pkg.Module.module] {
			continue
		}
		seen[pkg.Module.module] = true
		all = append(all, pkg.Module.module)
	}
}

// write prints the licences. A module without one is an error: it may not be shipped.
func write(w io.Writer, list []module) error {
	var b strings.Builder
	fmt.Fprintf(&b, "hfhook contains code of Go and of the %d modules below, under these licences.\n", len(list))
	add := func(name string, texts map[string]string) {
		for _, file := range sortedKeys(texts) {
			fmt.Fprintf(&b, "\n%s\n%s (%s)\n\n%s\n", strings.Repeat("=", 80), name, file, strings.TrimSpace(texts[file]))
		}
	}
	root, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return fmt.Errorf("find Go: %w", err)
	}
	own, err := licences(strings.TrimSpace(string(root)))
	if err != nil {
		return err
	}
	add("Go "+runtime.Version(), own)
	for _, m := range list {
		texts, err := licences(m.Dir)
		if err != nil {
			return fmt.Errorf("%s: %w", m.Path, err)
		}
		if len(texts) == 0 {
			return fmt.Errorf("%s %s has no licence file in %s", m.Path, m.Version, m.Dir)
		}
		add(m.Path+" "+m.Version, texts)
	}
	_, err = io.WriteString(w, b.String())
	return err
}

func sortedKeys(m map[string]string) []string {
	var keys []string
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// licences are the texts of the licence files at the top of a folder, by name.
func licences(dir string) (map[string]string, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	texts := map[string]string{}
	for _, e := range entries {
		name := strings.ToUpper(e.Name())
		if !e.Type().IsRegular() || !slices.ContainsFunc([]string{"LICENSE", "LICENCE", "COPYING", "NOTICE", "PATENTS"}, func(prefix string) bool { return strings.HasPrefix(name, prefix) }) {
			continue
		}
		if strings.HasSuffix(name, ".GO") {
			continue // a package called license
		}
		text, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, err
		}
		texts[e.Name()] = string(text)
	}
	return texts, nil
}
