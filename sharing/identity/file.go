package identity

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

const (
	pemType    = "PRIVATE KEY" // PKCS #8
	maxKeyFile = 16 << 10      // bytes; a key file has about 120
)

// A DamagedError says that the file of the device key is there, and that there
// is no key in it. The file is left as it was: without the key the device is
// another one to everybody it knows.
type DamagedError struct {
	Path string
	Err  error // what is wrong with it
}

func (e *DamagedError) Error() string {
	return fmt.Sprintf("the device key in %s is damaged (%v): put back a copy of it, or move it away to start as a new device", e.Path, e.Err)
}

func (e *DamagedError) Unwrap() error { return e.Err }

// Load reads the device key from the file at path. If there is no such file it
// makes a key and the file, and the folders above it, first: readable by this
// user only, complete and on disk when Load returns. Of several that do so at
// once, one makes the file and all return its key.
//
// A file that others may read is made private. A file that holds no key is a
// [*DamagedError]. Load never replaces a file.
func Load(path string) (*Identity, error) {
	id, err := read(path)
	if !errors.Is(err, fs.ErrNotExist) {
		return id, err
	}
	id, err = New()
	if err != nil {
		return nil, err
	}
	if err := create(path, id.key); err != nil {
		if errors.Is(err, fs.ErrExist) {
			return read(path) // another process was faster
		}
		return nil, fmt.Errorf("write the device key: %w", err)
	}
	return id, nil
}

func read(path string) (*Identity, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read the device key: %w", err)
	}
	defer f.Close()

	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read the device key: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, &DamagedError{path, errors.New("not a regular file")}
	}
	if err := makePrivate(f, info); err != nil {
		return nil, fmt.Errorf("the device key in %s can be read by others, and that cannot be changed: %w", path, err)
	}
	text, err := io.ReadAll(io.LimitReader(f, maxKeyFile+1))
	if err != nil {
		return nil, fmt.Errorf("read the device key: %w", err)
	}
	key, err := decode(text)
	if err != nil {
		return nil, &DamagedError{path, err}
	}
	return fromKey(key)
}

// decode reads the text of a key file.
func decode(text []byte) (ed25519.PrivateKey, error) {
	switch {
	case len(text) == 0:
		return nil, errors.New("it is empty")
	case len(text) > maxKeyFile:
		return nil, errors.New("it is too long")
	}
	block, rest := pem.Decode(text)
	switch {
	case block == nil || block.Type != pemType:
		return nil, errors.New("it is not a PEM private key")
	case len(bytes.TrimSpace(rest)) > 0:
		return nil, errors.New("something follows the key")
	}
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		return nil, errors.New("it is not a PKCS #8 key") // the cause might quote the key
	}
	key, ok := parsed.(ed25519.PrivateKey)
	if !ok {
		return nil, errors.New("it is not an Ed25519 key")
	}
	return key, nil
}

// encode returns the text of a key file.
func encode(key ed25519.PrivateKey) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: der}), nil
}

// create writes the key to a new file at path, which appears complete or not
// at all. The error is fs.ErrExist if there is such a file.
func create(path string, key ed25519.PrivateKey) error {
	text, err := encode(key)
	if err != nil {
		return err
	}
	dir := filepath.Dir(path)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, ".device-key-*") // mode 0600
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())

	_, err = temp.Write(text)
	if err == nil {
		err = temp.Sync()
	}
	if err = errors.Join(err, temp.Close()); err != nil {
		return err
	}
	if err := place(temp.Name(), path); err != nil {
		return err
	}
	return syncFolder(dir)
}

// place gives the file its name, unless the name is taken.
func place(temp, path string) error {
	err := os.Link(temp, path)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	// A file system without hard links, such as that of a memory card. Here two
	// first starts at the same instant could both take the name.
	if _, err := os.Lstat(path); err == nil {
		return fs.ErrExist
	}
	return os.Rename(temp, path)
}
