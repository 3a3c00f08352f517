package words

import (
	"cmp"
	"os"
	"strings"

	"github.com/jeandeaual/go-locale"
)

// System returns the languages of this computer's user, the most wanted first.
// There are none if it does not say.
func System() []string {
	if all := cmp.Or(os.Getenv("LANGUAGE"), os.Getenv("LC_ALL"), os.Getenv("LC_MESSAGES"), os.Getenv("LANG")); all != "" {
		var tags []string
		for tag := range strings.SplitSeq(all, ":") {
			tag, _, _ = strings.Cut(tag, ".") // .UTF-8
			if tag != "" && tag != "C" && tag != "POSIX" {
				tags = append(tags, tag)
			}
		}
		return tags
	}
	tags, err := locale.GetLocales()
	if err != nil {
		return nil // English is for everybody who does not say
	}
	return tags
}
