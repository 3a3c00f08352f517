package main

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"time"

	"github.com/urfave/cli/v3"

	"potluck/app"
	"potluck/app/control"
	"potluck/app/instance"
	"potluck/app/settings"
)

func (p *program) serveCommand() *cli.Command {
	return &cli.Command{
		Name: "serve", Usage: "be there for others, until Ctrl+C",
		UsageText: "potluck serve [--name NAME] [--downloads DIR] [--listen HOST:PORT] [--accept MODE] [--offers WHOSE] [--visible WHOM] [--interface IF]...",
		Description: `Runs this device: others see it and can offer it files, and what "potluck send" and
"potluck accept" have begun goes on. It prints what happens, one line each; with --json
one object each:

   {"event":"ready","id":…,"name":…,"addr":"host:port",…}   others can reach it
   {"event":"offered","share":…,"from":…,"title":…,…}       somebody waits for your answer
   {"event":"offerGone","share":…,"reason":…}               the offer is answered or withdrawn
   {"event":"answered","share":…,"peer":…,"accepted":…}     somebody answered your offer
   {"event":"progress","share":…,"done":n,"total":n,…}      at most one a second
   {"event":"delivered","share":…,"from":…,"path":…,"files":n,"bytes":n,"seconds":s,…}
   {"event":"failed","share":…,"error":…,"final":…}         if not final, it waits to be mended
   {"event":"spread","share":…,"unfinished":n,…}            the takers finish without this device
   {"event":"stay","share":…,"unfinished":n,…}              they need it again
   {"event":"badHolder","share":…,"peer":…,"peerName":…}    somebody passed on damaged data
   {"event":"verified","share":…,"ok":…,…}                  what was received was checked again
   {"event":"message","id":…,"from":…,"text":…}             a short text has come
   {"event":"neighbour","id":…,"name":…,"present":…}        somebody came or went
   {"event":"pairing","peer":…,"state":…,"words":[…],…}     dishes are to be compared, or it failed
   {"event":"paired","peer":…,"name":…}                     a device is verified from now on

The options count for this run; "potluck settings" changes them for good. MODE says whose
offers are accepted without asking: ask (nobody's, the default), paired, everyone, or
nobody, which declines them all. WHOSE offers arrive at all, and for WHOM this device is to
be found: everyone, paired or nobody. One that not everyone finds is not announced, and
answers only those who know it from before.` + examples(
			"potluck serve",
			"potluck serve --name printer-room --accept everyone --downloads /srv/incoming",
			"potluck serve --json | jq -r 'select(.event == \"delivered\") | .path'"),
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "name", Usage: "be called `NAME`"},
			&cli.StringFlag{Name: "downloads", Usage: "put what is received into `DIR`", TakesFile: true},
			&cli.StringFlag{Name: "listen", Usage: "let others connect to `HOST:PORT` (default: port 27420, or any free one)"},
			&cli.StringFlag{Name: "accept", Usage: "accept without asking, as `MODE` says: ask, paired, everyone, nobody"},
			&cli.StringFlag{Name: "offers", Usage: "take offers of `WHOSE`: everyone, paired, nobody"},
			&cli.StringFlag{Name: "visible", Usage: "be found by `WHOM`: everyone, paired, nobody"},
			&cli.StringSliceFlag{Name: "interface", Usage: "find neighbours on the network interface `IF` alone; may be given several times"},
		},
		Action: p.action((*run).serve),
	}
}

func (r *run) serve(ctx context.Context, cmd *cli.Command) error {
	if err := noArguments(cmd); err != nil {
		return err
	}
	use, err := settingsOf(cmd)
	if err != nil {
		return err
	}
	work, stop := context.WithCancel(ctx)
	defer stop()
	a, ended, err := r.stay(work, app.Options{Places: r.places, Use: use, Version: version, Log: r.log})
	if a == nil || err != nil {
		return err
	}
	for _, note := range a.Notes() {
		r.warn("potluck: %s", clean(note))
	}
	h := &herald{run: r, device: a.Device(), settings: a.Settings()}
	told := make(chan error, 1)
	go func() { told <- h.follow(work) }()
	select {
	case err := <-ended: // somebody asked for the end, or it broke
		stop()
		return errors.Join(err, <-told)
	case err := <-told: // ctx is done, or nobody reads what is printed
		stop()
		return errors.Join(err, <-ended)
	}
}

// stay starts a device and waits until it is ready; it returns none when ctx is
// done before that. One that runs for another command alone is asked to give
// way, and that command goes on with this one.
func (r *run) stay(ctx context.Context, o app.Options) (*app.App, <-chan error, error) {
	deadline := time.Now().Add(comeUp)
	for {
		a, err := app.New(o)
		if err != nil {
			return nil, nil, err
		}
		ended := make(chan error, 1)
		go func() { ended <- a.Run(ctx) }()
		select {
		case <-a.Ready():
			return a, ended, nil
		case err = <-ended:
		}
		if !errors.Is(err, instance.ErrRunning) {
			return nil, nil, err
		}
		if time.Now().After(deadline) || !r.givesWay(ctx) {
			return nil, nil, failure("Potluck is running on this state folder already; --state names another one")
		}
		if err := pause(ctx); err != nil {
			return nil, nil, err
		}
	}
}

// givesWay reports whether whatever holds the state folder is about to let go of
// it.
func (r *run) givesWay(ctx context.Context) bool {
	client, err := control.Connect(ctx, r.places.State)
	if err != nil { // it is starting, or ending
		return errors.Is(err, instance.ErrNotRunning)
	}
	defer client.Close()
	v, err := client.Version(ctx)
	return err == nil && v.Passing && client.Stop(ctx) == nil
}

// settingsOf returns the settings that the flags of serve override.
func settingsOf(cmd *cli.Command) (map[string]string, error) {
	use := make(map[string]string)
	for _, key := range []string{"name", "listen", "accept", "offers", "visible"} {
		if cmd.IsSet(key) {
			use[key] = cmd.String(key)
		}
	}
	if cmd.IsSet("interface") {
		use["interfaces"] = strings.Join(cmd.StringSlice("interface"), ",")
	}
	if cmd.IsSet("downloads") {
		folder, err := filepath.Abs(cmd.String("downloads"))
		if err != nil {
			return nil, err
		}
		use["downloads"] = folder
	}
	for key, value := range use {
		if err := settings.Check(key, value); err != nil {
			return nil, usageError(cmd, "%v", err)
		}
	}
	return use, nil
}
