# SPDX-License-Identifier: GPL-2.0-only
#
# The BPF object: bpf/suptree.bpf.c becomes build/bpf/suptree.skel.h, which the tracer
# includes; vmlinux.h, the running kernel's types, is made beside it and never committed.
# CO-RE fits the object to whatever kernel it is loaded on. Where the kernel has no BTF,
# or clang, bpftool or libbpf is missing, the build says so and leaves the tracer out.

VMLINUX_BTF ?= /sys/kernel/btf/vmlinux
BPF_CLANG ?= clang
BPFTOOL ?= $(firstword $(shell command -v bpftool) $(wildcard /usr/sbin/bpftool /sbin/bpftool))
BPF_OUT := $(O)/bpf
BPF_SKELETON := $(BPF_OUT)/suptree.skel.h

bpf_missing := $(if $(wildcard $(VMLINUX_BTF)),,$(VMLINUX_BTF)) \
	       $(if $(BPFTOOL),,bpftool) \
	       $(if $(shell command -v $(BPF_CLANG)),,$(BPF_CLANG)) \
	       $(if $(wildcard /usr/include/bpf/libbpf.h),,libbpf-dev)
BPF_MISSING := $(strip $(bpf_missing))
# What is not built or tested without it.
WITHOUT_BPF := $(if $(BPF_MISSING),tracer)

.PHONY: bpf
ifeq ($(BPF_MISSING),)
LIBS += -lbpf

bpf: $(BPF_SKELETON) ## the BPF programs of the message tracer alone

$(OUT)/obj/userspace/tracer/%.o: | $(BPF_SKELETON)
$(OUT)/obj/userspace/tracer/session.o: $(BPF_SKELETON)
else
bpf:
	@echo '  BPF     left out, and the message tracer with it: no $(BPF_MISSING)'
all: bpf
endif

$(BPF_OUT)/vmlinux.h: $(VMLINUX_BTF)
	$(call say,BTF,$(@:$(O)/%=%))
	@mkdir -p $(@D)
	$(Q)$(BPFTOOL) btf dump file $< format c >$@

# -g: BTF is made from the debug information, which is stripped after that
$(BPF_OUT)/suptree.bpf.o: $(wildcard bpf/*.c bpf/*.h) $(BPF_OUT)/vmlinux.h
	$(call say,BPF,bpf/suptree.bpf.c)
	$(Q)$(BPF_CLANG) -target bpf -mcpu=v3 -g -O2 -std=gnu11 -Wall -Wextra -Werror \
		-Wno-missing-declarations -Wno-unused-parameter -D__TARGET_ARCH_x86 \
		-I$(BPF_OUT) -c -o $@.raw bpf/suptree.bpf.c
	$(Q)$(BPFTOOL) gen object $@ $@.raw && rm $@.raw

$(BPF_SKELETON): $(BPF_OUT)/suptree.bpf.o
	$(Q)$(BPFTOOL) gen skeleton $< name suptree_bpf >$@
