package release

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestComposePublishesOnThisMachineAlone guards the events and the secret: a port that is
// published without an address can be reached by every machine on the network.
func TestComposePublishesOnThisMachineAlone(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.Join(root, "packaging", "container", "compose.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	ports := regexp.MustCompile(`(?m)^ *ports:.*$`).FindAllString(string(text), -1)
	if len(ports) != 1 || strings.TrimSpace(ports[0]) != `ports: ["127.0.0.1:4665:4665"]` {
		t.Errorf("the published ports are %q", ports)
	}
}
