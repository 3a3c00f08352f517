package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"potluck/app/control/controltest"
	"potluck/app/settings"
)

// TestMain is also the program itself, for the tests that need processes. What
// the library of discovery leaves behind ends by itself after some seconds, and
// holds nothing: see package discovery.
func TestMain(m *testing.M) {
	if os.Getenv("POTLUCK_TEST_PROGRAM") != "" {
		main()
	}
	goleak.VerifyTestMain(m, goleak.IgnoreAnyFunction("github.com/grandcat/zeroconf.(*Server).probe"))
}

// A result is what a run of the program came to.
type finished struct {
	code     int
	out, err string
}

// A typist runs commands on one state folder.
type typist struct {
	t        *testing.T
	state    string
	terminal bool
	stdin    io.Reader
	ctx      context.Context
	again    chan struct{}
	out, err *buffer // of the command that was started last
}

func at(t *testing.T, state string) *typist {
	return &typist{t: t, state: state, ctx: t.Context(), again: make(chan struct{})}
}

// run runs a command to its end.
func (y *typist) run(args ...string) finished {
	y.t.Helper()
	return <-y.start(args...)
}

// start runs a command.
func (y *typist) start(args ...string) <-chan finished {
	y.t.Helper()
	out, err := &buffer{}, &buffer{}
	y.out, y.err = out, err
	p := &program{
		stdin: y.stdin, stdout: out, stderr: err, terminal: y.terminal, screen: y.terminal,
		again: y.again, log: slog.New(slog.DiscardHandler),
	}
	ended := make(chan finished, 1)
	go func() {
		code := p.run(y.ctx, append([]string{"potluck", "--state", y.state}, args...))
		ended <- finished{code, out.String(), err.String()}
	}()
	return ended
}

// want runs a command and fails the test unless it ends with that code.
func (y *typist) want(code int, args ...string) finished {
	y.t.Helper()
	f := y.run(args...)
	f.want(y.t, code)
	return f
}

func (f finished) want(t *testing.T, code int) {
	t.Helper()
	if f.code != code {
		t.Errorf("ended with %d, want %d\n--- output:\n%s--- errors:\n%s", f.code, code, f.out, f.err)
	}
}

// says fails the test unless each text is in the output or the messages.
func (f finished) says(t *testing.T, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(f.out+f.err, text) {
			t.Errorf("does not say %q\n--- output:\n%s--- errors:\n%s", text, f.out, f.err)
		}
	}
}

// objects returns the lines of output, which must be JSON objects.
func (f finished) objects(t *testing.T) []map[string]any {
	t.Helper()
	var list []map[string]any
	for line := range strings.Lines(f.out) {
		var o map[string]any
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Errorf("the line %q is no JSON object: %v", line, err)
		}
		list = append(list, o)
	}
	return list
}

// A buffer can be written to and read at the same time.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// file makes a file with something in it and returns its path.
func file(t *testing.T, name string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte("potluck"), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestUsage(t *testing.T) {
	y := at(t, t.TempDir())
	notes := file(t, "notes")
	for _, c := range []struct {
		args []string
		says string
	}{
		{[]string{"share", "notes"}, `there is no command "share"`},
		{[]string{"pair"}, "WHO is missing"},
		{[]string{"pair", "anna", "ben"}, `"ben" is too much`},
		{[]string{"pair", "anna", "--wait", "-1s"}, "negative"},
		{[]string{"pair", "anna", "--same", ""}, "four numbers"},
		{[]string{"pair", "anna", "--same", "1-2-3"}, "four numbers"},
		{[]string{"pair", "anna", "--same", "1-2-3-x"}, "four numbers"},
		{[]string{"unpair"}, "WHO is missing"},
		{[]string{"block", ""}, "WHO is missing"},
		{[]string{"unblock"}, "WHO is missing"},
		{[]string{"neighbours", "--all", "--wait", "1s"}, "either"},
		{[]string{"serve", "--visible", "some"}, "everyone, paired or nobody"},
		{[]string{"serve", "--offers", "ask"}, "everyone, paired or nobody"},
		{[]string{"neighbors"}, `is "neighbours" meant?`},
		{[]string{"help", "nothing"}, `there is no command "nothing"`},
		{[]string{"--help", "nothing"}, "nothing"},
		{[]string{"--colour"}, "there is no option --colour"},
		{[]string{"send"}, "nothing is named to be sent"},
		{[]string{"send", notes}, "add --to WHO"},
		{[]string{"send", notes, "--to"}, "a value is missing after --to"},
		{[]string{"send", notes, "--to", ""}, "--to needs"},
		{[]string{"send", notes, "--to", "anna", "--wait", "soon"}, "soon"},
		{[]string{"send", notes, "--to", "anna", "--wait", "-1s"}, "negative"},
		{[]string{"neighbours", "anna"}, `"anna" is too much`},
		{[]string{"neighbours", "--wait", "-1s"}, "negative"},
		{[]string{"serve", "now"}, `"now" is too much`},
		{[]string{"serve", "--accept", "maybe"}, "paired, everyone or nobody"},
		{[]string{"serve", "--listen", "everywhere"}, "nor an address and port"},
		{[]string{"serve", "--name", "a\x1bb"}, "cannot be shown"},
		{[]string{"offers", "1", "2"}, "too much"},
		{[]string{"accept"}, "OFFER is missing"},
		{[]string{"accept", "1", "2"}, `"2" is too much`},
		{[]string{"decline"}, "OFFER is missing"},
		{[]string{"transfers", "1"}, "too much"},
		{[]string{"pause"}, "ID is missing"},
		{[]string{"resume"}, "ID is missing"},
		{[]string{"cancel", ""}, "ID is missing"},
		{[]string{"verify"}, "ID is missing"},
		{[]string{"settings", "delete"}, `not "delete"`},
		{[]string{"settings", "get"}, "KEY is missing"},
		{[]string{"settings", "set", "name"}, "VALUE is missing"},
		{[]string{"settings", "set", "name", "Anna", "Maria"}, "quotes"},
		{[]string{"settings", "reset"}, "KEY is missing"},
		{[]string{"settings", "reset", "--all", "name"}, "either"},
		{[]string{"completion"}, "bash, zsh or fish"},
		{[]string{"completion", "csh"}, "bash, zsh or fish"},
		{[]string{"version", "x"}, "too much"},
	} {
		f := y.want(exitUsage, c.args...)
		f.says(t, c.says, "--help")
		if f.out != "" {
			t.Errorf("%q: output %q", c.args, f.out)
		}
	}
	if left, _ := os.ReadDir(y.state); len(left) > 0 {
		t.Errorf("the state folder was touched: %v", left)
	}
}

func TestFlagsOfAllCommands(t *testing.T) {
	for _, args := range [][]string{
		{"--json", "version"}, {"version", "--json"}, {"version", "--quiet", "--json"}, {"-q", "version", "--json"},
	} {
		f := at(t, t.TempDir()).want(exitDone, args...)
		if o := f.objects(t); len(o) != 1 || o[0]["version"] != version {
			t.Errorf("%q: %s", args, f.out)
		}
	}
	s := controltest.Serve(t, "self")
	s.Meet("anna")
	elsewhere := at(t, t.TempDir())
	elsewhere.want(exitDone, "neighbours", "--state", s.Folder).says(t, "anna")
	t.Setenv("POTLUCK_STATE", s.Folder)
	var out buffer
	p := &program{stdout: &out, stderr: &out, log: slog.New(slog.DiscardHandler)}
	if code := p.run(t.Context(), []string{"potluck", "neighbours"}); code != exitDone || !strings.Contains(out.String(), "anna") {
		t.Errorf("with POTLUCK_STATE: %d, %s", code, out.String())
	}
}

func TestHelp(t *testing.T) {
	y := at(t, t.TempDir())
	root := (&program{}).commands()
	y.want(exitDone).says(t, "COMMANDS:", "Exit codes", "send")
	y.want(exitDone, "help").says(t, "COMMANDS:")
	y.want(exitDone, "help", "settings", "set").says(t, "potluck settings set KEY VALUE")
	for _, cmd := range root.VisibleCommands() {
		if cmd.Usage == "" || cmd.UsageText == "" && cmd.Name != "help" {
			t.Errorf("%s is not explained", cmd.Name)
		}
		if cmd.Description == "" && cmd.Name != "version" && cmd.Name != "help" {
			t.Errorf("%s is not described", cmd.Name)
		}
		for _, args := range [][]string{{"help", cmd.Name}, {cmd.Name, "--help"}, {cmd.Name, "-h"}} {
			y.want(exitDone, args...).says(t, "potluck "+cmd.Name, cmd.Usage)
		}
		for line := range strings.Lines(cmd.Description) {
			if columns(line) > 100 {
				t.Errorf("%s: too wide for a terminal: %s", cmd.Name, line)
			}
		}
	}
}

// What is not there yet must not be there as a stub.
func TestCommandsAreThoseThatWork(t *testing.T) {
	var got []string
	for _, cmd := range (&program{}).commands().Commands {
		got = append(got, cmd.Name)
	}
	want := "serve neighbours send offers accept decline transfers pause resume cancel verify retry move forget messages pair unpair block unblock settings version completion help man"
	if strings.Join(got, " ") != want {
		t.Errorf("commands are %q", got)
	}
}

// A file may be called like a command.
func TestSendAFileCalledHelp(t *testing.T) {
	s := controltest.Serve(t, "self")
	s.Meet("anna")
	t.Chdir(t.TempDir())
	for _, name := range []string{"help", "h", "send", "-dash"} {
		if err := os.WriteFile(name, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	y := at(t, s.Folder)
	ended := y.start("send", "--to", "anna", "--", "help", "h", "send", "-dash")
	deliverAll(t, s)
	(<-ended).want(t, exitDone)
	ended = y.start("send", "help", "--to", "anna")
	deliverAll(t, s)
	(<-ended).want(t, exitDone)
}

func TestSettings(t *testing.T) {
	running := controltest.Serve(t, "self")
	for name, y := range map[string]*typist{"running": at(t, running.Folder), "alone": at(t, filepath.Join(t.TempDir(), "new"))} {
		t.Run(name, func(t *testing.T) {
			y.want(exitDone, "settings", "set", "name", "Anna Maria")
			if f := y.want(exitDone, "settings", "get", "name"); f.out != "Anna Maria\n" {
				t.Errorf("name is %q", f.out)
			}
			t.Chdir(t.TempDir())
			here, _ := os.Getwd()
			y.want(exitDone, "settings", "set", "downloads", "sub")
			if f := y.want(exitDone, "settings", "get", "downloads"); f.out != filepath.Join(here, "sub")+"\n" {
				t.Errorf("downloads is %q", f.out)
			}
			y.want(exitDone, "settings").says(t, "KEY", "Anna Maria", "default")
			list := y.want(exitDone, "settings", "list", "--json").objects(t)
			if len(list) != len(settings.Keys()) || list[0]["value"] != "Anna Maria" || list[0]["changed"] != true {
				t.Errorf("list %v", list)
			}
			y.want(exitDone, "settings", "reset", "name", "downloads")
			if f := y.want(exitDone, "settings", "get", "name", "--json"); f.objects(t)[0]["changed"] != false {
				t.Errorf("after the reset: %s", f.out)
			}
			y.want(exitDone, "settings", "reset", "--all")
			y.want(exitFailed, "settings", "set", "accept", "all").says(t, "everyone")
			y.want(exitFailed, "settings", "get", "colour").says(t, "there is no setting")
			y.want(exitDone, "settings", "set", "listen", "0")
			if f := y.want(exitDone, "settings", "get", "listen", "--json"); f.objects(t)[0]["value"] != ":0" {
				t.Errorf("a port alone: %s", f.out)
			}
		})
	}
}

func TestSettingsOfDamagedAndNewerFiles(t *testing.T) {
	y := at(t, t.TempDir())
	path := filepath.Join(y.state, "settings.json")
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	y.want(exitDone, "settings").says(t, "damaged-1")
	if err := os.WriteFile(path, []byte(`{"format": 7}`), 0o600); err != nil {
		t.Fatal(err)
	}
	y.want(exitFailed, "settings").says(t, "newer Potluck")
	y.want(exitFailed, "serve").says(t, "newer Potluck")
	y.want(exitFailed, "neighbours", "--wait", "1s").says(t, "newer Potluck")
}

// eventually waits until f is true.
func eventually(t *testing.T, f func() bool) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for !f() {
		if time.Now().After(deadline) {
			t.Fatal("it did not happen")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// withInterrupt returns a context, and a function that ends it as Ctrl+C does.
func withInterrupt(t *testing.T) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(t.Context())
	return ctx, func() { cancel(interrupt{os.Interrupt}) }
}
