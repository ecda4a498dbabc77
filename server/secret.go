package server

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"hfhook/internal/redact"
)

// A Secret is what the Hub sends in X-Webhook-Secret to prove its identity. Only
// [Secret.Reveal] reads it; printing, logging or encoding it gives "[secret]". The zero Secret
// matches nothing.
//
// Compare secrets with [Secret.Equal], or with the text in a request with [Secret.Matches]; the
// operator == does not compile.
type Secret struct {
	_ [0]func() // no ==, which would compare pointers
	// Behind a pointer, because fmt prints a string in an unexported field of another struct
	// without calling the methods below.
	value *string
}

// ParseSecret returns a Secret of printable ASCII, the only characters that the Hub accepts,
// without a space at either end, which HTTP would drop.
func ParseSecret(s string) (Secret, error) {
	if s == "" {
		return Secret{}, errors.New("the secret is empty: set one of printable ASCII characters, or unset it")
	}
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return Secret{}, fmt.Errorf("character %d of the secret is not printable ASCII, which the Hub refuses: set another one, and check for a line break at its end", i+1)
		}
	}
	if s[0] == ' ' || s[len(s)-1] == ' ' {
		return Secret{}, errors.New("the secret starts or ends with a space, which HTTP removes: set it without")
	}
	return Secret{value: &s}, nil
}

// MustParseSecret is like ParseSecret, and panics if the secret is invalid. It is for
// constants, for example in tests.
func MustParseSecret(s string) Secret {
	secret, err := ParseSecret(s)
	if err != nil {
		panic(err)
	}
	return secret
}

// Reveal returns the secret itself, to be sent or copied, never shown.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// IsZero reports whether there is no secret.
func (s Secret) IsZero() bool { return s.value == nil }

// Len returns the number of characters.
func (s Secret) Len() int { return len(s.Reveal()) }

// goodLength is the recommended minimum length of a secret, in characters.
const goodLength = 16

// Weakness says why the secret is easy to guess, in one sentence; it is empty for a strong one.
func (s Secret) Weakness() string {
	if s.IsZero() || s.Len() >= goodLength {
		return ""
	}
	characters := "characters"
	if s.Len() == 1 {
		characters = "character"
	}
	return fmt.Sprintf("the webhook secret has only %d %s: under %d it can be guessed", s.Len(), characters, goodLength)
}

// environmentSecrets returns the secrets of WEBHOOK_SECRET, and of WEBHOOK_SECRET_PREVIOUS
// while it is being changed. An empty variable counts as unset.
func environmentSecrets() ([]Secret, error) {
	var secrets []Secret
	for _, name := range []string{"WEBHOOK_SECRET", "WEBHOOK_SECRET_PREVIOUS"} {
		value := os.Getenv(name)
		if value == "" {
			continue
		}
		secret, err := ParseSecret(value)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		secrets = append(secrets, secret)
	}
	return secrets, nil
}

const secretMark = redact.Mark

// String and the methods below keep the secret out of everything that prints it.
func (Secret) String() string { return secretMark }

// GoString is String for %#v.
func (Secret) GoString() string { return secretMark }

// Format is String for every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, secretMark) }

// MarshalText is String for JSON and the like.
func (Secret) MarshalText() ([]byte, error) { return []byte(secretMark), nil }

// LogValue is String for slog.
func (Secret) LogValue() slog.Value { return slog.StringValue(secretMark) }

// UnmarshalText is like [ParseSecret], for configuration files. It rejects the mark that
// MarshalText writes in place of a secret.
func (s *Secret) UnmarshalText(text []byte) error {
	if string(text) == secretMark {
		return errors.New("the text is " + secretMark + ", which stands in the place of a secret that was not written: set the secret itself")
	}
	parsed, err := ParseSecret(string(text))
	if err != nil {
		return err
	}
	*s = parsed
	return nil
}

// Matches reports whether the secret equals the text that was sent. Its duration depends
// neither on the contents nor on the lengths: both sides are hashed first. The zero Secret
// matches nothing.
func (s Secret) Matches(sent string) bool {
	if s.value == nil {
		return false
	}
	a, b := sha256.Sum256([]byte(sent)), sha256.Sum256([]byte(*s.value))
	return subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// Equal reports whether both are the same secret, in constant time. Two zero Secrets are
// equal.
func (s Secret) Equal(t Secret) bool {
	if s.IsZero() || t.IsZero() {
		return s.IsZero() && t.IsZero()
	}
	return s.Matches(*t.value)
}

// match returns which of the secrets was sent, counted from 1, or 0. It always compares with
// all of them.
func match(secrets []Secret, sent string) int {
	found := 0
	for i, s := range secrets {
		if s.Matches(sent) {
			found = i + 1
		}
	}
	return found
}
