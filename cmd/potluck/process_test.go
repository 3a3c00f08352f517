package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for what must happen. It is no measure of
// speed: only a failing test waits that long.
const patience = 60 * time.Second

// A process is a `potluck serve --json` that runs.
type process struct {
	t         *testing.T
	cmd       *exec.Cmd
	state     string
	downloads string
	addr      string
	messages  buffer

	mu     sync.Mutex // guards the rest
	events []map[string]any
	more   *sync.Cond
	ended  bool
}

// program returns a command that runs this program in a process of its own, on
// 127.0.0.1 alone.
func command(t *testing.T, state string, args ...string) *exec.Cmd {
	t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"--state", state}, args...)...)
	cmd.Env = append(os.Environ(), "POTLUCK_TEST_PROGRAM=1", "HOME="+state)
	return cmd
}

// lonely returns a state folder whose device stays on this machine. Others may
// run there too, such as those of other tests, so a name is used once.
func lonely(t *testing.T, name string) string {
	t.Helper()
	state := t.TempDir()
	text, err := json.Marshal(map[string]any{
		"name": name, "listen": "127.0.0.1:0", "interfaces": []string{loopback()}, "downloads": filepath.Join(state, "downloads"),
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(state, "settings.json"), text, 0o600); err != nil {
		t.Fatal(err)
	}
	return state
}

// unique returns a name that no other device has.
func unique(name string) string { return fmt.Sprintf("%s-%08x", name, rand.Uint32()) }

func loopback() string {
	if runtime.GOOS == "linux" {
		return "lo"
	}
	return "lo0"
}

// serving starts a device, and waits until it is ready.
func serving(t *testing.T, state string, args ...string) *process {
	t.Helper()
	p := &process{t: t, state: state, downloads: filepath.Join(state, "downloads")}
	p.more = sync.NewCond(&p.mu)
	p.cmd = command(t, state, append([]string{"serve", "--json"}, args...)...)
	p.cmd.Stderr = &p.messages
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	read := make(chan struct{})
	go func() {
		defer close(read)
		p.read(out)
	}()
	t.Cleanup(func() {
		p.cmd.Process.Kill()
		<-read
		p.cmd.Wait()
		if t.Failed() {
			t.Logf("%s said:\n%s", filepath.Base(state), p.messages.String())
		}
	})
	p.addr = p.await("ready")["addr"].(string)
	return p
}

func (p *process) read(out io.Reader) {
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var e map[string]any
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			p.t.Errorf("serve printed %q: %v", lines.Text(), err)
		}
		p.mu.Lock()
		p.events = append(p.events, e)
		p.more.Broadcast()
		p.mu.Unlock()
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = true
	p.more.Broadcast()
}

// await returns the next event of that name, and forgets it and those before.
func (p *process) await(name string) map[string]any {
	p.t.Helper()
	late := time.AfterFunc(patience, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.ended = true
		p.more.Broadcast()
	})
	defer late.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	for i := 0; ; i++ {
		for i >= len(p.events) {
			if p.ended {
				p.t.Fatalf("there was no event %q; there were %v\n%s", name, p.events, p.messages.String())
			}
			p.more.Wait()
		}
		if e := p.events[i]; e["event"] == name {
			p.events = p.events[i+1:]
			return e
		}
	}
}

// stop asks the process to end, and returns its exit code and how long it took.
func (p *process) stop(signal os.Signal) (int, time.Duration) {
	p.t.Helper()
	began := time.Now()
	if err := p.cmd.Process.Signal(signal); err != nil {
		p.t.Fatal(err)
	}
	err := p.cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	return p.cmd.ProcessState.ExitCode(), time.Since(began)
}

// do runs a command to its end in a process of its own.
func do(t *testing.T, state string, args ...string) finished {
	t.Helper()
	var out, messages bytes.Buffer
	cmd := command(t, state, args...)
	cmd.Stdout, cmd.Stderr = &out, &messages
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	late := time.AfterFunc(2*patience, func() {
		t.Errorf("%q does not end", args)
		cmd.Process.Kill()
	})
	err := cmd.Wait()
	late.Stop()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return finished{cmd.ProcessState.ExitCode(), out.String(), messages.String()}
}

// tree makes a folder with a few things in it.
func tree(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "Photos")
	for name, text := range map[string]string{
		"a.jpg": strings.Repeat("a", 300_000), "empty": "", "sub/Ảnh đẹp.png": "b", "sub/deep/日本.txt": "c",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(filepath.Join(dir, "nothing"), 0o700); err != nil {
		t.Fatal(err)
	}
	return dir
}

// same fails the test unless the folders hold the same.
func same(t *testing.T, want, got string) {
	t.Helper()
	a, b := contents(t, want), contents(t, got)
	for name, text := range a {
		if other, ok := b[name]; !ok || other != text {
			t.Errorf("%s is not as it was sent (there: %v)", name, ok)
		}
	}
	if len(a) != len(b) {
		t.Errorf("%d things were sent, %d are there", len(a), len(b))
	}
}

func contents(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := make(map[string]string)
	if err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil || e.IsDir() {
			all[name] = "a folder"
			return err
		}
		text, err := os.ReadFile(path)
		all[name] = string(text)
		return err
	}); err != nil {
		t.Error(err)
	}
	return all
}
