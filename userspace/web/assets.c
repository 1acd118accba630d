// SPDX-License-Identifier: GPL-2.0-only
/*
 * The assets; see assets.h. The ticket of a link is in its fragment, which a
 * browser sends to no server: it is in no log and in no header.
 */
#include "web/assets.h"

#include "base/compiler.h"

static const char index_html[] =
	"<!doctype html>\n"
	"<html lang=\"en\">\n"
	"<meta charset=\"utf-8\">\n"
	"<title>suptree</title>\n"
	"<h1>suptree</h1>\n"
	"<p>This is the REST interface of suptreed. After a login with a link of\n"
	"<code>suptree open</code>:</p>\n"
	"<ul>\n"
	"<li><a href=\"/api/v1/supervision-trees\">the tree</a></li>\n"
	"<li><a href=\"/api/v1/processes\">all children</a></li>\n"
	"<li><a href=\"/api/v1/events?since=0\">events, as they happen</a></li>\n"
	"<li><a href=\"/api/v1/arsenal/operations\">operations</a></li>\n"
	"<li><a href=\"/api/v1/openapi.json\">the interface as OpenAPI 3.1</a></li>\n"
	"</ul>\n"
	"</html>\n";

static const char login_html[] =
	"<!doctype html>\n"
	"<html lang=\"en\">\n"
	"<meta charset=\"utf-8\">\n"
	"<title>suptree: login</title>\n"
	"<script src=\"/login.js\" defer></script>\n"
	"<p id=\"state\" role=\"status\">Get a link with <code>suptree open</code>, and open it\n"
	"here. This page needs JavaScript.</p>\n"
	"</html>\n";

static const char login_js[] =
	"// SPDX-License-Identifier: GPL-2.0-only\n"
	"// Swaps the ticket in the fragment of the address for the cookie of a session.\n"
	"'use strict';\n"
	"(async () => {\n"
	"  const ticket = location.hash.slice(1);\n"
	"  const state = document.getElementById('state');\n"
	"  if (!ticket) return;\n"
	"  history.replaceState(null, '', '/login');\n"
	"  try {\n"
	"    const answer = await fetch('/api/v1/session', {\n"
	"      method: 'POST',\n"
	"      headers: {'Content-Type': 'application/json'},\n"
	"      body: JSON.stringify({ticket}),\n"
	"    });\n"
	"    if (answer.ok) location.replace('/');\n"
	"    else state.textContent = (await answer.json()).detail;\n"
	"  } catch (error) {\n"
	"    state.textContent = `The gateway does not answer: ${error.message}`;\n"
	"  }\n"
	"})();\n";

const struct st_asset st_assets[] = {
	{ "/", "text/html; charset=utf-8", index_html },
	{ "/login", "text/html; charset=utf-8", login_html },
	{ "/login.js", "text/javascript; charset=utf-8", login_js },
};
const size_t st_nr_assets = ST_ARRAY_SIZE(st_assets);
