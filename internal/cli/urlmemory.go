package cli

// The public URL of the last run in a working directory, in the state directory.

// A urlMemory is a file. It is a dev.URLMemory.
type urlMemory struct{ projectFile }

// openURLMemory is the one of the working directory.
func openURLMemory(p *program) (*urlMemory, error) {
	file, err := findProjectFile(p, "urls")
	return &urlMemory{file}, err
}

// rememberedURL is what the file holds.
type rememberedURL struct {
	Project string `json:"project"`
	URL     string `json:"url"`
}

// Last is documented at dev.URLMemory.
func (m *urlMemory) Last() (string, error) {
	var is rememberedURL
	err := m.read(&is)
	return is.URL, err
}

// Keep is documented at dev.URLMemory.
func (m *urlMemory) Keep(url string) error { return m.keep(rememberedURL{m.project, url}) }
