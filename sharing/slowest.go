package sharing

// A Slowest says what a transfer waits for most just now, as far as that has been
// measured.
type Slowest string

// What can be slowest.
const (
	SlowestUnknown      Slowest = ""             // nothing has been measured that says so
	SlowestNetwork      Slowest = "network"      // the way between the devices
	SlowestThisDisk     Slowest = "thisDisk"     // reading or writing here
	SlowestTheirDisk    Slowest = "theirDisk"    // reading or writing there, as it says itself
	SlowestThisComputer Slowest = "thisComputer" // hashing and what else there is to compute here
	SlowestOtherSide    Slowest = "otherSide"    // anything else that it says of itself, and what it does not explain
	SlowestLimit        Slowest = "limit"        // the limit that the person here has set
)
