# Potluck: what can be made. `make help` lists it.
#
# Nothing here needs root but the installing of missing Debian packages, and
# that is done only for what is truly missing.

GO      ?= go
BIN     := bin
TAGS    := nosqlite,migrated_fynedo
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS := -s -w -X main.version=$(VERSION)
NEED    := packaging/dev/need

# For soak and crowd.
T     ?= 10m
SEED  ?= 0
ROUND ?= 1
N     ?= 50

# Paths of this machine stay out of what is built, and everything is built in the
# same way, so that a test, a check and a program share what is compiled.
export GOFLAGS := $(shell $(GO) env GOFLAGS) -trimpath

# What the window is built with, and what the tests use besides.
WINDOW_PACKAGES := gcc libc6-dev pkg-config libgl1-mesa-dev xorg-dev libwayland-dev libxkbcommon-dev
TEST_PACKAGES   := $(WINDOW_PACKAGES) git iproute2 xvfb libgl1-mesa-dri gcc-mingw-w64-x86-64 wine wine64
BENCH_PACKAGES  := iproute2 nginx-light rsync curl openssl
BENCH_OTHERS    := qbittorrent-nox transmission-cli

# Two heavy builds at once are slower than one after the other.
.NOTPARALLEL:

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## build Potluck and open its window; without a display, run the demonstration
	@packaging/dev/run

.PHONY: build
build: bin/potluck bin/potluck-desktop ## bin/potluck and bin/potluck-desktop

.PHONY: bin/potluck
bin/potluck:
	CGO_ENABLED=0 $(GO) build -tags $(TAGS) -ldflags '$(LDFLAGS)' -o $@ ./cmd/potluck

.PHONY: bin/potluck-desktop
bin/potluck-desktop:
	@$(NEED) $(WINDOW_PACKAGES)
	CGO_ENABLED=1 $(GO) build -tags $(TAGS) -ldflags '$(LDFLAGS)' -o $@ ./cmd/potluck-desktop

.PHONY: windows
windows: ## bin/potluck.exe and bin/potluck-desktop.exe, built here for Windows
	@$(NEED) gcc-mingw-w64-x86-64
	CGO_ENABLED=0 GOOS=windows GOARCH=amd64 \
		$(GO) build -tags $(TAGS) -ldflags '$(LDFLAGS)' -o $(BIN)/potluck.exe ./cmd/potluck
	CGO_ENABLED=1 GOOS=windows GOARCH=amd64 CC=x86_64-w64-mingw32-gcc \
		$(GO) build -tags $(TAGS) -ldflags '$(LDFLAGS) -H=windowsgui' -o $(BIN)/potluck-desktop.exe ./cmd/potluck-desktop

.PHONY: demo
demo: bin/potluck ## two devices on this machine exchange a folder and show it
	@packaging/dev/demo $(BIN)/potluck

.PHONY: test
test: ## everything that must hold before a change is taken: lint, tests, lab, window, Windows
	@$(NEED) $(TEST_PACKAGES)
	@packaging/dev/test

.PHONY: test-quick
test-quick: ## the tests of the packages alone: no lab, no window, no race detector
	$(GO) test -tags $(TAGS) $$($(GO) list -tags $(TAGS) ./... | grep -vE '^potluck/(ui|cmd/potluck-desktop|app/e2e)')

.PHONY: lint
lint: ## formatting, vet for three systems, staticcheck, shellcheck where it is installed
	@packaging/dev/lint

.PHONY: fuzz
fuzz: ## every fuzz target for FUZZTIME (30s)
	@packaging/dev/fuzz

.PHONY: bench
bench: bin/potluck ## how fast, beside curl, rsync and cp; BENCH='-runs 5 -case 1g,small' to choose
	@$(NEED) $(BENCH_PACKAGES)
	-@$(NEED) $(BENCH_OTHERS)
	$(GO) run -tags $(TAGS) ./app/bench -potluck $(BIN)/potluck $(BENCH)

.PHONY: bench-window
bench-window: build ## what the window takes: first picture, idle, ten transfers, memory, scrolling; three minutes, on a quiet machine
	@$(NEED) $(WINDOW_PACKAGES) iproute2 xvfb libgl1-mesa-dri
	$(GO) test -tags $(TAGS) -run '^$$' -bench 'Scroll|Change' ./ui
	POTLUCK_BINARY=$(CURDIR)/$(BIN)/potluck POTLUCK_DESKTOP_BINARY=$(CURDIR)/$(BIN)/potluck-desktop \
		$(GO) test -count=1 -tags $(TAGS) -run '^$$' -bench '$(or $(BENCH),.)' -benchtime 1x ./cmd/potluck-desktop

.PHONY: soak
soak: ## five devices while everything goes wrong, for T=10m; SEED=7 ROUND=3 to see again what was seen
	@$(NEED) iproute2 git
	$(GO) test -count=1 -v -tags $(TAGS) -timeout 0 ./app/e2e/soak -run TestSoak -lasts $(T) -seed $(SEED) -round $(ROUND)

.PHONY: crowd
crowd: ## N=50 devices take the same file at once
	@$(NEED) iproute2 git
	POTLUCK_CROWD=$(N) $(GO) test -count=1 -v -tags $(TAGS) -timeout 0 ./app/e2e -run TestCrowd

.PHONY: clean
clean: ## remove what was built
	rm -rf $(BIN) dist
