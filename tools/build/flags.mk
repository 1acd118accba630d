# SPDX-License-Identifier: GPL-2.0-only
#
# How everything is compiled. Three builds: optimised and hardened (the default),
# SAN=1 (AddressSanitizer and UBSan, any report ends the program), FUZZ=1 (the
# same under libFuzzer, which is clang's).
#
# _GNU_SOURCE is defined empty, so that a file that defines it too says the same.

WARNINGS := -Wall -Wextra -Werror -Wshadow -Wvla -Wundef -Wcast-qual -Wswitch-enum \
	    -Wstrict-prototypes -Wmissing-prototypes -Wformat=2

BASE_FLAGS := -std=gnu11 -g -D_GNU_SOURCE= -Iuserspace -Ibpf -Ikmod/uapi \
	      -isystem $(O)/bpf -isystem /usr/include/libnl3 \
	      $(WARNINGS) -fno-omit-frame-pointer
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all

ifeq ($(FUZZ),1)
override CC := clang
MODE_FLAGS := -O1 $(SANITIZE) -fsanitize=fuzzer-no-link
MODE_LDFLAGS := $(SANITIZE)
else ifeq ($(SAN),1)
MODE_FLAGS := -O1 $(SANITIZE) -DST_SANITIZED=1
MODE_LDFLAGS := $(SANITIZE)
else
MODE_FLAGS := -O2 -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
MODE_LDFLAGS := -pie -Wl,-z,relro,-z,now
endif

ALL_CFLAGS := $(BASE_FLAGS) $(MODE_FLAGS) $(CFLAGS)
ALL_LDFLAGS := $(MODE_LDFLAGS) -Wl,--as-needed $(LDFLAGS)
LIBS := -luring -lyaml -ljansson -ledit -lnl-genl-3 -lnl-3

# $(call keep,WORDS): write them to $@, but only if it does not hold them already
keep = @mkdir -p $(@D) && { printf '%s\n' '$(1)' | cmp -s - $@ || printf '%s\n' '$(1)' >$@; }

# A change of compiler or flags builds everything again, as a change of a file does.
$(OUT)/.flags: FORCE
	$(call keep,$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(LIBS))
