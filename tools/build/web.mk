# SPDX-License-Identifier: GPL-2.0-only
#
# suptree-web needs libmicrohttpd and libseccomp, suptree-observer the latter. Without the
# headers they are left out, with their tests: `make deps` installs them.

WITHOUT_WEB := $(shell printf '\043include <microhttpd.h>\n\043include <seccomp.h>\n' | \
	       $(CC) -E - >/dev/null 2>&1 || echo web)
$(if $(WITHOUT_WEB),$(warning suptree-web is left out: libmicrohttpd-dev or libseccomp-dev \
	is missing))

WITHOUT_OBSERVER := $(shell printf '\043include <seccomp.h>\n' | \
		    $(CC) -E - >/dev/null 2>&1 || echo observer)
$(if $(WITHOUT_OBSERVER),$(warning suptree-observer is left out: libseccomp-dev is missing))
