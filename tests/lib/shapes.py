# SPDX-License-Identifier: GPL-2.0-only
"""Whether answers and notifications have the shape that the table promises.

    shapes.check_answer('tree', {'id': 1, 'result': ...})
    shapes.check_notification({'method': 'event', 'params': ...})

The shapes are those of userspace/proto/shapes.h, as `suptree operations --openapi` prints
them. They are read at the first use. All is strict: a member that the shape does not have,
one that is missing, or one of another type raises Wrong, which is a failure of the test.
A keyword of JSON Schema that is not known here is an error, never passed over.
"""

import functools
import json
import os
import re
import subprocess

TYPES = {'object': dict, 'array': list, 'string': str, 'boolean': bool, 'integer': int,
         'null': type(None)}
IGNORED = {'description'}
# every operation can fail so; proto/ops.h
COMMON = {'parse_error', 'invalid_request', 'method_not_found', 'invalid_params', 'internal',
          'refused', 'limit', 'no_memory'}
FINE = ()


class Wrong(AssertionError):
    """The daemon answered something that its table does not promise."""


def short(value):
    text = json.dumps(value)
    return text if len(text) < 80 else text[:77] + '...'


def is_of(value, name):
    """Whether a value is of a type; true is no number in JSON."""
    return isinstance(value, TYPES[name]) and not (name == 'integer' and value is True
                                                   or name == 'integer' and value is False)


class Schemas:
    """Schemas as functions: value -> what is wrong with it, () if nothing is."""

    def __init__(self, schemas):
        self.schemas = schemas
        self.done = {}

    def named(self, name):
        """The function of a schema by name; made late, for shapes contain themselves."""
        def check(value):
            if name not in self.done:
                self.done[name] = self.make(self.schemas[name])
            return self.done[name](value)
        return check

    def make(self, schema):
        makers = {'$ref': self.make_ref, 'type': self.make_type, 'enum': self.make_enum,
                  'const': self.make_const, 'pattern': self.make_pattern,
                  'minimum': self.make_minimum, 'maximum': self.make_maximum,
                  'properties': self.make_members, 'items': self.make_items,
                  'additionalProperties': self.make_map, 'oneOf': self.make_one_of,
                  'anyOf': self.make_any_of, 'required': lambda _: None}
        unknown = set(schema) - set(makers) - IGNORED
        assert not unknown, f'keywords that are not checked: {unknown}'
        checks = [check for key in schema if key in makers
                  for check in [makers[key](schema)] if check]
        if len(checks) == 1:
            return checks[0]

        def check_all(value):
            for check in checks:
                wrong = check(value)
                if wrong:
                    return wrong
            return FINE
        return check_all

    def make_ref(self, schema):
        return self.named(schema['$ref'].removeprefix('#/components/schemas/'))

    def make_type(self, schema):
        names = schema['type'] if isinstance(schema['type'], list) else [schema['type']]

        def check(value):
            if any(is_of(value, name) for name in names):
                return FINE
            return [f': must be {" or ".join(names)}, not {short(value)}']
        return check

    def make_enum(self, schema):
        words = schema['enum']
        return lambda value: FINE if value in words else [f': must be one of {words}, '
                                                          f'not {short(value)}']

    def make_const(self, schema):
        const = schema['const']
        return lambda value: FINE if value is const else [f': must be {const}']

    def make_pattern(self, schema):
        pattern = re.compile(schema['pattern'], re.A)
        return lambda value: FINE if not isinstance(value, str) or pattern.search(value) else [
            f': must match {pattern.pattern}, not {short(value)}']

    def make_minimum(self, schema):
        least = schema['minimum']
        return lambda value: FINE if value is None or value >= least else [
            f': must be at least {least}, not {value}']

    def make_maximum(self, schema):
        most = schema['maximum']
        return lambda value: FINE if value is None or value <= most else [
            f': must be at most {most}, not {value}']

    def make_members(self, schema):
        members = {name: self.make(member) for name, member in schema['properties'].items()}
        required = frozenset(schema['required'])
        assert schema['additionalProperties'] is False

        def check(value):
            wrong = []
            for name, member in value.items():
                if name not in members:
                    wrong.append(f'.{name}: is unknown')
                    continue
                for text in members[name](member):
                    wrong.append(f'.{name}{text}')
            for name in required - value.keys():
                wrong.append(f'.{name}: is missing')
            return wrong
        return check

    def make_map(self, schema):
        if schema['additionalProperties'] is False:
            return None  # make_members() sees to it
        element = self.make(schema['additionalProperties'])
        return lambda value: [f'.{name}{text}' for name, member in value.items()
                              for text in element(member)] if value is not None else FINE

    def make_items(self, schema):
        element = self.make(schema['items'])
        return lambda value: [f'[{index}]{text}' for index, member in enumerate(value)
                              for text in element(member)] if value is not None else FINE

    def make_any_of(self, schema):
        return self.make_alternatives(schema['anyOf'], range(1, len(schema['anyOf']) + 1))

    def make_one_of(self, schema):
        return self.chooser(schema['oneOf']) or self.make_alternatives(schema['oneOf'], (1,))

    def make_alternatives(self, schemas, allowed):
        checks = [self.make(schema) for schema in schemas]

        def check(value):
            found = [check(value) for check in checks]
            nr = sum(not wrong for wrong in found)
            if nr in allowed:
                return FINE
            return [f': is {nr} of the alternatives'] if nr else min(found, key=len)
        return check

    def words(self, schema):
        """{member: values that it can have}, through references, if they are a few."""
        while '$ref' in schema:
            schema = self.schemas[schema['$ref'].removeprefix('#/components/schemas/')]
        return {name: member.get('enum', [member.get('const')])
                for name, member in schema.get('properties', {}).items()
                if name in schema['required'] and ('enum' in member or 'const' in member)}

    def chooser(self, schemas):
        """For alternatives that a word tells apart, without trying them all."""
        words = [self.words(schema) for schema in schemas]
        for name in words[0]:
            known = [word for one in words for word in one.get(name, [None])]
            if None in known or len(set(known)) < len(known):
                continue
            checks = {word: self.make(schema) for schema, one in zip(schemas, words)
                      for word in one[name]}

            def check(value, name=name, checks=checks):
                word = value.get(name) if isinstance(value, dict) else None
                if word in checks:
                    return checks[word](value)
                return [f': must be an object with {name} of {list(checks)}, '
                        f'not {short(value)}']
            return check
        return None


class Shapes:
    def __init__(self, document):
        protocol = document['x-suptree-protocol']
        schemas = Schemas(document['components']['schemas'])
        self.failure = schemas.make(protocol['failure'])
        self.results = {name: schemas.make(row['result'])
                        for name, row in protocol['operations'].items()}
        self.failures = {name: set(row['failures'])
                         for name, row in protocol['operations'].items()}
        self.notifications = {name: schemas.make(params)
                              for name, params in protocol['notifications'].items()}

    def wrong_result(self, method, result):
        method = 'invoke' if method.startswith('x.') else method
        if method not in self.results:
            return [': is an answer of an operation that the table does not have']
        return self.results[method](result)

    def wrong_failure(self, method, failure):
        wrong = self.failure(failure)
        known = self.failures.get('invoke' if method.startswith('x.') else method, set())
        if not wrong and failure['data']['kind'] not in known | COMMON:
            return [f'.data.kind: {failure["data"]["kind"]} is none of the operation\'s failures']
        return wrong

    def wrong_answer(self, method, answer):
        if 'error' in answer:
            return self.wrong_failure(method, answer['error'])
        return self.wrong_result(method, answer['result'])

    def wrong_notification(self, message):
        if message['method'] not in self.notifications:
            return [': is a notification that the table does not have']
        return self.notifications[message['method']](message['params'])


@functools.lru_cache(maxsize=None)
def document():
    """The document of OpenAPI, from the program under test."""
    done = subprocess.run([os.environ['ST_TEST_BIN'] + '/suptree', 'operations', '--openapi'],
                          check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


@functools.lru_cache(maxsize=None)
def shapes():
    return Shapes(document())


def demand(what, wrong):
    if wrong:
        raise Wrong('; '.join(what + text for text in wrong[:10]))


def check_answer(method, answer):
    """answer: the object with "result" or "error" that a request got."""
    demand(f'the answer to {method}', shapes().wrong_answer(method, answer))


def check_notification(message):
    demand(f'the notification {message.get("method")}', shapes().wrong_notification(message))
