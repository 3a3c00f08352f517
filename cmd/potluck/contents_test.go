package main

import (
	"strings"
	"testing"

	"potluck/app/control/controltest"
	"potluck/sharing"
	"potluck/sharing/manifest"
)

func TestContentsOfAnOffer(t *testing.T) {
	s := controltest.Serve(t, "self")
	s.Change(func(snapshot *sharing.Snapshot) { snapshot.Offers = []sharing.Offer{offer("Photos")} })
	var b manifest.Builder
	for _, e := range []manifest.Entry{
		{Path: "Photos", Dir: true}, {Path: "Photos/a.jpg", Size: 2_000_000}, {Path: "Photos/b\x1b[2J\u202egpj.exe", Size: 7},
	} {
		if err := b.Add(e); err != nil {
			t.Fatal(err)
		}
	}
	m, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	s.Holds(m)
	y := at(t, s.Folder)
	ref := controltest.Share("Photos").Short()
	f := y.want(exitDone, "offers", ref)
	f.says(t, "  folder  Photos\n", "  2.0 MB  Photos/a.jpg\n", "(program)\n")
	if strings.ContainsAny(f.out, "\x1b\u202e") || strings.Count(f.out, "\n") != 3 {
		t.Errorf("output not fit for a terminal: %q", f.out)
	}
	o := y.want(exitDone, "offers", ref, "--json").objects(t)
	if len(o) != 3 || o[0]["dir"] != true || o[1]["size"] != 2e6 || o[1]["program"] != false || o[2]["program"] != true ||
		o[2]["path"] != "Photos/b\x1b[2J\u202egpj.exe" {
		t.Errorf("objects %v", o)
	}
	y.want(exitFailed, "offers", "ffff").says(t, "there is no offer or transfer ffff")
	y.want(exitUsage, "offers", ref, "more")
}
