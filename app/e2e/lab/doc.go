// Package lab makes a local network on this machine, with hosts that have
// cables to pull, disks to fill and addresses to change, and runs real devices
// on them. The tests of the whole, in app/e2e, are written with it, and so are
// the measurements of app/bench.
//
// A test package enters the lab in its TestMain:
//
//	func TestMain(m *testing.M) { os.Exit(lab.Main(m)) }
//
// The test binary then starts itself once more, in network, mount and process
// namespaces of its own. Nothing made there can be seen outside, two labs can
// run at the same time, and everything is gone when the tests are, however they
// end. No root is needed where the system lets ordinary users make namespaces.
//
//	func TestSend(t *testing.T) {
//		lan := lab.New(t, lab.Options{Hosts: 2})
//		anna := lan.Host(1).Device("anna", "--accept", "everyone").Start(t)
//		ben := lan.Host(2).Device("ben").Start(t)
//		ben.OK(t, "send", tree, "--to", "anna")
//		anna.Wait(t, "delivered")
//		lab.Same(t, tree, filepath.Join(anna.Downloads, filepath.Base(tree)))
//	}
//
// Where there can be no lab (not Linux, no namespaces, no iproute2), [New] skips
// the test and says why; under CI=true it fails it, since a lab that was skipped
// has shown nothing.
//
// A host is a network namespace on a bridge. Its processes have real sockets and
// the real file system; each device has a home of its own below a tmpfs that
// goes away with the lab. [Host.Cut] pulls the cable, so that the host sees its
// link go down; [Host.Lose] loses what is sent further on in the network, so that
// it sees nothing. [Device.Kill] is kill -9, [Device.Freeze] stops a process in
// its tracks, and POTLUCK_BOOT_ID lets a device believe that the computer was
// started anew.
package lab
