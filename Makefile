# SPDX-License-Identifier: GPL-2.0-only
#
# suptree's build. `make help` lists the targets.
#
# A folder says itself what it becomes, nothing here lists files:
#   userspace/<lib>/*.c, userspace/<lib>/<room>/*.c
#                             build/lib/lib<lib>.a; main.c of daemon and cli apart
#   userspace/daemon/main.c   build/bin/suptreed
#   userspace/libsuptree/*.c  build/lib/libsuptree.so, .a (tools/build/libsuptree.mk)
#   userspace/cli/main.c      build/bin/suptree
#   userspace/workers/*.c     build/bin/<name>, each
#   tools/<tool>/*.c          build/bin/st-<tool>, for tools of tools/lint/layers.txt
#   tests/<part>/*.c          build/tests/<part>/<name>, each (tools/build/tests.mk)
#   tests/fuzz/*.c            build/fuzz/bin/fuzz-<name>, each (tools/build/fuzz.mk)
# What links with what is tools/lint/layers.txt, the table the layer gate checks.
#
# Variables: O=DIR output (build); V=1 show commands; CC=clang; SAN=1 ASan and
# UBSan, in O/san; VARIANT=NAME any other build beside these, in O/NAME; PART=x;
# DESTDIR= PREFIX= for install; FUZZ_SECONDS=n; CFLAGS, LDFLAGS are appended.

MAKEFLAGS += -rR --no-print-directory
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:

# Names of targets cannot hold blanks. The checkout's own path may: what needs it quotes it.
O ?= build
ifneq ($(words $(abspath $(O))),1)
$(error the output folder cannot have a blank in its path, \
	and "$(if $(filter file,$(origin O)),$(CURDIR)/)$(O)" has one: make O=/some/folder)
endif
override O := $(abspath $(O))
VARIANT ?= $(if $(filter 1,$(FUZZ)),fuzz,$(if $(filter 1,$(SAN)),san))
OUT := $(O)$(addprefix /,$(VARIANT))
JOBS ?= $(shell nproc)

ifeq ($(filter-out default undefined,$(origin CC)),)
CC := gcc
endif
ifeq ($(filter-out default undefined,$(origin AR)),)
AR := ar
endif
OBJCOPY ?= objcopy

# $(call say,CC,file): one line a step, unless the commands show or make is silent
silent := $(filter 1,$(V))$(findstring s,$(firstword -$(MAKEFLAGS)))
say = $(if $(silent),,@printf '  %-7s %s\n' '$(1)' '$(2)')
Q := $(if $(filter 1,$(V)),,@)

include tools/build/flags.mk
include tools/build/bpf.mk
include tools/build/web.mk
include tools/build/rules.mk
include tools/build/page.mk
include tools/build/libsuptree.mk
include tools/build/tests.mk
include tools/build/fuzz.mk
include tools/build/install.mk
include tools/build/kmod.mk
include tools/build/vm.mk

.PHONY: all deps run run-programs check check-commits check-elsewhere lint format bench soak
.PHONY: otp otp-core
.PHONY: clean help print-cflags FORCE

all: $(PROGRAMS) $(ARCHIVES) $(LIBSUPTREE) ## build programs (build/bin) and libraries (build/lib)

deps: ## install the Debian packages that are missing, for all targets
	$(Q)tools/deps

# Only what the demo needs, on all processors unless -j says otherwise.
run: ## start the demo trees and show what to try
	$(Q)tools/deps run
	$(Q)[ '$(PAGE)' = 0 ] || tools/deps page || echo 'suptree-web will have no page'
	$(Q)$(MAKE) $(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS)) run-programs
	$(Q)tools/demo/run $(OUT)/bin

run-programs: $(DAEMON) $(CLI) $(TRACER) $(WEB) $(WORKERS)

check: ## everything: lint, builds, tests, conformance, fuzzing, install
	$(Q)O=$(O) JOBS=$(JOBS) tools/check/run

check-elsewhere: ## the tests at another time, in another language, ...: PLACE=leap, or all
	$(Q)O=$(O) JOBS=$(JOBS) tools/check/tap tools/check/elsewhere $(PLACE) $(PART)

lint: ## the lint gates alone
	$(Q)O=$(O) JOBS=$(JOBS) tools/check/run lint

check-commits: ## judge commits as they stand in the log: BASE=COMMIT, those after it
	$(Q)tools/lint/commits $(BASE:%=%..HEAD)

format: ## give all C files the form that the gate asks for
	$(Q)tools/lint/files c | xargs -r clang-format -i

bench: all ## measure and compare with other supervisors (minutes)
	$(Q)tools/bench/run $(OUT)/bin

otp-core: all ## the stored scenarios on core alone
	$(Q)tests/otp/run.sh --core $(OUT)/bin

otp: all ## compare fresh random scenarios with Erlang's own supervisor
	$(Q)tests/otp/live.sh $(OUT)/bin

clean: ## remove the output folder, but keep fetched files
	$(call say,CLEAN,$(O))
	$(Q)if [ -d $(O) ]; then \
		find $(O) -mindepth 1 -maxdepth 1 ! -name kselftest ! -name vm ! -name openapi \
			! -name npm -exec rm -rf {} +; \
	fi

help: ## this list
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 24
	@printf '  make test-PART        the tests of one folder of tests/: %s\n' '$(PARTS)'
	@sed -n '/^# Variables/,/^$$/s/^# */  /p' Makefile

print-cflags:
	@echo "$(ALL_CFLAGS)"
