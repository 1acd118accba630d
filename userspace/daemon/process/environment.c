// SPDX-License-Identifier: GPL-2.0-only
/*
 * Chooses the variables that a child inherits; see environment.h.
 */
#include "daemon/process/environment.h"

#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "core/spec.h"

static bool is_same_name(const char *variable, const char *other)
{
	size_t len = strcspn(variable, "=");

	return !strncmp(variable, other, len) && other[len] == '=';
}

/*
 * What a service manager says about the service that it has started. Most are of
 * systemd.exec(5); UPSTART_ and SUPERVISOR_ are of upstart and supervisord. SUPTREE_ are
 * ours, if another suptreed has started this one. A name that ends in _ stands for all
 * names that begin so.
 */
static const char *const service_variables[] = {
	"CACHE_DIRECTORY",
	"CONFIGURATION_DIRECTORY",
	"CREDENTIALS_DIRECTORY",
	"DBUS_STARTER_",
	"ENCRYPTED_CREDENTIALS_DIRECTORY",
	"FDSTORE",
	"INVOCATION_ID",
	"JOURNAL_STREAM",
	"LISTEN_",
	"LOGS_DIRECTORY",
	"LOG_NAMESPACE",
	"MAINPID",
	"MANAGERPID",
	"MANAGERPIDFDID",
	"MEMORY_PRESSURE_",
	"MONITOR_",
	"NOTIFY_SOCKET",
	"PIDFILE",
	"REMOTE_ADDR",
	"REMOTE_PORT",
	"RUNTIME_DIRECTORY",
	"STATE_DIRECTORY",
	"SUPERVISOR_",
	"SUPTREE_FOLDER",
	"SUPTREE_GENERATION",
	"SUPTREE_PARTITION",
	"SUPTREE_PATH",
	"SUPTREE_SOCKET",
	"SYSTEMD_ACTIVATION_",
	"SYSTEMD_EXEC_PID",
	"TRIGGER_",
	"UPSTART_",
	"WATCHDOG_",
};

static bool is_of_service(const char *variable)
{
	for (size_t i = 0; i < ST_ARRAY_SIZE(service_variables); i++) {
		const char *name = service_variables[i];
		size_t len = strlen(name);

		if (!strncmp(variable, name, len) && (name[len - 1] == '_' || variable[len] == '='))
			return true;
	}
	return false;
}

int st_environment_init(struct st_environment *environment, char **all)
{
	size_t nr = 0;

	while (all[nr])
		nr++;
	environment->nr = 0;
	environment->variables = st_alloc_array(nr + 1, sizeof(char *));
	if (!environment->variables)
		return -ENOMEM;
	for (size_t i = 0; i < nr; i++)
		if (strchr(all[i], '=') && !is_of_service(all[i]))
			environment->variables[environment->nr++] = all[i];
	return 0;
}

void st_environment_done(struct st_environment *environment)
{
	st_free(environment->variables);
}

bool st_environment_is_set(const struct st_process_spec *spec, const char *variable)
{
	for (uint32_t i = 0; i < spec->nr_env; i++)
		if (is_same_name(spec->env[i], variable))
			return true;
	return false;
}

static bool is_inherited(const struct st_process_spec *spec, const char *variable)
{
	if (spec->clear_env && !is_same_name("PATH=", variable))
		return false;
	if (spec->user && !is_same_name("PATH=", variable) && !is_same_name("LANG=", variable))
		return false;
	return !st_environment_is_set(spec, variable);
}

char **st_environment_add(const struct st_environment *environment,
			  const struct st_process_spec *spec, char **at)
{
	for (size_t i = 0; i < environment->nr; i++)
		if (is_inherited(spec, environment->variables[i]))
			*at++ = environment->variables[i];
	return at;
}
