package identity

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math/big"
	"net"
	"testing"
	"time"
)

func TestOfPeer(t *testing.T) {
	server, client := fresh(t), fresh(t)
	state, err := handshake(t, server.Certificate(), client.Certificate())
	if err != nil {
		t.Fatal(err)
	}
	id, pub, err := OfPeer(state)
	if err != nil {
		t.Fatal(err)
	}
	if id != client.ID() || !pub.Equal(client.Public()) {
		t.Errorf("the other side is %s, want %s", id, client.ID())
	}
}

func TestS34_OnlyOneEd25519CertificateIsAPeer(t *testing.T) {
	server, client := fresh(t), fresh(t)
	two := client.Certificate()
	two.Certificate = append(two.Certificate[:1:1], server.Certificate().Certificate[0])

	for _, test := range []struct {
		name string
		cert tls.Certificate
		want error
	}{
		{"another kind of key", ecdsaCertificate(t), ErrKeyKind},
		{"two certificates", two, ErrCertificates},
	} {
		state, err := handshake(t, server.Certificate(), test.cert)
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		if _, _, err := OfPeer(state); !errors.Is(err, test.want) {
			t.Errorf("%s: %v", test.name, err)
		}
	}
	if _, _, err := OfPeer(tls.ConnectionState{}); !errors.Is(err, ErrNoCertificate) {
		t.Errorf("no certificate: %v", err)
	}

	borrowed := client.Certificate() // somebody else's certificate, own key
	borrowed.PrivateKey = server.key
	if _, err := handshake(t, server.Certificate(), borrowed); err == nil {
		t.Error("a certificate without its key was believed")
	}
}

// handshake returns what the server knows after a handshake with the client.
func handshake(t *testing.T, server, client tls.Certificate) (tls.ConnectionState, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	near, far := net.Pipe()
	defer near.Close()
	defer far.Close()

	done := make(chan struct{})
	go func() {
		defer close(done)
		c := tls.Client(far, &tls.Config{
			MinVersion:         tls.VersionTLS13,
			InsecureSkipVerify: true, // the test looks at the server's side
			GetClientCertificate: func(*tls.CertificateRequestInfo) (*tls.Certificate, error) {
				return &client, nil
			},
		})
		if c.HandshakeContext(ctx) == nil {
			c.Read(make([]byte, 1)) // until the server closes
		}
	}()
	s := tls.Server(near, &tls.Config{
		MinVersion:             tls.VersionTLS13,
		Certificates:           []tls.Certificate{server},
		ClientAuth:             tls.RequireAnyClientCert,
		SessionTicketsDisabled: true,
	})
	err := s.HandshakeContext(ctx)
	near.Close()
	<-done
	return s.ConnectionState(), err
}

func ecdsaCertificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}
