package e2e_test

import (
	"testing"

	"potluck/app/e2e/lab"
)

func TestTexts(t *testing.T) {
	t.Parallel()
	anna, ben := two(t, lab.Options{})
	text := "Xin chào ben\nhttps://example.org/?a=1&b=2"
	anna.OK(t, "send", "--text", text, "--to", "ben")
	told := ben.Wait(t, "message")
	if told.Text("text") != text || told.Text("fromName") != "anna" {
		t.Errorf("ben is told %s", told.Raw)
	}
	ben.Kill(t)
	ben.Start(t)
	list := ben.OK(t, "messages", "--json").Objects()
	if len(list) != 1 || list[0].Text("text") != text || list[0].Text("id") != told.Text("id") {
		t.Fatalf("after a restart ben reads %v", list)
	}
	ben.OK(t, "messages", "--close", told.Text("id"))
	ben.Stop(t)
	anna.Exit(t, 4, "send", "--text", "are you there?", "--to", "ben", "--wait", "1s")
	ben.Start(t)
	if list := ben.OK(t, "messages", "--json").Objects(); len(list) != 0 {
		t.Errorf("a closed text is back: %v", list)
	}
	sees(t, anna, "ben")
	ben.OK(t, "settings", "set", "offers", "nobody")
	anna.Exit(t, 3, "send", "--text", "hello?", "--to", "ben")
}
