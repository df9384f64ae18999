# `make help` says what there is to make.

SHELL = /bin/bash
.SHELLFLAGS = -eu -o pipefail -c
.DEFAULT_GOAL = build

PREFIX ?= /usr/local
DESTDIR ?=
bindir = $(DESTDIR)$(PREFIX)/bin
mandir = $(DESTDIR)$(PREFIX)/share/man
datadir = $(DESTDIR)$(PREFIX)/share

BINARIES = parley-keys parley-net
# Static Swift standard library and lld's folding: 30 % smaller and quicker to start.
RELEASE = -c release --static-swift-stdlib -Xswiftc -use-ld=lld -Xlinker --icf=all \
	-Xlinker --gc-sections -Xlinker -z -Xlinker pack-relative-relocs -Xlinker -s \
	-Xlinker -L$(CURDIR)/.build/static -Xswiftc -Xclang-linker -Xswiftc -static-libgcc
SIZE_LIMIT = 26214400
# The seconds that each fuzz target runs.
FUZZ_SECONDS ?= 20

## build: the release build; every tool under its own name in .build/bin
.PHONY: build
build: swift build-deps
	@# The C++ library that Swift's runtime wants, found as an archive alone: loading the shared one
	@# costs a tenth of the start.
	@mkdir -p .build/static
	@ln -sf "$$(clang -print-file-name=libstdc++.a)" .build/static/
	for binary in $(BINARIES); do swift build $(RELEASE) --product $$binary; done
	@.ci/link-tools .build/release .build/bin $(BINARIES)
	@.ci/sizes $(SIZE_LIMIT) $(BINARIES:%=.build/release/%)

## debug: the debug build; every tool in .build/debug-bin
.PHONY: debug
debug: swift build-deps
	swift build --build-tests
	PARLEY_DEVELOPMENT=1 swift build --product protocol-echo
	@.ci/link-tools .build/debug .build/debug-bin $(BINARIES)
	@ln -sf ../debug/protocol-echo .build/debug-bin/

## deps: install what building and testing need, where it is missing
.PHONY: deps
deps: swift
	@.ci/install-packages build test
	@.ci/make-venv

.PHONY: build-deps
build-deps:
	@.ci/install-packages build

.PHONY: swift
swift:
	@.ci/check-swift

## test: unit tests, and pipelines of real processes
.PHONY: test
test: deps debug
	swift test --skip-build --disable-xctest
	Tests/EndToEnd/run .build/debug-bin

## unit: the unit tests alone
.PHONY: unit
unit: swift build-deps
	swift test --disable-xctest

## e2e: the pipelines alone; e2e NAME=x runs x.sh
.PHONY: e2e
e2e: deps debug
	Tests/EndToEnd/run .build/debug-bin $(NAME)

## check: format, layering, manuals, completions, scripts; changes nothing
.PHONY: check
check: deps debug build
	swift format lint --strict -r Package.swift Sources Tests
	.ci/check-imports
	.ci/check-statuses
	.ci/check-binaries $(SIZE_LIMIT) $(BINARIES:%=.build/release/%)
	.ci/generate-docs .build/debug-bin .build/docs $(BINARIES)
	.ci/check-docs .build/docs
	.ci/check-scripts

## docs: write the manual pages and completions that the tools generate
.PHONY: docs
docs: debug
	.ci/generate-docs .build/debug-bin . $(BINARIES)

## fix: format the sources
.PHONY: fix
fix:
	swift format -i -r Package.swift Sources Tests

## demo: the main job with real processes, each step printed
.PHONY: demo
demo: deps build
	Tests/demo

## bench: speed and memory against other programs, as ratios
.PHONY: bench
bench: deps build
	@.ci/install-packages bench
	for program in primitives relay-bare relay-load sdp-bench; do \
		PARLEY_DEVELOPMENT=1 swift build $(RELEASE) --scratch-path .build/development \
			--product $$program; \
	done
	Tests/bench $(BENCH)

## soak: ten thousand clients for ten minutes, with the relay killed in the middle
.PHONY: soak
soak: deps build
	PARLEY_DEVELOPMENT=1 swift build $(RELEASE) --scratch-path .build/development \
		--product relay-load
	Tests/soak $(SOAK)

## fuzz: each fuzz target for FUZZ_SECONDS (20); what it finds is in .build/fuzz-finds
.PHONY: fuzz
fuzz: swift build-deps
	.ci/fuzz $(FUZZ_SECONDS) $(NAME)

## install: into PREFIX (/usr/local), below DESTDIR
.PHONY: install
install: build
	install -d $(bindir) $(mandir)/man1 $(mandir)/man5 $(mandir)/man7 \
		$(datadir)/bash-completion/completions $(datadir)/zsh/site-functions \
		$(datadir)/fish/vendor_completions.d $(datadir)/parley
	install -m 644 Sources/SDP/sdp.schema.json $(datadir)/parley/sdp.schema.json
	for binary in $(BINARIES); do \
		install -m 755 .build/release/$$binary $(bindir)/$$binary; \
		for tool in $$(.build/release/$$binary --list); do \
			ln -sf $$binary $(bindir)/$$tool; \
			install -m 644 Completions/bash/$$tool $(datadir)/bash-completion/completions/$$tool; \
			install -m 644 Completions/zsh/_$$tool $(datadir)/zsh/site-functions/_$$tool; \
			install -m 644 Completions/fish/$$tool.fish \
				$(datadir)/fish/vendor_completions.d/$$tool.fish; \
		done; \
	done
	for page in Man/*.[157]; do \
		install -m 644 $$page $(mandir)/man$${page##*.}/$${page##*/}; \
	done

## uninstall: take away what install put there
.PHONY: uninstall
uninstall:
	for page in Man/*.[157]; do rm -f $(mandir)/man$${page##*.}/$${page##*/}; done
	for file in Completions/bash/*; do \
		tool=$${file##*/}; \
		rm -f $(bindir)/$$tool $(datadir)/bash-completion/completions/$$tool \
			$(datadir)/zsh/site-functions/_$$tool \
			$(datadir)/fish/vendor_completions.d/$$tool.fish; \
	done
	rm -f $(BINARIES:%=$(bindir)/%) $(datadir)/parley/sdp.schema.json
	rmdir $(datadir)/parley 2>/dev/null || true

## clean: remove what was built
.PHONY: clean
clean:
	rm -rf .build .venv

## help: this list
.PHONY: help
help:
	@sed -n 's/^## //p' Makefile | awk -F': ' '{ printf "%-10s %s\n", $$1, $$2 }'
