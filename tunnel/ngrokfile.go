package tunnel

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"

	"go.yaml.in/yaml/v3"
)

// NgrokSettings are the settings of ngrok's own agent.
type NgrokSettings struct {
	Authtoken  Authtoken
	Source     string // where the authtoken came from: NGROK_AUTHTOKEN or the path of a file
	ConnectURL string // host:port of the service; empty: ngrok's own
	ConnectCAs string // trusted authorities there: a PEM file, "host" for the system's, "trusted" or empty for ngrok's
}

// FindNgrok reads the settings like ngrok's agent: NGROK_AUTHTOKEN, then the agent's
// configuration file for this platform, version 2 or 3, https://ngrok.com/docs/agent/config. It
// is not an error if there are none. env looks up a variable, like os.Getenv.
func FindNgrok(env func(string) string) (NgrokSettings, error) {
	path := ngrokFile(runtime.GOOS, env)
	s, err := readNgrokFile(path)
	if token := NewAuthtoken(env("NGROK_AUTHTOKEN")); !token.IsZero() {
		s.Authtoken, s.Source = token, "NGROK_AUTHTOKEN"
	}
	return s, err
}

// ngrokFile returns the path of the agent's configuration file, or an empty text if the
// environment does not define it.
func ngrokFile(goos string, env func(string) string) string {
	var dir string
	var below []string
	switch goos {
	case "windows":
		dir = env("LocalAppData")
	case "darwin":
		dir, below = env("HOME"), []string{"Library", "Application Support"}
	default:
		if dir = env("XDG_CONFIG_HOME"); dir == "" {
			dir, below = env("HOME"), []string{".config"}
		}
	}
	if dir == "" {
		return ""
	}
	return filepath.Join(append(append([]string{dir}, below...), "ngrok", "ngrok.yml")...)
}

func readNgrokFile(path string) (NgrokSettings, error) {
	if path == "" {
		return NgrokSettings{}, nil
	}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return NgrokSettings{}, nil
	}
	if err != nil {
		return NgrokSettings{}, fmt.Errorf("read ngrok's configuration: %w", err)
	}
	var file struct {
		Agent struct {
			Authtoken  string `yaml:"authtoken"`
			ConnectURL string `yaml:"connect_url"`
			ConnectCAs string `yaml:"connect_cas"`
		} `yaml:"agent"`

		// Version 2 has them at the top.
		Authtoken  string `yaml:"authtoken"`
		ServerAddr string `yaml:"server_addr"`
		RootCAs    string `yaml:"root_cas"`
	}
	if yaml.Unmarshal(text, &file) != nil {
		// The parser's own message can quote the file, and so the authtoken.
		return NgrokSettings{}, fmt.Errorf("read ngrok's configuration: %s is not valid: see ngrok config check", path)
	}
	s := NgrokSettings{
		Authtoken:  NewAuthtoken(file.Agent.Authtoken),
		ConnectURL: file.Agent.ConnectURL,
		ConnectCAs: file.Agent.ConnectCAs,
	}
	if s.Authtoken.IsZero() {
		s.Authtoken = NewAuthtoken(file.Authtoken)
	}
	if s.ConnectURL == "" {
		s.ConnectURL = file.ServerAddr
	}
	if s.ConnectCAs == "" {
		s.ConnectCAs = file.RootCAs
	}
	if !s.Authtoken.IsZero() {
		s.Source = path
	}
	return s, nil
}

// pool returns the authorities to trust, or nil for ngrok's own.
func (s NgrokSettings) pool() (*x509.CertPool, error) {
	switch s.ConnectCAs {
	case "", "trusted":
		return nil, nil
	case "host":
		pool, err := x509.SystemCertPool()
		if err != nil {
			return nil, fmt.Errorf("read the system's certificate authorities: %w", err)
		}
		return pool, nil
	}
	pem, err := os.ReadFile(s.ConnectCAs)
	if err != nil {
		return nil, fmt.Errorf("read the certificate authorities for ngrok: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("read the certificate authorities for ngrok: %s holds no certificate in PEM form", s.ConnectCAs)
	}
	return pool, nil
}
