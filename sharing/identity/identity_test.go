package identity

import (
	"bytes"
	"crypto/ed25519"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestIDIsHashOfKey(t *testing.T) {
	// RFC 8410's example key; the digest is that of `openssl pkey -pubout
	// -outform der | sha256sum`.
	seed := []byte{
		0xd4, 0xee, 0x72, 0xdb, 0xf9, 0x13, 0x58, 0x4a, 0xd5, 0xb6, 0xd8, 0xf1, 0xf7, 0x69, 0xf8, 0xad,
		0x3a, 0xfe, 0x7c, 0x28, 0xcb, 0xf1, 0xd4, 0xfb, 0xe0, 0x97, 0xa8, 0x8f, 0x44, 0x75, 0x58, 0x42,
	}
	const want = "a1e9156054e04fac899ae9f275132cdc07a5dbc4ea2c2ad3a1ffc6e0d253681f"
	pub := ed25519.NewKeyFromSeed(seed).Public().(ed25519.PublicKey)
	if got := IDOf(pub).String(); got != want {
		t.Errorf("ID = %s, want %s", got, want)
	}
}

func TestParseID(t *testing.T) {
	good := strings.Repeat("0123456789abcdef", 4)
	for _, test := range []struct {
		in string
		ok bool
	}{
		{good, true},
		{strings.ToUpper(good), true},
		{"", false},
		{good[:63], false},
		{good + "0", false},
		{good[:63] + "g", false},
		{" " + good[:63], false},
		{strings.Repeat("é", 32), false},
	} {
		id, err := ParseID(test.in)
		if (err == nil) != test.ok {
			t.Errorf("ParseID(%q): %v", test.in, err)
		}
		if test.ok && id.String() != good {
			t.Errorf("ParseID(%q) = %s", test.in, id)
		}
		if !test.ok && (!errors.Is(err, ErrBadID) || !id.IsZero()) {
			t.Errorf("ParseID(%q) = %s, %v", test.in, id, err)
		}
	}
}

func TestIDThroughText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var id ID
		copy(id[:], rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "id"))

		text, err := json.Marshal(map[ID]ID{id: id})
		if err != nil {
			t.Fatal(err)
		}
		var back map[ID]ID
		if err := json.Unmarshal(text, &back); err != nil {
			t.Fatal(err)
		}
		if back[id] != id {
			t.Fatalf("%s became %v", id, back)
		}
		if !strings.HasPrefix(id.String(), id.Short()) || len(id.Short()) != 8 {
			t.Fatalf("Short = %q", id.Short())
		}
	})
}

func TestIDUnmarshalRefuses(t *testing.T) {
	id := ID{1}
	if err := json.Unmarshal([]byte(`"\u001b[31m"`), &id); !errors.Is(err, ErrBadID) || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("err = %q", err)
	}
	if id != (ID{1}) {
		t.Error("a failed read changed the ID")
	}
}

func TestPeerAddr(t *testing.T) {
	made := netip.MustParsePrefix("fd00::/8")
	rapid.Check(t, func(t *rapid.T) {
		var a, b ID
		copy(a[:], rapid.SliceOfN(rapid.Byte(), 15, 15).Draw(t, "a"))
		copy(b[:], rapid.SliceOfN(rapid.Byte(), 15, 15).Draw(t, "b"))
		addr := a.PeerAddr()
		if !made.Contains(addr.Addr()) || addr.Port() != 1 || addr.Addr().Zone() != "" {
			t.Fatalf("PeerAddr = %s", addr)
		}
		if (addr == b.PeerAddr()) != (a == b) {
			t.Fatalf("%s and %s share %s", a, b, addr)
		}
	})
}

func TestSignatureIsForOnePurpose(t *testing.T) {
	self, other := fresh(t), fresh(t)
	msg := []byte("all of it arrived")
	sig := self.Sign("receipt", msg)

	for _, test := range []struct {
		name    string
		pub     ed25519.PublicKey
		purpose string
		msg     []byte
		sig     []byte
		want    bool
	}{
		{"as signed", self.Public(), "receipt", msg, sig, true},
		{"other key", other.Public(), "receipt", msg, sig, false},
		{"other purpose", self.Public(), "hashes", msg, sig, false},
		{"other message", self.Public(), "receipt", msg[1:], sig, false},
		{"border moved", self.Public(), "receip", append([]byte("t\x00"), msg...), sig, false},
		{"NUL in the purpose", self.Public(), "receipt\x00all", msg[3:], sig, false},
		{"no signature", self.Public(), "receipt", msg, nil, false},
		{"short signature", self.Public(), "receipt", msg, sig[:63], false},
		{"no key", nil, "receipt", msg, sig, false},
		{"short key", self.Public()[:31], "receipt", msg, sig, false},
	} {
		if got := Verify(test.pub, test.purpose, test.msg, test.sig); got != test.want {
			t.Errorf("%s: %v", test.name, got)
		}
	}
}

func TestCertificateIsAlwaysTheSame(t *testing.T) {
	self := fresh(t)
	again, err := fromKey(self.key)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(self.Certificate().Certificate[0], again.Certificate().Certificate[0]) {
		t.Error("two certificates of one key differ")
	}
	leaf, err := x509.ParseCertificate(self.Certificate().Certificate[0])
	if err != nil {
		t.Fatal(err)
	}
	if len(leaf.DNSNames)+len(leaf.IPAddresses)+len(leaf.EmailAddresses)+len(leaf.URIs) > 0 {
		t.Error("the certificate names somebody")
	}
}

func TestS56_IdentityPrintsWithoutKey(t *testing.T) {
	self := fresh(t)
	secret := fmt.Sprint([]byte(self.key.Seed()[:4]))
	secret = strings.Trim(secret, "[]")
	for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
		got := fmt.Sprintf(verb, self)
		if got != "device "+self.ID().Short() || strings.Contains(got, secret) {
			t.Errorf("%s prints %q", verb, got)
		}
	}
}

func fresh(t *testing.T) *Identity {
	t.Helper()
	id, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return id
}
