package tui

import (
	"fmt"
	"io"

	tea "charm.land/bubbletea/v2"
)

// suspend stops the whole process, the server too, and says so on the terminal that the
// shell then has.
func suspend() tea.Cmd {
	return tea.Exec(&suspension{}, func(error) tea.Msg { return tea.ResumeMsg{} })
}

// A suspension is the time between ctrl+z and fg.
type suspension struct{ out io.Writer }

func (s *suspension) SetStdin(io.Reader) {}

func (s *suspension) SetStdout(w io.Writer) { s.out = w }

func (s *suspension) SetStderr(io.Writer) {}

func (s *suspension) Run() error {
	fmt.Fprintln(s.out, "hfhook is stopped: it receives nothing and the Hub's deliveries fail until you run fg.")
	stop()
	return nil
}
