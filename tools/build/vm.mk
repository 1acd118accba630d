# SPDX-License-Identifier: GPL-2.0-only
#
# The lab VM (tools/vm): make vm-test, make lab. Everything it fetches and makes stays in
# O/vm, which `make clean` leaves alone.

KERNEL ?= 6.1
# what tools/vm/test is asked for: PART or PART/PROGRAM, words; by default its own choice
VM_PARTS := $(sort $(foreach word,$(PART),$(firstword $(subst /, ,$(word)))))

.PHONY: vm-test lab lab-files kasan
VM_NEEDS := all kmod $(addprefix build-test-,$(or $(VM_PARTS),$(PARTS)))

vm-test: $(VM_NEEDS) ## tests in a virtual machine: KERNEL=6.1|6.12 PART=x
	$(Q)O=$(O) tools/check/tap tools/vm/test $(KERNEL) $(PART)

# what the lab has of suptree: all that `make install` installs
lab-files: all
	$(Q)$(MAKE) -s DESTDIR=$(O)/vm/installed PREFIX=/usr install >/dev/null

lab: lab-files kmod ## a virtual machine to work in, on this terminal and by ssh: KERNEL=6.1|6.12
	$(Q)O=$(O) tools/vm/lab $(KERNEL)

# a kernel that looks for faults; for it suptree.ko, and modules that have some
KASAN_DIR := $(O)/vm/kasan
kasan: all build-tests ## tests on a kernel with KASAN, lockdep, kmemleak, UBSAN (slow)
	$(Q)JOBS=$(JOBS) tools/vm/sanitizer/build $(KASAN_DIR)
	$(Q)$(MAKE) kmod KDIR=$(KASAN_DIR)/out
	$(Q)mkdir -p $(KASAN_DIR)/planted && cp tests/vm/planted/* $(KASAN_DIR)/planted/
	$(Q)env -u MAKEFLAGS $(MAKE) -s -C $(KASAN_DIR)/out M=$(KASAN_DIR)/planted modules
	$(Q)O=$(O) tools/check/tap tools/vm/test kasan $(PART)
	$(Q)O=$(O) tools/check/tap tests/vm/guest/kasan.py
