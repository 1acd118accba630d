# SPDX-License-Identifier: GPL-2.0-only
#
# make install DESTDIR= PREFIX=: programs, libsuptree, manual pages, rules, systemd unit, tmpfiles,
# the example configuration, and a file that has the kernel module loaded at boot: systemd
# passes over it where there is no such module. A configuration that is already there is
# never touched, neither by install nor, once edited, by uninstall.

PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
DESTDIR ?=
BINDIR := $(PREFIX)/bin
SBINDIR := $(PREFIX)/sbin
WORKERDIR := $(PREFIX)/libexec/suptree
UNITDIR := $(PREFIX)/lib/systemd/system
TMPFILESDIR := $(PREFIX)/lib/tmpfiles.d
MODULESDIR := $(PREFIX)/lib/modules-load.d
LIBDIR := $(PREFIX)/lib
INCLUDEDIR := $(PREFIX)/include
PKGCONFIGDIR := $(LIBDIR)/pkgconfig
MANDIR := $(PREFIX)/share/man
DOCDIR := $(PREFIX)/share/doc/suptree
CONFDIR := $(SYSCONFDIR)/suptree

# What help texts and the manual refer to.
DOCUMENTS := userspace/core/RULES.md userspace/libsuptree/PROTOCOL.md
CONFIGS := $(wildcard tools/install/*.yaml)
INSTALLED := $(addprefix $(SBINDIR)/,$(notdir $(DAEMON))) \
	     $(addprefix $(BINDIR)/,$(notdir $(CLI))) \
	     $(addprefix $(SBINDIR)/,$(notdir $(TRACER) $(WEB) $(OBSERVER))) \
	     $(addprefix $(WORKERDIR)/,$(notdir $(WORKERS))) \
	     $(UNITDIR)/suptreed.service $(TMPFILESDIR)/suptree.conf \
	     $(MODULESDIR)/suptree.conf \
	     $(addprefix $(LIBDIR)/,$(notdir $(SHARED)) $(SO_NAME) libsuptree.so libsuptree.a) \
	     $(INCLUDEDIR)/suptree.h $(PKGCONFIGDIR)/suptree.pc \
	     $(INCLUDEDIR)/linux/suptree.h \
	     $(addprefix $(DOCDIR)/,$(notdir $(DOCUMENTS)))

.PHONY: install uninstall

# The pages are made of the tables that are in the programs: tools/man.
MAN_SECTIONS := 1 3 4 5 7 8
MAN_INSTALLED := $(foreach section,$(MAN_SECTIONS),\
		 $(foreach name,suptree.$(section) suptreed.$(section) suptree-*.$(section) \
		 suptree.yaml.$(section) libsuptree.$(section) suptree_*.$(section),\
		 $(MANDIR)/man$(section)/$(name)))

# Those of libsuptree are made by a Python program. Without Python 3 they are left out.
PYTHON := $(shell command -v python3)
$(OUT)/.python: FORCE
	$(call keep,$(if $(PYTHON),with,without) python3)

$(OUT)/man/.stamp: $(OUT)/bin/st-man $(OUT)/.python \
		   $(wildcard tools/man/*.in tools/man/examples/*) tools/man/api \
		   userspace/libsuptree/suptree.h userspace/libsuptree/README.md
	$(call say,MAN,$(@D:$(O)/%=%))
	$(Q)rm -rf $(@D) && mkdir -p $(@D) && $(OUT)/bin/st-man tools/man $(@D)
	$(if $(PYTHON),$(Q)tools/man/api userspace/libsuptree $(@D),\
		@echo '  MAN     left out: libsuptree(3) and its functions, which need python3')
	$(Q)touch $@

# $(call man_pages,SECTION)
define man_pages
$(call say,INSTALL,$(MANDIR)/man$(1))
$(Q)set -- $(OUT)/man/*.$(1); [ ! -e "$$1" ] || { \
	install -d '$(DESTDIR)$(MANDIR)/man$(1)' && \
	install -m 644 "$$@" '$(DESTDIR)$(MANDIR)/man$(1)/'; }

endef

# $(call below,PATHS): them below DESTDIR, in which there may be a blank; the shell expands
# what is a pattern in PATHS
below = $(foreach path,$(1),'$(DESTDIR)'$(path))

# What the templates leave open, as this installation has it.
FOLDERS := s|@sbindir@|$(SBINDIR)|g; s|@workerdir@|$(WORKERDIR)|g; s|@confdir@|$(CONFDIR)|g

# $(call programs,FILES,FOLDER)
programs = $(if $(1),$(call program_lines,$(1),$(2)))
define program_lines
$(call say,INSTALL,$(2))
$(Q)install -d '$(DESTDIR)$(2)' && install -m 755 $(1) '$(DESTDIR)$(2)/'

endef

# $(call template,FILE,INSTALLED FILE)
define template
$(call filled_in,$(1),$(2),644)
endef

# $(call filled_in,FILE,INSTALLED FILE,MODE)
define filled_in
$(call say,INSTALL,$(2))
$(Q)install -d '$(DESTDIR)$(dir $(2))' && umask 077 && sed '$(FOLDERS)' $(1) >'$(DESTDIR)$(2)'
$(Q)chmod $(3) '$(DESTDIR)$(2)'

endef

# $(call config,FILE): unless there is one. It may get secrets (environment), so it is not for all.
define config
$(if $(shell ls -d '$(DESTDIR)$(CONFDIR)/$(notdir $(1))' 2>/dev/null),\
	$(call say,KEEP,$(CONFDIR)/$(notdir $(1))),\
	$(call filled_in,$(1),$(CONFDIR)/$(notdir $(1)),640))

endef

# $(call unconfig,FILE)
define unconfig
$(Q)! sed '$(FOLDERS)' $(1) | cmp -s - '$(DESTDIR)$(CONFDIR)/$(notdir $(1))' || \
	rm -f '$(DESTDIR)$(CONFDIR)/$(notdir $(1))'

endef

define documents
$(call say,INSTALL,$(DOCDIR))
$(Q)install -d '$(DESTDIR)$(DOCDIR)' && install -m 644 $(DOCUMENTS) '$(DESTDIR)$(DOCDIR)/'

endef

# Without DESTDIR the library is meant for this system, whose loader learns of it.
define library
$(call say,INSTALL,$(LIBDIR)/$(notdir $(SHARED)))
$(Q)install -d $(call below,$(LIBDIR) $(INCLUDEDIR)/linux $(PKGCONFIGDIR))
$(Q)install -m 644 $(SHARED) $(STATIC) '$(DESTDIR)$(LIBDIR)/'
$(Q)ln -sf $(notdir $(SHARED)) '$(DESTDIR)$(LIBDIR)/$(SO_NAME)'
$(Q)ln -sf $(SO_NAME) '$(DESTDIR)$(LIBDIR)/libsuptree.so'
$(Q)install -m 644 userspace/libsuptree/suptree.h '$(DESTDIR)$(INCLUDEDIR)/'
$(Q)install -m 644 kmod/uapi/linux/suptree.h '$(DESTDIR)$(INCLUDEDIR)/linux/'
$(Q)install -m 644 $(PKGCONFIG) '$(DESTDIR)$(PKGCONFIGDIR)/'
$(if $(DESTDIR),,$(Q)PATH="$$PATH:/sbin:/usr/sbin" ldconfig 2>/dev/null || true)

endef

install: all $(OUT)/man/.stamp ## install to DESTDIR/PREFIX (/usr/local)
	$(call programs,$(DAEMON),$(SBINDIR))
	$(call programs,$(CLI),$(BINDIR))
	$(call programs,$(TRACER) $(WEB) $(OBSERVER),$(SBINDIR))
	$(call programs,$(WORKERS),$(WORKERDIR))
	$(if $(LIBSUPTREE),$(library))
	$(call template,tools/install/suptreed.service.in,$(UNITDIR)/suptreed.service)
	$(call template,tools/install/tmpfiles.conf.in,$(TMPFILESDIR)/suptree.conf)
	$(call template,kmod/modules-load.conf,$(MODULESDIR)/suptree.conf)
	$(foreach section,$(MAN_SECTIONS),$(call man_pages,$(section)))
	$(documents)
	$(foreach file,$(CONFIGS),$(call config,$(file)))

uninstall: ## remove what install put there; an edited configuration stays
	$(call say,REMOVE,$(DESTDIR)$(PREFIX))
	$(Q)rm -f $(call below,$(INSTALLED) $(MAN_INSTALLED))
	$(foreach file,$(CONFIGS),$(call unconfig,$(file)))
	$(Q)for dir in $(call below,$(WORKERDIR) $(CONFDIR) $(DOCDIR)); do \
		[ ! -d "$$dir" ] || rmdir --ignore-fail-on-non-empty "$$dir"; \
	done
