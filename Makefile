# Everything that is done to the project, by name. Only Go, git and make are needed for run, build and test.
export CGO_ENABLED = 0
GO       ?= go
VERSION  ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
LDFLAGS   = -s -w -X main.release=$(VERSION)
TARGETS   = linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.7.0

.PHONY: run build test dist bench lint fixtures interop kills fuzz race check-targets clean

run: build            ## build pace and open the demo
	./bin/pace demo

build:                ## build ./bin/pace
	$(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/pace ./cmd/pace

test:                 ## every test; needs only Go (and tmux for the tests of the real screen)
	$(GO) test ./...

dist:                 ## static binaries with checksums for every system, in ./dist
	@mkdir -p dist && rm -f dist/*
	@for t in $(TARGETS); do os=$${t%/*}; arch=$${t#*/}; ext=; [ $$os = windows ] && ext=.exe; \
	  echo "dist/pace-$$os-$$arch$$ext"; \
	  GOOS=$$os GOARCH=$$arch $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o dist/pace-$$os-$$arch$$ext ./cmd/pace || exit 1; \
	done
	@cd dist && sha256sum pace-* > SHA256SUMS && cat SHA256SUMS

bench: build          ## every budget side by side with what was reached
	$(GO) run ./cmd/bench -pace ./bin/pace

lint:                 ## gofmt, vet, staticcheck, and a tidy go.mod
	@test -z "$$(gofmt -l cmd engine store themes tui)" || { gofmt -l cmd engine store themes tui; exit 1; }
	$(GO) vet ./...
	$(GO) run $(STATICCHECK) ./...
	$(GO) mod tidy -diff

check-targets:        ## vet for every system that dist builds for
	@for t in $(TARGETS); do echo "vet $$t"; GOOS=$${t%/*} GOARCH=$${t#*/} $(GO) vet ./... || exit 1; done

race:                 ## the race detector over the packages with goroutines (the one step that needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race -short ./engine ./engine/watch/... ./engine/journal ./tui ./store

kills:                ## kill -9 at random moments, PACE_KILLS (200) times, then compare with a fresh rebuild
	PACE_KILLS=$${PACE_KILLS:-200} $(GO) test -count=1 -timeout 30m -v -run 'Killed' ./engine ./cmd/pace

fuzz:                 ## every fuzz target for some thousand inputs
	bash .ci/fuzz $${FUZZTIME:-5000x}

fixtures:             ## make the fixtures and the demo again, with the real tools (needs Python)
	bash testdata/make/all.sh

interop: build        ## real clients write while pace reads (needs Python)
	PACE=$(CURDIR)/bin/pace bash testdata/make/interop/interop.sh

clean:
	rm -rf bin dist
