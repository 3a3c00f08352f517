package session

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"time"

	"potluck/sharing/identity"
)

// A device that is not to be found by everybody answers only those who know its
// ID. They show that by a knock: the name of the server in the first message of
// TLS, which is a MAC of the hour under the ID. Whoever cannot knock has the
// connection closed without a byte, so without a certificate.
//
// A knock keeps out those who only look around. Who has heard one can repeat it
// for three hours at most, and learns the key then, nothing else: whether a
// device may have a session is decided after the handshake, by [Options.Allow].

// knockSpan is how long one knock is good, and how far two clocks may be apart.
const knockSpan = time.Hour

var errNoKnock = errors.New("the caller does not know this device")

// knock returns the server name by which the device id is called at that time.
// It is the same for all callers.
func knock(id identity.ID, at time.Time) string {
	mac := hmac.New(sha256.New, id[:])
	mac.Write([]byte("potluck knock 1\x00"))
	mac.Write(binary.BigEndian.AppendUint64(nil, uint64(at.Unix()/int64(knockSpan/time.Second))))
	return hex.EncodeToString(mac.Sum(nil)[:16]) + ".potluck"
}

// isKnock reports whether name calls the device id at that time, by a clock that
// is at most an hour off.
func isKnock(name string, id identity.ID, at time.Time) bool {
	good := false
	for _, then := range []time.Time{at.Add(-knockSpan), at, at.Add(knockSpan)} {
		if hmac.Equal([]byte(name), []byte(knock(id, then))) {
			good = true
		}
	}
	return good
}

// mayHear reports whether a caller that names that server gets an answer.
func (h *Hub) mayHear(name string) bool {
	return h.o.Open() || isKnock(name, h.self, time.Now())
}
