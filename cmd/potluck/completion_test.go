package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"potluck/app/control/controltest"
	"potluck/sharing"
)

// suggestions returns the words that are suggested after args.
func suggestions(t *testing.T, y *typist, args ...string) []string {
	t.Helper()
	f := y.want(exitDone, append(args, "--generate-shell-completion")...)
	var words []string
	for line := range strings.Lines(f.out) {
		word, _, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		words = append(words, word)
	}
	return words
}

func TestCompletion(t *testing.T) {
	s := controltest.Serve(t, "self")
	s.Meet("anna", "$(touch owned)", "`touch owned`", "a b", "-rf")
	s.Know("carl", "dora", "$(touch mine)")
	s.Knows(controltest.ID("carl"), func(k *sharing.KnownDevice) { k.Paired = true })
	s.Knows(controltest.ID("$(touch mine)"), func(k *sharing.KnownDevice) { k.Blocked = true })
	running, over := controltest.Share("running"), controltest.Share("over")
	s.Change(func(snapshot *sharing.Snapshot) {
		snapshot.Offers = []sharing.Offer{offer("Photos" + hostile)}
		snapshot.Transfers = []sharing.Transfer{{Share: running, State: sharing.Running}, {Share: over, State: sharing.Delivered}}
	})
	s.Change(func(snapshot *sharing.Snapshot) {
		snapshot.Messages = []sharing.Message{{ID: "0badcafe" + strings.Repeat("0", 24), FromName: hostile, Text: hostile}}
	})
	y := at(t, s.Folder)
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "serve neighbours send offers accept decline transfers pause resume cancel verify retry move forget messages pair unpair block unblock settings version completion help"},
		{[]string{"--"}, "--state --json --quiet --help"},
		{[]string{"transfers", "--"}, "--watch --help --state --json --quiet"},
		{[]string{"send", "notes"}, ""},
		{[]string{"send", "--to"}, "anna " + controltest.ID("$(touch owned)").Short() + " " + controltest.ID("`touch owned`").Short() + " " + controltest.ID("a b").Short() + " -rf"},
		{[]string{"offers"}, controltest.Share("Photos" + hostile).Short()},
		{[]string{"accept"}, controltest.Share("Photos" + hostile).Short()},
		{[]string{"accept", "1"}, ""},
		{[]string{"cancel"}, running.Short()},
		{[]string{"verify"}, over.Short()},
		{[]string{"retry"}, over.Short()},
		{[]string{"forget"}, over.Short()},
		{[]string{"move"}, running.Short()},
		{[]string{"messages", "--close"}, "0badcafe"},
		{[]string{"pair"}, "anna " + controltest.ID("$(touch owned)").Short() + " " + controltest.ID("`touch owned`").Short() + " " + controltest.ID("a b").Short() + " -rf"},
		{[]string{"unpair"}, "carl"},
		{[]string{"block"}, "carl dora"},
		{[]string{"unblock"}, controltest.ID("$(touch mine)").Short()},
		{[]string{"serve", "--visible"}, "everyone paired nobody"},
		{[]string{"serve", "--accept"}, "ask paired everyone nobody"},
		{[]string{"settings"}, "list get set reset"},
		{[]string{"settings", "get"}, "name downloads accept offers visible openUntil upLimit downLimit internetUpLimit internetDownLimit listen interfaces language theme textSize tray notifications startAtLogin"},
		{[]string{"settings", "reset", "name"}, "name downloads accept offers visible openUntil upLimit downLimit internetUpLimit internetDownLimit listen interfaces language theme textSize tray notifications startAtLogin"},
		{[]string{"help"}, "serve neighbours send offers accept decline transfers pause resume cancel verify retry move forget messages pair unpair block unblock settings version completion"},
		{[]string{"completion"}, "bash zsh fish"},
	} {
		got := strings.Join(suggestions(t, y, c.args...), " ")
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.args, got, c.want)
		}
	}
	if got := s.Commands(); len(got) > 0 {
		t.Errorf("completion commanded %q", got)
	}
	nobody := at(t, filepath.Join(t.TempDir(), "new"))
	if got := suggestions(t, nobody, "send", "--to"); len(got) > 0 {
		t.Errorf("without a device: %q", got)
	}
	if _, err := os.Stat(nobody.state); err == nil {
		t.Error("completion made a state folder")
	}
}

func TestCompletionScripts(t *testing.T) {
	y := at(t, t.TempDir())
	for _, shell := range []string{"bash", "zsh", "fish"} {
		f := y.want(exitDone, "completion", shell)
		f.says(t, "potluck", "--generate-shell-completion")
		if strings.Contains(f.out, "eval") || strings.Contains(f.out, "compgen") {
			t.Errorf("%s: the script runs what it reads", shell)
		}
		if _, err := exec.LookPath(shell); err != nil {
			t.Logf("%s is not here", shell)
			continue
		}
		path := filepath.Join(t.TempDir(), "script")
		if err := os.WriteFile(path, []byte(f.out), 0o600); err != nil {
			t.Fatal(err)
		}
		if text, err := exec.Command(shell, "-n", path).CombinedOutput(); err != nil {
			t.Errorf("%s: %v: %s", shell, err, text)
		}
	}
}

// What bash makes of it, with a neighbour's name that would do something if it
// were run.
func TestCompletionInBash(t *testing.T) {
	if _, err := exec.LookPath("bash"); err != nil {
		t.Skip("bash is not here")
	}
	s := controltest.Serve(t, "self")
	s.Meet("anna", "andy", "$(touch owned)")
	bin := filepath.Join(t.TempDir(), "potluck")
	if err := os.Symlink(os.Args[0], bin); err != nil {
		t.Fatal(err)
	}
	ask := func(words ...string) string {
		t.Helper()
		script := `source /dev/stdin <<<"$SCRIPT"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _potluck; printf '%s ' "${COMPREPLY[@]}"`
		cmd := exec.Command("bash", append([]string{"-c", script, "bash"}, words...)...)
		cmd.Dir = t.TempDir()
		cmd.Env = append(os.Environ(), "POTLUCK_TEST_PROGRAM=1", "POTLUCK_STATE="+s.Folder, "SCRIPT="+bashScript)
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		if left, _ := os.ReadDir(cmd.Dir); len(left) > 0 {
			t.Errorf("something was run: %v", left)
		}
		return strings.TrimSpace(string(out))
	}
	for _, c := range []struct {
		words []string
		want  string
	}{
		{[]string{bin, "se"}, "serve send settings"},
		{[]string{bin, "send", "notes", "--to", "an"}, "anna andy"},
		{[]string{bin, "send", "notes", "--te"}, "--text"},
		{[]string{bin, "send", "$(touch owned)", "--te"}, "--text"},
	} {
		if got := ask(c.words...); got != c.want {
			t.Errorf("%q: %q, want %q", c.words, got, c.want)
		}
	}
}

func TestManual(t *testing.T) {
	f := at(t, t.TempDir()).want(exitDone, "man")
	for _, cmd := range (&program{}).commands().VisibleCommands() {
		f.says(t, ".SS potluck "+cmd.Name)
	}
	f.says(t, ".TH POTLUCK 1", `\-\-to WHO`, ".SH EXIT STATUS", `\-\-state DIR`)
	if _, err := exec.LookPath("nroff"); err != nil {
		t.Skip("nroff is not here")
	}
	path := filepath.Join(t.TempDir(), "potluck.1")
	if err := os.WriteFile(path, []byte(f.out), 0o600); err != nil {
		t.Fatal(err)
	}
	page, err := exec.Command("nroff", "-man", "-ww", path).CombinedOutput()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{"warning", "error:"} {
		if strings.Contains(string(page), path+":") && strings.Contains(string(page), text) {
			t.Errorf("nroff complains:\n%s", page)
		}
	}
}
