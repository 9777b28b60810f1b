package tui

import (
	"context"
	"fmt"
	"os/exec"
	"runtime"
	"strings"

	tea "charm.land/bubbletea/v2"

	"pace/tui/pane"
)

// maxOSC52 is the most that terminals take in one clipboard sequence, in bytes of base64 (as k9s measured).
const maxOSC52 = 74_994

// copiedMsg says by which path a copy went.
type copiedMsg struct {
	what, path string
	osc        string // text that the terminal itself shall copy
	err        error
}

func (c copiedMsg) apply(m *Model) tea.Cmd {
	if c.err != nil {
		return m.fail(c.err)
	}
	cmd := m.toast("ok", fmt.Sprintf("copied %s (%s)", c.what, c.path), "")
	if c.osc != "" {
		return tea.Batch(cmd, tea.SetClipboard(c.osc))
	}
	return cmd
}

// copy puts text on the clipboard: over SSH by the terminal (OSC 52), in tmux by tmux, else natively.
func (m *Model) copy(c pane.Copy) tea.Cmd {
	env := environ(m.opt.Term.Env)
	how := m.opt.Set.Clipboard
	return m.work.run(func(ctx context.Context) tea.Msg {
		return copyText(ctx, c, how, env)
	})
}

func copyText(ctx context.Context, c pane.Copy, how string, env map[string]string) copiedMsg {
	remote := env["SSH_TTY"] != "" || env["SSH_CONNECTION"] != ""
	if how == "off" {
		return copiedMsg{err: fmt.Errorf("copy %s: the clipboard is switched off in the settings", c.What)}
	}
	if (how == "" || how == "auto" || how == "tmux") && env["TMUX"] != "" {
		if err := pipe(ctx, c.Text, "tmux", "load-buffer", "-w", "-"); err == nil {
			return copiedMsg{what: c.What, path: "tmux"}
		}
	}
	if how == "native" || ((how == "" || how == "auto") && !remote) {
		for _, cmd := range nativeCopiers() {
			if pipe(ctx, c.Text, cmd[0], cmd[1:]...) == nil {
				return copiedMsg{what: c.What, path: cmd[0]}
			}
		}
	}
	if n := (len(c.Text) + 2) / 3 * 4; n > maxOSC52 {
		return copiedMsg{err: fmt.Errorf("copy %s: %d bytes are more than a terminal takes", c.What, len(c.Text))}
	}
	return copiedMsg{what: c.What, path: "OSC 52", osc: c.Text}
}

func nativeCopiers() [][]string {
	switch runtime.GOOS {
	case "darwin":
		return [][]string{{"pbcopy"}}
	case "windows":
		return [][]string{{"clip.exe"}}
	}
	return [][]string{{"wl-copy"}, {"xclip", "-selection", "clipboard"}, {"xsel", "--clipboard", "--input"}}
}

func pipe(ctx context.Context, text, name string, args ...string) error {
	path, err := exec.LookPath(name)
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Stdin = strings.NewReader(text)
	return cmd.Run()
}

func environ(env []string) map[string]string {
	out := make(map[string]string, len(env))
	for _, e := range env {
		k, v, _ := strings.Cut(e, "=")
		out[k] = v
	}
	return out
}

// openPath shows a file or page with the system's program; where there is none, or over SSH, it copies the
// path instead.
func (m *Model) openPath(path string) tea.Cmd {
	env := environ(m.opt.Term.Env)
	how := m.opt.Set.Clipboard
	return m.work.run(func(ctx context.Context) tea.Msg {
		opener := map[string]string{"darwin": "open", "windows": "explorer"}[runtime.GOOS]
		if opener == "" {
			opener = "xdg-open"
		}
		headless := runtime.GOOS == "linux" && env["DISPLAY"] == "" && env["WAYLAND_DISPLAY"] == ""
		if env["SSH_TTY"] == "" && !headless {
			if bin, err := exec.LookPath(opener); err == nil {
				if exec.CommandContext(ctx, bin, path).Start() == nil {
					return saidMsg{said: "opened " + path}
				}
			}
		}
		return copyText(ctx, pane.Copy{What: "path " + path, Text: path}, how, env)
	})
}
