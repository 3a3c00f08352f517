package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/urfave/cli/v3"
)

// manCommand prints the manual page, which is made of the help texts. It is for
// those who build packages.
func (p *program) manCommand() *cli.Command {
	return &cli.Command{
		Name: "man", Hidden: true, Usage: "print the manual page", UsageText: "potluck man > potluck.1",
		Action: func(_ context.Context, cmd *cli.Command) error {
			if err := noArguments(cmd); err != nil {
				return err
			}
			_, err := io.WriteString(p.stdout, manual(cmd.Root()))
			return err
		},
	}
}

// manual writes the manual page of a program in the language of man.
func manual(root *cli.Command) string {
	var b strings.Builder
	b.WriteString(".TH POTLUCK 1 \"\" Potluck \"User Commands\"\n")
	fmt.Fprintf(&b, ".SH NAME\n%s \\- %s\n", root.Name, roff(root.Usage))
	fmt.Fprintf(&b, ".SH SYNOPSIS\n%s\n", roff(root.UsageText))
	b.WriteString(".SH DESCRIPTION\n")
	manualText(&b, root.Description)
	b.WriteString(".SH OPTIONS\nAll commands have these, before or after the command.\n")
	manualFlags(&b, root)
	b.WriteString(".SH COMMANDS\n")
	for _, cmd := range root.VisibleCommands() {
		manualCommand(&b, root.Name, cmd)
	}
	b.WriteString(`.SH ENVIRONMENT
.TP
.B POTLUCK_STATE
The state folder, when \-\-state names none.
.TP
.B POTLUCK_LOG
Write what happens inside to standard error: debug, info, warn or error.
.SH EXIT STATUS
.TP
0
Done.
.TP
1
Failed.
.TP
2
Not written as it must be.
.TP
3
Declined.
.TP
4
Not found in time.
.PP
With several receivers the first that applies of 1, 3, 4, 0.
`)
	return b.String()
}

func manualCommand(b *strings.Builder, above string, cmd *cli.Command) {
	usage := cmd.UsageText
	if usage == "" {
		usage = strings.TrimSpace(above + " " + cmd.Name + " " + cmd.ArgsUsage)
	}
	fmt.Fprintf(b, ".SS %s\n%s%s.\n", roff(usage), strings.ToUpper(cmd.Usage[:1]), roff(cmd.Usage[1:]))
	if cmd.Description != "" {
		b.WriteString(".PP\n")
		manualText(b, cmd.Description)
	}
	manualFlags(b, cmd)
	for _, sub := range cmd.VisibleCommands() {
		manualCommand(b, above+" "+cmd.Name, sub)
	}
}

// manualText writes paragraphs, and lines that are indented as they are.
func manualText(b *strings.Builder, text string) {
	verbatim := false
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch indented := strings.HasPrefix(line, "   "); {
		case indented != verbatim && indented:
			b.WriteString(".PP\n.nf\n")
			verbatim = true
		case indented != verbatim && line != "":
			b.WriteString(".fi\n.PP\n")
			verbatim = false
		}
		if line == "" {
			if !verbatim {
				b.WriteString(".PP\n")
			}
			continue
		}
		b.WriteString(roff(line) + "\n")
	}
	if verbatim {
		b.WriteString(".fi\n")
	}
}

func manualFlags(b *strings.Builder, cmd *cli.Command) {
	for _, f := range cmd.VisibleFlags() {
		d, ok := f.(cli.DocGenerationFlag)
		if !ok || f.Names()[0] == "help" {
			continue
		}
		before, rest, _ := strings.Cut(d.GetUsage(), "`")
		value, after, named := strings.Cut(rest, "`")
		usage := d.GetUsage()
		if named {
			usage = before + value + after
		}
		name := "--" + f.Names()[0]
		if d.TakesValue() && value != "" {
			name += " " + value
		}
		fmt.Fprintf(b, ".TP\n.B %s\n%s.\n", roff(name), roff(usage))
	}
}

// roff escapes what the language of man would take as its own.
func roff(s string) string {
	s = strings.NewReplacer(`\`, `\e`, "-", `\-`, "…", "...").Replace(s)
	if strings.HasPrefix(s, ".") || strings.HasPrefix(s, "'") {
		s = `\&` + s
	}
	return s
}
