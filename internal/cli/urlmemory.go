package cli

// The public URL of the last run in a working directory, in the state directory.

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// A urlMemory is a file. It is a dev.URLMemory.
type urlMemory struct{ path, project string }

// urlMemory is the one of the working directory.
func (p *program) urlMemory() (*urlMemory, error) {
	state, err := p.stateDir()
	if err != nil {
		return nil, err
	}
	project, err := os.Getwd()
	if err != nil {
		return nil, fmt.Errorf("find the working directory: %w", err)
	}
	name := fmt.Sprintf("%x.json", sha256.Sum256([]byte(project)))
	return &urlMemory{filepath.Join(state, "urls", name), project}, nil
}

// rememberedURL is what the file holds.
type rememberedURL struct {
	Project string `json:"project"`
	URL     string `json:"url"`
}

// Last is documented at dev.URLMemory.
func (m *urlMemory) Last() (string, error) {
	text, err := os.ReadFile(m.path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	var is rememberedURL
	if err := json.Unmarshal(text, &is); err != nil {
		return "", nil // it is written again
	}
	return is.URL, nil
}

// Keep is documented at dev.URLMemory.
func (m *urlMemory) Keep(url string) (err error) {
	text, err := json.Marshal(rememberedURL{m.project, url})
	if err != nil {
		return err
	}
	dir := filepath.Dir(m.path)
	if err := makeDir(dir); err != nil {
		return err
	}
	file, err := os.CreateTemp(dir, ".url-*") // 0600
	if err != nil {
		return err
	}
	_, err = file.Write(append(text, '\n'))
	if err = errors.Join(err, file.Close()); err == nil {
		err = os.Rename(file.Name(), m.path)
	}
	if err != nil {
		err = errors.Join(err, ignoreMissing(os.Remove(file.Name())))
	}
	return err
}
