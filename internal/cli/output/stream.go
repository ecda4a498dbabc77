package output

import (
	"bytes"
	"io"

	"hfhook/internal/visible"
)

// A WriteFunc is a writer that is one function.
type WriteFunc func([]byte) (int, error)

func (f WriteFunc) Write(b []byte) (int, error) { return f(b) }

// PrintVisible writes what print writes, made visible.
func PrintVisible(w io.Writer, print func(io.Writer) error) error {
	v := visible.NewWriter(w)
	if err := print(v); err != nil {
		return err
	}
	return v.Close()
}

// Indented puts white space before each line.
func Indented(w io.Writer, space string) io.Writer {
	begin := true
	return WriteFunc(func(b []byte) (int, error) {
		for line := range bytes.Lines(b) {
			if begin {
				if _, err := io.WriteString(w, space); err != nil {
					return 0, err
				}
			}
			if _, err := w.Write(line); err != nil {
				return 0, err
			}
			begin = line[len(line)-1] == '\n'
		}
		return len(b), nil
	})
}
