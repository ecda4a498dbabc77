package cli

// What hfhook remembers of a project, which is a working directory: small files in the state
// directory, one for each project.

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// A projectFile is the file of a project in a directory for one kind of things.
type projectFile struct{ path, project string }

// findProjectFile is the one of the working directory; kind is the directory below the state.
func findProjectFile(p *program, kind string) (projectFile, error) {
	state, err := p.stateDir()
	if err != nil {
		return projectFile{}, err
	}
	project, err := os.Getwd()
	if err != nil {
		return projectFile{}, fmt.Errorf("find the working directory: %w", err)
	}
	return projectFile{filepath.Join(state, kind, projectName(project)+".json"), project}, nil
}

// projectName is the name of a project in files.
func projectName(project string) string { return fmt.Sprintf("%x", sha256.Sum256([]byte(project))) }

// read decodes what was kept. What is not there, or is not JSON, is nothing.
func (f projectFile) read(into any) error {
	text, err := os.ReadFile(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	_ = json.Unmarshal(text, into) // else it is written again
	return nil
}

// keep writes a value in the place of what was kept, all of it or nothing.
func (f projectFile) keep(value any) error {
	if err := makeDir(filepath.Dir(f.path)); err != nil {
		return err
	}
	return replaceJSON(f.path, value)
}

// replaceJSON puts a value into a file that only the user can read, all of it or nothing.
func replaceJSON(path string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".part-*") // 0600
	if err != nil {
		return err
	}
	_, err = file.Write(append(text, '\n'))
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		err = errors.Join(err, ignoreMissing(os.Remove(file.Name())))
	}
	return err
}
