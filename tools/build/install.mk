# SPDX-License-Identifier: GPL-2.0-only
#
# make install DESTDIR= PREFIX=: programs, systemd unit, tmpfiles and the example
# configuration. A configuration that is already there is never touched, neither
# by install nor, once edited, by uninstall.

PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
DESTDIR ?=
BINDIR := $(PREFIX)/bin
SBINDIR := $(PREFIX)/sbin
WORKERDIR := $(PREFIX)/libexec/suptree
UNITDIR := $(PREFIX)/lib/systemd/system
TMPFILESDIR := $(PREFIX)/lib/tmpfiles.d
CONFDIR := $(SYSCONFDIR)/suptree

CONFIGS := $(wildcard tools/install/*.yaml)
INSTALLED := $(DAEMON:%=$(SBINDIR)/$(notdir %)) $(CLI:%=$(BINDIR)/$(notdir %)) \
	     $(patsubst %,$(WORKERDIR)/%,$(notdir $(WORKERS))) \
	     $(UNITDIR)/suptreed.service $(TMPFILESDIR)/suptree.conf

.PHONY: install uninstall

# $(call put,MODE,FILES,FOLDER)
put = $(if $(strip $(2)),$(call say,INSTALL,$(3)) $(Q)install -d $(DESTDIR)$(3) && \
	install -m $(1) $(2) $(DESTDIR)$(3)/)

# $(call place,TEMPLATE,FILE): with the folders of this installation filled in
place = $(Q)install -d $(dir $(DESTDIR)$(2)) && \
	sed 's|@sbindir@|$(SBINDIR)|g; s|@bindir@|$(BINDIR)|g; s|@workerdir@|$(WORKERDIR)|g; s|@confdir@|$(CONFDIR)|g' \
		$(1) >$(DESTDIR)$(2) && chmod 644 $(DESTDIR)$(2)

install: all ## install to DESTDIR/PREFIX (/usr/local)
	$(call put,755,$(DAEMON),$(SBINDIR))
	$(call put,755,$(CLI),$(BINDIR))
	$(call put,755,$(WORKERS),$(WORKERDIR))
	$(call say,INSTALL,$(UNITDIR)/suptreed.service)
	$(call place,tools/install/suptreed.service.in,$(UNITDIR)/suptreed.service)
	$(call say,INSTALL,$(TMPFILESDIR)/suptree.conf)
	$(call place,tools/install/tmpfiles.conf.in,$(TMPFILESDIR)/suptree.conf)
	$(foreach file,$(CONFIGS),$(call put_config,$(file),$(CONFDIR)/$(notdir $(file)))$(newline))

uninstall: ## remove what install put there; an edited configuration stays
	$(call say,REMOVE,$(DESTDIR)$(PREFIX))
	$(Q)rm -f $(addprefix $(DESTDIR),$(INSTALLED))
	$(Q)$(foreach file,$(CONFIGS),cmp -s $(file) $(DESTDIR)$(CONFDIR)/$(notdir $(file)) && \
		rm $(DESTDIR)$(CONFDIR)/$(notdir $(file)); )true
	$(Q)for dir in $(addprefix $(DESTDIR),$(WORKERDIR) $(CONFDIR)); do \
		rmdir $$dir 2>/dev/null; done; true
