# SPDX-License-Identifier: GPL-2.0-only
#
# One part's tests for kselftest's lib.mk; tests/Makefile calls it in the part's
# output folder, with PART and OUT, TOP as a link to the checkout without a blank in its
# path, and the checkout's own path in ST_TEST_TOP for the tests. The C programs are built
# already; scripts are copied beside them, for the runner starts a test in the folder it
# lies in.
# PROGRAMS="part/name ..." chooses some of them.

SCRIPTS := $(wildcard $(TOP)/tests/$(PART)/*.sh $(TOP)/tests/$(PART)/*.py)
ALL_PROGS := $(notdir $(patsubst %.c,%,$(wildcard $(TOP)/tests/$(PART)/*.c)) $(SCRIPTS))
TEST_GEN_PROGS := $(if $(PROGRAMS),$(filter $(PROGRAMS:$(PART)/%=%),$(ALL_PROGS)),$(ALL_PROGS))

export ST_TEST_DIR := $(ST_TEST_TOP)/tests/$(PART)
export ST_TEST_OUT := $(OUT)/tests/$(PART)
export ST_TEST_BIN := $(OUT)/bin
export PYTHONDONTWRITEBYTECODE := 1
# files and output are UTF-8, whatever the locale is
export PYTHONUTF8 := 1
export PYTHONPATH := $(ST_TEST_TOP)/tests/lib

OUTPUT := $(OUT)/tests/$(PART)
OVERRIDE_TARGETS := 1
KHDR_INCLUDES := none
include $(OUT)/tests/lib.mk

$(OUTPUT)/%: $(TOP)/tests/$(PART)/%
	@cp $< $@
$(OUTPUT)/settings: $(or $(wildcard $(TOP)/tests/$(PART)/settings),$(TOP)/tests/lib/settings)
	@cp $< $@
run_tests: $(OUTPUT)/settings
