/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * `services:` of a configuration: the specifications of the tree `system`.
 *
 * The tree is the first child of the root: one_for_one, five restarts in a minute, and
 * transient like every tree right below the root, so one that gave up stays visible. Its
 * children have the name of their service as id (core/service.h). Keys of a service become
 * arguments of its program: max_age is --max-age=SECONDS.
 */
#ifndef ST_CONFIG_SERVICES_H
#define ST_CONFIG_SERVICES_H

#include "base/compiler.h"
#include "core/spec.h"

/**
 * st_service_spec_new() - make the child spec of a service without any key
 * @service: which
 *
 * Return: a spec with one reference, or NULL: no memory.
 */
struct st_child_spec *st_service_spec_new(enum st_service_id service) __must_check;

/**
 * st_services_tree_new() - make the child spec of the tree of services
 * @children: specs of services; each gains a reference
 * @nr: their number
 *
 * Return: a spec with one reference, or NULL: no memory.
 */
struct st_child_spec *st_services_tree_new(struct st_child_spec *const *children,
					   uint32_t nr) __must_check;

#endif
