// Package sharing is the engine of Potluck: it moves files between the devices
// of people near each other, in pieces, checked to the last byte.
//
// A [Device] is made with [New], which starts nothing, and works as long as its
// [Device.Run] does:
//
//	d, err := sharing.New(sharing.Options{Identity: id, State: dir, Settings: settings})
//	if err != nil {
//		return err
//	}
//	go d.Run(ctx)
//	share, err := d.Send(ctx, []string{"Photos"}, []identity.ID{anna})
//
// # What can be seen
//
// State is a [Snapshot]; [Device.Watch] signals when a new one would differ.
// Facts that must not be missed are events, from [Device.Subscribe]. Questions to
// the person are offers: they stand in the snapshot until [Device.Accept] or
// [Device.Decline] answers them, unless the settings do.
//
// Short texts ([Device.SendText]) are not shares: they are there at once, and stand
// in the snapshot until they are closed ([Device.CloseMessage]).
//
// # The life of a share
//
// The sharer walks what is to be shared ([potluck/sharing/source]); the names and
// sizes are its manifest. It offers the share at once and begins to hash. The
// taker fetches the manifest, has it checked ([potluck/sharing/manifest]), and
// asks its person. Not one byte of content moves, and nothing is written where
// files go, before the answer is yes. Then the pieces travel
// ([potluck/sharing/swarm]), each as soon as its hash is known
// ([potluck/sharing/hashlist]), into a staging folder ([potluck/sharing/store]).
// When all are there and synced they get their final names, and the taker signs a
// [Receipt]. Only that receipt, checked, makes the share delivered for the sharer.
//
// What has ended stays in the snapshot as history until it is forgotten
// ([Device.Forget]) or there are more than 1,000. A
// transfer that is stuck goes on when what is wrong is mended, or in another folder
// ([Device.MoveTo]).
//
// # What becomes of it then
//
// A share that is over is held for a week: what was delivered, and what was sent, is
// served to those who may have it, as long as the files are what they were, and is at
// rest until one of them asks. [Device.Verify] reads what was received again, and
// mends it from whoever holds it.
//
// # How two devices agree
//
// For one share, each side has a document: the sharer an offer, the taker a take
// (protocol.go). A side sends its document whenever it changes, and again at the
// beginning of each session, until it is acknowledged; the reply is the other
// side's document. Every message holds the whole state, so that a message lost,
// repeated or late does no harm, and a device that restarts falls back into step.
//
// # What is trusted
//
// A session proves which key the other device has, nothing else. Its name, its
// documents, manifests, hashes and sentences are bounded, checked and cleaned
// before they are kept or shown. Hashes count only with the sharer's signature,
// receipts only with the taker's.
//
// That a key belongs to somebody in particular is for two people to see: both
// devices show the same four dishes ([potluck/sharing/pairing], [Device.Pair]).
// From then on the device is paired, for the person here, who alone changes that.
// A device that goes by the name of a paired one is a twin, and said to be one.
//
// # Who sees this device, and who may offer
//
// [Settings] say so, by [Audience]. A device that not everybody is to find is
// not announced (which is for whoever runs discovery to heed), calls nobody who
// may not see it, and answers only callers that know its ID.
//
// # Locks and goroutines
//
// Device.mu guards the state of all shares; nothing that blocks is done under it.
// Each share has one goroutine that leads it (outgoing.run, incoming.run), each
// session one that tells the neighbour what is new (talk), each pairing one
// (pact.run). Run joins them all.
package sharing
