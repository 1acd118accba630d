# SPDX-License-Identifier: GPL-2.0-only
#
# Sources to objects, folders to archives, archives to programs. The folders are
# found, the order they link in comes from tools/lint/layers.txt. A folder may have
# rooms, folders of its own: their objects are in the archive of the folder.

# uses_<folder>: the other folders that it, its rooms and its files may include;
# TOOLS: the folders below [tools]
-include $(OUT)/layers.mk
$(OUT)/layers.mk: tools/lint/layers.txt tools/build/uses.awk
	@mkdir -p $(@D)
	@awk -f tools/build/uses.awk $< >$@

# $(call last_of_each,WORDS): WORDS without all but the last of equal ones
last_of_each = $(if $(1),$(filter-out $(wordlist 2,$(words $(1)),$(1)),$(firstword $(1))) \
		$(call last_of_each,$(wordlist 2,$(words $(1)),$(1))))
# $(call closure,FOLDER): it and all below it, users before what they use
closure = $(1) $(foreach used,$(uses_$(1)),$(call closure,$(used)))
# $(call archives,FOLDERS): their archives, as far as the folders exist
archives = $(patsubst %,$(OUT)/lib/lib%.a,$(filter $(LIB_FOLDERS),\
	   $(call last_of_each,$(foreach folder,$(1),$(call closure,$(folder))))))
# $(call objects,SOURCES)
objects = $(patsubst %.c,$(OUT)/obj/%.o,$(1))

MAINS := $(wildcard $(patsubst %,userspace/%/main.c,daemon cli tracer web observer))
NO_LIB_SOURCES := $(MAINS) userspace/workers/% $(if $(WITHOUT_BPF),userspace/tracer/%) \
		  $(if $(WITHOUT_WEB),userspace/web/%) \
		  $(if $(WITHOUT_OBSERVER),userspace/observer/%)
LIB_SOURCES := $(filter-out $(NO_LIB_SOURCES),\
	       $(wildcard userspace/*/*.c userspace/*/*/*.c))
LIB_FOLDERS := $(sort $(foreach file,$(LIB_SOURCES),$(word 2,$(subst /, ,$(file)))))
ARCHIVES := $(LIB_FOLDERS:%=$(OUT)/lib/lib%.a)
WORKERS := $(patsubst userspace/workers/%.c,$(OUT)/bin/%,$(wildcard userspace/workers/*.c))
DAEMON := $(if $(filter %/daemon/main.c,$(MAINS)),$(OUT)/bin/suptreed)
CLI := $(if $(filter %/cli/main.c,$(MAINS)),$(OUT)/bin/suptree)
TRACED := $(if $(WITHOUT_BPF),,$(filter %/tracer/main.c,$(MAINS)))
TRACER := $(TRACED:userspace/tracer/main.c=$(OUT)/bin/suptree-tracer)
SERVED := $(if $(WITHOUT_WEB),,$(filter %/web/main.c,$(MAINS)))
WEB := $(SERVED:userspace/web/main.c=$(OUT)/bin/suptree-web)
SEEN := $(if $(WITHOUT_OBSERVER),,$(filter %/observer/main.c,$(MAINS)))
OBSERVER := $(SEEN:userspace/observer/main.c=$(OUT)/bin/suptree-observer)
BUILT_TOOLS := $(foreach tool,$(TOOLS),\
	       $(if $(wildcard tools/$(tool)/*.c),$(OUT)/bin/st-$(tool)))
PROGRAMS := $(DAEMON) $(CLI) $(TRACER) $(WEB) $(OBSERVER) $(WORKERS) $(BUILT_TOOLS)

# A file that came or went remakes the archives and programs, cheaply.
SOURCES := $(wildcard userspace/*/*.c userspace/*/*/*.c tools/*/*.c \
	   tests/*/*.c tests/*/lib/*.c tests/*/programs/*.c)
$(OUT)/.sources: FORCE
	$(call keep,$(SOURCES))

define compile
$(call say,CC,$<)
@mkdir -p $(@D)
$(Q)$(CC) $(ALL_CFLAGS) $(EXTRA_CFLAGS) -MMD -MP -MT $@ -c -o $@ $<
endef

define archive
$(call say,AR,$(@:$(O)/%=%))
@mkdir -p $(@D)
@rm -f $@
$(Q)$(AR) rcs $@ $(filter %.o,$^)
endef

define link
$(call say,LD,$(@:$(O)/%=%))
@mkdir -p $(@D)
$(Q)$(CC) $(ALL_LDFLAGS) $(EXTRA_LDFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) $(LIBS)
endef

$(OUT)/obj/%.o: %.c $(OUT)/.flags
	$(compile)

$(OUT)/lib/%.a: $(OUT)/.sources
	$(archive)

# ar knows a member by its base name, and so do gdb and gcov: an archive has each once.
# $(call twice,WORDS): those that are there more than once
twice = $(sort $(foreach word,$(1),$(if $(word 2,$(filter $(word),$(1))),$(word))))
# $(call check_names,FOLDER,SOURCES)
check_names = $(foreach name,$(call twice,$(notdir $(2))),\
	      $(error userspace/$(1): $(filter %/$(name),$(2)) have one name, \
	      and lib$(1).a can hold one $(name:.c=.o) only: rename one of them))
$(foreach folder,$(LIB_FOLDERS),\
	$(call check_names,$(folder),$(filter userspace/$(folder)/%,$(LIB_SOURCES))))

define lib_rule
.PHONY: build-lib-$(1)
build-lib-$(1): $(OUT)/lib/lib$(1).a
$(OUT)/lib/lib$(1).a: $(call objects,$(filter userspace/$(1)/%,$(LIB_SOURCES)))
endef
$(foreach folder,$(LIB_FOLDERS),$(eval $(call lib_rule,$(folder))))

$(OUT)/bin/suptreed: $(OUT)/obj/userspace/daemon/main.o $(call archives,daemon) $(OUT)/.sources
	$(link)

$(OUT)/bin/suptree: $(OUT)/obj/userspace/cli/main.o $(call archives,cli) $(OUT)/.sources
	$(link)

$(OUT)/bin/suptree-tracer: $(OUT)/obj/userspace/tracer/main.o $(call archives,tracer) \
		$(OUT)/.sources
	$(link)

$(OUT)/bin/suptree-web: LIBS += -lmicrohttpd -lseccomp
$(OUT)/bin/suptree-web: $(OUT)/obj/userspace/web/main.o $(call archives,web) $(OUT)/.sources
	$(link)

$(OUT)/bin/suptree-observer: LIBS += -lseccomp
$(OUT)/bin/suptree-observer: $(OUT)/obj/userspace/observer/main.o $(call archives,observer) \
		$(OUT)/.sources
	$(link)

$(WORKERS): $(OUT)/bin/%: $(OUT)/obj/userspace/workers/%.o $(call archives,workers) $(OUT)/.sources
	$(link)

define tool_rule
$(OUT)/bin/st-$(1): $(call objects,$(wildcard tools/$(1)/*.c)) $(call archives,$(1)) $(OUT)/.sources
	$$(link)
endef
$(foreach tool,$(TOOLS),$(eval $(call tool_rule,$(tool))))

-include $(SOURCES:%.c=$(OUT)/obj/%.d)
