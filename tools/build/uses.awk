# SPDX-License-Identifier: GPL-2.0-only
#
# uses.awk LAYERS.TXT: variables for tools/build/rules.mk out of tools/lint/layers.txt.
# An archive holds a whole folder, so a line of a room (daemon/control: os) or of a file
# counts for its folder, and what it names counts as that one's folder (daemon uses os).

# folder(NAME): the folder that a room or a file is of
function folder(name)
{
	sub(/\/.*/, "", name)
	return name
}

{ sub(/#.*/, "") }

$1 == "[tools]" { tools = 1 }

/^[a-z][a-z0-9_\/]*:/ {
	split($0, parts, ":")
	user = folder(parts[1])
	if (tools && !found[user]++)
		print "TOOLS += " user
	$0 = " " parts[2]
}

# the rest of a line, or one that begins with a blank and goes on with the one above
/^[ \t]/ {
	for (i = 1; i <= NF; i++) {
		used = folder($i)
		if (used != user && !seen[user, used]++)
			print "uses_" user " += " used
	}
}
