# SPDX-License-Identifier: GPL-2.0-only
#
# suptree.ko, as any module is built outside of the kernel's tree, for the headers of
# KERNEL (6.1, 6.12, or `uname -r`), or of KDIR: build/kmod/<release>/suptree.ko. The
# build happens among links to kmod/ there, for Kbuild writes beside the sources.

KERNEL ?= 6.1
# the newest of the releases that begin with KERNEL
KDIR ?= $(lastword $(shell printf '%s\n' \
	$(wildcard /lib/modules/$(KERNEL)/build /lib/modules/$(KERNEL)[.-]*/build) | sort -V))
# what uname -r will say; Debian's kernel.release is another name
KMOD_RELEASE = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
	       $(KDIR)/include/generated/utsrelease.h)
KMOD_OUT = $(O)/kmod/$(KMOD_RELEASE)

.PHONY: kmod
kmod: ## suptree.ko for the headers of KERNEL=6.1 (or KDIR=); KFLAGS="W=1 C=2" for Kbuild
	$(if $(KDIR),,$(error no headers of Linux $(KERNEL); make deps installs those of 6.1, 6.12))
	$(call say,KMOD,$(KMOD_OUT:$(O)/%=%)/suptree.ko)
	$(Q)mkdir -p $(KMOD_OUT) && cp -rsf '$(CURDIR)/kmod/.' $(KMOD_OUT)/
	$(Q)env -u MAKEFLAGS $(MAKE) -s -j$(JOBS) -C $(KDIR) M=$(KMOD_OUT) $(KFLAGS) \
		$(if $(filter 1,$(V)),V=1) modules
