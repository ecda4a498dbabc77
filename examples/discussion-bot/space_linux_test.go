package main

import (
	"bufio"
	"bytes"
	"debug/elf"
	"io"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"go.yaml.in/yaml/v3"

	"hfhook/payload/sample"
)

// An image is what a Dockerfile makes: a file system, and how it is run.
type image struct {
	root  string
	user  string
	port  string
	entry []string
}

// build does what Docker would with this Dockerfile, whose instructions are few: the
// stage that builds runs on this machine, with its outputs in a directory of its own,
// and the last one is a directory with nothing else in it.
func build(t *testing.T) image {
	t.Helper()
	text, err := os.ReadFile("Dockerfile")
	if err != nil {
		t.Fatal(err)
	}
	stage, last := t.TempDir(), image{root: t.TempDir()}
	scratch := false
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) == 0 || fields[0] == "#" {
			continue
		}
		switch word, rest := fields[0], fields[1:]; word {
		case "FROM":
			scratch = rest[0] == "scratch"
		case "RUN":
			// The outputs of the stage are its absolute paths.
			command := regexp.MustCompile(`-o /`).ReplaceAllString(strings.Join(rest, " "), "-o "+stage+"/")
			cmd := exec.CommandContext(t.Context(), "sh", "-c", command)
			cmd.Dir = "../.." // the context, and WORKDIR
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", command, err, out)
			}
		case "COPY":
			if !scratch {
				continue // the context is where RUN runs
			}
			if rest[0] != "--from=build" || len(rest) != 3 {
				t.Fatalf("the image copies from elsewhere: %s", line)
			}
			from := filepath.Join(stage, rest[1])
			if _, err := os.Stat(from); err != nil {
				from = rest[1] // of the stage's own system, as this machine has it
			}
			copyFile(t, from, filepath.Join(last.root, rest[2]))
		case "USER":
			last.user = rest[0]
		case "EXPOSE":
			last.port = rest[0]
		case "ENTRYPOINT":
			list := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "ENTRYPOINT"))
			if err := yaml.Unmarshal([]byte(list), &last.entry); err != nil {
				t.Fatal(err)
			}
		case "WORKDIR":
		default:
			t.Fatalf("this test does not know %s", word)
		}
	}
	return last
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	text, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range []error{os.MkdirAll(filepath.Dir(to), 0o755), os.WriteFile(to, text, info.Mode().Perm())} {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// The container's file system, built from the Dockerfile and run without Docker: as the
// image's user, with nothing but what is in it, at the port that the Hub looks for.
func TestSpace(t *testing.T) {
	img := build(t)
	var front struct {
		SDK  string `yaml:"sdk"`
		Port int    `yaml:"app_port"`
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := strings.Cut(strings.TrimPrefix(string(readme), "---\n"), "\n---\n")
	if err := yaml.Unmarshal([]byte(head), &front); err != nil || front.SDK != "docker" || strconv.Itoa(front.Port) != img.port || img.port != "7860" {
		t.Errorf("the README says %+v, the Dockerfile port %s, %v", front, img.port, err)
	}
	uid, err := strconv.ParseUint(img.user, 10, 32)
	if err != nil || uid == 0 {
		t.Fatalf("the user is %q, want a number that is not root's", img.user)
	}
	var files []string
	err = filepath.WalkDir(img.root, func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files = append(files, strings.TrimPrefix(path, img.root))
		}
		return err
	})
	if want := []string{"/bot", "/etc/ssl/certs/ca-certificates.crt"}; err != nil || !slices.Equal(files, want) {
		t.Errorf("the image has %q, %v", files, err)
	}
	program, err := elf.Open(filepath.Join(img.root, img.entry[0]))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range program.Progs {
		if p.Type == elf.PT_INTERP {
			t.Error("the program is not static")
		}
	}
	if err := program.Close(); err != nil {
		t.Fatal(err)
	}

	// Directories of a test are the owner's alone; those of an image are for all.
	for dir := img.root; dir != filepath.Dir(os.TempDir()) && dir != "/"; dir = filepath.Dir(dir) {
		if info, err := os.Stat(dir); err == nil && info.Mode().Perm()&0o005 == 0 {
			if err := os.Chmod(dir, 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	attr := &syscall.SysProcAttr{Chroot: img.root, Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
	if os.Geteuid() != 0 { // a user may have a root of their own in a name space
		attr = &syscall.SysProcAttr{
			Chroot: img.root, Cloneflags: syscall.CLONE_NEWUSER,
			UidMappings: []syscall.SysProcIDMap{{ContainerID: int(uid), HostID: os.Geteuid(), Size: 1}},
			GidMappings: []syscall.SysProcIDMap{{ContainerID: int(uid), HostID: os.Getegid(), Size: 1}},
		}
	}
	cmd := &exec.Cmd{
		Path: img.entry[0], Args: img.entry, Dir: "/", SysProcAttr: attr,
		Env: []string{"SPACE_ID=me/bot", "SPACE_HOST=me-bot.hf.space", "WEBHOOK_SECRET=a-secret-for-this-test", "HF_TOKEN=hf_test"},
	}
	var errs bytes.Buffer
	cmd.Stderr = &errs
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		if os.Getenv("HFHOOK_E2E") == "required" {
			t.Fatal(err)
		}
		t.Skipf("this machine lets nobody change the root: %v", err)
	}
	lines := bufio.NewScanner(out)
	var said strings.Builder
	for lines.Scan() && !strings.HasPrefix(lines.Text(), "Go to ") {
		said.WriteString(lines.Text() + "\n")
	}
	go func() { _, _ = io.Copy(io.Discard, out) }()
	stopped := make(chan error, 1)
	stop := func() error {
		_ = cmd.Process.Signal(syscall.SIGTERM)
		go func() { stopped <- cmd.Wait() }()
		select {
		case err := <-stopped:
			return err
		case <-time.After(30 * time.Second):
			_ = cmd.Process.Kill()
			return <-stopped
		}
	}
	if !strings.Contains(said.String(), "  - POST https://me-bot.hf.space/webhooks/discussion_bot\n") {
		t.Fatalf("it says %q; %v; %s", said.String(), stop(), &errs)
	}
	base := "http://" + net.JoinHostPort("127.0.0.1", img.port)
	resp, err := http.Get(base)
	if err != nil {
		t.Fatal(err, stop())
	}
	page, err := io.ReadAll(resp.Body)
	resp.Body.Close()
	if err != nil || !bytes.Contains(bytes.ReplaceAll(page, []byte("<wbr>"), nil), []byte("https://me-bot.hf.space/webhooks/discussion_bot")) {
		t.Errorf("the page is %s, %v", page, err)
	}
	body, err := sample.New("repo/create", sample.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for secret, want := range map[string]int{"a-secret-for-this-test": 202, "wrong": 403} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, base+"/webhooks/discussion_bot", bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("X-Webhook-Secret", secret)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err, stop())
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("with the secret %q: %s", secret, resp.Status)
		}
	}
	status, err := os.ReadFile("/proc/" + strconv.Itoa(cmd.Process.Pid) + "/status")
	if err != nil || os.Geteuid() == 0 && !regexp.MustCompile(`(?m)^Uid:\s+`+img.user+`\s`).Match(status) {
		t.Errorf("it runs as %s, %v", status, err)
	}
	if err := stop(); err != nil {
		t.Errorf("it ended with %v: %s", err, &errs)
	}
}
