package main

import (
	"encoding/json"
	"fmt"
	"io"
	"unicode"
	"unicode/utf16"
)

// A printer writes what a command has to say: data to standard output, messages
// to standard error.
type printer struct {
	out, err io.Writer
	json     bool // data is one JSON object a line
	quiet    bool // no messages but errors
}

// line writes a line of data. What is foreign in it has been cleaned.
func (p *printer) line(format string, args ...any) {
	fmt.Fprintf(p.out, format+"\n", args...)
}

// object writes a line of data as JSON.
func (p *printer) object(v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return p.raw(text)
}

// raw writes a JSON object that is encoded already.
func (p *printer) raw(text []byte) error {
	_, err := p.out.Write(append(escapeJSON(text), '\n'))
	return err
}

// say writes a message, unless the person wants quiet. What is foreign in it has
// been cleaned.
func (p *printer) say(format string, args ...any) {
	if !p.quiet {
		fmt.Fprintf(p.err, format+"\n", args...)
	}
}

// warn writes a message that matters even to those who want quiet.
func (p *printer) warn(format string, args ...any) {
	fmt.Fprintf(p.err, format+"\n", args...)
}

// escapeJSON writes characters that must not reach a terminal as they are, such
// as those that change the direction of the text, as \uXXXX. They can only be in
// strings, so the meaning stays the same.
func escapeJSON(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for _, r := range string(text) {
		switch {
		case r < 0x7f || unicode.IsGraphic(r):
			out = append(out, string(r)...)
		case r <= 0xffff:
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			a, b := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, a, b)
		}
	}
	return out
}
