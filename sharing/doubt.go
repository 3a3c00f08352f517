package sharing

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"

	"potluck/sharing/hashlist"
	"potluck/sharing/identity"
	"potluck/sharing/swarm"
)

// tooManyDoubts is how many wrong pieces a sharer may send that it finds right
// itself, before the transfer ends.
const tooManyDoubts = 4

// tooManyExcuses is how many it may explain with a change of its files before
// it tells of one.
const tooManyExcuses = 16

// badPiece hears from the swarm of a piece that was not what its hash says, and
// that peer had a part in. The sharer is asked to look before anybody is blamed:
// somebody may have changed a file.
func (d *Device) badPiece(infoHash [20]byte, piece int, peer identity.ID, alone bool) {
	d.mu.Lock()
	var in *incoming
	for _, i := range d.incoming {
		if i.infoHash == infoHash && i.accepted && !i.state.Final() {
			in = i
		}
	}
	d.mu.Unlock()
	if in == nil {
		return
	}
	what := "a piece was wrong"
	if piece == swarm.NoPiece {
		what = "a device sends what is no message"
	}
	d.log.Warn(what, "share", in.id.Short(), "piece", piece, "device", peer.Short(), "alone", alone)
	if peer != in.from {
		in.blameFellow(piece, peer, alone)
		return
	}
	d.tasks.run(func(ctx context.Context) { in.ask(ctx, piece, alone) })
}

// blameFellow names a fellow that sends wrong pieces, or what is no message at all, which
// the swarm has refused by then. If the sharer has given the piece another hash, because a file changed,
// the fellow only has not heard of it yet.
func (in *incoming) blameFellow(piece int, peer identity.ID, alone bool) {
	in.d.mu.Lock()
	torrent := in.torrent
	amended := in.choice != nil && in.choice.hashes != nil &&
		slices.ContainsFunc(in.choice.hashes.Amendments(0), func(a hashlist.Amendment) bool { return a.Piece == piece })
	if in.faults == nil {
		in.faults = make(map[identity.ID]int)
	}
	if alone && !amended {
		in.faults[peer]++
	}
	name := in.d.nameLocked(peer, in.d.calledLocked(peer))
	refused := alone && !amended && (in.faults[peer] == swarm.TooManyBad || piece == swarm.NoPiece)
	in.d.mu.Unlock()
	switch {
	case amended && torrent != nil:
		torrent.Forgive(peer)
	case refused:
		in.d.notifier.tell(BadHolderEvent{Share: in.id, Peer: peer, PeerName: name})
	}
}

// ask asks the sharer about a wrong piece, and forgives it if it can explain.
func (in *incoming) ask(ctx context.Context, piece int, alone bool) {
	path := fmt.Sprintf("/v1/shares/%s/doubt?piece=%d", in.id, piece)
	reply, status, err := in.d.call(ctx, in.from, http.MethodPost, path, nil)
	var doc doubtDoc
	if err == nil && status == http.StatusOK {
		err = json.Unmarshal(reply, &doc)
	}
	if err != nil {
		in.d.log.Debug("the sharer could not be asked", "share", in.id.Short(), "err", err)
	}
	in.d.mu.Lock()
	switch news := in.amended + len(in.failures); {
	case !doc.Changed && alone: // else somebody else may have spoiled it
		in.doubts++
	case !doc.Changed:
	case doc.Lapsed:
		in.lapses++
	case news > in.explained:
		in.explained, in.excuses = news, 0
	default:
		in.excuses++
	}
	enough := in.doubts >= tooManyDoubts || in.excuses >= tooManyExcuses || in.lapses >= tooManyExcuses+in.manifest.Len()
	torrent := in.torrent
	in.d.mu.Unlock()
	if enough {
		in.end(Failed, "what arrives is not what was offered; there may be a defect in the other device or its disk")
		return
	}
	if torrent != nil {
		torrent.Forgive(in.from)
	}
}
