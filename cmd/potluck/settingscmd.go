package main

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v3"

	"potluck/app/control"
	"potluck/app/instance"
	"potluck/app/settings"
)

func (p *program) settingsCommand() *cli.Command {
	return &cli.Command{
		Name: "settings", Usage: "show and change the settings",
		UsageText: "potluck settings [list | get KEY | set KEY VALUE | reset KEY...]",
		Description: `Without more it lists all settings. A running Potluck takes a change over at once, where
the list does not say otherwise.

` + settingsHelp() + examples(
			"potluck settings",
			"potluck settings set name Anna",
			"potluck settings set accept paired",
			"potluck settings set interfaces eth0,wlan0",
			"potluck settings get downloads",
			"potluck settings reset accept"),
		Action: p.action((*run).listSettings),
		Commands: []*cli.Command{
			{
				Name: "list", Usage: "list all settings", UsageText: "potluck settings list",
				Action: p.action((*run).listSettings),
			},
			{
				Name: "get", Usage: "print the value of one setting", UsageText: "potluck settings get KEY",
				Action: p.action((*run).getSetting),
			},
			{
				Name: "set", Usage: "change a setting", UsageText: "potluck settings set KEY VALUE",
				Action: p.action((*run).setSetting),
			},
			{
				Name: "reset", Usage: "bring settings back to their defaults", UsageText: "potluck settings reset KEY... | --all",
				Flags:  []cli.Flag{&cli.BoolFlag{Name: "all", Usage: "all of them"}},
				Action: p.action((*run).resetSettings),
			},
		},
	}
}

// settingsHelp lists the keys with what they are for.
func settingsHelp() string {
	t := newTable("KEY", "MEANING")
	for _, s := range settings.Describe() {
		t.add(s.Key, s.Help)
	}
	return "   " + strings.Join(t.lines(), "\n   ")
}

// An editor is the way to the settings: through the running device, or straight
// to the file.
type editor interface {
	List() ([]settings.Setting, error)
	Get(key string) (settings.Setting, error)
	Set(key, value string) (settings.Setting, error)
	Reset(key string) (settings.Setting, error)
}

// edit lets do work with the settings. No device is started for that: if none
// runs, the state folder is locked while its settings are read and changed.
func (r *run) edit(ctx context.Context, do func(editor) error) error {
	for {
		client, err := control.Connect(ctx, r.places.State)
		if err == nil {
			defer client.Close()
			return do(remoteEditor{ctx, client})
		}
		if !errors.Is(err, instance.ErrNotRunning) {
			return err
		}
		one, err := instance.Acquire(r.places.State)
		if errors.Is(err, instance.ErrRunning) {
			if err := pause(ctx); err != nil {
				return err
			}
			continue // it is about to come up, or to end
		}
		if err != nil {
			return err
		}
		store, err := settings.Open(r.places.SettingsFile())
		if err != nil {
			return errors.Join(err, one.Release())
		}
		for _, note := range store.Notes() {
			r.warn("potluck: %s", clean(note))
		}
		return errors.Join(do(localEditor{store}), one.Release())
	}
}

type remoteEditor struct {
	ctx    context.Context
	client *control.Client
}

func (e remoteEditor) List() ([]settings.Setting, error) { return e.client.Settings(e.ctx) }
func (e remoteEditor) Get(key string) (settings.Setting, error) {
	return e.client.Setting(e.ctx, key)
}

func (e remoteEditor) Set(key, value string) (settings.Setting, error) {
	return e.client.Set(e.ctx, key, value)
}

func (e remoteEditor) Reset(key string) (settings.Setting, error) {
	return e.client.Reset(e.ctx, key)
}

type localEditor struct{ *settings.Store }

func (e localEditor) List() ([]settings.Setting, error) { return e.Store.List(), nil }

func (r *run) listSettings(ctx context.Context, cmd *cli.Command) error {
	if cmd.Args().Present() {
		return usageError(cmd, "settings can be listed, got, set and reset, but not %q", cmd.Args().First())
	}
	return r.edit(ctx, func(e editor) error {
		list, err := e.List()
		if err != nil {
			return err
		}
		t := newTable("KEY", "VALUE", "")
		for _, s := range list {
			if r.json {
				if err := r.object(s); err != nil {
					return err
				}
				continue
			}
			remark := "default"
			if s.Changed {
				remark = ""
			}
			t.add(s.Key, s.Value, remark)
		}
		if !r.json {
			for _, line := range t.lines() {
				r.line("%s", line)
			}
		}
		return nil
	})
}

func (r *run) getSetting(ctx context.Context, cmd *cli.Command) error {
	key, err := oneArgument(cmd, "KEY")
	if err != nil {
		return err
	}
	return r.edit(ctx, func(e editor) error {
		s, err := e.Get(key)
		if err != nil {
			return err
		}
		if r.json {
			return r.object(s)
		}
		r.line("%s", clean(s.Value))
		return nil
	})
}

func (r *run) setSetting(ctx context.Context, cmd *cli.Command) error {
	args := cmd.Args().Slice()
	switch {
	case len(args) < 2:
		return usageError(cmd, "KEY or VALUE is missing; an empty value is written as ''")
	case len(args) > 2:
		return usageError(cmd, "%q is too much here; a value with spaces in it is put into quotes", args[2])
	}
	key, value := args[0], args[1]
	if strings.EqualFold(key, "downloads") && value != "" {
		var err error
		if value, err = filepath.Abs(value); err != nil {
			return err
		}
	}
	return r.edit(ctx, func(e editor) error {
		s, err := e.Set(key, value)
		if err != nil {
			return err
		}
		return r.settingChanged(s)
	})
}

func (r *run) resetSettings(ctx context.Context, cmd *cli.Command) error {
	list := cmd.Args().Slice()
	switch {
	case cmd.Bool("all") && len(list) > 0:
		return usageError(cmd, "either --all or some keys")
	case cmd.Bool("all"):
		list = settings.Keys()
	case len(list) == 0:
		return usageError(cmd, "KEY is missing; --all means every one")
	}
	return r.edit(ctx, func(e editor) error {
		for _, key := range list {
			s, err := e.Reset(key)
			if err != nil {
				return err
			}
			if err := r.settingChanged(s); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *run) settingChanged(s settings.Setting) error {
	if r.json {
		return r.object(s)
	}
	r.say("%s: %s", s.Key, clean(s.Value))
	return nil
}
