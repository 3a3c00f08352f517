package identity

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

func TestLoadMakesKeyOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "config", "potluck", "device.key")
	first, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	if first.ID() != again.ID() || first.ID().IsZero() {
		t.Errorf("ID %s became %s", first.ID(), again.ID())
	}
	wantOnly(t, path)
}

func TestS58_KeyFileIsPrivate(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has access lists, inherited from the profile folder")
	}
	path := filepath.Join(t.TempDir(), "device.key")
	for range 2 {
		if _, err := Load(path); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v", info.Mode().Perm())
		}
		if err := os.Chmod(path, 0o644); err != nil { // for the second round
			t.Fatal(err)
		}
	}
}

func TestFirstStartsAtOnceAgree(t *testing.T) {
	path := filepath.Join(t.TempDir(), "device.key")
	ids := make([]ID, 8)
	var starts sync.WaitGroup
	for i := range ids {
		starts.Go(func() {
			self, err := Load(path)
			if err != nil {
				t.Error(err)
				return
			}
			ids[i] = self.ID()
		})
	}
	starts.Wait()
	for _, id := range ids {
		if id != ids[0] {
			t.Errorf("%s and %s", id, ids[0])
		}
	}
	wantOnly(t, path)
}

func TestDamagedKeyIsReportedAndKept(t *testing.T) {
	self := fresh(t)
	good, err := encode(self.key)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{
		"empty":          nil,
		"zeros":          make([]byte, 119),
		"cut":            good[:len(good)/2],
		"changed":        bytes.Replace(good, []byte("MC4C"), []byte("MC4D"), 1),
		"more follows":   append(bytes.Clone(good), good...),
		"too long":       append(bytes.Clone(good), bytes.Repeat([]byte(" "), maxKeyFile)...),
		"other PEM":      bytes.ReplaceAll(good, []byte("PRIVATE"), []byte("PUBLIC")),
		"other key kind": ecdsaKey(t),
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "device.key")
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := Load(path)
			var damaged *DamagedError
			if !errors.As(err, &damaged) || damaged.Path != path {
				t.Fatalf("err = %v", err)
			}
			if !strings.Contains(err.Error(), path) {
				t.Errorf("%q does not name the file", err)
			}
			kept, err := os.ReadFile(path)
			if err != nil || !bytes.Equal(kept, text) {
				t.Errorf("the file was changed (%v)", err)
			}
			wantOnly(t, path)
		})
	}
}

func TestFolderInPlaceOfKey(t *testing.T) {
	path := t.TempDir()
	var damaged *DamagedError
	if _, err := Load(path); err == nil || runtime.GOOS != "windows" && !errors.As(err, &damaged) {
		t.Errorf("err = %v", err)
	}
}

func FuzzDecode(f *testing.F) {
	self, err := New()
	if err != nil {
		f.Fatal(err)
	}
	good, err := encode(self.key)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		key, err := decode(text)
		if err != nil {
			return
		}
		again, err := encode(key)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := decode(again); err != nil || !back.Equal(key) {
			t.Fatalf("a key read from %q is not written again: %v", text, err)
		}
	})
}

// wantOnly fails the test if anything but the file is in its folder.
func wantOnly(t *testing.T, path string) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		t.Fatal(err)
	}
	if len(entries) != 1 || entries[0].Name() != filepath.Base(path) {
		t.Errorf("the folder holds %v", entries)
	}
}

func ecdsaKey(t *testing.T) []byte {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: pemType, Bytes: der})
}
