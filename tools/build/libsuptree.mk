# SPDX-License-Identifier: GPL-2.0-only
#
# libsuptree as others link it: a shared library with versioned symbols, and a static
# one of one object. Both hide all but suptree_*. userspace/libsuptree and what it uses are
# compiled anew for them, as code that may stand anywhere.

SO_MAJOR := 1
SO_VERSION := $(SO_MAJOR).0.0
SO_NAME := libsuptree.so.$(SO_MAJOR)
SHARED := $(OUT)/lib/libsuptree.so.$(SO_VERSION)
STATIC := $(OUT)/lib/libsuptree.a
PKGCONFIG := $(OUT)/lib/suptree.pc
LIBSUPTREE := $(if $(filter libsuptree,$(LIB_FOLDERS)),$(SHARED) $(STATIC) $(PKGCONFIG))

# $(call pic,FOLDERS): their objects
pic = $(foreach folder,$(1),\
      $(patsubst %.c,$(OUT)/pic/%.o,$(filter userspace/$(folder)/%,$(LIB_SOURCES))))
PIC_OBJECTS := $(call pic,libsuptree)
PIC_ARCHIVE := $(OUT)/pic/used.a
PIC_USED := $(call pic,$(filter-out libsuptree,$(call last_of_each,$(call closure,libsuptree))))

$(OUT)/pic/%.o: EXTRA_CFLAGS = -fPIC
$(OUT)/pic/%.o: %.c $(OUT)/.flags
	$(compile)

$(PIC_ARCHIVE): $(PIC_USED) $(OUT)/.sources
	$(archive)

$(SHARED): $(PIC_OBJECTS) $(PIC_ARCHIVE) userspace/libsuptree/suptree.map
	$(call say,LD,$(@:$(O)/%=%))
	@mkdir -p $(@D)
	$(Q)$(CC) $(filter-out -pie,$(ALL_LDFLAGS)) -shared -Wl,-soname,$(SO_NAME) \
		-Wl,--version-script=userspace/libsuptree/suptree.map -o $@ \
		$(PIC_OBJECTS) $(PIC_ARCHIVE) -ljansson
	$(Q)ln -sf $(@F) $(@D)/$(SO_NAME)
	$(Q)ln -sf $(SO_NAME) $(@D)/libsuptree.so

$(STATIC): $(PIC_OBJECTS) $(PIC_ARCHIVE)
	$(call say,AR,$(@:$(O)/%=%))
	@mkdir -p $(@D)
	@rm -f $@
	$(Q)$(CC) -r -nostdlib -o $(OUT)/pic/suptree.o $(PIC_OBJECTS) $(PIC_ARCHIVE)
	$(Q)$(OBJCOPY) -w --keep-global-symbol='suptree_*' $(OUT)/pic/suptree.o
	$(Q)$(AR) rcs $@ $(OUT)/pic/suptree.o

VERSION := $(shell sed -n 's/.*ST_VERSION "\(.*\)"/\1/p' userspace/proto/version.h 2>/dev/null)
PC_WORDS = s|@prefix@|$(PREFIX)|; s|@libdir@|$(LIBDIR)|; s|@includedir@|$(INCLUDEDIR)|; \
	   s|@version@|$(VERSION)|

$(PKGCONFIG): userspace/libsuptree/suptree.pc.in FORCE
	@mkdir -p $(@D)
	@sed '$(PC_WORDS)' $< | cmp -s - $@ || sed '$(PC_WORDS)' $< >$@

-include $(LIB_SOURCES:%.c=$(OUT)/pic/%.d)
