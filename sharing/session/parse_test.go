package session

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestHelloIsBounded(t *testing.T) {
	for name, text := range map[string]string{
		"empty":          ``,
		"not an object":  `[]`,
		"no start":       `{"name":"anna"}`,
		"long start":     `{"start":"` + strings.Repeat("1", 33) + `"}`,
		"wrong type":     `{"start":"1","port":"ssh"}`,
		"too long":       `{"start":"1","name":"` + strings.Repeat("a", maxHello) + `"}`,
		"something more": `{"start":"1"}{}`,
	} {
		if _, err := parseGreeting([]byte(text)); err == nil {
			t.Errorf("%s was read", name)
		}
	}
	if _, err := readGreeting(bytes.NewReader([]byte{0xff, 0xff, 0xff, 0xff})); err == nil {
		t.Error("a hello of 4 GiB was read")
	}
}

func TestHelloFromALaterVersion(t *testing.T) {
	g, err := parseGreeting([]byte(`{"start":"1","port":27420,"name":"anna","kind":"fridge","minor":7,"mood":{"good":true}}`))
	if err != nil {
		t.Fatal(err)
	}
	if h := g.hello(); h.Name != "anna" || h.Kind != "" || h.Minor != 7 || g.Port != 27420 {
		t.Errorf("hello: %+v", h)
	}
}

func TestHelloTravels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sent := clean(Hello{
			Name:         rapid.String().Draw(t, "name"),
			Kind:         rapid.SampledFrom([]string{"", "laptop", "toaster"}).Draw(t, "kind"),
			Version:      rapid.String().Draw(t, "version"),
			OS:           rapid.String().Draw(t, "os"),
			Minor:        rapid.Int().Draw(t, "minor"),
			Capabilities: rapid.SliceOf(rapid.String()).Draw(t, "capabilities"),
		})
		var wire bytes.Buffer
		if err := writeGreeting(&wire, greeting{
			Start: newStart(), Name: sent.Name, Kind: sent.Kind, Version: sent.Version,
			OS: sent.OS, Minor: sent.Minor, Capabilities: sent.Capabilities,
		}); err != nil {
			t.Fatal(err)
		}
		wire.WriteString("rest")
		g, err := readGreeting(&wire)
		if err != nil {
			t.Fatal(err)
		}
		if got, want := asJSON(g.hello()), asJSON(sent); got != want {
			t.Fatalf("%s became %s", want, got)
		}
		if wire.String() != "rest" {
			t.Fatalf("%q is left", wire.String())
		}
	})
}

func asJSON(h Hello) string {
	text, err := json.Marshal(h)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func FuzzGreeting(f *testing.F) {
	f.Add([]byte(`{"start":"0123456789abcdef","dial":1,"port":27420,"name":"Anna","kind":"laptop","version":"1.0","os":"linux","capabilities":["x"]}`))
	f.Add([]byte(`{"start":"1","name":"\u202e\u0000\n","port":1e3,"CAPABILITIES":["",""]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		g, err := parseGreeting(text)
		if err != nil {
			return
		}
		h := g.hello()
		for _, s := range append([]string{h.Name, h.Version, h.OS, h.Kind}, h.Capabilities...) {
			if len(s) > maxName || !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl) {
				t.Errorf("%q is to be shown", s)
			}
		}
		if len(h.Capabilities) > maxCapabilities || h.Minor < 0 || g.Port < 0 || g.Port > 65535 {
			t.Errorf("%+v", g)
		}
	})
}

// FuzzFrames checks that pings are counted however the bytes are cut.
func FuzzFrames(f *testing.F) {
	f.Add(append(frame(typePing, 1, 0, 7), frame(typeData, 0, 1, 3)...), 5)
	f.Add(append(append(frame(typeData, 0, 1, 13), frame(typePing, 1, 0, 7)...), frame(typePing, 0, 0, 7)...), 1)
	f.Fuzz(func(t *testing.T, text []byte, cut int) {
		if cut < 1 {
			return
		}
		var whole, parts frameCounter
		want, got := whole.count(text), 0
		for rest := text; len(rest) > 0; {
			n := min(cut, len(rest))
			got += parts.count(rest[:n])
			rest = rest[n:]
		}
		if got != want || whole.have != parts.have || whole.body != parts.body {
			t.Errorf("%d pings in one, %d in parts of %d", want, got, cut)
		}
		if want > len(text)/headerSize {
			t.Errorf("%d pings in %d bytes", want, len(text))
		}
	})
}
