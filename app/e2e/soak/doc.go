// Package soak keeps a swarm of five hosts busy while everything that can go
// wrong does: devices are killed, cables pulled, addresses changed, transfers
// paused, disks filled; takers leave and join, the sharer goes away, and one of
// the takers lies to all that fetch from it.
//
//	make soak T=10m          for ten minutes, each time another way
//	make soak SEED=7         the way that was seen with seed 7
//	make soak SEED=7 ROUND=3 the same from round 3 on
//
// A round is one share. What is done to whom and when is made from the seed and
// the number of the round and from nothing else (see [plan]); how far the
// transfers have come by then depends on the machine. When all was done,
// everything is mended, and after a while everybody who did not leave must have
// the share as it was, with nothing else in the folder where it arrived, nothing
// in it changed, and no more open than before.
package soak
