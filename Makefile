# Two commands do everything on a fresh machine: `make demo` and `make test`.
SHELL := /bin/bash
export PATH := $(CURDIR)/.tools/go/bin:$(CURDIR)/.tools/node_modules/node/bin:$(PATH)
.DEFAULT_GOAL := help

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
GO_FILES := $(shell find cmd fleet routing hotspots mqtt api store web -name '*.go' -not -name '*_test.go' -not -path '*/node_modules/*') \
	$(wildcard store/migrations/*.sql) go.mod go.sum
WEB_FILES := $(shell find web/src web/locales -type f 2>/dev/null) $(wildcard web/*.json web/*.mjs web/*.html)

.PHONY: help demo test check bench build setup setup-tests fmt vet lint vuln generated web-check go-test web-test props

help: ## say what there is
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 20

setup: ## install what is needed to build and run
	@cmd/setup/setup.sh

setup-tests: ## the same and what the tests need
	@cmd/setup/setup.sh tests

build: setup ## bin/serenazgo with the page embedded
	@$(MAKE) --no-print-directory bin/serenazgo

bin/serenazgo: web/dist/index.html $(GO_FILES)
	go build -trimpath -ldflags '-X main.version=$(VERSION)' -o $@ ./cmd/serenazgo

web/dist/index.html: $(WEB_FILES)
	cd web && npm run --silent build

demo: build ## the whole service on a demo district; OSM=file BOUNDARY=file for another one
	@exec bin/serenazgo demo $(if $(OSM),--osm '$(OSM)') $(if $(BOUNDARY),--boundary '$(BOUNDARY)') $(DEMO_FLAGS)

test: setup-tests web/dist/index.html web-test go-test ## all tests: Go with the race detector, page, browser

# Property tests draw the same cases in every run, so that a failure can be repeated; `make props` draws others.
go-test: export RAPID_SEED ?= 1
go-test: export RAPID_CHECKS ?= 50
go-test:
	go test -race -timeout 60m ./...

props: export RAPID_CHECKS ?= 300
props: ## property tests with other cases, and more of them, than the tests draw
	go test -timeout 2h $$(go list -f '{{.ImportPath}} {{join .TestImports " "}} {{join .XTestImports " "}}' ./... | sed -n 's/ .*pgregory.net\/rapid.*//p' | grep -v /cmd/)

web-test:
	cd web && npm test --silent

check: setup-tests web/dist/index.html fmt vet lint vuln generated web-check ## what continuous integration runs
	@$(MAKE) --no-print-directory test

fmt:
	@out=$$(gofmt -l $$(git ls-files '*.go')); if [ -n "$$out" ]; then echo "run gofmt -w on:"; echo "$$out"; exit 1; fi

vet:
	go vet ./...

lint:
	go tool staticcheck ./...

vuln:
	@out=$$(go tool govulncheck ./... 2>&1); st=$$?; \
	if [ $$st -eq 0 ]; then echo "govulncheck: nothing found"; \
	elif echo "$$out" | grep -qE 'fetching vulnerabilities|dial tcp|no such host|connection refused|403|Forbidden|i/o timeout'; then \
	  echo "govulncheck: skipped, the vulnerability database cannot be reached"; \
	else echo "$$out"; exit $$st; fi

generated: ## generated code is what its sources make
	go generate ./...
	@git diff --exit-code --stat -- '*.gen.go' || { echo "generated code is out of date: commit what go generate made"; exit 1; }

web-check:
	cd web && npm run --silent check

bench: build ## the short benchmark set of docs/benchmarks.md
	@cmd/setup/bench.sh
