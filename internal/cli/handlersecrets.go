package cli

// The secrets of handlers that were entered on the screen and are to be used by later runs in
// the same working directory.

import (
	"maps"
	"os"
	"sync"

	"hfhook/internal/dev"
	"hfhook/server"
)

// handlerSecrets is a file in the state directory, readable by the user alone.
type handlerSecrets struct {
	projectFile
	mu sync.Mutex
}

// keptSecrets is what the file holds.
type keptSecrets struct {
	Project string            `json:"project"`
	Secrets map[string]string `json:"secrets"` // by the name of the target
}

func openHandlerSecrets(p *program) (*handlerSecrets, error) {
	file, err := findProjectFile(p, "handler-secrets")
	return &handlerSecrets{projectFile: file}, err
}

// all are the secrets, by the name of the target. One that is not a secret is left out.
func (h *handlerSecrets) all() (map[string]server.Secret, error) {
	var is keptSecrets
	if err := h.read(&is); err != nil {
		return nil, err
	}
	secrets := map[string]server.Secret{}
	for target, text := range is.Secrets {
		if secret, err := server.ParseSecret(text); err == nil {
			secrets[target] = secret
		}
	}
	return secrets, nil
}

// keepFor keeps the secret that a session has for a target, and returns the file.
func (h *handlerSecrets) keepFor(session *dev.Session, target string) (where string, err error) {
	secret, ok := session.HandlerSecret(target)
	if !ok {
		return "", nil
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	var is keptSecrets
	if err := h.read(&is); err != nil {
		return "", err
	}
	kept := map[string]string{}
	maps.Copy(kept, is.Secrets)
	kept[target] = secret.Reveal()
	return h.path, h.keep(keptSecrets{Project: h.project, Secrets: kept})
}

// forget removes all of them. fs.ErrNotExist: there are none.
func (h *handlerSecrets) forget() error { return os.Remove(h.path) }
