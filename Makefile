# Thin commands over CMake. `make demo` and `make check` work on a bare Debian 12.
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
PRESET ?= release
TARGET ?= fuzz_wire
TIME ?= 60
ENGINE ?= libfuzzer
CONFIGURE = cmake --preset $(1) >build/$(1).configure.log 2>&1 || { cat build/$(1).configure.log; exit 1; }

.PHONY: demo check check-builds check-arm64 build format lint bench fuzz mutate clean deps

demo: build
	@build/release/cclab demo

check: deps
	@./scripts/check.sh

check-builds: deps
	@./scripts/check-builds.sh

check-arm64: deps
	@./scripts/check-arm64.sh

build: deps
	@mkdir -p build
	@$(call CONFIGURE,$(PRESET))
	@cmake --build --preset $(PRESET) -j $(JOBS)

format:
	@git ls-files '*.c' '*.h' | xargs clang-format -i

lint:
	@./scripts/lint.sh

bench: build
	@cmake --build --preset $(PRESET) -j $(JOBS) --target bench >/dev/null
	@cmake --build --preset $(PRESET) --target run_bench

fuzz: PRESET = $(if $(filter afl,$(ENGINE)),afl,fuzz)
fuzz: deps
	@./scripts/deps.sh libclang-rt-14-dev $(if $(filter afl,$(ENGINE)),afl++)
	@mkdir -p build
	@$(call CONFIGURE,$(PRESET))
	@cmake --build --preset $(PRESET) -j $(JOBS) --target $(TARGET)
	@./scripts/fuzz.sh $(TARGET) $(TIME) $(ENGINE)

mutate: deps
	@./scripts/mutate.sh

deps:
	@./scripts/deps.sh

clean:
	rm -rf build
