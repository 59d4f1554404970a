# The front door. `make` lists what can be done; CONTRIBUTING.md says more.

JOBS ?= $(shell nproc)
FUZZ_RUNS ?= 1000000
ARGS ?=
OLDEST_GO := go1.23.12
EDGE := .deps/edge/bin/python
JAVA_TESTS = -DskipTests
CLI_VERSION = github.com/relais-gateway/relais/cli/internal/command.Version=$(shell sed -n 's/^project.relais VERSION \([^ ]*\).*/\1/p' CMakeLists.txt)

BUILD := cmake --build
# --no-tests=error: a run without a test has proved nothing.
CTEST := ctest --output-on-failure --no-tests=error -j$(JOBS)
# ThreadSanitizer of gcc 12 cannot place its memory where the kernel scatters addresses widely.
FIXED_ADDRESSES = $(shell setarch -R true 2>/dev/null && echo setarch -R)

.DEFAULT_GOAL := help
.PHONY: help run test check protos test-door test-release test-clients test-asan test-tsan test-long portability bench alone lint fuzz clean cli
.PHONY: demo deb front soak bench-check test-edge test-operations test-cli test-clients-go test-clients-python test-clients-java test-clients-cpp test-clients-scenarios build-gateway build-bench build-bench-programs FORCE

help: ## List the targets
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 22
	@echo 'ARGS="--help" passes arguments to make run; JOBS=1 builds with one job.'

run: ## Set up, build and start the gateway with its embedded sandbox
	@tools/setup.sh run
	@$(MAKE) -s --no-print-directory build/release/build.ninja
	@$(BUILD) build/release -j$(JOBS) --target relaisd relais-sandbox
	@exec build/release/bin/relaisd dev $(ARGS)

test: ## Set up, then run all checks and tests: as released, under ASan+UBSan, the core under TSan
	@tools/setup.sh run
	@$(MAKE) --no-print-directory test-door
	@tools/setup.sh test
	@tools/setup.sh clients-java
	@tools/setup.sh edge
	@$(MAKE) --no-print-directory check
	@$(MAKE) --no-print-directory test-release
	@$(MAKE) --no-print-directory bench-check ARGS=--steady
	@$(MAKE) --no-print-directory test-clients
	@$(MAKE) --no-print-directory test-operations
	@$(MAKE) --no-print-directory test-edge
	@$(MAKE) --no-print-directory alone ARGS=--product
	@$(MAKE) --no-print-directory test-asan
	@$(MAKE) --no-print-directory test-tsan

check: ## The checks that need no build: layers, includes, format, protos and stubs
	@tools/check_layers_test.py
	@tools/check_layers
	@tools/check_includes_test.py
	@tools/check_includes
	@tools/format --check
	@tools/protos_test.py
	@tools/check_protos
	@tools/gen_go --check
	@$(EDGE) deploy/envoy/generate --check
	@$(EDGE) deploy/openapi/generate --check

protos: ## Pack the API for those who generate stubs: build/relais-protos-VERSION.tar.gz and .binpb
	@tools/setup.sh test
	@tools/pack_protos build

test-door: ## Open the front door as a user does: the real make run, its calls, Ctrl-C
	@tests/door/door_test.py

test-release: build/release/build.ninja ## Build as released and run all tests
	@$(BUILD) build/release -j$(JOBS)
	@$(CTEST) --test-dir build/release -LE long

test-clients: ## Test clients and command line against the gateway as released: each alone, then clients in the same scenarios
	@$(MAKE) --no-print-directory test-clients-go
	@$(MAKE) --no-print-directory test-cli
	@$(MAKE) --no-print-directory test-clients-python
	@$(MAKE) --no-print-directory test-clients-java
	@$(MAKE) --no-print-directory test-clients-cpp
	@$(MAKE) --no-print-directory test-clients-scenarios ARGS='--language go python python-aio java cpp'

cli: ## Build the command line: build/cli/relais-OS-ARCH, its man pages, docs/cli.md
	@cd cli && go run ./internal/docs && go run ./internal/docs ../build/cli/man && for os in linux darwin windows; do for arch in amd64 arm64; do \
	  CGO_ENABLED=0 GOOS=$$os GOARCH=$$arch go build -trimpath -buildvcs=false -ldflags "-s -w -X $(CLI_VERSION)" \
	  -o ../build/cli/relais-$$os-$$arch$$(test $$os != windows || echo .exe) ./relais || exit 1; done; done

test-cli: build-gateway ## The command line alone: vet, staticcheck, tests against the gateway, in a terminal too
	@cd cli && go vet ./... && GOOS=windows go vet ./internal/output && ../.deps/bin/staticcheck ./... && go test -count=1 ./...

test-clients-go: build-gateway build/clients/go/scenario-runner ## The Go client alone: vet, staticcheck, tests under the race detector, a new user
	@cd clients/go && go vet ./... && ../../.deps/bin/staticcheck ./... && GOTOOLCHAIN=$(OLDEST_GO) go vet ./... && \
	  go test -count=1 -race ./...
	@tests/clients/go_module_test.py
	@tests/clients/calling_test.py go

test-clients-python: build-gateway ## The Python client alone: its code, packages, types, README and examples
	@.deps/python-client/bin/python -m pytest -q clients/python/tests
	@.deps/python-client/bin/python -m pytest -q tests/clients/vendor_scripts
	@tests/clients/pages_test.py
	@.deps/python-client/bin/python tests/clients/calling_test.py python

test-clients-java: JAVA_TESTS = -Pprotobuf4
test-clients-java: build-gateway build/clients/java/scenario-runner ## The Java client alone: its tests on both protobuf-java, its examples, a new user
	@clients/java/tests/consumer_test.py
	@tests/clients/calling_test.py java

test-clients-cpp: build-gateway ## The C++ client alone: its tests, and its package as a user installs it
	@cmake -S clients/cpp -B build/clients/cpp --log-level=NOTICE -DCMAKE_BUILD_TYPE=Release \
	  $(shell command -v ccache >/dev/null && echo -DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
	@CCACHE_BASEDIR=$(CURDIR)/build/clients/cpp CCACHE_NOHASHDIR=1 $(BUILD) build/clients/cpp -j$(JOBS)
	@$(CTEST) --test-dir build/clients/cpp

test-clients-scenarios: build-gateway build/clients/go/scenario-runner ## Compare the clients that are built: one table for all languages
	@clients/scenarios/matching_test.py
	@clients/scenarios/harness_test.py
	@clients/scenarios/run $(ARGS)

demo: build/release/build.ninja ## Start what docker-compose.yml describes as plain processes: Envoy, two gateways, sandbox, Prometheus
	@tools/setup.sh edge
	@tools/setup.sh operations
	@$(BUILD) build/release -j$(JOBS) --target relaisd relais-sandbox
	@exec .deps/operations/bin/python deploy/compose/run_as_processes

deb: ## Build the Debian package: build/relais_VERSION-1_ARCH.deb
	@tools/setup.sh run
	@$(MAKE) -s --no-print-directory build/release/build.ninja
	@$(BUILD) build/release -j$(JOBS) --target relais_packed
	@rm -f build/relais_*.deb
	@cd build/release && cpack

test-operations: build/release/build.ninja ## What deploy/ has: dashboard and alerts over a real Prometheus, and the rest of it
	@tools/setup.sh edge
	@tools/setup.sh operations
	@$(BUILD) build/release -j$(JOBS) --target relaisd relais-sandbox
	@.deps/operations/bin/python -B -m unittest discover -s tests/operations -p '*_test.py' $(ARGS)
test-edge: build-gateway ## The shipped Envoy before two gateways: identities, REST, restarts, certificates, attacks
	@tools/setup.sh edge
	@$(EDGE) -m pytest -q -p no:cacheprovider tests/edge $(ARGS)

front: ## Pack what Envoy needs before gateways into build/front: ARGS="--values FILE --policy FILE"; docs/mesh.md
	@tools/setup.sh edge
	@deploy/envoy/pack build/front $(ARGS)

soak: build-gateway ## Not part of make test: attacks with five times the numbers, 20 restarts, 100 rotations, all of REST
	@tools/setup.sh edge
	@RELAIS_SOAK=1 RELAIS_RESTART_ROUNDS=10 RELAIS_ROTATIONS=100 RELAIS_EXAMINE=all $(EDGE) -m pytest -q -s -p no:cacheprovider \
	  tests/edge/attacks_test.py tests/edge/restart_test.py tests/edge/rotation_test.py tests/edge/examined_test.py $(ARGS)

build-gateway: build/release/build.ninja
	@tools/setup.sh test
	@tools/setup.sh clients
	@$(BUILD) build/release -j$(JOBS) --target relaisd relais-sandbox

# A runner for clients/scenarios.
build/clients/go/scenario-runner: FORCE
	@cd clients/go && go build -o ../../$@ ./internal/scenariorunner

# The same of Java, with all of clients/java, whose tests run where JAVA_TESTS says so.
build/clients/java/scenario-runner: build-gateway FORCE
	@tools/setup.sh clients-java
	@mvn -o -B -q -Dmaven.repo.local=$(CURDIR)/.deps/m2 -f clients/java/pom.xml package $(JAVA_TESTS)
	@mkdir -p $(@D) && ln -sfn ../../../clients/java/scenario-runner $@

test-asan: build/asan/build.ninja ## The same under AddressSanitizer and UndefinedBehaviorSanitizer
	@$(BUILD) build/asan -j$(JOBS)
	@UBSAN_OPTIONS=print_stacktrace=1 \
	  LSAN_OPTIONS=suppressions=$(CURDIR)/tests/support/lsan.supp:print_suppressions=0 \
	  $(CTEST) --test-dir build/asan

test-tsan: build/tsan-core/build.ninja ## The core's tests under ThreadSanitizer
	@$(BUILD) build/tsan-core -j$(JOBS)
	@TSAN_OPTIONS=second_deadlock_stack=1 $(FIXED_ADDRESSES) $(CTEST) --test-dir build/tsan-core

test-long: ## Let LibreOffice read what exports write (installs it); not part of make test
	@tools/setup.sh long
	@cmake --preset release -DRELAIS_LONG=ON --log-level=NOTICE
	@$(BUILD) build/release -j$(JOBS) --target libreoffice_test
	@$(CTEST) --test-dir build/release -L long

portability: ## Build and test on Debian 13, and with unstable's newest gRPC (unpacks both, 4 GB); not part of make test
	@tools/portability trixie $(ARGS)
	@tools/portability sid $(ARGS)

build/%/build.ninja: CMakePresets.json
	@cmake --preset $* --log-level=NOTICE
	@touch $@

bench: build-bench ## Run the benchmarks; bench/README.md says how to read them
	@bench/run $(ARGS)

build-bench: build-bench-programs build/peers/go
	@$(BUILD) build/release -j$(JOBS)

build-bench-programs:
	@tools/setup.sh bench
	@cmake --preset release -DRELAIS_BENCH=ON --log-level=NOTICE
	@$(BUILD) build/release -j$(JOBS) --target relaisd bench_upstream bench_client

# The Go gateway that the benchmarks compare with.
build/peers/go: FORCE
	@command -v go >/dev/null || { echo 'bench: its Go peer needs Go' >&2; exit 1; }
	@cd bench/peers/go && go build -trimpath -o ../../../$@ .

bench-check: build-bench-programs ## Instructions and system calls per call, row, event and chunk against bench/budgets.json
	@bench/check $(ARGS)

alone: build/release/build.ninja ## Let every source file compile by itself, syntax only: batches hide omitted includes
	@tools/setup.sh test
	@$(BUILD) build/release -j$(JOBS) --target relais_service_protos relais_grpc_protos relais_sections
	@tools/check_alone --jobs $(JOBS) $(ARGS)

lint: ## Format in place, then clang-tidy, protos and layers; in CI a changed tree fails
	@tools/setup.sh test
	@tools/format
	@tools/check_layers
	@tools/check_includes
	@tools/check_protos
	@$(MAKE) -s --no-print-directory build/dev/build.ninja
	@$(BUILD) build/dev -j$(JOBS) --target relais_service_protos relais_grpc_protos relais_protos
	@tools/tidy build/dev
	@if [ "$$CI" = true ] && [ -n "$$(git status --porcelain)" ]; then \
	  git status --short; echo 'lint: the tree is not as committed: commit what make lint changes' >&2; exit 1; fi

fuzz: ## Run every fuzz target FUZZ_RUNS times (1000000) over its corpus
	@tools/setup.sh test
	@$(MAKE) -s --no-print-directory build/fuzz/build.ninja
	@$(BUILD) build/fuzz -j$(JOBS) --target $(notdir $(wildcard tests/fuzz/corpus/*))
	@tools/fuzz build/fuzz $(FUZZ_RUNS) $(ARGS)

clean: ## Remove what was built (.deps/ stays)
	rm -rf build
