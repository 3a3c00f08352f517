// Package identity is the key of a device: what it is known by, what it proves
// itself with, and what it signs.
//
// [Load] reads the key from a file, and makes one at the first start:
//
//	self, err := identity.Load(filepath.Join(config, "device.key"))
//	if err != nil {
//		return err // a *DamagedError: the file is there and is not a key
//	}
//	fmt.Println(self.ID())
//
// An [ID] is the SHA-256 of the public key, so a key cannot change behind an
// ID. Whoever claims an ID proves it in a TLS handshake with the certificate of
// [Identity.Certificate]; [OfPeer] tells from the finished handshake who the
// other side is. The certificate is nothing but an envelope for the key: names,
// dates and issuers in it mean nothing and are never looked at.
//
// Signatures outlive a connection. Each is made for one purpose, and does not
// verify for another.
//
// The package starts no goroutine. All its functions and methods are safe to
// call from any goroutine.
package identity
