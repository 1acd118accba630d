# SPDX-License-Identifier: GPL-2.0-only
#
# The page of suptree-web: userspace/web/page/bundle makes O/page out of its sources, and
# the compiler takes the files into web/assets.c. PAGE=0, or a machine without npm or its
# registry: suptree-web has the whole interface and no page, and the build says so. All
# builds share one page.

PAGE ?= 1
PAGE_SOURCES := $(wildcard userspace/web/page/* userspace/web/page/src/*.js \
		userspace/web/page/src/*/*.js userspace/web/page/css/*.css)

ifneq ($(filter %/bundle,$(PAGE_SOURCES)),)
$(O)/page/.wanted: FORCE
	$(call keep,$(PAGE))

# A page that could not be made is tried again by the next make.
$(O)/page/page.h: $(PAGE_SOURCES) $(O)/page/.wanted $(if $(wildcard $(O)/page/.failed),FORCE)
	$(call say,PAGE,userspace/web/page)
	$(Q)PAGE=$(PAGE) userspace/web/page/bundle $(O)/page $(O)/npm/page

$(OUT)/obj/userspace/web/assets.o: EXTRA_CFLAGS = -I$(O)/page
$(OUT)/obj/userspace/web/assets.o: $(O)/page/page.h
endif
