package cli

// The address that was typed for a replay in a project, so that the next one has it.

// A typedMemory is a file.
type typedMemory struct{ projectFile }

func openTypedMemory(p *program) (*typedMemory, error) {
	file, err := findProjectFile(p, "addresses")
	return &typedMemory{file}, err
}

// typedAddress is what the file holds.
type typedAddress struct {
	Project string `json:"project"`
	Replay  string `json:"replay_to"`
}

// last is empty if none was typed, or it cannot be read.
func (m *typedMemory) last() string {
	var is typedAddress
	_ = m.read(&is) // it is typed again
	return is.Replay
}

func (m *typedMemory) keepAddress(address string) error {
	return m.keep(typedAddress{m.project, address})
}
