//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/creack/pty"
)

// term is pace on a pseudo-terminal.
type term struct {
	cmd  *exec.Cmd
	file *os.File
	born time.Time

	mu    sync.Mutex
	out   bytes.Buffer // everything that was written so far
	first time.Time
	last  time.Time
}

// open starts pace in a folder on a terminal of w x h cells.
func (b *bench) open(dir string, w, h int, args ...string) (*term, error) {
	cmd := exec.Command(b.pace, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "LANG=C.UTF-8", "NO_COLOR=", "TMUX=", "SSH_TTY=", "SSH_CONNECTION=", "PACE_ACTOR=bench")
	t := &term{cmd: cmd, born: time.Now()}
	f, err := pty.StartWithSize(cmd, &pty.Winsize{Cols: uint16(w), Rows: uint16(h)})
	if err != nil {
		return nil, fmt.Errorf("start pace: %w", err)
	}
	t.file = f
	go t.read()
	return t, nil
}

func (t *term) read() {
	buf := make([]byte, 64<<10)
	for {
		n, err := t.file.Read(buf)
		if n > 0 {
			t.mu.Lock()
			now := time.Now()
			if t.out.Len() == 0 {
				t.first = now
			}
			t.last = now
			t.out.Write(buf[:n])
			t.mu.Unlock()
		}
		if err != nil {
			return
		}
	}
}

func (t *term) size() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.out.Len()
}

// waitFor waits until the text was written after the given offset, and says when the bytes that hold it came.
func (t *term) waitFor(text string, from int, limit time.Duration) (time.Time, error) {
	for end := time.Now().Add(limit); time.Now().Before(end); time.Sleep(500 * time.Microsecond) {
		t.mu.Lock()
		found := bytes.Contains(t.out.Bytes()[min(from, t.out.Len()):], []byte(text))
		at := t.last
		t.mu.Unlock()
		if found {
			return at, nil
		}
	}
	return time.Time{}, fmt.Errorf("pace did not write %q within %v", text, limit)
}

// quiet waits until nothing was written for a while.
func (t *term) quiet(rest time.Duration) {
	for {
		t.mu.Lock()
		last := t.last
		t.mu.Unlock()
		if time.Since(last) >= rest && !last.IsZero() {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// key presses a key and says how long the first byte of the answer took, and how many bytes came within the time.
func (t *term) key(k string, within time.Duration) (time.Duration, int) {
	before := t.size()
	start := time.Now()
	t.file.WriteString(k)
	var took time.Duration
	for time.Since(start) < within {
		if t.size() > before {
			took = time.Since(start)
			break
		}
		time.Sleep(200 * time.Microsecond)
	}
	time.Sleep(within - min(within, time.Since(start)))
	return took, t.size() - before
}

func (t *term) close() {
	t.file.WriteString("q")
	done := make(chan struct{})
	go func() { t.cmd.Wait(); close(done) }()
	select {
	case <-done:
	case <-time.After(2 * time.Second):
		t.cmd.Process.Signal(syscall.SIGKILL)
		<-done
	}
	t.file.Close()
}

// memory is the resident memory of the process in megabytes.
func (t *term) memory() (float64, error) {
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(t.cmd.Process.Pid), "status"))
	if err != nil {
		return 0, err
	}
	for _, line := range strings.Split(string(text), "\n") {
		if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			return kb / 1024, err
		}
	}
	return 0, fmt.Errorf("no VmRSS in status")
}
