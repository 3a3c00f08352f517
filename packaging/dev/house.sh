# Sourced by the scripts beside it: how Potluck is built and which of its
# packages need a window system to be compiled.

go=${GO:-go}
tags=nosqlite,migrated_fynedo # the same as in the Makefile, so that builds are shared
case " ${GOFLAGS:-} " in
*' -trimpath '*) ;;
*) GOFLAGS="$($go env GOFLAGS) -trimpath" && export GOFLAGS ;; # like the Makefile
esac

# headless lists the packages without Fyne: they build for every system.
headless() {
	$go list -tags $tags ./... | grep -vE '^potluck/(cmd/potluck-desktop|ui|ui/[^v].*)$'
}

# windowed lists the packages with Fyne.
windowed() {
	$go list -tags $tags ./... | grep -E '^potluck/(cmd/potluck-desktop|ui|ui/[^v].*)$'
}
