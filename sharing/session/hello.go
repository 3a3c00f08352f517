package session

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"

	"potluck/sharing/manifest"
)

// Bounds of a hello.
const (
	maxHello        = 8 << 10 // bytes of JSON
	maxName         = 64      // bytes
	maxWord         = 32      // bytes of a version, a system or a capability
	maxCapabilities = 32

	minPort = 1024 // below are services that no device of ours listens as
)

var errBadHello = errors.New("the hello cannot be read")

// A greeting is a hello as it travels.
type greeting struct {
	Start        string   `json:"start"`          // random, of this run of the program
	Dial         uint64   `json:"dial,omitempty"` // counts the dials of the side that dialled
	Port         int      `json:"port,omitempty"` // where it listens
	Name         string   `json:"name,omitempty"`
	Kind         string   `json:"kind,omitempty"`
	Version      string   `json:"version,omitempty"`
	OS           string   `json:"os,omitempty"`
	Minor        int      `json:"minor,omitempty"`
	Capabilities []string `json:"capabilities,omitempty"`
}

// newStart returns a number for this run of the program. It keeps nothing
// secret: it tells two runs of one device apart.
func newStart() string { return fmt.Sprintf("%016x", rand.Uint64()) }

// greet returns the greeting to send.
func (h *Hub) greet(dial uint64) greeting {
	hello := clean(h.o.Hello())
	return greeting{
		Start:        h.start,
		Dial:         dial,
		Port:         int(h.Addr().Port()),
		Name:         hello.Name,
		Kind:         hello.Kind,
		Version:      hello.Version,
		OS:           hello.OS,
		Minor:        hello.Minor,
		Capabilities: hello.Capabilities,
	}
}

// hello returns what the greeting says of the device, fit to be shown.
func (g *greeting) hello() Hello {
	return clean(Hello{
		Name:         g.Name,
		Kind:         g.Kind,
		Version:      g.Version,
		OS:           g.OS,
		Minor:        g.Minor,
		Capabilities: g.Capabilities,
	})
}

// clean cuts a hello to its limits.
func clean(h Hello) Hello {
	h.Name = manifest.DisplayName(h.Name, maxName)
	if !slices.Contains([]string{"laptop", "desktop", "phone", "server"}, h.Kind) {
		h.Kind = ""
	}
	h.Version, h.OS = word(h.Version), word(h.OS)
	h.Minor = max(h.Minor, 0)
	words := make([]string, 0, min(len(h.Capabilities), maxCapabilities))
	for _, c := range h.Capabilities {
		if c = word(c); c != "" && len(words) < maxCapabilities {
			words = append(words, c)
		}
	}
	h.Capabilities = words
	return h
}

// word keeps the printable ASCII characters of s, at most maxWord.
func word(s string) string {
	s = s[:min(len(s), 4*maxWord)]
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, s)
	return s[:min(len(s), maxWord)]
}

// parseGreeting reads the JSON of another device.
func parseGreeting(text []byte) (greeting, error) {
	var g greeting
	if len(text) > maxHello {
		return g, fmt.Errorf("%w: it is too long", errBadHello)
	}
	if err := json.Unmarshal(text, &g); err != nil {
		return greeting{}, fmt.Errorf("%w: %v", errBadHello, err)
	}
	if g.Start == "" || len(g.Start) > maxWord {
		return greeting{}, fmt.Errorf("%w: no start number", errBadHello)
	}
	if g.Port < minPort || g.Port > 65535 {
		g.Port = 0
	}
	return g, nil
}

// writeGreeting sends g as the first thing on a connection.
func writeGreeting(w io.Writer, g greeting) error {
	text, err := json.Marshal(g)
	if err != nil {
		return err
	}
	_, err = w.Write(append(binary.BigEndian.AppendUint32(nil, uint32(len(text))), text...))
	return err
}

// readGreeting receives the first thing on a connection, and not a byte more.
func readGreeting(r io.Reader) (greeting, error) {
	var size [4]byte
	if _, err := io.ReadFull(r, size[:]); err != nil {
		return greeting{}, err
	}
	n := binary.BigEndian.Uint32(size[:])
	if n > maxHello {
		return greeting{}, fmt.Errorf("%w: it is too long", errBadHello)
	}
	text := make([]byte, n)
	if _, err := io.ReadFull(r, text); err != nil {
		return greeting{}, err
	}
	return parseGreeting(text)
}
