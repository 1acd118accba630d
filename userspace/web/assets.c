// SPDX-License-Identifier: GPL-2.0-only
/*
 * The assets; see assets.h. Files of the page are made by page/bundle before this file is
 * compiled, and are in the program twice: as they are, and compressed. The ticket of a link
 * is in its fragment, which a browser sends to no server: it is in no log and in no header.
 */
#include "web/assets.h"

#include <stdint.h>
#include <string.h>

#include "base/compiler.h"

static const char index_html[] __attribute__((unused)) =
	"<!doctype html>\n"
	"<html lang=\"en\">\n"
	"<meta charset=\"utf-8\">\n"
	"<title>suptree</title>\n"
	"<h1>suptree</h1>\n"
	"<p>This is the REST interface of suptreed; this program was built without the page\n"
	"(its build needs npm). After a login with a link of\n"
	"<code>suptree open</code>:</p>\n"
	"<ul>\n"
	"<li><a href=\"/api/v1/supervision-trees\">the tree</a></li>\n"
	"<li><a href=\"/api/v1/processes\">all children</a></li>\n"
	"<li><a href=\"/api/v1/events?since=0\">events, as they happen</a></li>\n"
	"<li><a href=\"/api/v1/arsenal/operations\">operations</a></li>\n"
	"<li><a href=\"/api/v1/openapi.json\">the interface as OpenAPI 3.1</a></li>\n"
	"</ul>\n"
	"</html>\n";

static const char icon_svg[] =
	"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 20 20\" fill=\"none\"\n"
	"stroke=\"#1f66ba\" stroke-width=\"1.6\"><path d=\"M10 6v4M4 14v-3.2h12V14M10 10v4\"/>\n"
	"<circle cx=\"10\" cy=\"4\" r=\"2.2\"/><circle cx=\"4\" cy=\"15.5\" r=\"1.7\"/>\n"
	"<circle cx=\"10\" cy=\"15.5\" r=\"1.7\"/>\n"
	"<circle cx=\"16\" cy=\"15.5\" r=\"1.7\"/></svg>\n";

static const char login_html[] =
	"<!doctype html>\n"
	"<html lang=\"en\">\n"
	"<meta charset=\"utf-8\">\n"
	"<title>suptree: login</title>\n"
	"<link rel=\"icon\" href=\"/icon.svg\">\n"
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

#if __has_include("page.h")
#include "page.h" /* made by userspace/web/page/bundle; empty: there is no page */
#endif

#ifdef ST_PAGE_TAG
/* A file of the page as an array of bytes, which ends where the one named _end begins. */
#define FILE_OF_PAGE(symbol, file) \
	__asm__(".pushsection .rodata, \"a\"\n" #symbol ":\n.incbin \"" ST_PAGE_FOLDER "/" file \
		"\"\n" #symbol "_end:\n.byte 0\n.popsection\n"); \
	extern const char symbol[] __attribute__((visibility("hidden"))); \
	extern const char symbol##_end[] __attribute__((visibility("hidden")))

FILE_OF_PAGE(st_page_index, "index.html");
FILE_OF_PAGE(st_page_index_gz, "index.html.gz");
FILE_OF_PAGE(st_page_script, "app.js");
FILE_OF_PAGE(st_page_script_gz, "app.js.gz");
FILE_OF_PAGE(st_page_style, "app.css");
FILE_OF_PAGE(st_page_style_gz, "app.css.gz");

#define BOTH(symbol) \
	.text = symbol, .end = symbol##_end, .packed = symbol##_gz, .packed_end = symbol##_gz_end, \
	.tag = ST_PAGE_TAG
#define INDEX BOTH(st_page_index)
#else
#define INDEX .text = index_html, .end = index_html + sizeof(index_html) - 1
#endif
#define TEXT(array) .text = array, .end = array + sizeof(array) - 1

#define HTML "text/html; charset=utf-8"
#define SCRIPT "text/javascript; charset=utf-8"

static const struct st_asset assets[] = {
	{ .name = "", .type = HTML, INDEX },
	{ .name = "icon.svg", .type = "image/svg+xml", TEXT(icon_svg) },
	{ .name = "login", .type = HTML, TEXT(login_html) },
	{ .name = "login.js", .type = SCRIPT, TEXT(login_js) },
#ifdef ST_PAGE_TAG
	{ .name = "app.js", .type = SCRIPT, BOTH(st_page_script) },
	{ .name = "app.css", .type = "text/css; charset=utf-8", BOTH(st_page_style) },
	{ .name = "supervisors", .type = HTML, .has_below = true, INDEX },
	{ .name = "compare", .type = HTML, INDEX },
#endif
};

const struct st_asset *st_asset_find(const struct st_uri *uri)
{
	const char *name = uri->nr_segments ? uri->segments[0] : "";

	for (size_t i = 0; i < ST_ARRAY_SIZE(assets); i++)
		if (!strcmp(assets[i].name, name) && (uri->nr_segments < 2 || assets[i].has_below))
			return &assets[i];
	return NULL;
}

static struct MHD_Response *make(const struct st_asset *asset, const struct st_answer *answer,
				 bool is_packed)
{
	const char *begin = is_packed ? asset->packed : asset->text;
	const char *end = is_packed ? asset->packed_end : asset->end;
	size_t len = answer->status == 304 ? 0 : (size_t)(end - begin);
	/* the library does not write to it, though its parameter is not const */
	struct MHD_Response *response = MHD_create_response_from_buffer(
		len, (void *)(uintptr_t)begin, MHD_RESPMEM_PERSISTENT);

	if (!response)
		return NULL;
	if (st_answer_add_headers(answer, response) &&
	    (!asset->packed ||
	     MHD_add_response_header(response, "Vary", "Accept-Encoding") == MHD_YES) &&
	    (!is_packed || answer->status == 304 ||
	     MHD_add_response_header(response, "Content-Encoding", "gzip") == MHD_YES))
		return response;
	MHD_destroy_response(response);
	return NULL;
}

void st_asset_answer(struct st_exchange *exchange)
{
	const struct st_asset *asset = st_asset_find(&exchange->uri);
	const char *known = st_exchange_header(exchange, "If-None-Match");
	const char *codings = st_exchange_header(exchange, "Accept-Encoding");
	struct st_answer answer = { .status = 200, .policy = ST_ASSET_POLICY };
	struct MHD_Response *response;

	answer.type = asset->type;
	answer.tag = asset->tag;
	if (asset->tag && known && strstr(known, asset->tag))
		answer.status = 304;
	response = make(asset, &answer, asset->packed && codings && strstr(codings, "gzip"));
	if (response)
		st_answer_response(exchange, answer.status, response);
	else
		st_answer_no_memory(exchange);
}
