package main

import (
	"context"
	_ "embed"
	"fmt"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"potluck/app/control"
	"potluck/app/settings"
	"potluck/sharing"
	"potluck/sharing/identity"
)

// The scripts ask this program what may come next, by calling it with what has
// been typed and --generate-shell-completion behind it. It answers with one
// suggestion a line, with a tab and an explanation behind it. The library has
// scripts too, but those of bash run what suggestions contain, and names that
// other devices have chosen are among ours.
var (
	//go:embed completion/potluck.bash
	bashScript string
	//go:embed completion/potluck.zsh
	zshScript string
	//go:embed completion/potluck.fish
	fishScript string
)

// completionTime is how long the running device may take to say what it knows.
const completionTime = 500 * time.Millisecond

func (p *program) completionCommand() *cli.Command {
	script := func(shell, text string) *cli.Command {
		return &cli.Command{
			Name: shell, Usage: "print the script for " + shell, UsageText: "potluck completion " + shell,
			Action: func(_ context.Context, cmd *cli.Command) error {
				if err := noArguments(cmd); err != nil {
					return err
				}
				_, err := fmt.Fprint(p.stdout, text)
				return err
			},
		}
	}
	return &cli.Command{
		Name: "completion", Usage: "print a script that lets a shell complete commands",
		UsageText: "potluck completion bash|zsh|fish",
		Description: `With the script, the Tab key completes commands, options, neighbours, offers, transfers
and settings.` + examples(
			"source <(potluck completion bash)          # in ~/.bashrc",
			"source <(potluck completion zsh)           # in ~/.zshrc, after compinit",
			"potluck completion fish > ~/.config/fish/completions/potluck.fish"),
		Commands: []*cli.Command{script("bash", bashScript), script("zsh", zshScript), script("fish", fishScript)},
		Action: func(_ context.Context, cmd *cli.Command) error {
			return usageError(cmd, "name a shell: bash, zsh or fish")
		},
	}
}

// complete prints what may come next.
func complete(ctx context.Context, cmd *cli.Command) {
	out := cmd.Root().Writer
	suggest := func(token, help string) {
		if isPlainWord(token) {
			fmt.Fprintf(out, "%s\t%s\n", token, clean(firstLine(help)))
		}
	}
	args := cmd.Args().Slice()
	last := ""
	if len(args) > 0 {
		last = args[len(args)-1]
	}
	switch {
	case last == "--to":
		for _, n := range glimpse(ctx, cmd).Neighbours {
			suggestDevice(n.ID, n.Name, n.Addr, suggest)
		}
	case last == "--close":
		for _, m := range glimpse(ctx, cmd).Messages {
			suggest(m.ID[:min(len(m.ID), 8)], m.FromName+": "+m.Text)
		}
	case last == "--accept":
		for _, m := range []sharing.AcceptMode{sharing.AcceptAsk, sharing.AcceptPaired, sharing.AcceptEveryone, sharing.AcceptNobody} {
			suggest(string(m), "")
		}
	case last == "--offers", last == "--visible":
		for _, a := range []sharing.Audience{sharing.AudienceEveryone, sharing.AudiencePaired, sharing.AudienceNobody} {
			suggest(string(a), "")
		}
	case strings.HasPrefix(last, "-"):
		for c := cmd; c != nil; c = parent(c) {
			for _, f := range c.VisibleFlags() {
				if c == cmd || f.Names()[0] != "help" {
					suggestFlag(f, suggest)
				}
			}
		}
	case len(args) == 0:
		for _, sub := range cmd.Commands {
			if !sub.Hidden {
				suggest(sub.Name, sub.Usage)
			}
		}
		suggestArguments(ctx, cmd, suggest)
	case cmd.FullName() == "potluck settings reset":
		suggestArguments(ctx, cmd, suggest)
	}
}

// parent returns the command that cmd belongs to, and nil for the program itself.
func parent(cmd *cli.Command) *cli.Command {
	line := cmd.Lineage()
	if len(line) < 2 {
		return nil
	}
	return line[1]
}

func suggestFlag(f cli.Flag, suggest func(token, help string)) {
	help := ""
	if d, ok := f.(cli.DocGenerationFlag); ok {
		help = strings.ReplaceAll(d.GetUsage(), "`", "")
	}
	for _, name := range f.Names() {
		if len(name) > 1 {
			suggest("--"+name, help)
		}
	}
}

// suggestDevice suggests a device by its name, where a shell takes that for a word,
// or else by its ID.
func suggestDevice(id identity.ID, name, about string, suggest func(token, help string)) {
	word := name
	if !isPlainWord(word) {
		word = id.Short()
	}
	suggest(word, name+" "+about)
}

// suggestArguments suggests what the first argument of a command can be.
func suggestArguments(ctx context.Context, cmd *cli.Command, suggest func(token, help string)) {
	switch cmd.Name {
	case "offers", "accept", "decline":
		for _, o := range glimpse(ctx, cmd).Offers {
			suggest(o.Share.Short(), o.FromName+": "+o.Title)
		}
	case "pause", "resume", "cancel", "move", "verify", "retry", "forget":
		past := cmd.Name == "verify" || cmd.Name == "retry" || cmd.Name == "forget"
		for _, t := range glimpse(ctx, cmd).Transfers {
			if t.State.Final() == past {
				suggest(t.Share.Short(), t.Title)
			}
		}
	case "pair":
		for _, n := range glimpse(ctx, cmd).Neighbours {
			suggestDevice(n.ID, n.Name, n.Addr, suggest)
		}
	case "unpair", "block", "unblock":
		for _, k := range glimpse(ctx, cmd).Known {
			if fits := map[string]bool{"unpair": k.Paired, "block": !k.Blocked, "unblock": k.Blocked}; fits[cmd.Name] {
				suggestDevice(k.ID, k.Name, standingOf(k), suggest)
			}
		}
	case "get", "set", "reset":
		for _, s := range settings.Describe() {
			suggest(s.Key, s.Help)
		}
	case "help":
		for _, c := range cmd.Root().Commands {
			if !c.Hidden && c.Name != "help" {
				suggest(c.Name, c.Usage)
			}
		}
	}
}

// glimpse returns what can be seen of the device that runs, if one does.
func glimpse(ctx context.Context, cmd *cli.Command) sharing.Snapshot {
	ctx, cancel := context.WithTimeout(ctx, completionTime)
	defer cancel()
	places, err := settings.PlacesFor(cmd.String(flagState))
	if err != nil {
		return sharing.Snapshot{}
	}
	client, err := control.Connect(ctx, places.State)
	if err != nil {
		return sharing.Snapshot{}
	}
	defer client.Close()
	s, err := client.Snapshot(ctx)
	if err != nil {
		return sharing.Snapshot{}
	}
	return s
}

// isPlainWord reports whether no shell sees more in s than a word.
func isPlainWord(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < '0' || r > '9') && (r < 'A' || r > 'Z') && (r < 'a' || r > 'z') && !strings.ContainsRune("-_.", r)
	})
}
