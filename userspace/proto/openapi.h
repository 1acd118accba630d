/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The REST interface, as a document of OpenAPI 3.1.
 *
 * It is made only from the operations table and the shapes: paths, parameters,
 * bodies, results and failures. The document is the same in each run. `suptree
 * operations --openapi` prints it; a server of REST serves it as
 * /api/v1/openapi.json.
 */
#ifndef ST_PROTO_OPENAPI_H
#define ST_PROTO_OPENAPI_H

struct st_json;
struct st_operation_row;
struct st_param;

#define ST_REST_BASE "/api/v1" /* all paths are below it */

/**
 * st_openapi_write() - append the document
 * @json: gets an object
 */
void st_openapi_write(struct st_json *json);

/**
 * st_param_write_schema() - append a parameter's schema, as members of an object
 * @param: the parameter
 * @json: inside the object
 */
void st_param_write_schema(const struct st_param *param, struct st_json *json);

/**
 * st_openapi_write_request() - append the parameters and the body of an operation
 * @row: an operation with a REST path
 * @json: inside the object of the operation; gets "parameters", and
 *	"requestBody" if the operation has one
 */
void st_openapi_write_request(const struct st_operation_row *row, struct st_json *json);

/**
 * st_openapi_write_responses() - append the responses of an operation
 * @row: an operation with a REST path
 * @json: inside the object of the operation; gets "responses"
 */
void st_openapi_write_responses(const struct st_operation_row *row, struct st_json *json);

#endif
