// Package settings keeps what a person has chosen: the name others see, where
// files go, whose offers are taken without asking.
//
// [PlacesFor] says where everything lies on this system. A [Store] is the file:
//
//	places, err := settings.PlacesFor("")
//	if err != nil {
//		return err
//	}
//	store, err := settings.Open(places.SettingsFile())
//	if err != nil {
//		return err // written by a newer Potluck, or cannot be read at all
//	}
//	for _, note := range store.Notes() {
//		fmt.Fprintln(os.Stderr, note)
//	}
//	use(store.Current())
//
// The file is JSON, with one key for each setting that was changed, and is
// meant to be read and edited by people too. It is replaced as a whole, synced
// to disk, and readable by its owner alone. A damaged file is renamed to
// "settings.json.damaged-1" and reported; a value that makes no sense is
// reported and its default used; keys of a newer version are kept as they are.
// None of these is a reason not to start. Only a file whose format is newer is
// refused, because writing it back could lose something.
//
// [Store.Override] changes a setting for this run alone, which is what flags on
// a command line do.
package settings
