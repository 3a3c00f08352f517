package main

import (
	"context"
	"runtime"

	"github.com/urfave/cli/v3"
)

func (p *program) versionCommand() *cli.Command {
	return &cli.Command{
		Name: "version", Usage: "say which version this is",
		UsageText: "potluck version",
		Action:    p.action((*run).version),
	}
}

// A versionResult is what `potluck version --json` prints.
type versionResult struct {
	Version string `json:"version"`
	OS      string `json:"os"`
	Arch    string `json:"arch"`
	Go      string `json:"go"`
}

func (r *run) version(_ context.Context, cmd *cli.Command) error {
	if err := noArguments(cmd); err != nil {
		return err
	}
	v := versionResult{Version: version, OS: runtime.GOOS, Arch: runtime.GOARCH, Go: runtime.Version()}
	if r.json {
		return r.object(v)
	}
	r.line("potluck %s (%s/%s, %s)", v.Version, v.OS, v.Arch, v.Go)
	return nil
}
