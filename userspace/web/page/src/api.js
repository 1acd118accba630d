// SPDX-License-Identifier: GPL-2.0-only
// Requests to the gateway. A failure is a Problem (RFC 9457), whose message is for people.
export const BASE = '/api/v1';
const PATIENCE_MS = 10000;

let csrf = '';

export class Problem extends Error {
  constructor(status, answer) {
    super(answer.detail ?? answer.title ?? `status ${status}`);
    this.status = status;
    this.kind = answer.kind ?? '';
    this.pointer = answer.pointer ?? '';
  }
}

/** The path of a child as one segment of an address. */
export const segment = (path) => encodeURIComponent(path);

async function problemOf(answer) {
  try {
    return new Problem(answer.status, await answer.json());
  } catch {
    return new Problem(answer.status, {});
  }
}

/** Ask; returns what is below "result". */
export async function ask(method, path, body) {
  const headers = {};
  if (method !== 'GET') headers['X-Suptree-CSRF'] = csrf;
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  let answer;
  try {
    answer = await fetch(BASE + path, {
      method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
  } catch (error) {
    throw new Problem(0, { detail: `The gateway does not answer: ${error.message}` });
  }
  if (!answer.ok) throw await problemOf(answer);
  return (await answer.json()).result;
}

export const get = (path) => ask('GET', path);

/** Who is logged in: {role}; a write needs what else this answer has. */
export async function session() {
  const found = await get('/session');
  csrf = found.csrf;
  return found;
}
