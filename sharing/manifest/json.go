package manifest

import (
	"bytes"
	"math"
	"strconv"
)

// maxLine is longer than any line of a valid manifest: a character below U+0020
// takes six bytes, every other unit of UTF-16 fewer.
const maxLine = MaxDepth*(6*MaxName+1) + 128

const hexDigits = "0123456789abcdef"

// appendLine appends the one JSON line of an entry to dst.
func appendLine(dst, path []byte, dir bool, size, mod int64) []byte {
	dst = append(dst, `{"p":"`...)
	dst = appendEscaped(dst, path)
	if dir {
		dst = append(dst, `","d":true,"m":`...)
	} else {
		dst = append(dst, `","s":`...)
		dst = strconv.AppendInt(dst, size, 10)
		dst = append(dst, `,"m":`...)
	}
	dst = strconv.AppendInt(dst, mod, 10)
	return append(dst, '}', '\n')
}

func appendEscaped(dst, s []byte) []byte {
	done := 0
	for i, c := range s {
		if c >= 0x20 && c != '"' && c != '\\' {
			continue
		}
		dst = append(dst, s[done:i]...)
		done = i + 1
		if c >= 0x20 {
			dst = append(dst, '\\', c)
		} else {
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	return append(dst, s[done:]...)
}

// parseLine reads a line without its line feed. It accepts what appendLine
// writes and nothing else. The path may alias line or scratch, which has room
// for it.
func parseLine(line, scratch []byte) (path []byte, dir bool, size, mod int64, ok bool) {
	rest, ok := bytes.CutPrefix(line, []byte(`{"p":"`))
	if !ok {
		return nil, false, 0, 0, false
	}
	path, rest, ok = cutString(rest, scratch)
	if !ok {
		return nil, false, 0, 0, false
	}
	if after, found := bytes.CutPrefix(rest, []byte(`,"d":true,"m":`)); found {
		dir, rest = true, after
	} else {
		if rest, ok = bytes.CutPrefix(rest, []byte(`,"s":`)); !ok {
			return path, false, 0, 0, false
		}
		if size, rest, ok = cutInt(rest); !ok {
			return path, false, 0, 0, false
		}
		if rest, ok = bytes.CutPrefix(rest, []byte(`,"m":`)); !ok {
			return path, false, 0, 0, false
		}
	}
	mod, rest, ok = cutInt(rest)
	return path, dir, size, mod, ok && string(rest) == "}"
}

// cutString splits s, which begins inside a string, behind the string's end,
// and returns its value.
func cutString(s, scratch []byte) (value, rest []byte, ok bool) {
	value = nil // until something was escaped
	done := 0
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 0x20 && c != '"' && c != '\\':
			continue
		case c == '"':
			if value == nil {
				return s[:i], s[i+1:], true
			}
			return append(value, s[done:i]...), s[i+1:], true
		case c != '\\':
			return nil, nil, false
		}
		char, n := unescape(s[i+1:])
		if n == 0 {
			return nil, nil, false
		}
		if value == nil {
			value = scratch[:0]
		}
		value = append(append(value, s[done:i]...), char)
		i += n
		done = i + 1
	}
	return nil, nil, false
}

// unescape reads what stands behind a backslash: the character, and how many
// bytes it took; 0 if it is not one that appendEscaped writes.
func unescape(s []byte) (c byte, n int) {
	if len(s) == 0 {
		return 0, 0
	}
	if s[0] == '"' || s[0] == '\\' {
		return s[0], 1
	}
	if len(s) < 5 || string(s[:3]) != "u00" || s[3] != '0' && s[3] != '1' {
		return 0, 0
	}
	low := bytes.IndexByte([]byte(hexDigits), s[4])
	if low < 0 {
		return 0, 0
	}
	return (s[3]-'0')<<4 | byte(low), 5
}

// cutInt splits s behind the decimal number that it begins with.
func cutInt(s []byte) (v int64, rest []byte, ok bool) {
	negative := len(s) > 0 && s[0] == '-'
	if negative {
		s = s[1:]
	}
	n := 0
	var u uint64
	for ; n < len(s) && '0' <= s[n] && s[n] <= '9'; n++ {
		if n == 19 {
			return 0, nil, false // more digits than any int64
		}
		u = u*10 + uint64(s[n]-'0')
	}
	switch {
	case n == 0, n > 1 && s[0] == '0', negative && u == 0:
		return 0, nil, false
	case negative && u <= -math.MinInt64:
		return -int64(u), s[n:], true
	case negative || u > math.MaxInt64:
		return 0, nil, false
	}
	return int64(u), s[n:], true
}
