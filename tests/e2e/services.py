#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""`services:` of a configuration: the tree system, what each gets, who may touch it. [X13]"""

import json
import os
import pathlib
import stat
import subprocess
import sys
import tempfile

sys.path.insert(0, os.environ['ST_TEST_TOP'] + '/tests/lib')
import ktap  # noqa: E402
from suptreed import BIN, Daemon, Refused, states  # noqa: E402

SLEEP = ['sleep', 'infinity']
TREE = {'id': 'demo', 'supervisor': {'children': [{'id': 'a', 'start': SLEEP}]}}
SERVICE_UID = 61001
# It speaks for itself as a program of the service would, and writes what it was given.
PYTHON = '/usr/bin/python3'  # another user may not reach that of this test
PROGRAM = f'''#!{PYTHON if os.path.exists(PYTHON) else sys.executable}
import json, os, signal, socket, sys
notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
notify.connect(os.environ['NOTIFY_SOCKET'])
given = {{'argv': sys.argv[1:], 'uid': os.getuid(), 'folder': os.environ.get('SUPTREE_FOLDER'),
         'names': sorted(os.environ)}}
print(json.dumps(given), flush=True)
notify.send(b'READY=1')
signal.pause()
'''


class Services:
    """A daemon whose journal is the program above; PATH and folders are in a folder of its own."""

    def __init__(self, services, *children, **options):
        self.folder = tempfile.TemporaryDirectory(prefix='suptree-services-')
        self.top = pathlib.Path(self.folder.name)
        self.top.chmod(0o755)
        (self.top / 'bin').mkdir(mode=0o755)
        (self.top / 'bin').chmod(0o755)
        self.program('suptree-journal')
        environment = {**os.environ, 'PATH': f'{self.top}/bin:' + os.environ['PATH'],
                       'STATE_DIRECTORY': f'{self.top}/state', 'SECRET': 'of the daemon'}
        self.daemon = Daemon(self.config(services, *children), environment=environment, **options)

    def program(self, name):
        path = self.top / 'bin' / name
        path.write_text(PROGRAM, encoding='utf-8')
        path.chmod(0o755)

    @staticmethod
    def config(services, *children):
        keys = {} if services is None else {'services': services}
        return json.dumps({**keys, 'children': list(children)})

    def __enter__(self):
        return self.daemon.__enter__(), self.top

    def __exit__(self, *what):
        self.daemon.__exit__(*what)
        self.folder.cleanup()


def given(daemon):
    """What the program was given, by its last line."""
    return json.loads(daemon.call('logs', path='system/journal')['lines'][-1]['text'])


def refusal(call, *arguments, **parameters):
    try:
        call(*arguments, **parameters)
    except Refused as refused:
        return refused
    raise AssertionError('it was not refused')


def test_services_make_the_tree_system_before_all_others_X13():
    services = {'journal': {'max_age': '2 d', 'max_size': '2 MiB', 'sync': 'full'}}
    with Services(services, TREE) as (daemon, _):
        children = daemon.call('tree')['root']['children']
        assert [child['id'] for child in children] == ['system', 'demo']
        assert children[0]['strategy'] == 'one_for_one' and children[0]['intensity'] == 5
        spec = daemon.call('get_childspec', path='system/journal')
        assert spec['service'] == 'journal' and spec['ready'] == 'notify'
        options = ['--max-age=172800', '--max-size=2097152', '--sync=full']
        assert spec['start'][-3:] == options, spec
        assert given(daemon)['argv'][-3:] == options


def test_a_service_inherits_nothing_of_the_daemon_but_path():
    with Services({'journal': None}, TREE) as (daemon, _):
        names = given(daemon)['names']
        assert 'SECRET' not in names and 'HOME' not in names and 'PATH' in names, names


def test_the_folder_of_a_service_is_made_where_the_daemon_keeps_its_state():
    with Services({'journal': {}}, TREE) as (daemon, top):
        folder = top / 'state/journal'
        assert given(daemon)['folder'] == str(folder)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o750
        assert folder.stat().st_uid == given(daemon)['uid']


def test_a_daemon_of_a_user_keeps_it_below_his_state():
    if os.geteuid() == 0:
        raise ktap.Skip('needs a user without rights')
    with Services({'journal': {}}, TREE) as (daemon, top):
        daemon.stop()
        daemon.environment['STATE_DIRECTORY'] = ''  # else it is one of the test's own
        daemon.environment['XDG_STATE_HOME'] = f'{top}/xdg'
        os.unlink(daemon.dir + '/ready')
        daemon.start()
        assert given(daemon)['folder'] == f'{top}/xdg/suptree/journal', (given(daemon), top)
        assert given(daemon)['uid'] == os.geteuid()


def root_only():
    if os.geteuid() != 0:
        raise ktap.Skip('needs root')


def test_a_service_of_root_has_a_user_and_a_folder_of_its_own():
    root_only()
    with tempfile.TemporaryDirectory(prefix='suptree-folder-') as own_folder:
        os.chmod(own_folder, 0o755)
        folder = pathlib.Path(own_folder) / 'deep/journal'
        with Services({'journal': {'folder': str(folder)}}, TREE) as (daemon, _):
            assert given(daemon)['uid'] == SERVICE_UID
            assert folder.stat().st_uid == SERVICE_UID
            assert stat.S_IMODE(folder.stat().st_mode) == 0o750
            assert folder.parent.stat().st_uid == 0
            row = daemon.call('services')[0]
            assert row['uid'] == SERVICE_UID


def test_a_folder_that_is_there_keeps_its_owner_and_a_link_is_not_followed():
    root_only()
    with tempfile.TemporaryDirectory(prefix='suptree-folder-') as own_folder:
        there = pathlib.Path(own_folder) / 'there'
        there.mkdir(mode=0o700)
        link = pathlib.Path(own_folder) / 'link'
        link.symlink_to(there)
        with Services({'journal': {'folder': str(there)}}, TREE):
            assert there.stat().st_uid == 0
        with Services({'journal': {'folder': f'{link}/below'}}, TREE) as (daemon, _):
            assert f'make {link}/below for the journal' in daemon.said()
            assert not (there / 'below').exists()


def test_verbs_change_a_service_only_with_system():
    with Services({'journal': {}}, TREE) as (daemon, _):
        pid = daemon.pid('system/journal')
        for method, parameters in (('kill', {'path': 'system/journal'}), ('kill', {'pid': pid}),
                                   ('terminate_child', {'path': 'system/journal'}),
                                   ('restart', {'path': 'system/journal'}),
                                   ('restart', {'path': 'system'}),
                                   ('stop_supervisor', {'path': 'system'}),
                                   ('strategy', {'path': 'system', 'strategy': 'one_for_all'}),
                                   ('unload', {'path': 'system'}),
                                   ('change', {'path': 'system', 'spec': {'children': []}}),
                                   ('start_child', {'path': 'system',
                                                    'spec': {'id': 'x', 'start': SLEEP}})):
            refused = refusal(daemon.call, method, **parameters)
            assert refused.kind == 'refused' and '--system' in str(refused), (method, refused)
        assert daemon.pid('system/journal') == pid
        daemon.call('strategy', path='system', strategy='one_for_all', system=True)
        daemon.call('kill', path='system/journal', system=True)
        daemon.until('system/journal=up')
        assert daemon.pid('system/journal') != pid
        daemon.call('kill', path='demo/a')  # all others are as before


def test_services_shows_stops_starts_and_restarts_them():
    with Services({'journal': {}}, TREE) as (daemon, _):
        row, tracer = daemon.call('services')[:2]
        pid = daemon.pid('system/journal')
        assert (row['name'], row['state'], row['pid']) == ('journal', 'running', pid)
        assert tracer['state'] == 'absent' and 'path' not in tracer
        daemon.call('services_restart', name='journal')
        assert daemon.pid('system/journal') != pid
        daemon.call('services_stop', name='journal')
        assert daemon.call('services')[0]['state'] == 'stopped'
        daemon.call('services_start', name='journal')
        assert daemon.call('services')[0]['state'] == 'running'
        assert refusal(daemon.call, 'services_start', name='journal').kind == 'running'
        assert refusal(daemon.call, 'services_start', name='jurnal').kind == 'invalid_params'


def test_a_service_that_no_configuration_names_can_be_started():
    with Services(None, TREE) as (daemon, _):
        refused = refusal(daemon.call, 'services_stop', name='journal')
        assert refused.kind == 'not_found' and 'suptree services start journal' in str(refused)
        daemon.call('services_start', name='journal')
        assert states(daemon.call('tree')['root'])['system/journal'] == 'running'
        assert refusal(daemon.call, 'kill', path='system/journal').kind == 'refused'


def test_a_tree_of_services_that_gave_up_is_started_again():
    with Services({'journal': {}}, TREE) as (daemon, _):
        daemon.call('stop_supervisor', path='system', system=True)
        daemon.until('system=stopped')
        daemon.call('services_start', name='journal')
        assert daemon.call('services')[0]['state'] == 'running'


def test_reload_starts_and_removes_services_X13():
    with Services(None, TREE) as (daemon, top):
        daemon.write(Services.config({'journal': {}}, TREE))
        plan = daemon.call('reload')
        assert plan['started'] == ['system'] and not plan['failed'], plan
        assert daemon.call('services')[0]['state'] == 'running'
        daemon.write(Services.config({'journal': {'max_age': '1 h'}}, TREE))
        assert daemon.call('reload')['changed']
        daemon.call('services_restart', name='journal')
        assert '--max-age=3600' in given(daemon)['argv']
        daemon.write(Services.config({}, TREE))
        plan = daemon.call('reload')
        assert plan['removed'] == ['system'] and not plan['kept'], plan
        assert daemon.call('services')[0]['state'] == 'absent'
        assert top.exists()


def start(services, path=None):
    """What a daemon says that cannot start."""
    with tempfile.TemporaryDirectory(prefix='suptree-services-') as folder:
        config = f'{folder}/suptree.yaml'
        with open(config, 'w', encoding='utf-8') as file:
            json.dump({'services': services, 'children': []}, file)
        environment = {**os.environ, 'PATH': path or folder, 'STATE_DIRECTORY': folder}
        done = subprocess.run([BIN + '/suptreed', '--socket', f'{folder}/s', '--config', config],
                              capture_output=True, text=True, env=environment, check=False)
        assert done.returncode == 1, done
        return done.stderr


def test_a_missing_program_is_named():
    said = start({'journal': {}})
    assert 'suptree-journal' in said and 'system/journal' in said, said


def test_mistakes_in_services_are_named_with_what_was_meant():
    assert 'services has no key "jurnal"' in start({'jurnal': {}})
    assert 'did you mean "max_age"' in start({'journal': {'max_aeg': '1 d'}})
    said = start({'tracer': {'folder': '/x'}})
    assert 'folder is a key of the journal, not of the tracer' in said, said
    assert 'sync' in start({'journal': {'sync': 'often'}})
    assert 'max_size' in start({'journal': {'max_size': '12 KiB'}})


def test_a_tree_that_is_named_system_conflicts_with_services():
    with tempfile.TemporaryDirectory(prefix='suptree-services-') as folder:
        config = f'{folder}/suptree.yaml'
        with open(config, 'w', encoding='utf-8') as file:
            json.dump({'services': {'journal': {}},
                       'children': [{'id': 'system', 'start': SLEEP}]}, file)
        done = subprocess.run([BIN + '/suptree', 'check', config], capture_output=True, text=True,
                              check=False)
        assert done.returncode != 0 and 'has this id already' in done.stderr + done.stdout, done


ktap.run(globals())
