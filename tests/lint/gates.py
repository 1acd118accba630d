#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""The gates of tools/lint find what is planted for them, and only that. The runner of the
gates (tools/check/run) goes on after a failure and reports it.
"""

import glob
import importlib.machinery
import importlib.util
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import ktap

TOP = pathlib.Path(os.environ['ST_TEST_TOP'])
sys.path.insert(0, f'{TOP}/tests/lint/lib')
from planting import assert_finds, assert_passes, gate, plant  # noqa: E402

LONG = 'int f(void)\n{\n' + '\tg();\n' * 59 + '}\n'


def rules(text, test, **more):
    return {'userspace/core/RULES.md': text, 'tests/core/a.c': test} | more


def test_rules_accepts_rules_that_tests_cite():
    assert_passes(rules('**D5.** A round\n**L.** Reports\n**D6.** Stops\n',
                        '/* [D5, D6] */ x[A1] = 2; /* [L] */\n'), 'tools/lint/rules')


def test_rules_finds_a_rule_without_a_test():
    assert_finds('no test cites [D6]', rules('**D5.** A\n**D6.** B\n', '[D5]'),
                 'tools/lint/rules')


def test_rules_finds_a_citation_of_no_rule():
    none = '[G' + '9]'  # in one piece it would be a citation here
    assert_finds(f'userspace/os/b.c:1: {none} is no rule',
                 rules('**D5.** A\n', '[D5]', **{'userspace/os/b.c': f'/* {none} */'}),
                 'tools/lint/rules')


def test_rules_finds_a_rule_defined_twice():
    assert_finds('defines D5 twice', rules('**D5.** A\n**D5.** B\n', '[D5]'), 'tools/lint/rules')


def test_rules_fails_without_the_rules():
    assert_finds('not there', {'tests/a.c': ''}, 'tools/lint/rules')


def test_length_accepts_a_file_at_its_limits():
    assert_passes({'a.c': LONG.replace('\tg();\n', '', 1), 'b.c': '\n' * 600,
                   'c.c': '\t' + 'x' * 92 + '\n'}, 'tools/lint/length', 'a.c', 'b.c', 'c.c')


def test_length_finds_a_long_file():
    assert_finds('a.h: 601 lines', {'a.h': '\n' * 601}, 'tools/lint/length', 'a.h')


def test_length_finds_a_long_line():
    assert_finds('a.c:1: 101 columns', {'a.c': '\t' + 'x' * 93 + '\n'}, 'tools/lint/length', 'a.c')


def test_length_finds_a_long_function():
    assert_finds('a.c:2: f() has 61 lines', {'a.c': '\n' + LONG}, 'tools/lint/length', 'a.c')


def test_length_lets_a_long_function_pass_that_says_why():
    assert_passes({'a.c': '/* long: one flat switch */\n' + LONG}, 'tools/lint/length', 'a.c')


PAGE = '# base\n' + 'x\n' * 59
READMES = {'userspace/base/README.md': PAGE, 'userspace/base/a.c': '', 'tools/lint/README.md': PAGE,
           'tools/lint/a': '', 'tools/lint/sub/a.c': '', 'userspace/base/headers/a.h': ''}


def test_readmes_accepts_pages_at_their_limit_and_sub_folders_without_one():
    assert_passes(READMES, 'tools/lint/readmes')


def test_readmes_finds_a_folder_and_a_room_without_a_page():
    for folder in ('userspace/core', 'tools/bench', 'userspace/base/room'):
        assert_finds(f'{folder}: has no README.md', READMES | {f'{folder}/a.c': ''},
                     'tools/lint/readmes')


def test_readmes_finds_a_long_page_unless_it_gives_the_reason():
    name = 'userspace/base/README.md'
    assert_finds(f'{name}: 61 lines', READMES | {name: PAGE + 'x\n'}, 'tools/lint/readmes')
    reason = '<!-- long: a reference -->\n'
    assert_passes(READMES | {name: PAGE + reason}, 'tools/lint/readmes')
    assert_finds('61 lines', READMES | {name: PAGE + '<!-- long: -->\n'}, 'tools/lint/readmes')
    assert_finds('says that it is long', READMES | {name: '# base\n' + reason},
                 'tools/lint/readmes')


def test_format_finds_spaces_for_a_tab():
    style = (TOP / '.clang-format').read_text()
    good = 'int f(void)\n{\n\treturn 0;\n}\n'
    assert_passes({'.clang-format': style, 'a.c': good}, 'tools/lint/format', 'a.c')
    assert_finds('a.c: not in the form',
                 {'.clang-format': style, 'a.c': good.replace('\t', '    ')},
                 'tools/lint/format', 'a.c')


def test_format_finds_each_file_that_is_not_in_form_and_reports_it_once():
    style = (TOP / '.clang-format').read_text()
    bad = 'int f(void)\n{\n  return 0;\n}\n\nint g(void) { return 1; }\n'
    status, lines = gate({'.clang-format': style, 'a.c': bad, 'b.h': 'int f(void);\n', 'c.c': bad},
                         'tools/lint/format', 'a.c', 'b.h', 'c.c')
    assert status == 1 and [line.split(':')[0] for line in lines] == ['a.c', 'c.c'], lines


def test_spelling_finds_a_misspelt_word_but_not_in_a_test_string():
    word = 'recie' + 've'
    assert_finds(word, {'a.c': f'/* {word} */\n'}, 'tools/lint/spelling', 'a.c')
    assert_passes({'tests/a.c': f'x("a \\"{word}\\" b");\n'}, 'tools/lint/spelling', 'tests/a.c')


def test_words_finds_a_sleep_in_a_test():
    for text in ('\tusle' + 'ep(10);\n', '\tpo' + 'll(NULL, 0, 10);\n'):
        assert_finds('wait for the event', {'tests/os/a.c': text}, 'tools/lint/words',
                     'tests/os/a.c')
    assert_finds('wait for the event', {'tests/os/a.sh': 'sle' + 'ep 1\n'}, 'tools/lint/words',
                 'tests/os/a.sh')


def test_words_finds_unfinished_work():
    assert_finds('unfinished', {'a.c': '/* FIX' + 'ME: later */\n'}, 'tools/lint/words', 'a.c')


def test_words_finds_a_gate_silenced_without_a_reason():
    silent = '\tf(); /* NO' + 'LINT(cert-err34-c)'
    assert_finds('without a reason', {'a.c': silent + ' */\n'}, 'tools/lint/words', 'a.c')
    assert_passes({'a.c': silent + ': digits only */\n'}, 'tools/lint/words', 'a.c')


PHRASES = (
    ('/* A client wh' + 'o is no child. */\n', 'name who it is'),
    ('/* At most s' + 'o many. */\n', 'say how many'),
    ('/*\n * Here is what is\n * sa' + 'id. */\n', 'name it: the message'),
    ('/* What stands beh' + 'ind each. */\n', 'name it: the code after it'),
    ('/* A trace is mea' + 'nt by its number. */\n', 'name the noun'),
    ('/* The daemon te' + 'lls the end. */\n', 'a program reports'),
    ('/* The byte beh' + 'ind it. */\n', 'the place is after it'),
)


def test_words_finds_each_phrase_that_makes_a_reader_guess():
    for text, expected in PHRASES:
        for path in ('a.c', 'userspace/daemon/a.c', 'userspace/proto/a.h'):
            status, lines = gate({path: text}, 'tools/lint/words', path)
            assert status == 1 and any(expected in line for line in lines), (text, lines)
        assert_passes({'LICENSE': text}, 'tools/lint/words', 'LICENSE')


def test_words_finds_more_of_them_in_what_users_read():
    for text, expected in (('Whoe' + 'ver asks waits.\n', 'say which'),
                           ('It is to' + 'ld below.\n', 'the document says')):
        for path in ('README.md', 'userspace/daemon/README.md', 'userspace/proto/README.md'):
            assert_finds(expected, {path: text}, 'tools/lint/words', path)
        assert_passes({'a.c': text}, 'tools/lint/words', 'a.c')


def test_words_finds_a_long_sentence_of_help_and_of_a_manual_page():
    words = ' '.join(['word'] * 18)
    for path in ('userspace/config/keys.c', 'userspace/cli/command/help.c',
                 'userspace/cli/command/verbs.h', 'userspace/cli/command/options.h',
                 'userspace/proto/ops/look.h', 'userspace/proto/params.h',
                 'userspace/proto/errors.h'):
        assert (TOP / path).is_file(), path
        assert_passes({path: f'x("{words}. "\n  "{words}");\n'}, 'tools/lint/words', path)
        assert_finds('36 words', {path: f'x("{words} "\n  "{words}");\n'}, 'tools/lint/words',
                     path)
    page = 'tools/man/suptreed.in'
    assert_passes({page: f'{words}.\n{words}.\n'}, 'tools/lint/words', page)
    assert_finds('37 words', {page: f'{words}\n.Cm one\n{words}.\n'}, 'tools/lint/words', page)


def test_purity_finds_a_system_call_in_an_archive():
    compiler = shutil.which('gcc') or shutil.which('clang')
    if not compiler:
        raise ktap.Skip('needs a compiler')
    source = ('#include <stdio.h>\n#include <string.h>\nint st_other(void);\n'
              'int st_pure(char *a) { memset(a, 0, 9); return st_other() + (int)strlen(a); }\n')
    impure = source + 'int st_bad(void) { return puts("x"); }\n'
    with tempfile.TemporaryDirectory() as folder:
        plant(folder, {'pure.c': source, 'impure.c': impure})
        for name, expected in (('pure', []), ('impure', ['impure.a: calls puts'])):
            subprocess.run([compiler, '-c', '-O2', f'{name}.c'], cwd=folder, check=True)
            subprocess.run(['ar', 'rcs', f'{name}.a', f'{name}.o'], cwd=folder, check=True)
            done = subprocess.run([TOP / 'tools/lint/purity', f'{name}.a'], cwd=folder,
                                  text=True, check=False, stdout=subprocess.PIPE)
            assert done.stdout.splitlines() == expected, done.stdout
            assert done.returncode == bool(expected)


MODULE = """// SPDX-License-Identifier: GPL-2.0-only
/*
 * A module in which nothing is wrong.
 */
#include <linux/module.h>
#include <linux/uaccess.h>

static int __init planted_init(void)
{
	return 0;
}

static void __exit planted_exit(void)
{
}

module_init(planted_init);
module_exit(planted_exit);

MODULE_DESCRIPTION("Nothing");
MODULE_LICENSE("GPL");
"""
BODY = '\treturn 0;\n'


def kselftest():
    """The output folder whose kselftest/ these tests run with."""
    return pathlib.Path(os.environ['ST_TEST_OUT']).parent.joinpath('lib.mk').resolve().parent


def output():
    """An output folder of make, which can have no blank in its path."""
    return tempfile.TemporaryDirectory(dir=os.environ['ST_TEST_OUT'])


def checkpatch(text):
    with output() as out:
        pathlib.Path(out, 'kselftest').symlink_to(kselftest())
        return gate({'kmod/a.c': text}, 'tools/lint/checkpatch', 'kmod/a.c', O=out,
                    MAKEFLAGS='')


def test_checkpatch_accepts_the_kernels_style():
    assert checkpatch(MODULE) == (0, [])


def test_checkpatch_finds_an_error_a_warning_and_a_matter_of_taste():
    for instead, expected in (('\treturn(0);\n', 'RETURN_PARENTHESES'),
                              ('\tprintk("x");\n' + BODY, 'PRINTK_WITHOUT_KERN_LEVEL'),
                              ('\n' + BODY, 'BRACES'),
                              (BODY.replace('\t', '        '), 'CODE_INDENT')):
        status, lines = checkpatch(MODULE.replace(BODY, instead))
        assert status and any(expected in line for line in lines), (expected, lines)


def module_gate(kernel, text):
    """(exit status, lines) of the gate of that kernel, for a suptree.ko of this text."""
    if not glob.glob(f'/lib/modules/{kernel}[.-]*/build') or not shutil.which('sparse'):
        raise ktap.Skip(f'needs sparse and the headers of Linux {kernel}')
    with tempfile.TemporaryDirectory() as folder, output() as out:
        plant(folder, {'kmod/Kbuild': 'obj-m := suptree.o\n', 'kmod/suptree.c': text})
        for name in ('Makefile', 'tools', 'tests', 'userspace'):
            pathlib.Path(folder, name).symlink_to(TOP / name)
        done = subprocess.run([f'{folder}/tools/check/kmod', kernel], text=True, check=False,
                              env=os.environ | {'O': out, 'MAKEFLAGS': ''},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.splitlines()


def assert_module_gate_finds(expected, kernel, instead):
    status, lines = module_gate(kernel, MODULE.replace(BODY, instead))
    assert status == 1 and any(expected in line for line in lines), (expected, lines)


def test_the_modules_gates_accept_a_module_without_a_word():
    for kernel in ('6.1', '6.12'):
        assert module_gate(kernel, MODULE) == (0, []), kernel


def test_the_modules_gates_find_what_does_not_compile():
    for kernel in ('6.1', '6.12'):
        assert_module_gate_finds('error:', kernel, BODY.replace(';', ''))


def test_the_modules_gates_find_a_symbol_that_the_kernel_does_not_export():
    assert_module_gate_finds('undefined!', '6.1',
                             '\tvoid unheard_of(void);\n\n\tunheard_of();\n' + BODY)


def test_the_modules_gates_find_what_only_more_warnings_say():
    for kernel in ('6.1', '6.12'):
        assert_module_gate_finds('unused-but-set', kernel, '\tint x;\n\n\tx = 1;\n' + BODY)


def test_the_modules_gates_find_what_only_sparse_says():
    for kernel in ('6.1', '6.12'):
        assert_module_gate_finds('different address spaces', kernel,
                                 '\tstatic int __user *theirs;\n\tint *ours = theirs;\n\n'
                                 '\treturn !!ours;\n')


def checked(gates, *wanted, **files):
    """(exit status, lines) of tools/check/run in a tree with these gates and files."""
    with tempfile.TemporaryDirectory() as folder:
        plant(folder, {'tools/check/gates': gates} | files)
        for name in ('run', 'tap.py'):
            shutil.copy(TOP / 'tools/check' / name, pathlib.Path(folder, 'tools/check'))
        done = subprocess.run([f'{folder}/tools/check/run', *wanted], text=True, check=False,
                              env=os.environ | {'O': f'{folder}/out'},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.returncode, done.stdout.splitlines()


COVERED = """
OBJ := $(O)/$(VARIANT)/obj/userspace
all: ; @mkdir -p $(OBJ)/base $(OBJ)/core
	@gcc $(CFLAGS) -c userspace/base/a.c -o $(OBJ)/base/a.o
	@gcc $(CFLAGS) -c userspace/core/b.c -o $(OBJ)/core/b.o
	@gcc $(OBJ)/base/a.o $(OBJ)/core/b.o $(LDFLAGS) -o $(OBJ)/program
build-test-%: ;
otp-core: ;
test-base: ; $(OBJ)/program
test-%: ;
"""


def coverage(argument):
    """What the gate says of a program that was run with one value of @argument."""
    with output() as out:
        return gate({'Makefile': COVERED,
                     'tools/check/coverage.c': (TOP / 'tools/check/coverage.c').read_text(),
                     'userspace/base/a.c': 'int a(int x)\n{\n\tif (x)\n\t\treturn 1;\n'
                                           '\treturn 0;\n}\n',
                     'userspace/core/b.c': '#include <unistd.h>\nint a(int x);\nint main(void)\n'
                                           '{\n\ta(0);\n' + argument + '\t_exit(0);\n}\n'},
                    'tools/check/coverage', O=out, MAKEFLAGS='')


def test_coverage_finds_a_line_that_no_test_reaches():
    status, lines = coverage('')
    assert status == 1 and 'userspace/base/a.c: 4' in lines[0], lines
    assert 'below 95' in lines[-1], lines


def test_coverage_counts_what_a_test_reached_before_it_called_exit_2():
    status, lines = coverage('\ta(1);\n')
    assert status == 0 and lines[0].startswith(' 100.0 %'), lines


def test_check_goes_on_after_a_failure_and_sums_up_in_one_last_line():
    status, lines = checked('lint bad echo why; false\nlint good true\n'
                            'lint away echo no cppcheck; exit 4\n'
                            'test tap printf "TAP version 13\\n1..2\\nok 1 a\\nnot ok 2 b\\n"\n')
    assert status == 1, lines
    assert lines[-1] == '2 passed, 2 failed, 1 skipped', lines
    assert 'skipped: away: no cppcheck' in lines, lines
    assert 'failed: bad: exit status 1' in lines and '    why' in lines, lines
    assert 'failed: tap: b' in lines, lines


FAILING = """TAP version 13
1..1
# selftests: core: step
# TAP version 13
# 1..2
# because of this
# not ok 1 broken
# ok 2 fine
# flood
# # Totals: pass:1 fail:1 xfail:0 xpass:0 skip:0 error:0
not ok 1 selftests: core: step # exit=1
"""


def test_check_shows_the_names_of_failed_tests_and_what_they_said():
    flood = FAILING.replace('# flood\n', '# flood\n' * 500)
    status, lines = checked('test tap cat flood; false\n', flood=flood)
    assert status == 1 and lines[1].strip() == 'core/step: broken', lines
    said = [line.strip() for line in lines]
    assert said[2:4] == ['because of this', 'not ok 1 broken'], lines
    assert 0 < said.count('flood') < 20, lines


def test_check_prints_what_each_gate_took():
    status, lines = checked('test tests cat tap\nlint quick true\n', tap=FAILING)
    assert status == 1, lines
    for name in ('test/tests: 1 passed, 1 failed', 'lint/quick'):
        line = next(line for line in lines if name in line)
        assert re.match(rf'  (?:PASS|FAILED) +[0-9]+\.[0-9] s  {name}', line), line
    assert 'the 1 slowest of 1 test programs:' in lines, lines
    assert any(re.match(r' +[0-9]+\.[0-9] s  tests  core/step$', line) for line in lines), lines


def test_check_names_the_ten_programs_that_took_longest():
    loader = importlib.machinery.SourceFileLoader('run', str(TOP / 'tools/check/run'))
    sys.path.insert(0, str(TOP / 'tools/check'))
    run = importlib.util.module_from_spec(importlib.util.spec_from_loader('run', loader))
    loader.exec_module(run)
    stamped, now = [(0, 'TAP version 13'), (0, '1..12')], 100
    for number in range(1, 13):
        now += 1  # between two programs, and so nobody's
        stamped.append((now, f'# selftests: core: p{number}'))
        stamped.append((now + 0.5, '# ok 1 of the program itself'))
        now += number % 12 * 10
        stamped.append((now, f'{"not " * (number == 3)}ok {number} selftests: core: p{number}'))
    timed = run.durations('tests', stamped)
    assert timed[0] == (10, 'tests', 'core/p1') and timed[-1] == (0, 'tests', 'core/p12'), timed
    lines = [line.split() for line in run.slowest(timed)]
    assert ' '.join(lines[0]) == 'the 10 slowest of 12 test programs:', lines
    assert [words[0] for words in lines[1:]] == [f'{nr}0.0' for nr in range(11, 1, -1)], lines
    assert lines[1][2:] == ['tests', 'core/p11'], lines


def test_check_does_not_wait_for_what_a_gate_leaves_behind():
    with tempfile.TemporaryDirectory() as folder:
        os.mkfifo(f'{folder}/held')
        writer = os.open(f'{folder}/held', os.O_RDWR)  # while it is open the cat waits
        status, lines = checked(f'lint left cat {folder}/held & echo here; exit 3\n')
        os.close(writer)
    assert status == 1 and '    here' in lines, lines


def test_check_fails_a_test_gate_that_prints_no_results():
    status, lines = checked('test silent true\n')
    assert status == 1 and lines[-1] == '0 passed, 1 failed, 0 skipped', lines


def test_check_fails_a_test_gate_with_good_results_and_a_bad_status():
    status, lines = checked('test t printf "TAP version 13\\n1..1\\nok 1 a\\n"; exit 3\n')
    assert status == 1 and 'failed: t: exit status 3' in lines, lines


def test_check_runs_only_the_group_or_gate_named():
    status, lines = checked('lint good true\nbuild bad false\n', 'lint')
    assert status == 0 and lines[-1] == '1 passed, 0 failed, 0 skipped', lines
    status, lines = checked('lint good true\n', 'nonsense')
    assert status == 1 and 'nonsense' in lines[0], lines


ktap.run(globals())
