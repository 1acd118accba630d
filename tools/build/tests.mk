# SPDX-License-Identifier: GPL-2.0-only
#
# The tests: every folder of tests/ but lib, fuzz and otp is a part. The parts
# kmod and clock are built as the others are, but need suptree.ko and a kernel to harm, or
# set the clock: only the lab VM runs them, or whoever names them.
#   tests/<part>/*.c            a kselftest program each
#   tests/<part>/*.sh, *.py     a kselftest program each, as it is
#   tests/<part>/lib/*.c        linked into each program of the part
#   tests/<part>/programs/*.c   built for the tests to start, never run by itself
#   tests/<part>/lib/wrapped.h  its CALL(name, ...) lines: functions whose calls in
#                               the part's programs go to doubles, __wrap_name
#   tests/lib/*.c               linked into each program of every part
# A part named as a folder of layers.txt is linked with what that folder may use,
# any other with everything. C tests are compiled with three strings, ST_TEST_DIR
# (the part's source folder), ST_TEST_OUT (its output: programs/ is there) and
# ST_TEST_BIN (build/bin of this build); scripts have them, and ST_TEST_TOP, in
# their environment.
#
# The harness comes out of Debian's linux-source (tools/build/fetch-kselftest).

KSFT ?= $(O)/kselftest
PARTS := $(filter-out lib fuzz otp $(WITHOUT_BPF) $(WITHOUT_WEB) $(WITHOUT_OBSERVER),\
	 $(sort $(patsubst tests/%/,%,$(dir $(wildcard tests/*/*.c tests/*/*.sh tests/*/*.py)))))
HERE_PARTS := $(filter-out kmod clock,$(PARTS))
TEST_LIB := $(if $(wildcard tests/lib/*.c),$(OUT)/lib/tests/common.a)

.PHONY: fetch-kselftest
fetch-kselftest: $(KSFT)/.stamp
$(KSFT)/.stamp: tools/build/fetch-kselftest
	$(call say,FETCH,kselftest out of linux-source)
	$(Q)tools/build/fetch-kselftest $(KSFT)

# The harness's macros define functions that nobody declared, with parameters that
# a test may not need.
HARNESS_WARNINGS := -Wno-missing-prototypes -Wno-unused-parameter

$(OUT)/obj/tests/%.o: EXTRA_CFLAGS = -Itests/lib -isystem $(KSFT) $(HARNESS_WARNINGS) \
	-DST_TEST_DIR='"$(CURDIR)/tests/$(firstword $(subst /, ,$*))"' \
	-DST_TEST_OUT='"$(OUT)/tests/$(firstword $(subst /, ,$*))"' \
	-DST_TEST_BIN='"$(OUT)/bin"'
$(OUT)/obj/tests/%.o: tests/%.c $(OUT)/.flags | $(KSFT)/.stamp
	$(compile)

ifneq ($(TEST_LIB),)
$(TEST_LIB): $(call objects,$(wildcard tests/lib/*.c)) $(OUT)/.sources
	$(archive)
endif

# $(call part_archives,PART)
part_archives = $(call archives,$(if $(filter $(1),$(LIB_FOLDERS)),$(1),$(LIB_FOLDERS)))

# $(call wrapped,PART): tell the linker of the part's doubles
wrapped = $(if $(wildcard tests/$(1)/lib/wrapped.h),\
	  $(patsubst %,-Xlinker --wrap=%,$(shell tools/build/wrapped tests/$(1)/lib/wrapped.h)))

# $(call part_needs,PART): all programs, unless it has no scripts, which start some, and
# tests a folder that makes none
part_needs = $(if $(filter $(1),$(filter-out $(MAINS:userspace/%/main.c=%),$(LIB_FOLDERS))),\
	     $(if $(wildcard tests/$(1)/*.py tests/$(1)/*.sh),all),all)

define part_rules
programs_$(1) := $$(patsubst tests/%.c,$(OUT)/tests/%,$$(wildcard tests/$(1)/programs/*.c))
tests_$(1) := $$(patsubst tests/%.c,$(OUT)/tests/%,$$(wildcard tests/$(1)/*.c))
lib_$(1) := $$(if $$(wildcard tests/$(1)/lib/*.c),$(OUT)/lib/tests/$(1).a)

$$(tests_$(1)): $(OUT)/tests/%: $(OUT)/obj/tests/%.o $$(lib_$(1)) $(TEST_LIB) \
		$(call part_archives,$(1)) $(OUT)/.sources
	$$(link)

$$(tests_$(1)) $$(programs_$(1)): EXTRA_LDFLAGS = $(call wrapped,$(1))
$(if $(wildcard tests/$(1)/lib/wrapped.h),\
	$$(tests_$(1)) $$(programs_$(1)): tests/$(1)/lib/wrapped.h)

$$(programs_$(1)): $(OUT)/tests/%: $(OUT)/obj/tests/%.o $(call part_archives,$(1)) $(OUT)/.sources
	$$(link)

$(OUT)/lib/tests/$(1).a: $$(call objects,$$(wildcard tests/$(1)/lib/*.c)) $(OUT)/.sources
	$$(archive)

.PHONY: build-test-$(1) test-$(1)
build-test-$(1): $(call part_needs,$(1)) $$(tests_$(1)) $$(programs_$(1)) $(KSFT)/.stamp

test-$(1): build-test-$(1)
	$$(call run_parts,$(1))
endef

# $(call run_parts,PARTS): run them as kselftest does, judge and sum up the output
run_parts = $(Q)tools/check/tap $(MAKE) -C tests O=$(O) VARIANT=$(VARIANT) KSFT=$(KSFT) \
	    TARGETS='$(1)' run_built
$(foreach part,$(PARTS),$(eval $(call part_rules,$(part))))

.PHONY: test build-tests print-parts
build-tests: $(PARTS:%=build-test-%) ## build the test programs only

test: $(addprefix build-test-,$(or $(PART),$(HERE_PARTS))) ## run all tests, or those of PART=x
	$(call run_parts,$(or $(PART),$(HERE_PARTS)))

print-parts:
	@echo '$(HERE_PARTS)'
