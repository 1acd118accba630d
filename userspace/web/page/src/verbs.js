// SPDX-License-Identifier: GPL-2.0-only
// What can be done to a child: the requests, their words, and who may make them.
import { ask, segment } from './api.js';

const processes = (node, rest = '') => `/processes/${segment(node.path)}${rest}`;
export const SIGNALS = ['KILL', 'TERM', 'INT', 'HUP', 'QUIT', 'SEGV', 'ABRT', 'STOP', 'CONT',
  'USR1', 'USR2'];

/* verb: its name in the daemon; cli: the command line that does the same. */
export const VERBS = {
  kill: { verb: 'kill', word: 'Kill', role: 'operator', harms: true,
    run: (node, { signal = 'KILL' }) => ask('DELETE', processes(node, `?signal=${signal}`)),
    cli: (node, { signal = 'KILL' }) =>
      `suptree kill ${node.path}${signal === 'KILL' ? '' : ` --signal ${signal}`}`,
    can: (node) => !node.isSupervisor && Boolean(node.pid) },
  terminate: { verb: 'terminate-child', word: 'Terminate', role: 'operator', harms: true,
    run: (node) => ask('POST', processes(node, '/terminate'), {}),
    cli: (node) => `suptree terminate-child ${node.path}`,
    can: (node) => node.parent && node.state !== 'stopped' },
  restart: { verb: 'restart', word: 'Restart', role: 'operator', harms: true,
    run: (node) => ask('POST', processes(node, '/stop-and-start'), {}),
    cli: (node) => `suptree restart ${node.path}`,
    can: (node) => node.parent && node.state !== 'stopped' },
  start: { verb: 'restart-child', word: 'Start', role: 'operator', harms: false,
    run: (node) => ask('POST', processes(node, '/restart'), {}),
    cli: (node) => `suptree restart-child ${node.path}`,
    can: (node) => node.parent && node.state === 'stopped' },
  delete: { verb: 'delete-child', word: 'Delete', role: 'operator', harms: true,
    run: (node) => ask('DELETE', processes(node, '/spec')),
    cli: (node) => `suptree delete-child ${node.path}`,
    can: (node) => node.parent && node.state === 'stopped' },
};

/** The verbs that fit a node now, in the order of their buttons. */
export const verbsFor = (node) => Object.keys(VERBS).filter((name) => VERBS[name].can(node));

export const REFUSAL = { operator: 'needs the role operator (group suptree-operator)',
  admin: 'needs the role admin (group suptree-admin)' };
