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
	"syscall"
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
	err := cmd.Run()
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

func TestTwoDevices(t *testing.T) {
	name := unique("anna")
	photos := tree(t)
	anna := serving(t, lonely(t, name))
	ben := lonely(t, "ben")

	sent := make(chan finished)
	go func() { sent <- do(t, ben, "send", photos, "--to", name) }()
	offer := anna.await("offered")
	if offer["fromName"] != "ben" || offer["title"] != "Photos" || offer["files"] != 4.0 {
		t.Errorf("offered %v", offer)
	}
	ref := offer["share"].(string)[:8]
	do(t, anna.state, "offers").says(t, ref, "ben", "Photos", "4 files")
	if left, _ := os.ReadDir(anna.downloads); len(left) > 0 {
		t.Errorf("before yes there is %v", left)
	}
	do(t, anna.state, "accept", ref).want(t, exitDone)
	f := <-sent
	f.want(t, exitDone)
	f.says(t, name+" said yes", name+": delivered, 4 files, 300 kB")
	delivered := anna.await("delivered")
	if delivered["path"] != filepath.Join(anna.downloads, "Photos") || delivered["files"] != 4.0 || delivered["direction"] != "receiving" {
		t.Errorf("delivered %v", delivered)
	}
	same(t, photos, filepath.Join(anna.downloads, "Photos"))
	do(t, anna.state, "transfers").says(t, "from  ben", "delivered")
	do(t, anna.state, "verify", ref).want(t, exitDone)

	// Again, with a part of it, into another folder; from a device that stays.
	stays := serving(t, ben, "--name", "Benjamin")
	go func() { sent <- do(t, ben, "send", photos, "--to", anna.addr, "--json") }()
	offer = anna.await("offered")
	into := filepath.Join(t.TempDir(), "elsewhere")
	if err := os.Mkdir(into, 0o700); err != nil {
		t.Fatal(err)
	}
	do(t, anna.state, "accept", offer["share"].(string), "--into", into, "--only", "*.jpg").want(t, exitDone)
	f = <-sent
	f.want(t, exitDone)
	if o := f.objects(t); len(o) != 1 || o[0]["result"] != "delivered" || o[0]["files"] != 1.0 || o[0]["name"] != name {
		t.Errorf("sent %s", f.out)
	}
	if stays.await("delivered")["direction"] != "sending" {
		t.Error("the sender did not tell of the delivery")
	}
	if got := contents(t, into); len(got["Photos/a.jpg"]) != 300_000 {
		t.Errorf("a part of it: %d things", len(got))
	}

	// No.
	go func() { sent <- do(t, ben, "send", photos, "--to", name) }()
	do(t, anna.state, "decline", anna.await("offered")["share"].(string)).want(t, exitDone)
	f = <-sent
	f.want(t, exitDeclined)
	f.says(t, name+": declined")

	for _, p := range []*process{anna, stays} {
		if code, took := p.stop(syscall.SIGTERM); code != exitDone || took > 3*time.Second {
			t.Errorf("stopped with %d after %v", code, took)
		}
	}
	for _, state := range []string{anna.state, ben} {
		if left, _ := filepath.Glob(filepath.Join(state, "run", "*")); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

func TestOneDevicePerStateFolder(t *testing.T) {
	name := unique("anna")
	anna := serving(t, lonely(t, name))
	f := do(t, anna.state, "serve")
	f.want(t, exitFailed)
	f.says(t, "running on this state folder already")
	do(t, anna.state, "send", tree(t), "--to", name).says(t, "this device itself")

	ben := lonely(t, "ben")
	f = do(t, ben, "neighbours")
	f.want(t, exitDone)
	f.says(t, name, anna.addr)
	other := unique("annette")
	do(t, anna.state, "settings", "set", "name", other).want(t, exitDone)
	do(t, ben, "neighbours").says(t, other)
	if code, took := anna.stop(os.Interrupt); code != exitDone || took > 3*time.Second {
		t.Errorf("stopped with %d after %v", code, took)
	}
	if f := do(t, ben, "neighbours", "--wait", "1s"); strings.Contains(f.out, other) {
		t.Errorf("it is still there: %s", f.out)
	}
	do(t, ben, "send", tree(t), "--to", other, "--wait", "1s").want(t, exitAbsent)
}

// After kill -9 the next start finds no obstacle.
func TestAfterAKill(t *testing.T) {
	name := unique("anna")
	state := lonely(t, name)
	serving(t, state).stop(os.Kill)
	anna := serving(t, state)
	do(t, state, "transfers").want(t, exitDone)
	anna.stop(syscall.SIGTERM)
}

// Several commands at the same moment, and no device: one of them starts it, and
// all do their work, also after the one that started it has ended.
func TestManyCommandsAtOnce(t *testing.T) {
	name := unique("anna")
	anna := serving(t, lonely(t, name), "--accept", "everyone")
	ben := lonely(t, "ben")
	sent := make(chan finished)
	const n = 4
	for range n {
		path := tree(t)
		go func() { sent <- do(t, ben, "send", path, "--to", name) }()
	}
	for range n {
		f := <-sent
		f.want(t, exitDone)
	}
	for range n {
		anna.await("delivered")
	}
}

// What is begun and interrupted can be seen, and goes on, with the next command.
func TestInterruptedAndResumed(t *testing.T) {
	name := unique("anna")
	photos := tree(t)
	anna := serving(t, lonely(t, name))
	ben := lonely(t, "ben")
	cmd := command(t, ben, "send", photos, "--to", name)
	var out buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	ref := anna.await("offered")["share"].(string)[:8]
	cmd.Process.Signal(os.Interrupt)
	cmd.Wait()
	if code := cmd.ProcessState.ExitCode(); code != exitFailed || !strings.Contains(out.String(), "potluck cancel "+ref) {
		t.Errorf("ended with %d:\n%s", code, out.String())
	}
	do(t, ben, "transfers").says(t, ref, "Photos")
	do(t, anna.state, "accept", ref).want(t, exitDone)
	stays := serving(t, ben)
	stays.await("delivered")
	same(t, photos, filepath.Join(anna.downloads, "Photos"))
}

// A device that runs for one command alone accepts, and stays until all is here.
func TestAcceptWithoutADevice(t *testing.T) {
	name := unique("anna")
	photos := tree(t)
	ben := serving(t, lonely(t, "ben"))
	anna := serving(t, lonely(t, name))
	sent := make(chan finished)
	go func() { sent <- do(t, ben.state, "send", photos, "--to", name) }()
	ref := anna.await("offered")["share"].(string)
	anna.stop(syscall.SIGTERM)
	f := do(t, anna.state, "offers")
	f.says(t, ref[:8])
	f = do(t, anna.state, "accept", ref)
	f.want(t, exitDone)
	f.says(t, "accepted", "ben: delivered", filepath.Join(anna.downloads, "Photos"))
	f = <-sent
	f.want(t, exitDone)
	same(t, photos, filepath.Join(anna.downloads, "Photos"))
}

// Ctrl+C twice on a terminal withdraws what send itself has offered.
func TestSecondInterruptWithdraws(t *testing.T) {
	name := unique("anna")
	anna := serving(t, lonely(t, name))
	y := at(t, lonely(t, "ben"))
	y.terminal = true
	ctx, cancel := withInterrupt(t)
	y.ctx = ctx
	ended := y.start("send", tree(t), "--to", name)
	anna.await("offered")
	cancel()
	close(y.again)
	f := <-ended
	f.want(t, exitFailed)
	f.says(t, "once more to withdraw", "The offer is withdrawn")
	anna.await("offerGone")
}
