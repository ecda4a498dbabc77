package handler

// The files whose changes start the handler again.

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/bmatcuk/doublestar/v4"
	"github.com/fsnotify/fsnotify"
)

const (
	// quiet is how long nothing may change before the handler is started again: editors
	// and git write in several steps.
	quiet = 15 * time.Millisecond

	// quietMany is the same once more than fewFiles have changed, as by git checkout.
	quietMany = 150 * time.Millisecond
	fewFiles  = 5

	// longest is when it is started although things still change.
	longest = 2 * time.Second

	// lookAgain is how often a directory that is gone is looked for.
	lookAgain = 100 * time.Millisecond
)

// A pattern is one of Options.Reload.
type pattern struct {
	text    string // as it was given
	exclude bool
	base    string // the directory that it begins with, which has no wildcards
	rest    string // the others
	hidden  bool   // it names something hidden
}

func parsePattern(dir, text string) (pattern, error) {
	p := pattern{text: text}
	glob, exclude := strings.CutPrefix(text, "!")
	p.exclude = exclude
	glob = path.Clean(filepath.ToSlash(glob))
	if glob == "." || !doublestar.ValidatePattern(glob) {
		return p, fmt.Errorf("invalid file pattern %q: want for example src/**, *.py or src/**/*.{html,css}", text)
	}
	if !path.IsAbs(glob) && filepath.VolumeName(glob) == "" {
		glob = path.Join(filepath.ToSlash(escape(dir)), glob)
	}
	p.base, p.rest = doublestar.SplitPattern(glob)
	p.base = filepath.FromSlash(p.base)
	p.hidden = strings.Contains("/"+p.rest, "/.")
	return p, nil
}

// escape has a directory's name stand for itself in a pattern.
func escape(dir string) string {
	return strings.NewReplacer(`*`, `\*`, `?`, `\?`, `[`, `\[`, `{`, `\{`).Replace(dir)
}

// matches reports whether the pattern means a file.
func (p *pattern) matches(name string) bool {
	rel, ok := p.below(name)
	if !ok || rel == "." {
		return false
	}
	hit, err := doublestar.Match(p.rest, rel)
	return err == nil && hit
}

// below returns the name of a file or directory as seen from the base, if it is there and
// wildcards lead to it.
func (p *pattern) below(name string) (rel string, ok bool) {
	rel, err := filepath.Rel(p.base, name)
	if err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return "", false
	}
	rel = filepath.ToSlash(rel)
	for part := range strings.SplitSeq(rel, "/") {
		if part != "." && p.passedOver(part) {
			return "", false
		}
	}
	return rel, true
}

func (p *pattern) passedOver(part string) bool {
	switch {
	case p.exclude:
		return false
	case part == "node_modules", part == "__pycache__":
		return true
	case strings.HasPrefix(part, "."):
		return !p.hidden
	}
	// 4913 is what vim tries a directory with.
	return strings.HasSuffix(part, "~") || part == "4913"
}

// leadsTo reports whether there may be files of the pattern in a directory.
func (p *pattern) leadsTo(dir string) bool {
	rel, ok := p.below(dir)
	if !ok || rel == "." || strings.Contains(p.rest, "**") {
		return ok
	}
	return strings.Count(rel, "/") < strings.Count(p.rest, "/")
}

// files watches the files of patterns.
type files struct {
	dir      string
	patterns []pattern
	own      []string // files and directories that do not matter
	watcher  *fsnotify.Watcher
	count    int             // that the patterns match at the beginning
	lost     map[string]bool // bases that are not there any more

	names   []string        // of those that have changed, in order
	changed map[string]bool // the same
	events  int             // that told so
}

// watchFiles begins to watch. The error says which pattern is wrong, or matches nothing.
func watchFiles(dir string, texts, own []string) (_ *files, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return nil, fmt.Errorf("find the working directory: %w", err)
	}
	f := &files{dir: dir, lost: map[string]bool{}, changed: map[string]bool{}}
	for _, name := range own {
		if name, err = filepath.Abs(name); err == nil {
			f.own = append(f.own, name)
		}
	}
	for _, text := range texts {
		p, err := parsePattern(dir, text)
		if err != nil {
			return nil, err
		}
		f.patterns = append(f.patterns, p)
	}
	if f.watcher, err = fsnotify.NewWatcher(); err != nil {
		return nil, fmt.Errorf("watch files: %w", err)
	}
	defer func() {
		if err != nil {
			_ = f.watcher.Close()
		}
	}()
	found := map[string]bool{}
	for i := range f.patterns {
		p := &f.patterns[i]
		if p.exclude {
			continue
		}
		before := len(found)
		if err := f.add(p, p.base, func(name string) { found[name] = true }); err != nil {
			return nil, err
		}
		if len(found) == before && !anyMatch(found, p) {
			return nil, f.nothing(p)
		}
	}
	if len(f.patterns) > 0 && len(found) == 0 {
		return nil, fmt.Errorf("%s excludes all files: add another pattern, for example src/**", texts[0])
	}
	f.count = len(found)
	return f, nil
}

func anyMatch(names map[string]bool, p *pattern) bool {
	for name := range names {
		if p.matches(name) {
			return true
		}
	}
	return false
}

// nothing says why a pattern matches no file.
func (f *files) nothing(p *pattern) error {
	if info, err := os.Stat(p.base); err != nil {
		return fmt.Errorf("%s matches no file: %s does not exist", p.text, f.name(p.base))
	} else if !info.IsDir() {
		return fmt.Errorf("%s matches no file: %s is not a directory", p.text, f.name(p.base))
	}
	if info, err := os.Stat(filepath.Join(p.base, filepath.FromSlash(p.rest))); err == nil && info.IsDir() {
		return fmt.Errorf("%s matches a directory, not a file: use %s/** for all files in it", p.text, strings.TrimSuffix(p.text, "/"))
	}
	return fmt.Errorf("%s matches no file in %s (hidden ones, node_modules and __pycache__ do not count)", p.text, f.name(p.base))
}

// name is how a file is called to people.
func (f *files) name(file string) string {
	if rel, err := filepath.Rel(f.dir, file); err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator)) {
		return rel
	}
	return file
}

// wants reports whether a changed file is one of the patterns'.
func (f *files) wants(name string) bool {
	if f.isOwn(name) {
		return false
	}
	wanted := false
	for i := range f.patterns {
		switch p := &f.patterns[i]; {
		case !p.matches(name):
		case p.exclude:
			return false
		default:
			wanted = true
		}
	}
	return wanted
}

// isOwn reports whether a file is one of hfhook's, or beside one with its name and an
// ending, as SQLite has them, or in a directory of hfhook.
func (f *files) isOwn(name string) bool {
	for _, own := range f.own {
		if rest, ok := strings.CutPrefix(name, own); ok && (rest == "" || strings.ContainsRune("-.", rune(rest[0])) || os.IsPathSeparator(rest[0])) {
			return true
		}
	}
	return false
}

// add watches a directory of a pattern and those below it, and calls found with each file
// in them that matches. What is not there is passed over.
func (f *files) add(p *pattern, dir string, found func(string)) error {
	return filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil // gone meanwhile, or not to be read
		case !entry.IsDir():
			if f.wants(name) {
				found(name)
			}
			return nil
		case !p.leadsTo(name):
			return fs.SkipDir
		}
		if err := f.watcher.Add(name); err != nil {
			if errors.Is(err, syscall.ENOSPC) {
				return fmt.Errorf("watch %s: the system's limit is reached: narrow %s, or raise the limit: sysctl fs.inotify.max_user_watches=524288", f.name(name), p.text)
			}
			if errors.Is(err, fs.ErrNotExist) {
				return nil
			}
			return fmt.Errorf("watch %s: %w", f.name(name), err)
		}
		return nil
	})
}

// run calls changed after files have changed and all has been quiet for a moment, and
// note with what cannot be watched, until ctx ends.
func (f *files) run(ctx context.Context, changed, note func(string)) {
	defer f.watcher.Close()
	settled := time.NewTimer(time.Hour)
	settled.Stop()
	var since time.Time // of the first change
	missing := time.NewTicker(lookAgain)
	defer missing.Stop()
	for {
		before := f.events
		select {
		case <-ctx.Done():
			return
		case e, ok := <-f.watcher.Events:
			if !ok {
				return
			}
			f.take(e, note)
		case err, ok := <-f.watcher.Errors:
			if !ok {
				return
			}
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				note("watch files: " + err.Error())
				continue
			}
			f.change(".") // more than can be told
		case <-missing.C:
			f.find(note)
		case <-settled.C:
			if f.dropExports(); len(f.names) > 0 {
				changed(f.why())
			}
			f.names, f.events = nil, 0
			clear(f.changed)
			continue
		}
		if f.events == before {
			continue
		}
		if before == 0 {
			since = time.Now()
		}
		wait := quiet
		if len(f.changed) > fewFiles {
			wait = quietMany
		}
		settled.Reset(max(min(wait, longest-time.Since(since)), 0))
	}
}

func (f *files) change(name string) {
	if !f.changed[name] {
		f.changed[name] = true
		f.names = append(f.names, name)
	}
	f.events++
}

// why says what has changed. Files that came and went on the way are not worth a word.
func (f *files) why() string {
	first, n := "", 0
	for _, name := range f.names {
		file := name
		if !filepath.IsAbs(file) {
			file = filepath.Join(f.dir, name)
		}
		if _, err := os.Lstat(file); err != nil {
			continue
		}
		if n++; first == "" {
			first = name
		}
	}
	switch {
	case n == 0:
		return f.names[0] + " is gone"
	case n == 1:
		return first + " changed"
	}
	return fmt.Sprintf("%s and %d more changed", first, n-1)
}

// take takes in what the system tells.
func (f *files) take(e fsnotify.Event, note func(string)) {
	if e.Op == fsnotify.Chmod {
		return
	}
	if e.Has(fsnotify.Create) {
		if info, err := os.Lstat(e.Name); err == nil && info.IsDir() {
			f.addAll(e.Name, note)
			return
		}
	}
	if e.Has(fsnotify.Remove) || e.Has(fsnotify.Rename) {
		for i := range f.patterns {
			if p := &f.patterns[i]; !p.exclude && p.base == e.Name {
				f.lost[e.Name] = true
			}
		}
	}
	if f.wants(e.Name) {
		f.change(f.name(e.Name))
	}
}

// addAll watches a new directory; the files in it are new, too.
func (f *files) addAll(dir string, note func(string)) {
	seen := map[string]bool{}
	for i := range f.patterns {
		p := &f.patterns[i]
		if _, ok := p.below(dir); p.exclude || !ok {
			continue
		}
		if err := f.add(p, dir, func(name string) { seen[name] = true }); err != nil {
			note(err.Error())
		}
	}
	for name := range seen {
		f.change(f.name(name))
	}
}

// find looks whether bases that were lost are there again.
func (f *files) find(note func(string)) {
	for base := range f.lost {
		if info, err := os.Stat(base); err == nil && info.IsDir() {
			delete(f.lost, base)
			f.addAll(base, note)
		}
	}
}
