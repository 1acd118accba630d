// SPDX-License-Identifier: GPL-2.0-only
// Figures and reasons in words. Pure.

/** 1234 -> "1,234" */
export const number = (value) => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');

/** A duration in one unit: "3 s", "12 min", "3 d". */
export function duration(ms) {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 86400) return `${Math.floor(s / 3600)} h`;
  return `${Math.floor(s / 86400)} d`;
}

/** A short one: "0.3 ms", "120 ms", "1.2 s". */
export function short(ns) {
  const ms = ns / 1e6;
  if (ms < 100) return `${ms.toFixed(1)} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : ms < 60000 ? `${(ms / 1000).toFixed(1)} s`
    : duration(ms);
}

export const plural = (count, one, many) => `${number(count)} ${count === 1 ? one : many}`;

/** A reason of OTP as text: "killed", or what an object of it says. */
export function reason(value) {
  if (value === null || value === undefined) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** How a process ended: "SIGKILL", "exit 1". */
export function ending(event) {
  const { how } = event;
  if (how?.signal) return `SIG${how.signal}${how.core ? ', core written' : ''}`;
  if (how && 'exit' in how) return `exit ${how.exit}`;
  return reason(event.reason);
}

/** Who sent the signal, as far as it is known. */
export function sender(event) {
  const from = event.sender;
  if (!from) return '';
  if (typeof from.unknown === 'string') return `sender not known: ${from.unknown}`;
  const by = from.asked_by;
  return `sent by ${from.name} (${from.pid})` +
    (by ? ` for ${by.operation.replaceAll('_', '-')} (pid ${by.pid}, uid ${by.uid})` : '');
}

export const idOf = (path) => path.slice(path.lastIndexOf('/') + 1) || '/';

/** The word for what an event did to a child. */
export function happened(event) {
  if (event.event !== 'exited') return event.event.replaceAll('_', ' ');
  if (event.took_ns !== undefined || event.asked) return 'stopped';
  return event.reason === 'killed' ? 'killed' : 'ended';
}

/** The sentence with which "why" begins. */
export function whySentence(why) {
  if (!why.ended) return why.below ? `${idOf(why.path)} has not ended. Something below it has.`
    : `${idOf(why.path)} has not ended yet.`;
  const first = why.root ?? why.end;
  const what = first.reason === 'killed' ? 'was killed'
    : `ended with ${ending(first)}`;
  const now = why.state === 'running' ? 'Started again' : `Is ${why.state}`;
  if (why.root && why.root.path !== why.path)
    return `${now} because ${idOf(first.path)} ${what}.`;
  return why.state === 'running' ? `Started again after it ${what}.` : `It ${what}.`;
}
