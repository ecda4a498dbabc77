package tunnel

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"go.yaml.in/yaml/v3"
)

// SaveNgrok writes an authtoken into the configuration file of ngrok's agent, where FindNgrok
// and the agent find it, and returns the file's path. The rest of the file stays. A missing
// file is created, readable only by the user.
func SaveNgrok(env func(string) string, token Authtoken) (path string, err error) {
	path = ngrokFile(runtime.GOOS, env)
	if path == "" {
		return "", errors.New("save the authtoken: the environment does not say where ngrok's configuration is")
	}
	doing := func(err error) error { return fmt.Errorf("save the authtoken in %s: %w", path, err) }
	text, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return path, doing(err)
	}
	mode := fs.FileMode(0o600)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	changed, err := withAuthtoken(text, token)
	if err != nil {
		return path, doing(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return path, doing(err)
	}
	next, err := os.CreateTemp(filepath.Dir(path), ".ngrok-*.yml")
	if err != nil {
		return path, doing(err)
	}
	defer os.Remove(next.Name()) // fails if it was renamed
	_, err = next.Write(changed)
	if err := errors.Join(err, next.Chmod(mode), next.Sync(), next.Close()); err != nil {
		return path, doing(err)
	}
	if err := os.Rename(next.Name(), path); err != nil {
		return path, doing(err)
	}
	return path, nil
}

// withAuthtoken sets the authtoken in the text of a configuration: below agent, or at the top
// for version 2.
func withAuthtoken(text []byte, token Authtoken) ([]byte, error) {
	var doc yaml.Node
	if yaml.Unmarshal(text, &doc) != nil {
		// The parser's own message can quote the file, and so the authtoken.
		return nil, errors.New("it is not valid: see ngrok config check")
	}
	if doc.Kind == 0 {
		doc = yaml.Node{Kind: yaml.DocumentNode, Content: []*yaml.Node{{Kind: yaml.MappingNode}}}
	}
	top := doc.Content[0]
	if top.Kind != yaml.MappingNode {
		return nil, errors.New("it is not a mapping: see ngrok config check")
	}
	version := member(top, "version")
	if version == nil {
		version = setMember(top, "version", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: "3", Style: yaml.DoubleQuotedStyle})
	}
	at := top
	if version.Value != "2" {
		if at = member(top, "agent"); at == nil || at.Kind != yaml.MappingNode {
			at = setMember(top, "agent", &yaml.Node{Kind: yaml.MappingNode})
		}
	}
	setMember(at, "authtoken", &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: token.reveal()})
	return yaml.Marshal(&doc)
}

// member returns the value of a key of a mapping, or nil.
func member(mapping *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(mapping.Content); i += 2 {
		if mapping.Content[i].Value == key {
			return mapping.Content[i+1]
		}
	}
	return nil
}

// setMember sets a key of a mapping, and returns the value.
func setMember(mapping *yaml.Node, key string, value *yaml.Node) *yaml.Node {
	if old := member(mapping, key); old != nil {
		value.HeadComment, value.LineComment, value.FootComment = old.HeadComment, old.LineComment, old.FootComment
		*old = *value
		return old
	}
	mapping.Content = append(mapping.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key}, value)
	return value
}
