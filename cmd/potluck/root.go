package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/urfave/cli/v3"
)

// The flags that all commands have, before or after the command.
const (
	flagState = "state"
	flagJSON  = "json"
	flagQuiet = "quiet"
)

const rootDescription = `Both people run Potluck; no server, no account. The one who has something sends it,
the other one is asked, and files travel encrypted, straight from one to the other.

   anna$ potluck serve                             be there for others
   ben$  potluck neighbours                        who is around
   ben$  potluck send ~/Photos notes.odt --to anna
   anna$ potluck offers                            in another terminal
   anna$ potluck accept 3f9a12bc

A command talks to the Potluck that runs on the same state folder, which is the window
or "potluck serve". If none runs, the command runs one for as long as it needs.

WHO is a name as "potluck neighbours" shows it, an ID or its first four or more digits,
or host:port for a device that is not nearby.
OFFER and ID are the first four or more digits that "potluck offers" and "potluck
transfers" show.

Exit codes: 0 done, 1 failed, 2 not written as it must be, 3 declined, 4 not found in
time. With several receivers the first that applies of 1, 3, 4, 0.`

// commands returns all commands.
func (p *program) commands() *cli.Command {
	root := &cli.Command{
		Name:        "potluck",
		Usage:       "share files with the people around you",
		UsageText:   "potluck COMMAND [arguments] [--state DIR] [--json] [--quiet]",
		Description: rootDescription,
		Writer:      p.stdout,
		ErrWriter:   p.stderr,
		Flags: []cli.Flag{
			&cli.StringFlag{
				Name: flagState, Usage: "keep settings, key and state in `DIR`, so that several devices can live side by side",
				Sources: cli.EnvVars("POTLUCK_STATE"), TakesFile: true,
			},
			&cli.BoolFlag{Name: flagJSON, Usage: "print data as JSON, one object a line"},
			&cli.BoolFlag{Name: flagQuiet, Aliases: []string{"q"}, Usage: "no messages but errors"},
		},
		Commands: []*cli.Command{
			p.serveCommand(), p.neighboursCommand(), p.sendCommand(),
			p.offersCommand(), p.acceptCommand(), p.declineCommand(),
			p.transfersCommand(), p.pauseCommand(), p.resumeCommand(), p.cancelCommand(), p.verifyCommand(),
			p.retryCommand(), p.moveCommand(), p.forgetCommand(), p.messagesCommand(),
			p.pairCommand(), p.unpairCommand(), p.blockCommand(), p.unblockCommand(),
			p.settingsCommand(), p.versionCommand(), p.completionCommand(), p.helpCommand(), p.manCommand(),
		},
		Action: func(_ context.Context, cmd *cli.Command) error {
			if cmd.Args().Present() {
				return unknownCommand(cmd, cmd.Args().First())
			}
			return cli.ShowRootCommandHelp(cmd)
		},
		HideHelpCommand:            true, // ours says what is wrong
		DisableSliceFlagSeparator:  true,
		EnableShellCompletion:      true,
		ShellCompletionCommandName: "shell-completion-of-the-library",
	}
	prepare(root)
	return root
}

// prepare sets what all commands have in common.
func prepare(cmd *cli.Command) {
	cmd.OnUsageError = func(_ context.Context, cmd *cli.Command, err error, _ bool) error {
		return usageError(cmd, "%s", sentence(err))
	}
	cmd.ExitErrHandler = func(context.Context, *cli.Command, error) {} // run has the last word
	cmd.DisableSliceFlagSeparator = true
	cmd.ShellComplete = complete
	cmd.HideHelpCommand = true // or "potluck send help" would not send the file called help
	for _, sub := range cmd.Commands {
		prepare(sub)
	}
}

// sentence says what the library says, as we say it.
func sentence(err error) string {
	text := err.Error()
	for from, to := range map[string]string{
		"flag provided but not defined: -": "there is no option --",
		"flag needs an argument: ":         "a value is missing after ",
		`Required flag "to" not set`:       "nobody is named to send to; add --to WHO",
	} {
		if rest, ok := strings.CutPrefix(text, from); ok {
			return to + rest
		}
	}
	return text
}

func unknownCommand(cmd *cli.Command, name string) error {
	for _, c := range cmd.VisibleCommands() {
		if distance(name, c.Name) <= 2 {
			return usageError(cmd, "there is no command %q; is %q meant?", name, c.Name)
		}
	}
	return usageError(cmd, "there is no command %q", name)
}

// distance counts the letters to be changed, added or left away to get from a to
// b.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}

func (p *program) helpCommand() *cli.Command {
	return &cli.Command{
		Name: "help", Usage: "explain a command", ArgsUsage: "[COMMAND]",
		Action: func(_ context.Context, cmd *cli.Command) error {
			about := cmd.Root()
			for _, name := range cmd.Args().Slice() {
				if about.Command(name) == nil {
					return unknownCommand(about, name)
				}
				about = about.Command(name)
			}
			return showHelp(about)
		},
	}
}

func showHelp(cmd *cli.Command) error {
	template := cli.CommandHelpTemplate
	switch {
	case cmd.Root() == cmd:
		return cli.ShowRootCommandHelp(cmd)
	case len(cmd.VisibleCommands()) > 0:
		template = cli.SubcommandHelpTemplate
	}
	cli.HelpPrinter(cmd.Root().Writer, template, cmd)
	return nil
}

// noArguments refuses arguments where there can be none.
func noArguments(cmd *cli.Command) error {
	if cmd.Args().Present() {
		return usageError(cmd, "%q is too much here", cmd.Args().First())
	}
	return nil
}

// oneArgument returns the only argument, which is called what.
func oneArgument(cmd *cli.Command, what string) (string, error) {
	switch args := cmd.Args().Slice(); {
	case len(args) == 0 || args[0] == "":
		return "", usageError(cmd, "%s is missing", what)
	case len(args) > 1:
		return "", usageError(cmd, "%q is too much here; there can be one %s", args[1], what)
	default:
		return args[0], nil
	}
}

// examples writes what a description ends with.
func examples(lines ...string) string {
	return fmt.Sprintf("\n\nExamples:\n   %s", strings.Join(lines, "\n   "))
}
