package sharing

import "potluck/sharing/store"

// Usable returns nil if files can be received into a folder, and else a sentence
// why not. It tries, and leaves nothing behind.
func Usable(folder string) error { return store.Usable(folder) }
