#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
"""Compare supervision traces with the expected ones.

  compare.py EXPECTED.json ACTUAL.json          compare two trace files
  compare.py --run CMD [options]                run an implementation and compare
      CMD is split like a shell would and called as:  CMD... SCENARIO.json OUT.json
      It must write the trace to OUT.json and exit 0.
      --scenarios DIR   (default: scenarios beside this file)
      --expected DIR    (default: expected beside this file)
      --only GLOB       only scenario names matching GLOB (may be repeated)
      --jobs N          scenarios run at the same time (default 1)
      --timeout S       seconds per scenario (default 60)
      --keep DIR        keep the traces written by CMD in DIR
  Common options:
      --no-reports      ignore "report" events (on both sides)
      --no-events       compare only results and states
      --brief           one line per scenario, no diffs
Exit status: 0 all equal, 1 some differ, 2 usage or missing files.

What is compared, step by step: "result" and "state" exactly (lists wrapped in
{"unordered": [...]} as multisets); "events" in order, except that
  * expected events marked "float": true may stand anywhere in their step;
  * a run of expected events marked with the same "par": SUP may be interleaved
    in any way, as long as each lane (each child of SUP) keeps its own order.
An implementation need not write "float" or "par" marks; they are ignored there.
"""
import argparse
import concurrent.futures
import difflib
import fnmatch
import json
import os
import shlex
import subprocess
import sys
import tempfile

MARKS = ("float", "par")


def canon(value):
    """Canonical text of a JSON value; {"unordered": [...]} sorted."""
    return json.dumps(norm(value), sort_keys=True, separators=(",", ":"))


def norm(value):
    if isinstance(value, dict):
        if set(value) == {"unordered"}:
            return {"unordered": sorted((norm(v) for v in value["unordered"]),
                                        key=lambda v: json.dumps(v, sort_keys=True))}
        return {k: norm(v) for k, v in value.items()}
    if isinstance(value, list):
        return [norm(v) for v in value]
    return value


def event_text(event):
    """One readable, canonical line for an event (marks dropped)."""
    e = {k: v for k, v in event.items() if k not in MARKS}
    kind = e.pop("ev", "?")
    parts = [kind]
    for key in ("sup", "child", "inc", "context", "reason", "count"):
        if key in e:
            v = e.pop(key)
            parts.append("%s=%s" % (key, v if isinstance(v, str) else canon(v)))
    if e:
        parts.append(canon(e))
    return " ".join(parts)


def lane_of(event, sup):
    """Which lane of the parallel termination of SUP an event belongs to."""
    path = event.get("child") or event.get("sup") or ""
    if event.get("ev") == "report" and event.get("sup") == sup:
        return "report " + event_text(event)     # its own lane: order free
    if path.startswith(sup + "/"):
        return path[len(sup) + 1:].split("/", 1)[0]
    return ""


def lanes_text(events, sup):
    lanes = {}
    for e in events:
        lanes.setdefault(lane_of(e, sup), []).append(event_text(e))
    return [line for key in sorted(lanes) for line in lanes[key]]


def compare_events(exp, act):
    """Return two lists of lines, equal when the events agree."""
    act = list(act)
    exp_lines, act_lines = [], []
    missing_floats = []
    for e in [e for e in exp if e.get("float")]:
        text = event_text(e)
        for i, a in enumerate(act):
            if event_text(a) == text:
                del act[i]
                break
        else:
            missing_floats.append(text + "   (anywhere in this step)")
    exp = [e for e in exp if not e.get("float")]
    i = 0
    while i < len(exp):
        sup = exp[i].get("par")
        j = i + 1
        if sup:
            while j < len(exp) and exp[j].get("par") == sup:
                j += 1
            exp_lines += lanes_text(exp[i:j], sup)
            act_lines += lanes_text(act[i:j], sup)
        else:
            exp_lines.append(event_text(exp[i]))
            act_lines += [event_text(a) for a in act[i:j]]
        i = j
    act_lines += [event_text(a) for a in act[len(exp):]]
    return missing_floats + exp_lines, act_lines


def state_lines(state):
    return sorted(canon(s) for s in (state or []))


def compare(expected, actual, opts):
    """List of difference texts (empty: equal)."""
    diffs = []
    step_diffs = 0

    def add(where, exp_lines, act_lines):
        nonlocal step_diffs
        if exp_lines != act_lines:
            step_diffs += 1
            body = difflib.unified_diff(exp_lines, act_lines, "expected", "actual",
                                        lineterm="", n=3)
            diffs.append("%s\n%s" % (where, "\n".join("    " + b for b in body)))

    es, as_ = expected.get("steps", []), actual.get("steps", [])
    if len(es) != len(as_):
        diffs.append("number of steps: expected %d, actual %d" % (len(es), len(as_)))
    if actual.get("leftover"):
        diffs.append("processes left over at the end: %s" % actual["leftover"])
    pending = []                       # events reported in steps that did not settle
    for e, a in zip(es, as_):
        where = "step %s (%s)" % (e.get("step"), e.get("op"))
        add(where + " result", [canon(e.get("result"))], [canon(a.get("result"))])
        act_events = pending + (a.get("events") or [])
        if "events" not in e:
            pending = act_events
            continue
        pending = []
        exp_events = e["events"]
        if opts.no_reports:
            exp_events = [x for x in exp_events if x.get("ev") != "report"]
            act_events = [x for x in act_events if x.get("ev") != "report"]
        if not opts.no_events:
            add(where + " events", *compare_events(exp_events, act_events))
        add(where + " state", state_lines(e.get("state")), state_lines(a.get("state")))
        if step_diffs and not opts.all_steps:
            break                      # later differences are mostly consequences
    return diffs


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


def run_one(name, opts, tmp):
    scenario = os.path.join(opts.scenarios, name + ".json")
    out = os.path.join(tmp, name + ".json")
    try:
        p = subprocess.run(shlex.split(opts.run) + [scenario, out], timeout=opts.timeout,
                           stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired:
        return name, ["no result within %g s" % opts.timeout]
    except OSError as err:
        return name, ["cannot run: %s" % err]
    if p.returncode != 0:
        return name, ["exit status %d: %s" % (p.returncode,
                                              p.stdout.decode("utf-8", "replace")[-400:])]
    try:
        return name, compare(load(os.path.join(opts.expected, name + ".json")), load(out), opts)
    except (OSError, ValueError) as err:
        return name, ["bad trace: %s" % err]


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    ap = argparse.ArgumentParser(description=__doc__,
                                 formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("files", nargs="*")
    ap.add_argument("--run")
    ap.add_argument("--scenarios", default=os.path.join(here, "scenarios"))
    ap.add_argument("--expected", default=os.path.join(here, "expected"))
    ap.add_argument("--only", action="append", default=[])
    ap.add_argument("--jobs", type=int, default=1)
    ap.add_argument("--timeout", type=float, default=60)
    ap.add_argument("--keep")
    ap.add_argument("--no-reports", action="store_true")
    ap.add_argument("--no-events", action="store_true")
    ap.add_argument("--all-steps", action="store_true",
                    help="do not stop at the first differing step of a scenario")
    ap.add_argument("--brief", action="store_true")
    opts = ap.parse_args()

    if not opts.run:
        if len(opts.files) != 2:
            ap.error("give EXPECTED and ACTUAL, or --run CMD")
        try:
            diffs = compare(load(opts.files[0]), load(opts.files[1]), opts)
        except (OSError, ValueError) as err:
            print("error: %s" % err, file=sys.stderr)
            return 2
        print("\n".join(diffs) if diffs else "equal")
        return 1 if diffs else 0

    names = sorted(f[:-5] for f in os.listdir(opts.expected) if f.endswith(".json"))
    if opts.only:
        names = [n for n in names if any(fnmatch.fnmatch(n, g) for g in opts.only)]
    if not names:
        print("error: no scenario matches", file=sys.stderr)
        return 2
    bad = 0
    with tempfile.TemporaryDirectory() as tmp:
        if opts.keep:
            os.makedirs(opts.keep, exist_ok=True)
            tmp = opts.keep
        with concurrent.futures.ThreadPoolExecutor(max(1, opts.jobs)) as pool:
            for name, diffs in pool.map(lambda n: run_one(n, opts, tmp), names):
                if diffs:
                    bad += 1
                    print("FAIL %s" % name)
                    if not opts.brief:
                        for d in diffs:
                            print("  " + d.replace("\n", "\n  "))
                elif opts.brief:
                    print("ok   %s" % name)
    print("%d of %d scenarios equal" % (len(names) - bad, len(names)))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
