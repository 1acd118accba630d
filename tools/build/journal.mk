# SPDX-License-Identifier: GPL-2.0-only
#
# suptree-journal needs SQLite and libseccomp. Without their headers it is left out, with
# its tests: `make deps` installs them.

WITHOUT_JOURNAL := $(shell printf '\043include <sqlite3.h>\n\043include <seccomp.h>\n' | \
		   $(CC) -E - >/dev/null 2>&1 || echo journal)
$(if $(WITHOUT_JOURNAL),$(warning suptree-journal is left out: libsqlite3-dev or libseccomp-dev \
	is missing))
LIBS += $(if $(WITHOUT_JOURNAL),,-lsqlite3 -lseccomp)
