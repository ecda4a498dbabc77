package tui

// Pages of the Hub: which one belongs to a part of a payload, and how it is opened.

import (
	"net/url"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"hfhook/internal/visible"
	"hfhook/payload"
)

// page is the web page that the part of the payload at path is about, or what the
// whole payload is about where the part has none; empty where there is no page.
func page(p *payload.Payload, path string) string {
	if p == nil {
		return ""
	}
	section, _, _ := strings.Cut(strings.TrimPrefix(path, "."), ".")
	section, _, _ = strings.Cut(section, "[")
	commit := func(sha string) string {
		if sha == "" || p.Repo.URL.Web == "" {
			return ""
		}
		return strings.TrimSuffix(p.Repo.URL.Web, "/") + "/commit/" + url.PathEscape(sha)
	}
	pushed := func() string {
		if len(p.UpdatedRefs) > 0 && p.UpdatedRefs[0].NewSha != nil {
			return commit(*p.UpdatedRefs[0].NewSha)
		}
		return ""
	}
	var candidates []string
	switch {
	case path == ".repo.headSha":
		candidates = append(candidates, commit(p.Repo.HeadSha))
	case path == ".discussion.changes.mergeCommitId" && p.Discussion != nil && p.Discussion.Changes != nil:
		candidates = append(candidates, commit(p.Discussion.Changes.MergeCommitID))
	case section == "updatedRefs":
		candidates = append(candidates, pushed())
	case section == "repo":
		candidates = append(candidates, p.Repo.URL.Web)
	case section == "discussion" && p.Discussion != nil:
		candidates = append(candidates, p.Discussion.URL.Web)
	}
	if p.Comment != nil {
		candidates = append(candidates, p.Comment.URL.Web)
	}
	if p.Discussion != nil {
		candidates = append(candidates, p.Discussion.URL.Web)
	}
	for _, c := range append(candidates, pushed(), p.Repo.URL.Web) {
		if isPage(c) {
			return c
		}
	}
	return ""
}

// isPage tells whether a text is the address of a web page. A browser is given
// nothing else: other schemes start programs.
func isPage(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != "" && visible.Line(raw) == raw && !strings.Contains(raw, " ")
}

// opens says which page o opens, without the scheme.
func opens(raw string) string {
	if !isPage(raw) {
		return ""
	}
	_, rest, _ := strings.Cut(raw, "://")
	return "o opens " + rest
}

// links tells whether a terminal knows links (OSC 8), or at least passes over them. The
// consoles that print what they don't know are few, and say who they are.
func links(env environment) bool {
	switch term, _, _ := strings.Cut(env.get("TERM"), "-"); term {
	case "linux", "dumb", "cons25", "vt52", "vt100", "vt102", "vt220", "ansi", "eterm":
		return false
	}
	return true
}

// hyperlink makes text a link of the terminal, where there is a page.
func (t *theme) hyperlink(text, page string) string {
	if page == "" || text == "" || !t.links {
		return text
	}
	return "\x1b]8;;" + page + "\x1b\\" + text + "\x1b]8;;\x1b\\"
}

// browserTime is how long a program that opens a page is waited for. One that runs
// longer is the browser itself.
const browserTime = 2 * time.Second

// textBrowsers need the terminal.
var textBrowsers = []string{"lynx", "w3m", "links", "links2", "elinks", "www-browser"}

// browser is the command that opens a page, nil where there is none: over SSH, or
// on a machine without a screen.
func (e environment) browser(page string) []string {
	if b, _, _ := strings.Cut(e.get("BROWSER"), ":"); b != "" {
		args := strings.Fields(b)
		for i, arg := range args {
			if strings.Contains(arg, "%s") {
				args[i] = strings.ReplaceAll(arg, "%s", page)
				return args
			}
		}
		return append(args, page)
	}
	switch {
	case runtime.GOOS == "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler", page}
	case e.get("SSH_TTY") != "" || e.get("SSH_CONNECTION") != "":
		return nil
	case runtime.GOOS == "darwin":
		return []string{"open", page}
	case e.get("DISPLAY") != "" || e.get("WAYLAND_DISPLAY") != "":
		return []string{"xdg-open", page}
	}
	return nil
}

// browse opens a page, or says its address where nothing here can. command does the same
// from a shell; it may be empty.
func (a *runner) browse(page, command string) tea.Cmd {
	return a.cmd(func() tea.Msg {
		args := a.env.browser(page)
		if len(args) == 0 {
			return resultMsg{text: page, ok: true, stays: true, command: command}
		}
		if slices.Contains(textBrowsers, filepath.Base(args[0])) {
			cmd := exec.CommandContext(a.ctx, args[0], args[1:]...)
			cmd.Env = a.env
			return onTerminal(args[0], cmd)()
		}
		cmd := exec.Command(args[0], args[1:]...)
		cmd.Env = a.env
		if err := cmd.Start(); err != nil {
			return resultMsg{text: page, ok: true, stays: true, command: command}
		}
		ended := make(chan error, 1)
		go func() { ended <- cmd.Wait() }() // it may be the browser itself, which outlives hfhook
		select {
		case err := <-ended:
			if err != nil {
				return resultMsg{text: page, ok: true, stays: true, command: command}
			}
		case <-time.After(browserTime):
		case <-a.ctx.Done():
		}
		return resultMsg{text: "opened " + page, ok: true, command: command}
	})
}

// hubLog is the page on the Hub with what a webhook has sent lately and a button to send
// it again, and the command that opens it; of no webhook it is the list of webhooks.
// https://huggingface.co/docs/hub/webhooks
func (e *events) hubLog(f frame) (page, command string) {
	const pages = "https://huggingface.co/settings/webhooks"
	id := e.webhook(f)
	if st := f.state.Hub; st != nil && st.Hook(id) != nil {
		return st.Hook(id).Activity, activityCommand(id)
	}
	if id == "" || strings.Trim(id, "0123456789abcdef") != "" {
		return pages, "hfhook open hub"
	}
	return pages + "/" + id + "/activity", activityCommand(id)
}

func activityCommand(id string) string { return "hfhook open hub --webhook " + shellWord(id) }

// webhook is that of the selected event, else the one that leads here, else the busiest
// one; empty where none is known.
func (e *events) webhook(f frame) string {
	st := f.state.Hub
	if p := e.detail.payload(); p != nil {
		return p.Webhook.ID
	} else if r := e.detail.item.rejected; r != nil && knownHook(f, r.Webhook) {
		return r.Webhook
	} else if st != nil && st.Here() != nil {
		return st.Here().ID
	} else if len(f.state.Triggers) > 0 {
		return f.state.Triggers[0].Webhook
	}
	return ""
}
