# Two commands for a newcomer: `make run` and `make test`.  Each installs what
# is missing, builds, and does its job.  Meson and Ninja do the work.

BUILD := build
DB := var/county.db
LISTEN := 127.0.0.1:8080

.PHONY: run test build asan tsan coverage bench fuzz lint format clean

run: build
	@$(BUILD)/liudong demo --db $(DB) --listen $(LISTEN)

build: $(BUILD)/build.ninja node_modules/.package-lock.json
	@ninja -C $(BUILD) --quiet

test: tools/.installed-test build
	@tests/run $(BUILD)

tools/.installed-build: tools/packages.txt
	@tools/install build && touch $@

tools/.installed-test: tools/packages.txt
	@tools/install test && touch $@ tools/.installed-build

tools/.installed-dev: tools/packages.txt
	@tools/install dev && touch $@

node_modules/.package-lock.json: package-lock.json tools/.installed-build
	@npm ci --ignore-scripts --no-audit --no-fund --silent && touch $@

# Only made when absent: ninja itself sees to changes of the meson files.
$(BUILD)/build.ninja: | tools/.installed-build node_modules/.package-lock.json
	@meson setup $(BUILD) >$(BUILD).log 2>&1 || { cat $(BUILD).log >&2; exit 3; }
	@rm -f $(BUILD).log

# AddressSanitizer and UndefinedBehaviorSanitizer over every test.
asan: tools/.installed-test node_modules/.package-lock.json
	@[ -f build-asan/build.ninja ] || meson setup build-asan -Db_sanitize=address,undefined -Db_lundef=false
	@ninja -C build-asan --quiet && tests/run build-asan

# ThreadSanitizer over the tests that start threads.  With gcc: clang links its
# run time into the program, where --exclude-libs hides it from the libraries.
tsan: tools/.installed-test node_modules/.package-lock.json
	@[ -f build-tsan/build.ninja ] || meson setup build-tsan -Db_sanitize=thread -Db_lundef=false
	@ninja -C build-tsan --quiet && tests/run build-tsan --suite threads

coverage: tools/.installed-test tools/.installed-dev node_modules/.package-lock.json
	@[ -f build-coverage/build.ninja ] || meson setup build-coverage -Db_coverage=true -Dc_args=-fprofile-update=atomic
	@ninja -C build-coverage --quiet && tests/run build-coverage
	@gcovr -r . --filter src/ --gcov-ignore-parse-errors build-coverage --txt build-coverage/coverage.txt --html-details build-coverage/coverage.html
	@tail -n 3 build-coverage/coverage.txt; echo "build-coverage/coverage.html"

# Each fuzz target for FUZZ_SECONDS; what it finds new stays in build-fuzz/corpus.
FUZZ_SECONDS := 60
fuzz: tools/.installed-test tools/.installed-dev node_modules/.package-lock.json
	@[ -f build-fuzz/build.ninja ] || CC=clang meson setup build-fuzz -Dfuzz=true -Db_lundef=false
	@ninja -C build-fuzz --quiet
	@for seeds in fuzz/corpus/*; do name=$${seeds##*/}; mkdir -p build-fuzz/corpus/$$name; \
	  build-fuzz/fuzz/fuzz_$$name -max_total_time=$(FUZZ_SECONDS) -artifact_prefix=build-fuzz/ \
	    build-fuzz/corpus/$$name $$seeds || exit 1; done

# Every benchmark; each asserts its answers.  The peers' packages are compared where
# they are installed (bench/peers.mjs).
bench: tools/.installed-build node_modules/.package-lock.json
	@[ -f build-bench/build.ninja ] || meson setup build-bench -Dbench=true --buildtype=release -Db_ndebug=false >/dev/null
	@ninja -C build-bench --quiet
	@set -e; for name in feel dmn columns fulltext vocabulary market market_quality jobs county barriers registry search intake audit demo cases serving lottery allocation writers; do echo "--- $$name"; build-bench/bench/$$name; done
	@echo "--- writers, PostgreSQL"; LIUDONG_TEST_ON_DISK=1 tests/support/postgres with sh -c 'build-bench/bench/writers "$$LIUDONG_TEST_POSTGRES"'
	@node bench/peers.mjs build-bench/bench/dmn

lint: build tools/.installed-dev
	@ninja -C $(BUILD) --quiet && clang-tidy --quiet -p $(BUILD) $$(git ls-files 'src/*.c')

format:
	@clang-format -i $$(git ls-files '*.c' '*.h')

clean:
	rm -rf build build-asan build-tsan build-coverage build-fuzz node_modules tools/.installed-*
