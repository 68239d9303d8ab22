# Evenstock. `make help` lists what can be done.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

VERSION ?= 0.1.0
LDFLAGS := -s -w -X main.version=$(VERSION)
WAILS   := go tool -modfile=tools/go.mod wails
PAGE    := $(shell find frontend/src frontend/public frontend/wailsjs frontend/index.html frontend/*.ts frontend/*.js -type f 2>/dev/null)

.PHONY: help run test check dev build sim mutants bench bench-page screenshots bindings frontend deps clean FORCE

help: ## list what can be done
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | while IFS=$$'\t' read -r name text; do printf '  make %-12s %s\n' "$$name" "$$text"; done

run: ## open the application; without a display: practice stores, the page for a browser, a line for each cycle
	@tools/need.sh build $$([ -z "$${DISPLAY:-}$${WAYLAND_DISPLAY:-}" ] || echo window)
	@tools/run.sh

test: ## install what is missing and run every test (about 20 minutes on 2 cores the first time)
	@tools/need.sh build window test
	@$(MAKE) --no-print-directory deps
	@tools/test.sh

check: deps ## the quick part of the tests, before a commit
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { gofmt -l $$(git ls-files '*.go'); exit 1; }
	go vet ./...
	go tool -modfile=tools/go.mod staticcheck -tags desktop ./...
	go test -race -short -vet=off ./...
	cd frontend && npm run --silent check && npm run --silent test

dev: deps ## the window with a page that reloads as it is edited
	@tools/need.sh build window
	$(WAILS) dev -m -nosyncgomod

build: build/bin/evenstock build/bin/evenstock-cli ## build the window (build/bin/evenstock) and the command line (build/bin/evenstock-cli)

build/bin/evenstock: frontend FORCE
	@tools/need.sh window
	go build -trimpath -ldflags '$(LDFLAGS)' -tags desktop,production,webkit2_41 -o $@ .

build/bin/evenstock-cli: frontend FORCE
	CGO_ENABLED=0 go build -trimpath -ldflags '$(LDFLAGS)' -tags headless -o $@ .

sim: ## the simulation with 1,000 runs and more, and a whole day of a sale in six practice stores
	EVENSTOCK_SIM_RUNS=$${EVENSTOCK_SIM_RUNS:-1000} go test ./backend/sim -count=1 -timeout 60m -v -run 'TestSim'

mutants: ## plant mistakes one by one and show that the simulation finds each
	go run ./backend/sim/mutate

bench: ## the benchmarks
	go test ./backend/bench -count=1 -timeout 30m -run '^$$' -bench . -benchtime 1x
	@$(MAKE) --no-print-directory bench-page

bench-page: build/bin/evenstock-cli build/bin/evenstock ## the stock grid over 100,000 products, in Chromium and in the window
	@tools/need.sh test window
	cd frontend && npm run --silent bench -- --window

screenshots: deps ## pictures of every screen into build/screenshots, a few and a sheet of all into docs/screenshots
	@tools/need.sh test
	cd frontend && npm run --silent screenshots

bindings: ## generate frontend/wailsjs from the services the page may call
	$(WAILS) generate module -tags webkit2_41

frontend: frontend/dist/index.html

frontend/dist/index.html: frontend/node_modules/.package-lock.json $(PAGE)
	cd frontend && npm run --silent build

deps: frontend/node_modules/.package-lock.json
	@go mod download

frontend/node_modules/.package-lock.json: frontend/package-lock.json
	cd frontend && npm ci --no-audit --no-fund
	@touch $@

clean: ## remove what was built
	rm -rf build/bin build/test frontend/dist/assets frontend/dist/index.html frontend/dist-fake
