package manifest

import (
	"bufio"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

const (
	// window is how far back the compression looks. Paths repeat themselves
	// within a few lines, and more would cost memory on both sides.
	window = 1 << 20

	// maxWindow is the largest window that is accepted.
	maxWindow = 8 << 20

	// headStart is how much may be read beyond twice what has come of it. An
	// honest input is smaller than its lines; one of empty frames has no end.
	headStart = 1 << 20
)

// Encode writes the manifest to w, compressed.
func (m *Manifest) Encode(w io.Writer) error {
	z, err := zstd.NewWriter(w,
		zstd.WithEncoderLevel(zstd.SpeedFastest),
		zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(window),
		zstd.WithLowerEncoderMem(true))
	if err != nil {
		return fmt.Errorf("compressing a list of files: %w", err)
	}
	if err := errors.Join(m.writeLines(z), z.Close()); err != nil {
		return fmt.Errorf("writing a list of files: %w", err)
	}
	return nil
}

// writeLines writes the JSON lines to w.
func (m *Manifest) writeLines(w io.Writer) error {
	const enough = 32 << 10
	var buf []byte
	for i, path := range m.paths() {
		r := m.records.at(i)
		buf = appendLine(buf, path, r.dir(), m.Size(i), r.mod)
		if len(buf) >= enough {
			if _, err := w.Write(buf); err != nil {
				return err
			}
			buf = buf[:0]
		}
	}
	_, err := w.Write(buf)
	return err
}

// Decode reads a manifest from r to its end and checks it. The input may come
// from anybody: whatever it is, Decode takes no more memory than a valid
// manifest could, and it stops at the first thing wrong.
//
// If what was read is not a manifest, the error is an [*InvalidError]. If
// reading failed, it wraps the error of r.
func Decode(r io.Reader) (*Manifest, error) {
	in := &input{r: r, left: headStart}
	z, err := zstd.NewReader(in,
		zstd.WithDecoderConcurrency(1),
		zstd.WithDecoderLowmem(true),
		zstd.WithDecoderMaxWindow(maxWindow),
		zstd.WithDecoderMaxMemory(MaxBytes))
	if err != nil {
		return nil, in.explain(err)
	}
	defer z.Close()

	a := newAssembler()
	lines := bufio.NewReaderSize(z, maxLine)
	scratch := make([]byte, 0, maxLine)
	for {
		line, err := lines.ReadSlice('\n')
		switch {
		case err == io.EOF && len(line) == 0:
			return a.finish()
		case err == io.EOF:
			return nil, &InvalidError{Entry: a.m.records.n, Reason: "its line is cut off"}
		case errors.Is(err, bufio.ErrBufferFull):
			return nil, &InvalidError{Entry: a.m.records.n, Reason: "its line is too long"}
		case err != nil:
			return nil, in.explain(err)
		}
		if err := a.addLine(line, scratch); err != nil {
			return nil, err
		}
		in.left += 2 * int64(len(line))
	}
}

// addLine appends the entry that a line, with its line feed, tells of.
func (a *assembler) addLine(line, scratch []byte) error {
	reason := a.count(line)
	if reason != "" {
		return &InvalidError{Entry: a.m.records.n, Reason: reason}
	}
	path, dir, size, mod, ok := parseLine(line[:len(line)-1], scratch)
	if !ok {
		reason = "its line has not the form agreed on"
	} else {
		reason = a.add(path, dir, size, mod)
	}
	if reason == "" {
		return nil
	}
	return &InvalidError{Entry: a.m.records.n, Path: string(path), Reason: reason}
}

// An input reads no more than it may, and remembers why it stopped.
type input struct {
	r    io.Reader
	left int64 // bytes that may be read
	err  error // errPadded, or of r and not io.EOF
}

var errPadded = errors.New("much of it means nothing")

func (in *input) Read(p []byte) (int, error) {
	if in.left <= 0 {
		in.err = errPadded
		return 0, in.err
	}
	n, err := in.r.Read(p[:min(int64(len(p)), in.left)])
	in.left -= int64(n)
	if err != nil && err != io.EOF {
		in.err = err
	}
	return n, err
}

// explain turns an error of the decompression into one for people.
func (in *input) explain(err error) error {
	switch {
	case in.err == errPadded:
		return &InvalidError{Entry: -1, Reason: errPadded.Error()}
	case in.err != nil:
		return fmt.Errorf("reading a list of files: %w", in.err)
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return &InvalidError{Entry: -1, Reason: "unpacking it would take too much memory"}
	default:
		return &InvalidError{Entry: -1, Reason: "it is damaged or not compressed as agreed"}
	}
}
