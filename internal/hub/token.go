package hub

// The Hub's endpoint and the token: environment and files, in the order of huggingface_hub (its
// constants.py and utils/_auth.py).

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// DefaultEndpoint is the Hub.
const DefaultEndpoint = "https://huggingface.co"

const stagingEndpoint = "https://hub-ci.huggingface.co"

const tokenMark = "[token]"

// A Token is an access token of the Hub, which no print, log or encoder shows. The
// zero value is none.
type Token struct {
	// Behind a pointer, because fmt prints a string in an unexported field of
	// another struct without asking the methods below.
	text *string
}

// ParseToken parses a token like huggingface_hub: it removes line breaks and surrounding space.
// If nothing is left, it returns the zero Token.
func ParseToken(text string) (Token, error) {
	text = strings.TrimSpace(strings.NewReplacer("\r", "", "\n", "").Replace(text))
	if text == "" {
		return Token{}, nil
	}
	for i := range len(text) {
		if text[i] <= ' ' || text[i] > '~' {
			return Token{}, fmt.Errorf("character %d of the token is invalid", i+1)
		}
	}
	return Token{&text}, nil
}

// IsZero reports whether there is no token.
func (t Token) IsZero() bool { return t.text == nil }

// String and the methods below keep the token out of whatever prints it.
func (Token) String() string { return tokenMark }

// GoString is String for %#v.
func (Token) GoString() string { return tokenMark }

// Format is String for every verb.
func (Token) Format(f fmt.State, _ rune) { _, _ = f.Write([]byte(tokenMark)) }

// MarshalText is String for JSON and the like.
func (Token) MarshalText() ([]byte, error) { return []byte(tokenMark), nil }

// LogValue is String for slog.
func (Token) LogValue() slog.Value { return slog.StringValue(tokenMark) }

func (t Token) reveal() string {
	if t.text == nil {
		return ""
	}
	return *t.text
}

// Settings are the Hub's endpoint and the token.
type Settings struct {
	Endpoint string // empty: DefaultEndpoint
	Token    Token
	Source   string // what the token came from: a variable's name or a file's path
	Offline  bool   // no call is to be made
	NoStored bool   // HF_HUB_DISABLE_IMPLICIT_TOKEN: variables and files with a token are ignored
}

// FindSettings reads the environment, by env, and the token's file. Finding no token
// is not an error: the calls say so when one is made.
//
//   - The endpoint is HF_ENDPOINT, or the Hub's staging where HUGGINGFACE_CO_STAGING is
//     set.
//   - The token is that of HF_TOKEN, else of HUGGING_FACE_HUB_TOKEN, else of the file
//     HF_TOKEN_PATH, which is by default "token" in HF_HOME, by default "huggingface"
//     in XDG_CACHE_HOME, by default ~/.cache. `hf auth login` writes it.
//   - HF_HUB_DISABLE_IMPLICIT_TOKEN forbids both, HF_HUB_OFFLINE all calls.
//
// A variable that is set and empty counts as one that is not set.
func FindSettings(env func(string) string) (Settings, error) {
	s := Settings{Endpoint: DefaultEndpoint, Offline: truthy(env("HF_HUB_OFFLINE"))}
	if endpoint := env("HF_ENDPOINT"); endpoint != "" {
		s.Endpoint = strings.TrimRight(endpoint, "/")
		if _, err := parseEndpoint(s.Endpoint); err != nil {
			return Settings{}, fmt.Errorf("HF_ENDPOINT: %w", err)
		}
	}
	if truthy(env("HUGGINGFACE_CO_STAGING")) {
		s.Endpoint = stagingEndpoint
	}
	if truthy(env("HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
		s.NoStored = true
		return s, nil
	}
	name := "HF_TOKEN"
	if env(name) == "" {
		name = "HUGGING_FACE_HUB_TOKEN"
	}
	token, err := ParseToken(env(name))
	if err != nil {
		return Settings{}, fmt.Errorf("%s: %w", name, err)
	}
	if !token.IsZero() {
		s.Token, s.Source = token, name
		return s, nil
	}
	path := tokenPath(env)
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return Settings{}, fmt.Errorf("read the Hub's token: %w", err)
	}
	if s.Token, err = ParseToken(string(text)); err != nil {
		return Settings{}, fmt.Errorf("%s: %w", path, err)
	}
	if !s.Token.IsZero() {
		s.Source = path
	}
	return s, nil
}

// tokenPath is empty if the home directory is needed and not known.
func tokenPath(env func(string) string) string {
	home := env("HOME")
	if home == "" {
		home = env("USERPROFILE")
	}
	if path := env("HF_TOKEN_PATH"); path != "" {
		return expand(path, home, env)
	}
	if dir := env("HF_HOME"); dir != "" {
		return filepath.Join(expand(dir, home, env), "token")
	}
	cache := env("XDG_CACHE_HOME")
	switch {
	case cache != "":
	case home != "":
		cache = filepath.Join(home, ".cache")
	default:
		return "" // rather than a file of the working directory
	}
	return filepath.Join(expand(cache, home, env), "huggingface", "token")
}

var variable = regexp.MustCompile(`\$(\w+|\{[^}]*\})`)

// expand replaces ~ and variables like a shell, but leaves unset variables, like Python.
func expand(path, home string, env func(string) string) string {
	if rest, ok := strings.CutPrefix(path, "~"); ok && (rest == "" || os.IsPathSeparator(rest[0])) {
		path = home + rest
	}
	return variable.ReplaceAllStringFunc(path, func(name string) string {
		if value := env(strings.Trim(name, "${}")); value != "" {
			return value
		}
		return name
	})
}

func truthy(s string) bool {
	switch strings.ToUpper(s) {
	case "1", "ON", "YES", "TRUE":
		return true
	}
	return false
}

// parseEndpoint does not repeat the text in its errors, because it may contain a password.
func parseEndpoint(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	switch {
	case err != nil, u.Scheme != "https" && u.Scheme != "http", u.Host == "":
		return nil, errors.New("not a URL of a Hub such as " + DefaultEndpoint + " is one")
	case u.User != nil, u.RawQuery != "", u.Fragment != "":
		return nil, errors.New("the URL of a Hub cannot have a user, query or fragment")
	}
	return u, nil
}
