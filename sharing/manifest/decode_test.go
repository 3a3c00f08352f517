package manifest_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"math"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"pgregory.net/rapid"

	"potluck/sharing/manifest"
)

func TestLinesAreAsDocumented(t *testing.T) {
	m := build(t, folder("P"), file("P/a\"\\\n\x1fé\u2028<&>", 12), manifest.Entry{Path: "old", ModTime: time.Unix(0, -5)})
	want := `{"p":"P","d":true,"m":1795262400123456789}` + "\n" +
		`{"p":"P/a\"\\\u000a\u001fé` + "\u2028" + `<&>","s":12,"m":1795262400123456789}` + "\n" +
		`{"p":"old","s":0,"m":-5}` + "\n"
	if got := unpack(t, encode(t, m)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// TestReadsAsJSON shows that ours is the reading of encoding/json.
func TestReadsAsJSON(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m, err := tryBuild(drawTree(rt))
		if err != nil {
			rt.Fatal(err)
		}
		dec := json.NewDecoder(strings.NewReader(unpack(t, encode(t, m))))
		dec.DisallowUnknownFields()
		for i, e := range m.All() {
			var j struct {
				P string
				S int64
				M int64
				D bool
			}
			if err := dec.Decode(&j); err != nil {
				rt.Fatal(err)
			}
			if got := (manifest.Entry{Path: j.P, Dir: j.D, Size: j.S, ModTime: time.Unix(0, j.M).UTC()}); got != e {
				rt.Fatalf("entry %d: encoding/json reads %v, want %v", i, got, e)
			}
		}
		if _, err := dec.Token(); err != io.EOF {
			rt.Fatal("there is more")
		}
	})
}

func TestDecodeAcceptsOneFormOnly(t *testing.T) {
	if _, err := decode(t, `{"p":"a","s":1,"m":-9223372036854775808}`+"\n"+`{"p":"b","s":1,"m":9223372036854775807}`+"\n"); err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		``, ` `, `{}`, `null`, `[]`, `{"p":"a"}`, `{"p":"a","s":1}`,
		`{ "p":"a","s":1,"m":1}`, `{"p": "a","s":1,"m":1}`, `{"p":"a","s":1,"m":1} `, `{"p":"a","s":1,"m":1}` + "\r",
		`{"s":1,"p":"a","m":1}`, `{"p":"a","m":1,"s":1}`, `{"P":"a","s":1,"m":1}`, `{"p":"a","s":1,"m":1,"x":1}`,
		`{"p":"a","d":true,"s":0,"m":1}`, `{"p":"a","d":false,"s":1,"m":1}`, `{"p":"a","d":false,"m":1}`,
		`{"p":"a","s":01,"m":1}`, `{"p":"a","s":1,"m":-0}`, `{"p":"a","s":+1,"m":1}`, `{"p":"a","s":1.0,"m":1}`,
		`{"p":"a","s":1e3,"m":1}`, `{"p":"a","s":,"m":1}`, `{"p":"a","s":-,"m":1}`, `{"p":"a","s":"1","m":1}`, `{"p":"a","s":null,"m":1}`,
		`{"p":"a","s":1,"m":9223372036854775808}`, `{"p":"a","s":1,"m":-9223372036854775809}`,
		`{"p":"a","s":18446744073709551616,"m":1}`, `{"p":"a","s":1,"m":99999999999999999999999}`,
		`{"p":"\u0061","s":1,"m":1}`, `{"p":"\u001F","s":1,"m":1}`, `{"p":"\n","s":1,"m":1}`, `{"p":"\/","s":1,"m":1}`,
		`{"p":"\u00e9","s":1,"m":1}`, `{"p":"\ud83d\ude00","s":1,"m":1}`, `{"p":"\u2028","s":1,"m":1}`,
		`{"p":"a\`, `{"p":"a\u`, `{"p":"a\u00`, `{"p":"a`, `{"p":a,"s":1,"m":1}`, "{\"p\":\"a\tb\",\"s\":1,\"m\":1}",
		`{"p":"a","s":1,"m":1}{"p":"b","s":1,"m":1}`, `{"p":"a","s":1,"m":1`, `{"p":"a","s":1,"m":1}}`, `[{"p":"a","s":1,"m":1}]`,
	} {
		_, err := decode(t, text+"\n")
		if err == nil {
			t.Errorf("%s was taken", text)
			continue
		}
		wantInvalid(t, err, "form")
	}
	_, err := decode(t, "")
	wantInvalid(t, err, "empty")
	_, err = decode(t, `{"p":"a","s":1,"m":1}`)
	wantInvalid(t, err, "cut off")
}

func TestDecodeRefusesContradictions(t *testing.T) {
	for _, c := range []struct{ name, lines, why string }{
		{"same path twice", line("a", 1, 0) + line("a", 1, 0), "twice"},
		{"file and folder of one name", line("a", 1, 0) + dirLine("a"), "twice"},
		{"file used as a folder", line("a", 1, 0) + line("a/b", 1, 0), "also there as a file"},
		{"file used as a folder, later", line("a", 1, 0) + line("a!", 1, 0) + line("a/b", 1, 0), "also there as a file"},
		{"folder missing", line("a/b", 1, 0), "not there"},
		{"folder behind", line("a/b", 1, 0) + dirLine("a"), "not there"},
		{"folder of another name", dirLine("a") + line("ab/c", 1, 0), "not there"},
		{"not in order", line("b", 1, 0) + line("a", 1, 0), "not in order"},
		{"prefix behind", dirLine("a") + line("a/b", 1, 0) + line("a!", 1, 0), "not in order"},
		{"folder after its prefix", line("ab", 1, 0) + line("a", 1, 0), "not in order"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := decode(t, c.lines)
			wantInvalid(t, err, c.why)
		})
	}
}

func TestS16_BombsAreRefusedEarly(t *testing.T) {
	bomb := func(unit string, times int) io.Reader {
		r, w := io.Pipe()
		go func() {
			z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
			for i := 0; err == nil && i < times; i++ {
				_, err = io.WriteString(z, unit)
			}
			if err == nil {
				err = z.Close()
			}
			w.CloseWithError(err)
		}()
		t.Cleanup(func() { r.Close() })
		return r
	}
	for _, c := range []struct {
		name string
		in   io.Reader
		why  string
	}{
		{"one endless line", bomb(strings.Repeat("a", 1<<20), 4096), "too long"},
		{"one endless path", io.MultiReader(bytes.NewReader(pack(t, `{"p":"`)), bomb(strings.Repeat("a/", 1<<19), 4096)), "too long"},
		{"empty lines", bomb(strings.Repeat("\n", 1<<20), 4096), "form"},
		{"a large window", bytes.NewReader(hugeWindow(t)), "memory"},
		{"empty frames", io.LimitReader(&repeated{unit: emptyFrame}, 1<<40), "means nothing"},
		{"skipped frames", io.LimitReader(&repeated{unit: skippable(1 << 20)}, 1<<40), "means nothing"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := manifest.Decode(c.in)
			runtime.ReadMemStats(&after)
			wantInvalid(t, err, c.why)
			if used := after.TotalAlloc - before.TotalAlloc; used > 64<<20 {
				t.Errorf("%d MiB were allocated", used>>20)
			}
		})
	}
}

func TestS39_LengthsOutOfRange(t *testing.T) {
	for _, c := range []struct{ lines, why string }{
		{line("a", -1, 0), "negative"},
		{line("a", math.MinInt64, 0), "negative"},
		{line("a", manifest.MaxStream+1, 0), "too large"},
		{line("a", math.MaxInt64, 0) + line("b", math.MaxInt64, 0), "too large"},
		{line("a", manifest.MaxStream, 0) + line("b", 1, 0), "too large"},
		{`{"p":"a","s":9223372036854775808,"m":0}` + "\n", "form"},
		{`{"p":"a","s":99999999999999999999,"m":0}` + "\n", "form"},
	} {
		_, err := decode(t, c.lines)
		wantInvalid(t, err, c.why)
	}
	if _, err := decode(t, line("a", manifest.MaxStream, 0)+line("b", 0, 0)); err != nil {
		t.Error(err)
	}
}

func TestS40_DeepPaths(t *testing.T) {
	nested := func(depth int) string {
		var b strings.Builder
		for i := 1; i <= depth; i++ {
			b.WriteString(dirLine(strings.Repeat("d/", i-1) + "d"))
		}
		return b.String()
	}
	if _, err := decode(t, nested(manifest.MaxDepth)); err != nil {
		t.Error(err)
	}
	_, err := decode(t, nested(manifest.MaxDepth+1))
	wantInvalid(t, err, "more than 63 folders")

	// The longest line there can be.
	deep := strings.Repeat(strings.Repeat("\x01", manifest.MaxName)+"/", manifest.MaxDepth-1) + strings.Repeat("\x01", manifest.MaxName)
	m, err := tryBuild(tree(deep))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := manifest.Decode(bytes.NewReader(encode(t, m))); err != nil {
		t.Error(err)
	}
}

func TestS41_TooManyEntries(t *testing.T) {
	if testing.Short() {
		t.Skip("a million entries")
	}
	var i int
	lines := generated(t, func() string { i++; return `{"p":"` + strconv.Itoa(10_000_000+i) + `","s":0,"m":0}` + "\n" })
	_, err := manifest.Decode(lines)
	wantInvalid(t, err, "more than 1048576 files and folders")
}

func TestDecodeReportsFailingReader(t *testing.T) {
	packed := pack(t, line("a", 1, 0))
	want := errors.New("cable pulled")
	_, err := manifest.Decode(io.MultiReader(bytes.NewReader(packed[:len(packed)-2]), failingReader{want}))
	var invalid *manifest.InvalidError
	if !errors.Is(err, want) || errors.As(err, &invalid) {
		t.Errorf("got %v", err)
	}
}

func TestDecodeRefusesDamage(t *testing.T) {
	packed := pack(t, strings.Repeat("\n", 3000)+line("a", 1, 0))
	for _, in := range [][]byte{nil, []byte("PK\x03\x04"), []byte(line("a", 1, 0)), packed[:len(packed)-1], append(bytes.Clone(packed), 'x')} {
		_, err := manifest.Decode(bytes.NewReader(in))
		wantInvalid(t, err, "")
	}
	good := pack(t, line("a", 1, 0))
	_, err := manifest.Decode(bytes.NewReader(append(bytes.Clone(good), "rubbish"...)))
	wantInvalid(t, err, "damaged")
}

// TestForeignCompression shows that frames of other encoders are read too.
func TestForeignCompression(t *testing.T) {
	for _, level := range []zstd.EncoderLevel{zstd.SpeedFastest, zstd.SpeedDefault, zstd.SpeedBestCompression} {
		var b bytes.Buffer
		z, err := zstd.NewWriter(&b, zstd.WithEncoderLevel(level), zstd.WithWindowSize(8<<20))
		if err != nil {
			t.Fatal(err)
		}
		text := line("a", 1, 0) + line(strings.Repeat("b", 200), 2, 0)
		z.ResetContentSize(&b, int64(len(text)))
		if _, err := io.WriteString(z, text); err != nil {
			t.Fatal(err)
		}
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		if m, err := manifest.Decode(&b); err != nil || m.Len() != 2 {
			t.Errorf("%v: %v", level, err)
		}
	}
}

func FuzzDecodeLines(f *testing.F) {
	f.Add(dirLine("a") + line("a/b", 1, 2))
	f.Add(line("a\n\\\"", 0, -1) + line("b", 5, 0))
	f.Add(line("../a", 1, 2))
	f.Add(dirLine("a") + line("a!", 1, 1) + line("a/b", 1, 1))
	f.Fuzz(func(t *testing.T, lines string) {
		m, err := decode(t, lines)
		if err != nil {
			wantInvalid(t, err, "")
			return
		}
		if got := unpack(t, encode(t, m)); got != lines {
			t.Errorf("%q was read as %q", lines, got)
		}
		again := build(t, entries(m)...)
		if again.Hash() != m.Hash() {
			t.Error("the Builder makes something else of it")
		}
	})
}

func FuzzDecode(f *testing.F) {
	f.Add(pack(f, dirLine("a")+line("a/b", 1, 2)))
	f.Add(pack(f, ""))
	f.Add(hugeWindow(f))
	f.Add(skippable(3))
	f.Fuzz(func(t *testing.T, in []byte) {
		if _, err := manifest.Decode(bytes.NewReader(in)); err != nil {
			wantInvalid(t, err, "")
		}
	})
}

type failingReader struct{ err error }

func (r failingReader) Read([]byte) (int, error) { return 0, r.err }

// repeated reads as unit, for ever.
type repeated struct {
	unit []byte
	at   int
}

func (r *repeated) Read(p []byte) (int, error) {
	n := copy(p, r.unit[r.at:])
	r.at = (r.at + n) % len(r.unit)
	return n, nil
}

// emptyFrame is a frame of zstd that holds nothing.
var emptyFrame = []byte{0x28, 0xB5, 0x2F, 0xFD, 0x20, 0, 1, 0, 0}

// skippable returns a frame of zstd that holds n bytes to be skipped.
func skippable(n int) []byte {
	return append([]byte{0x50, 0x2A, 0x4D, 0x18, byte(n), byte(n >> 8), byte(n >> 16), byte(n >> 24)}, make([]byte, n)...)
}

// hugeWindow returns a frame that asks for a window of 512 MiB.
func hugeWindow(t testing.TB) []byte {
	var b bytes.Buffer
	z, err := zstd.NewWriter(&b, zstd.WithWindowSize(zstd.MaxWindowSize), zstd.WithSingleSegment(false))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := z.Write([]byte("x")); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(z.Flush(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// generated returns the compressed lines that next makes, without an end.
func generated(t *testing.T, next func() string) io.Reader {
	r, w := io.Pipe()
	go func() {
		z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1), zstd.WithEncoderLevel(zstd.SpeedFastest))
		lines := bufio.NewWriterSize(z, 64<<10)
		for err == nil {
			_, err = lines.WriteString(next())
		}
		w.CloseWithError(err)
	}()
	t.Cleanup(func() { r.Close() })
	return r
}
