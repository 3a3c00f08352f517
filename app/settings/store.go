package settings

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
)

// Format is the number of the file format that this version writes. A file
// without a number has format 1.
const Format = 1

// maxFile bounds what is read. A person's settings have a few hundred bytes.
const maxFile = 1 << 20

// A NewerError says that the settings were written by a newer Potluck.
type NewerError struct {
	Path   string
	Format int
}

func (e *NewerError) Error() string {
	return fmt.Sprintf("the settings in %s were written by a newer Potluck (format %d, and this one knows %d); update this one, or name another folder with --state",
		e.Path, e.Format, Format)
}

// A Store is the file of settings. Its methods are safe to call from any
// goroutine, but only one process may change a file at a time: whoever holds
// the lock of the device (see package instance).
type Store struct {
	path string

	mu        sync.Mutex // guards the rest
	raw       map[string]json.RawMessage
	saved     Settings // defaults, and over them what the file says
	overrides map[string]string
	notes     []string
	watchers  map[chan struct{}]struct{}
	apply     func(Settings) error // set by Apply
}

// Open reads the settings from the file at path. There need not be one: it is
// written with the first change.
//
// The error is a [*NewerError], or says why the file cannot be read although
// it is there. Whatever else is wrong with it is in [Store.Notes].
func Open(path string) (*Store, error) {
	s := &Store{
		path:      path,
		raw:       make(map[string]json.RawMessage),
		saved:     Defaults(),
		overrides: make(map[string]string),
		watchers:  make(map[chan struct{}]struct{}),
		apply:     func(Settings) error { return nil },
	}
	text, err := readFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return s, nil
	}
	if err != nil {
		return nil, fmt.Errorf("the settings cannot be read: %w", err)
	}
	if err := s.parse(text); err != nil {
		if newer := (*NewerError)(nil); errors.As(err, &newer) {
			return nil, err
		}
		aside, asideErr := setAside(path)
		if asideErr != nil {
			return nil, fmt.Errorf("the settings in %s are damaged, and could not be set aside: %w", path, asideErr)
		}
		s.raw = make(map[string]json.RawMessage)
		s.notes = append(s.notes, fmt.Sprintf("the settings were damaged (%v); the defaults are used, and the damaged file is kept as %s", err, aside))
	}
	return s, nil
}

// readFile reads at most maxFile bytes, and one more that shows there are more.
func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, maxFile+1))
}

// parse takes over what text says.
func (s *Store) parse(text []byte) error {
	if len(text) > maxFile {
		return errors.New("it is far too long")
	}
	raw := make(map[string]json.RawMessage)
	if err := json.Unmarshal(text, &raw); err != nil {
		return err
	}
	if raw == nil {
		return errors.New("it is empty")
	}
	format := 1
	if number, ok := raw["format"]; ok {
		if err := json.Unmarshal(number, &format); err != nil || format < 1 {
			return fmt.Errorf("its format is %s", number)
		}
	}
	if format > Format {
		return &NewerError{Path: s.path, Format: format}
	}
	migrate(raw, format)
	s.raw = raw
	for i := range keys {
		if err := s.load(&keys[i]); err != nil {
			s.notes = append(s.notes, fmt.Sprintf("the setting %q is not used: %v", keys[i].name, err))
		}
	}
	return nil
}

// load takes over one key of the file, if it is there and makes sense.
func (s *Store) load(k *key) error {
	value, ok := s.raw[k.name]
	if !ok {
		return nil
	}
	var read Settings
	if err := json.Unmarshal(value, k.field(&read)); err != nil {
		return err
	}
	return k.set(&s.saved, k.get(&read))
}

// migrate brings what a file of an older format says into the form of today.
// Each step takes it one format further.
func migrate(raw map[string]json.RawMessage, format int) {
	for ; format < Format; format++ {
		migrations[format](raw)
	}
}

// migrations maps a format to what turns it into the next one.
var migrations = map[int]func(map[string]json.RawMessage){}

// Notes returns what was wrong with the file, as sentences for the person.
func (s *Store) Notes() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.notes)
}

// Current returns the settings that count now, overrides included.
func (s *Store) Current() Settings {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.currentLocked()
}

func (s *Store) currentLocked() Settings { return merged(s.saved, s.overrides) }

// merged returns saved with overrides in their places.
func merged(saved Settings, overrides map[string]string) Settings {
	c := saved
	c.Interfaces = slices.Clone(c.Interfaces)
	for i := range keys {
		if v, ok := overrides[keys[i].name]; ok {
			// Override has checked the value. Should the world have changed
			// since, such as a folder become a file, the saved one counts.
			_ = keys[i].set(&c, v)
		}
	}
	return c
}

// List returns every setting.
func (s *Store) List() []Setting {
	s.mu.Lock()
	defer s.mu.Unlock()
	current, defaults := s.currentLocked(), Defaults()
	list := make([]Setting, len(keys))
	for i := range keys {
		list[i] = keys[i].show(&current, &defaults)
	}
	return list
}

// Get returns one setting. The error is an [*UnknownKeyError].
func (s *Store) Get(name string) (Setting, error) {
	k, err := keyOf(name)
	if err != nil {
		return Setting{}, err
	}
	current, defaults := s.Current(), Defaults()
	return k.show(&current, &defaults), nil
}

func (k *key) show(current, defaults *Settings) Setting {
	value, normal := k.get(current), k.get(defaults)
	return Setting{Key: k.name, Value: value, Default: normal, Changed: value != normal, Help: k.help}
}

// Set changes a setting and returns it as it is now. An override of it is
// forgotten. The error is an [*UnknownKeyError], a sentence about the value, or
// says why the file could not be written; then nothing has changed.
func (s *Store) Set(name, value string) (Setting, error) {
	k, err := keyOf(name)
	if err != nil {
		return Setting{}, err
	}
	if err := k.try(value); err != nil {
		return Setting{}, err
	}
	return s.change(k, func(next *Settings, raw map[string]json.RawMessage) error {
		if err := k.set(next, value); err != nil {
			return err
		}
		text, err := json.Marshal(k.field(next))
		if err != nil {
			return err
		}
		raw[k.name] = text
		return nil
	})
}

// Reset brings a setting back to its default and returns it. The errors are
// those of [Store.Set].
func (s *Store) Reset(name string) (Setting, error) {
	k, err := keyOf(name)
	if err != nil {
		return Setting{}, err
	}
	defaults := Defaults()
	return s.change(k, func(next *Settings, raw map[string]json.RawMessage) error {
		delete(raw, k.name)
		return k.set(next, k.get(&defaults))
	})
}

// ResetAll brings all settings back to their defaults, those overridden too. What
// a newer version has put into the file stays. The error says why it could not be
// written; then nothing has changed.
func (s *Store) ResetAll() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	raw := maps.Clone(s.raw)
	for i := range keys {
		delete(raw, keys[i].name)
	}
	return s.useLocked(Defaults(), raw, make(map[string]string))
}

// change lets do work on a copy, writes that, and makes it count.
func (s *Store) change(k *key, do func(*Settings, map[string]json.RawMessage) error) (Setting, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next, raw := s.saved, maps.Clone(s.raw)
	if err := do(&next, raw); err != nil {
		return Setting{}, err
	}
	overrides := maps.Clone(s.overrides)
	delete(overrides, k.name)
	if err := s.useLocked(next, raw, overrides); err != nil {
		return Setting{}, err
	}
	current, defaults := s.currentLocked(), Defaults()
	return k.show(&current, &defaults), nil
}

// useLocked makes other settings count, once they have been applied and written.
func (s *Store) useLocked(saved Settings, raw map[string]json.RawMessage, overrides map[string]string) error {
	if err := s.apply(merged(saved, overrides)); err != nil {
		return err
	}
	if err := save(s.path, raw); err != nil {
		_ = s.apply(s.currentLocked()) // what counted a moment ago
		return err
	}
	s.saved, s.raw, s.overrides = saved, raw, overrides
	s.signalLocked()
	return nil
}

// Apply has f called with all settings before a change of them by [Store.Set],
// [Store.Reset] or [Store.ResetAll] counts. If f returns an error there is no change,
// and whoever wants it gets that error. f must not call the Store.
func (s *Store) Apply(f func(Settings) error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.apply = f
}

// Override changes a setting for as long as this Store lives, or until it is
// changed by [Store.Set] or [Store.Reset]. Nothing is written.
func (s *Store) Override(name, value string) error {
	k, err := keyOf(name)
	if err != nil {
		return err
	}
	if err := k.try(value); err != nil {
		return err
	}
	var checked Settings
	if err := k.set(&checked, value); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.overrides[k.name] = k.get(&checked) // minutes from now count from now alone
	s.signalLocked()
	return nil
}

// Watch returns a channel that is sent to when a setting has changed, and a
// function that ends the watching. Changes that come faster than they are
// received count as one.
func (s *Store) Watch() (<-chan struct{}, func()) {
	ch := make(chan struct{}, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watchers[ch] = struct{}{}
	return ch, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers, ch)
	}
}

func (s *Store) signalLocked() {
	for ch := range s.watchers {
		select {
		case ch <- struct{}{}:
		default: // one is waiting already
		}
	}
}

// save writes raw as people would, the format first.
func save(path string, raw map[string]json.RawMessage) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "{\n  \"format\": %d", Format)
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		if strings.EqualFold(name, "format") {
			continue
		}
		label, err := json.Marshal(name)
		if err != nil {
			return err
		}
		fmt.Fprintf(&b, ",\n  %s: ", label)
		if err := json.Indent(&b, raw[name], "  ", "  "); err != nil {
			return err
		}
	}
	b.WriteString("\n}\n")
	if err := writeFile(path, b.Bytes()); err != nil {
		return fmt.Errorf("the settings cannot be saved: %w", err)
	}
	return nil
}
