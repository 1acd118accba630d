#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""suptree alone on a terminal: the console."""

import os
import signal
import stat
import sys
import tempfile

sys.path[:0] = [os.environ['ST_TEST_TOP'] + '/tests/lib', os.environ['ST_TEST_DIR'] + '/lib']
import ktap  # noqa: E402
from fake import SUBSCRIBED, SUPTREE, Failure, Fake, Stream, environment, event, run  # noqa: E402
from terminal import Terminal  # noqa: E402

PROMPT = 'suptree> '
ROWS = [{'path': '/'}, {'path': 'demo', 'pid': 7, 'type': 'supervisor'},
        {'path': 'demo/a b', 'pid': 8},
        {'path': 'db', 'pid': 9}]
UP, CTRL_A, CTRL_C, CTRL_D, CTRL_U = '\x1b[A', '\x01', '\x03', '\x04', '\x15'


class Console(Terminal):
    """The console of a fake daemon, with a home of its own."""

    def __init__(self, fake, *options, home=None, socket=None, **variables):
        self.folder = None if home else tempfile.TemporaryDirectory(prefix='suptree-home-')
        self.home = home or self.folder.name
        self.state = self.home + '/.local/state/suptree/history'
        env = environment(socket or fake.path, TERM='xterm', HOME=self.home, **variables)
        super().__init__([SUPTREE, *options], env)

    def __enter__(self):
        super().__enter__()
        self.expect(PROMPT)
        return self

    def __exit__(self, *exception):
        super().__exit__(*exception)
        if self.folder:
            self.folder.cleanup()

    def run(self, line):
        """Type a line: what its verb said."""
        self.type(line + '\n')
        return self.expect('\n' + PROMPT).partition('\n')[2]

    def leave(self):
        self.type(CTRL_D)
        status = self.end()
        assert 'Sanitizer' not in self.text, self.text
        return status


def test_each_line_is_a_command_line():
    with Fake() as fake, Console(fake) as console:
        assert console.run('ping') == 'ok'
        assert console.run("suptree kill demo/a --signal 'TERM' --yes") == 'ok'
        assert fake.requests == [('ping', {}), ('kill', {'path': 'demo/a', 'signal': 'TERM'})]
        assert console.leave() == 0


def test_words_are_quoted_as_for_a_shell():
    with Fake() as fake, Console(fake) as console:
        for line, path in ((r'info a\ b', 'a b'), ("info 'a \"b'", 'a "b'),
                           (r'info "a\"b\c"', r'a"b\c'),
                           ("info a'b'\"c\"d # e", 'abcd'), ('info a#b', 'a#b'),
                           ('info $HOME', '$HOME'), ('  info   a;b  ', 'a;b')):
            assert console.run(line) == 'ok: true', line
            assert fake.requests[-1] == ('info', {'path': path}), (line, fake.requests)


def test_a_line_whose_quotes_are_open_is_one_command():
    with Fake() as fake, Console(fake) as console:
        console.type("check-childspecs '- id: a\n")
        console.expect('\n> ')
        assert console.run("  start: x'") == 'ok'
        console.type('info \\\n')
        console.expect('\n> ')
        assert console.run('b') == 'ok: true'
        assert fake.requests == [('check_childspecs', {'specs': '- id: a\n  start: x'}),
                                 ('info', {'path': 'b'})], fake.requests


def test_a_mistake_is_told_and_the_console_goes_on():
    with Fake(info=Failure('not_found', 'info x: no such child'), ps=[]) as fake:
        with Console(fake) as console:
            assert console.run('inof x') == 'suptree: unknown verb "inof"; did you mean info?'
            assert console.run('info x') == 'suptree: info x: no such child'
            assert console.run('') == '' and console.run('# nothing') == ''
            assert console.run('ping') == 'ok'
            assert console.leave() == 0


def test_options_of_the_console_hold_for_each_line():
    with Fake() as fake:
        with Console(fake, '--json', '--timeout', '9s', '--color=never', '--socket', fake.path,
                     socket='/nonexistent') as console:
            assert console.run('ping') == '{\n  "ok": true\n}'
            assert console.run('ping --jsonl') == '{"ok":true}'


def test_ctrl_c_ends_the_verb_that_runs_and_not_the_console():
    exited = event(wall='2026-11-22T18:23:05.123456Z', event='exited', path='a', reason='killed')
    with Fake(subscribe=Stream(SUBSCRIBED, hold=True)) as fake, Console(fake) as console:
        for _ in range(3):
            console.type('events\n')
            fake.wait_for('subscribe')
            fake.notify(exited)
            console.expect('exited  killed\n')
            console.type(CTRL_C)
            assert console.expect(PROMPT) == '^C\n'
            fake.requests.clear()
        assert console.run('ping') == 'ok'


def test_ctrl_c_drops_the_line():
    with Fake() as fake, Console(fake) as console:
        console.type('stop' + CTRL_C)
        console.expect('^C\n' + PROMPT)
        console.type(CTRL_C)
        console.expect('^C\n' + PROMPT)
        console.type("kill 'a\n" + CTRL_C)
        console.expect('^C\n' + PROMPT)
        assert console.run('ping') == 'ok'
        assert fake.requests == [('ping', {})]


def test_ctrl_d_exit_and_quit_leave():
    with Fake() as fake:
        for word in (CTRL_D, 'exit\n', 'quit\n'):
            with Console(fake) as console:
                console.type(word)
                assert console.end() == 0
        with Console(fake) as console:
            console.type("kill 'a\n")
            console.expect('\n> ')
            console.type(CTRL_D)
            console.expect(PROMPT)
            assert console.leave() == 0
        assert fake.requests == []


def test_a_verb_that_reads_its_input_reads_the_terminal():
    with Fake() as fake, Console(fake) as console:
        console.type('check-childspecs -\n')
        console.await_lines()
        console.type('[]\n' + CTRL_D)
        console.expect('ok\n' + PROMPT)
        assert fake.requests == [('check_childspecs', {'specs': '[]\n'})]


def test_what_processes_offer_is_completed_and_run():
    row = {'name': 'x.demo/a.add', 'verb': 'x.demo/a.add', 'summary': 'add to it',
           'params': [{'name': 'n', 'type': 'integer', 'required': True, 'help': 'what'}]}
    with Fake(**{'offered': [row], 'x.demo/a.add': {'reply': '5'}}) as fake:
        with Console(fake) as console:
            assert console.run('x\tde\ta\t5') == '5'
            assert fake.requests[-1] == ('x.demo/a.add', {'n': 5}), fake.requests
            assert 'x.demo/a. ' in console.run('help')


def test_a_daemon_that_was_lost_is_found_again_by_the_next_line():
    with Fake() as fake, Console(fake) as console:
        assert console.run('ping') == 'ok'
        path = fake.path
        os.rename(path, path + '.away')
        assert 'No such file or directory (is suptreed running?' in console.run('ping')
        console.type('kill x\t')  # completion is quiet
        console.type(CTRL_U)
        os.rename(path + '.away', path)
        assert console.run('ping') == 'ok'


def completed(fake, typed):
    """The last request that a line becomes whose last word is completed by Tab."""
    fake.requests.clear()
    with Console(fake) as console:
        console.run(typed + '\t')
    return fake.requests[-1]


def test_tab_completes_verbs_options_values_and_names():
    with Fake(ps=ROWS, registered=[{'name': 'printer', 'path': 'demo'}],
              groups=[{'group': 'all'}, {'group': 'all'}]) as fake:
        for typed, request in (
                ('pin', ('ping', {})),
                ('suptree pin', ('ping', {})),
                ('list_s', ('ps', {})),
                ('kill --yes de\t', ('kill', {'path': 'demo/a b'})),
                ("kill -y 'demo/", ('kill', {'path': 'demo/a b'})),
                ('kill -y "demo/', ('kill', {'path': 'demo/a b'})),
                ('kill -y /db', ('kill', {'path': 'db'})),
                ('kill -y db --sig\tTER', ('kill', {'path': 'db', 'signal': 'TERM'})),
                ('kill -y db -s HU', ('kill', {'path': 'db', 'signal': 'HUP'})),
                ('kill -y db --signal=US\t1', ('kill', {'path': 'db', 'signal': 'USR1'})),
                ('kill -y --pid 9', ('kill', {'pid': 9})),
                ('wait --until db\tup', ('wait', {'until': 'db=up'})),
                ('whereis pri', ('whereis', {'path': 'printer'})),
                ('members a', ('members', {'group': 'all'})),
                ('strategy db one_for_a', ('strategy', {'path': 'db', 'strategy': 'one_for_all'})),
                ('load /etc/hos\tname', ('load', {'file': os.path.realpath('/etc/hostname')}))):
            assert completed(fake, typed) == request, (typed, fake.requests)


def test_tab_lists_what_is_possible():
    with Fake(ps=ROWS) as fake, Console(fake) as console:
        console.type('kill d\t')
        console.expect('kill d')
        assert console.expect('kill d').split() == ['demo/', 'db', 'suptree>']


def test_the_history_is_kept_for_the_next_console():
    with Fake() as fake, tempfile.TemporaryDirectory() as home:
        with Console(fake, home=home) as console:
            console.run('ping')
            console.run(' info secret')
            console.type("info 'a\n")
            console.expect('> ')
            console.run("b'")
            assert stat.S_IMODE(os.stat(console.state).st_mode) == 0o600
            assert stat.S_IMODE(os.stat(os.path.dirname(console.state)).st_mode) == 0o700
            os.kill(console.pid, signal.SIGKILL)
            console.end()
        fake.requests.clear()
        with Console(fake, home=home) as console:
            console.run(UP)
            console.run(UP + UP)
            assert fake.requests == [('ping', {})], (fake.requests, console.text)
            assert console.leave() == 0


def entries(path):
    with open(path, encoding='utf-8') as file:
        return file.read().splitlines()[1:]


def test_the_history_is_bounded_and_wherever_xdg_says():
    with Fake() as fake, tempfile.TemporaryDirectory() as home:
        path = home + '/s/suptree/history'
        with Console(fake, home=home, XDG_STATE_HOME=home + '/s') as console:
            console.run('ping')
            console.run('ping')
            assert console.leave() == 0
        assert entries(path) == ['ping'], entries(path)
        with open(path, 'a', encoding='utf-8') as file:
            file.writelines(f'info\\040a{number}\n' for number in range(2000))
        with Console(fake, home=home, XDG_STATE_HOME=home + '/s') as console:
            assert console.leave() == 0
        assert entries(path) == [f'info\\040a{number}' for number in range(1000, 2000)]
        assert os.listdir(os.path.dirname(path)) == ['history']


def test_without_a_home_there_is_no_history_and_no_failure():
    for home in ('', '/proc', 'relative'):
        with Fake() as fake, Terminal([SUPTREE], environment(fake.path, HOME=home)) as console:
            console.expect(PROMPT)
            console.type('ping\n')
            console.expect('ok\n' + PROMPT)
            console.type(CTRL_D)
            assert console.end() == 0


def test_the_original_names_are_verbs():
    rows = [{'path': 'a', 'type': 'worker'}, {'path': 'b', 'type': 'supervisor'}]
    with Fake(ps=rows, tree=Failure('x', 'x'), info=Failure('x', 'x')) as fake:
        for name in ('list_supervisors', 'list-supervisors'):
            lines = fake.run(name, '--jsonl').stdout
            assert '"b"' in lines and '"a"' not in lines, lines
        assert fake.run('ps', '-t', 'worker', '--jsonl').stdout.count('\n') == 1
        assert fake.run('list_all_processes', '--jsonl').stdout.count('\n') == 2
        assert fake.run('ps', '--type', 'x').returncode == 2
        fake.requests.clear()
        fake.run('get_supervision_tree', 'a')
        fake.run('get_process_info', 'a')
        fake.run('kill_process', 'a')
        assert fake.requests == [('tree', {'path': 'a'}), ('info', {'path': 'a'}),
                                 ('kill', {'path': 'a'})], fake.requests
        assert run('help', 'kill_process').stdout == run('help', 'kill').stdout


ktap.run(globals())
