package plainerr

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestText(t *testing.T) {
	t.Parallel()
	_, missing := os.Open(filepath.Join("no", "such.json"))
	_, number := strconv.Atoi("ten")
	_, clock := time.Parse(time.DateOnly, "yesterday")
	_, program := exec.LookPath("no-such-program-of-hfhook")
	broken := strings.TrimSuffix("http://[::1]", "]")
	_, address := url.Parse(broken)
	path := filepath.Join("no", "such.json")
	for want, err := range map[string]error{
		"":                                      nil,
		"said already":                          errors.New("said already"),
		"read the body: " + path + " not found": fmt.Errorf("read the body: %w", missing),
		"save: d is a directory; a port: connection refused": fmt.Errorf("save: %w; a port: %w",
			&fs.PathError{Op: "open", Path: "d", Err: syscall.EISDIR},
			&net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}),
		"write f: no space left for f: the disk is full (disk 1)": fmt.Errorf("write f: %w (disk %d)", &fs.PathError{Op: "write", Path: "f", Err: syscall.ENOSPC}, 1),
		"no permission for /root/x":                               &fs.PathError{Op: "mkdir", Path: "/root/x", Err: syscall.EACCES},
		"-n: invalid number \"ten\"":                              fmt.Errorf("-n: %w", number),
		"since: invalid time \"yesterday\"":                       fmt.Errorf("since: %w", clock),
		"start it: no-such-program-of-hfhook: command not found":  fmt.Errorf("start it: %w", program),
		"read: the connection was closed":                         fmt.Errorf("read: %w", net.ErrClosed),
		"save: line 2: the JSON ends too early":                   fmt.Errorf("save: line %d: %w", 2, json.Unmarshal([]byte("{"), &struct{}{})),
		"'x' in the middle of true":                               json.Unmarshal([]byte("tx"), &struct{}{}),
		"'-' does not go on with the number":                      json.Unmarshal([]byte("--"), &struct{}{}),
		"Repo.ID: unexpected number":                              json.Unmarshal([]byte(`{"Repo":{"ID":1}}`), &struct{ Repo struct{ ID string } }{}),
		"read: it ends too early":                                 fmt.Errorf("read: %w", io.ErrUnexpectedEOF),
		"invalid URL \"http://[::1\": missing ']' in host":        address,
	} {
		if got := Text(err); got != want {
			t.Errorf("%v: %q, want %q", err, got, want)
		}
		if err != nil && (!errors.Is(Wrap(err), err) || Wrap(err).Error() != want) {
			t.Errorf("%v: wrapped it says %q", err, Wrap(err))
		}
	}
}
