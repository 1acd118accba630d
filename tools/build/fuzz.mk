# SPDX-License-Identifier: GPL-2.0-only
#
# libFuzzer targets: tests/fuzz/<name>.c with LLVMFuzzerTestOneInput() becomes
# build/fuzz/bin/fuzz-<name>, linked with everything built the same way. Seeds are
# tests/fuzz/corpus/<name>/*, a dictionary tests/fuzz/<name>.dict; what a run finds
# goes to build/fuzz/corpus/<name>, a crash to build/fuzz/crashes/.

FUZZ_SECONDS ?= 600
FUZZERS := $(patsubst tests/fuzz/%.c,$(OUT)/bin/fuzz-%,\
	   $(filter-out $(patsubst %,tests/fuzz/%.c,$(WITHOUT_WEB) $(WITHOUT_OBSERVER)),\
	   $(wildcard tests/fuzz/*.c)))

.PHONY: fuzz fuzzers
fuzz: ## run every fuzz target for FUZZ_SECONDS (600)
	$(Q)$(MAKE) FUZZ=1 fuzzers
	$(Q)JOBS=$(JOBS) tools/check/tap tools/check/fuzz $(O)/fuzz/bin $(FUZZ_SECONDS)

fuzzers: $(FUZZERS)

$(FUZZERS): EXTRA_LDFLAGS = -fsanitize=fuzzer
$(FUZZERS): $(OUT)/bin/fuzz-%: $(OUT)/obj/tests/fuzz/%.o $(ARCHIVES) $(OUT)/.sources
	$(Q)mkdir -p $(@D)
	$(call say,LD,$(@:$(O)/%=%))
	$(Q)$(CC) $(ALL_LDFLAGS) $(EXTRA_LDFLAGS) -o $@ $(filter %.o,$^) \
		$(call archives,$(LIB_FOLDERS)) $(LIBS)
