# SPDX-License-Identifier: GPL-2.0-only
"""Drivers of other supervisors; drivers.py explains drivers. Each supervisor has its best
settings: no delay of restarts if it can be turned off, and no shell or log between it and
the child. tools/bench/packages lists Debian's packages.
"""

import os
import pathlib
import signal
import subprocess

from drivers import Driver

CGROUP_HIERARCHIES = [path for path in map(pathlib.Path, (
    '/sys/fs/cgroup/systemd', '/sys/fs/cgroup/memory', '/sys/fs/cgroup/pids',
    '/sys/fs/cgroup/unified')) if path.is_dir()] or [pathlib.Path('/sys/fs/cgroup')]


class ServiceFolders(Driver):
    """SLOT/run is the child itself: s6, runit, daemontools."""

    def prepare(self):
        for slot in range(self.count):
            folder = self.dir / 'sv' / str(slot)
            folder.mkdir(parents=True)
            (folder / 'run').symlink_to(self.tools.child)


class S6(ServiceFolders):
    name = 's6'
    program = 's6-svscan'
    samples = 10
    settle_s = 1.5
    throttle = '1 s after every end, fixed'

    def start(self):
        return self.popen(['s6-svscan', '-c', self.count + 10, self.dir / 'sv'])

    def stop(self):
        subprocess.run(['s6-svscanctl', '-t', self.dir / 'sv'], check=False)


class Runit(ServiceFolders):
    name = 'runit'
    program = 'runsvdir'
    max_count = 1000
    settle_s = 1.5
    throttle = '1 s if the child lived less than 1 s, fixed'

    def start(self):
        return self.popen(['runsvdir', '-P', self.dir / 'sv'])

    def stop(self):
        self.process.send_signal(signal.SIGHUP)


class Daemontools(ServiceFolders):
    name = 'daemontools'
    program = 'svscan'
    max_count = 1000
    settle_s = 1.5
    throttle = '1 s if the child lived less than 1 s, fixed'

    def start(self):
        return self.popen(['svscan', self.dir / 'sv'])

    def stop(self):
        # svscan itself has no orderly stop
        self.process.send_signal(signal.SIGTERM)
        folders = [self.dir / 'sv' / str(slot) for slot in range(self.count)]
        for first in range(0, self.count, 500):
            subprocess.run(['svc', '-dx', *folders[first:first + 500]], check=False)


class Supervisord(Driver):
    name = 'supervisord'
    program = 'supervisord'
    max_count = 1000
    samples = 60
    throttle = 'none with startsecs=0, as set here'

    def prepare(self):
        child, ring, _, mode = self.child_argv(0)
        self.write('supervisord.conf', f'''\
[supervisord]
nodaemon=true
logfile=/dev/null
logfile_maxbytes=0
pidfile={self.dir}/pid
minfds=20000
minprocs=200
childlogdir={self.dir}
[program:w]
command={child} {ring} %(process_num)d {mode}
process_name=%(process_num)d
numprocs={self.count}
autorestart=true
startsecs=0
startretries=1000000000
stdout_logfile=NONE
stderr_logfile=NONE
''')

    def start(self):
        return self.popen(['supervisord', '-n', '-c', self.dir / 'supervisord.conf'])


class ErlangPort(Driver):
    """OTP's own supervisor; each process a port held by a gen_server."""
    name = 'erlang-port'
    program = 'erl'
    max_count = 5000

    @classmethod
    def is_available(cls, tools):
        return super().is_available(tools) and (tools.folder / 'portsup.beam').exists()

    def start(self):
        return self.popen(['erl', '+Q', '65536', '-noshell', '-noinput', '-kernel',
                           'logger_level', 'none', '-pa', self.tools.folder, '-run', 'portsup',
                           'main', self.count, self.tools.child, self.ring, self.mode])


class Dinit(Driver):
    name = 'dinit'
    program = 'dinit'
    throttle = 'none with restart-delay = 0, as set here'

    def prepare(self):
        self.write('d/boot', 'type = internal\nwaits-for.d = w\n')
        for slot in range(self.count):
            self.write(f'd/s{slot}', f'''\
type = process
command = {' '.join(self.child_argv(slot))}
restart = true
smooth-recovery = true
restart-delay = 0
restart-limit-count = 0
''')
            self.write(f'd/w/s{slot}', '')

    def start(self):
        return self.popen(['dinit', '-u', '-q', '-d', self.dir / 'd', '-p', self.dir / 'sock'])


class SystemdUser(Driver):
    """systemd --user. It believes that it may have the cgroup it finds itself in, and
    in the root cgroup would take every process of the machine: hence one of its own."""
    name = 'systemd-user'
    program = 'systemctl'
    max_count = 5000
    settle_s = 1
    throttle = 'none with RestartSec=0 and no start limit, as set here'
    systemd = pathlib.Path('/lib/systemd/systemd')

    @classmethod
    def is_available(cls, tools):
        return cls.systemd.exists() and os.geteuid() == 0

    def prepare(self):
        units = self.dir / 'config/systemd/user'
        child, ring, _, mode = self.child_argv(0)
        self.write(units / 'w@.service', f'''\
[Unit]
StartLimitIntervalSec=0
DefaultDependencies=no
[Service]
Type=exec
ExecStart={child} {ring} %i {mode}
Restart=always
RestartSec=0
StandardOutput=null
StandardError=null
''')
        wants = ' '.join(f'w@{slot}.service' for slot in range(self.count))
        self.write(units / 'default.target',
                   f'[Unit]\nDefaultDependencies=no\nWants={wants}\n')
        (self.dir / 'run').mkdir(mode=0o700)
        self.env.update(XDG_RUNTIME_DIR=str(self.dir / 'run'),
                        XDG_CONFIG_HOME=str(self.dir / 'config'),
                        SYSTEMD_UNIT_PATH=f'{units}:/usr/lib/systemd/user')

    def start(self):
        # whether systemd has booted is only looked up in /run: have one of our own
        steps = [f'mkdir -p {path}/suptree-bench && echo $$ >{path}/suptree-bench/cgroup.procs'
                 for path in CGROUP_HIERARCHIES]
        steps += ['mount -t tmpfs tmpfs /run', 'mkdir -p /run/systemd/system',
                  f'exec {self.systemd} --user']
        return self.popen(['unshare', '-m', 'sh', '-c', ' && '.join(steps)])

    def cleanup(self):
        for path in CGROUP_HIERARCHIES:
            for folder, _, _ in os.walk(path / 'suptree-bench', topdown=False):
                os.rmdir(folder)


PEERS = (Runit, Daemontools, S6, Dinit, Supervisord, ErlangPort, SystemdUser)
