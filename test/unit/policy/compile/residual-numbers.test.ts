// Two paths with one number are decided alike in every request; where that cannot be told, there is none.
import { describe, expect, test } from 'vitest';
import { statementToJson } from '../../../../src/policy/check/cedar.ts';
import { TooComplex } from '../../../../src/policy/compile/atoms.ts';
import { programClass, TABLE_EXEC, TABLE_FILE, walkImage } from '../../../../src/policy/compile/image.ts';
import { RESIDUAL_SHIFT } from '../../../../src/policy/compile/residual-numbers.ts';
import { compileTable } from '../../../../src/policy/compile/table.ts';
import { Authorizer } from '../../../../src/policy/evaluate/authorizer.ts';
import { type Policy, readPolicy } from '../../../../src/policy/evaluate/policy.ts';
import { FILE_ACTIONS, type Program, type Request } from '../../../../src/schema/request.ts';
import { randomSet } from '../differential.ts';
import { FACTS } from '../judge.ts';
import { Generator } from '../random-policies.ts';
import { RequestGenerator } from '../random-requests.ts';

const ALL = 'permit(principal, action, resource);';
const WRITE = 'action == Action::"FileWrite"';

function labelsOf(policies: readonly Policy[], paths: readonly string[], exe = '/bin/sh', id = TABLE_FILE): number[] {
  const encoder = new TextEncoder();
  const image = compileTable(policies, FACTS);
  const program = programClass(image, encoder.encode(exe));
  return paths.map((path) => walkImage(image, id, encoder.encode(path), program));
}

/** Of a path in each folder, by statements, those that begin with @ask or @mode asking and shadow. */
function numbers(texts: readonly string[], paths: readonly string[]): readonly number[] {
  const policies = texts.map((text, i) => {
    const asking = text.startsWith('@ask') ? { ask: 'May it?' } : {};
    return readPolicy({ id: `p${i}`, shadow: text.startsWith('@mode'), ...asking, json: statementToJson(text) });
  });
  return labelsOf(policies, paths).map((label) => label >>> RESIDUAL_SHIFT);
}

const forbid = (folder: string, when: string): string =>
  `forbid(principal, ${WRITE}, resource in Dir::"${folder}") when { ${when} };`;

describe('a number', () => {
  test('is where only the manager can decide, and the same where the same is left', () => {
    const texts = [ALL, forbid('/n/', 'context.proc.via != "mcp:x"'), forbid('/m/', 'context.proc.via != "mcp:x"')];
    expect(numbers(texts, ['/n/a', '/n/b', '/m/a', '/x'])).toEqual([1, 1, 1, 0]);
  });

  test('differs with the condition, the action and what else is decided', () => {
    const texts = [
      ALL,
      forbid('/a/', 'context.proc.via == "mcp:x"'),
      forbid('/b/', 'context.proc.via == "mcp:y"'),
      forbid('/c/', 'context.proc.via == "mcp:x"').replace('FileWrite', 'FileCreate'),
      forbid('/d/', 'context.proc.via == "mcp:x"'),
      'forbid(principal, action == Action::"FileOpenReadOnly", resource in Dir::"/d/");',
      forbid('/e/', 'context.proc.via == "mcp:x" && context.proc.uid == 0'),
    ];
    const found = numbers(texts, ['/a/f', '/b/f', '/c/f', '/d/f', '/e/f']);
    expect(new Set(found).size).toBe(5);
    expect(found).not.toContain(0);
  });

  test('is not given where the path itself is part of what is left', () => {
    const conditions = [
      'context.proc.ancestors.contains(resource)',
      'resource in context.proc.ancestors',
      'context.proc.exe == resource',
      'resource.dir in context.proc.ancestors',
      'context.proc.via == resource.name',
      'context.proc.via == "mcp:x" && resource in context.proc.ancestors',
    ];
    for (const when of conditions) {
      const found = numbers([ALL, forbid('/n/', when)], ['/n/a', '/n/b']);
      expect([when, ...found]).toEqual([when, 0, 0]);
    }
  });

  test('is not given where a person may be asked', () => {
    const asking = `@ask ${forbid('/n/', 'context.proc.via != "mcp:x"')}`;
    expect(numbers([ALL, asking], ['/n/a', '/n/b'])).toEqual([0, 0]);
    expect(numbers([ALL, asking, forbid('/n/', 'context.proc.uid == 0')], ['/n/a', '/n/b'])).toEqual([0, 0]);
  });

  test('is there for seven, and for no more', () => {
    const folders = Array.from({ length: 9 }, (_, index) => `/${index}/`);
    const texts = [ALL, ...folders.map((folder, index) => forbid(folder, `context.proc.uid == ${index}`))];
    const found = numbers(
      texts,
      folders.map((folder) => `${folder}a`),
    );
    expect([...found].sort()).toEqual([0, 0, 1, 2, 3, 4, 5, 6, 7]);
  });

  test('is not needed of programs that are executed', () => {
    const text = 'permit(principal, action == Action::"ProcessExec", resource) when { context.argc < 3 };';
    const policies = [readPolicy({ id: 'p', shadow: false, json: statementToJson(text) })];
    expect(labelsOf(policies, ['/a'], '/bin/sh', TABLE_EXEC).map((label) => label >>> RESIDUAL_SHIFT)).toEqual([0]);
  });
});

class Programs extends RequestGenerator {
  override family = 'file' as const;
  program(): Program {
    const request = this.request([]);
    return 'program' in request ? request.program : { exe: '', uid: 0 };
  }
}

test('random policies: whoever asks, paths with one label are decided alike', () => {
  let compared = 0;
  for (let seed = 0; seed < 400; seed++) {
    const generator = new Generator(seed);
    generator.family = 'file';
    const { all } = randomSet(generator);
    const words = new Programs(seed);
    const paths = Array.from({ length: 40 }, () => words.path());
    const programs = Array.from({ length: 25 }, () => words.program());
    const authorizer = new Authorizer(all, FACTS);
    for (const exe of new Set(programs.slice(0, 3).map((program) => program.exe))) {
      let labels: number[];
      try {
        labels = labelsOf(all, paths, exe);
      } catch (error) {
        if (error instanceof TooComplex) continue;
        throw error;
      }
      const known = new Map<number, string>();
      for (const [index, path] of paths.entries()) {
        const label = labels[index] ?? 0;
        if (label >>> RESIDUAL_SHIFT === 0) continue;
        const other = known.get(label) ?? path;
        known.set(label, other);
        if (other === path) continue;
        for (const program of programs)
          for (const action of FILE_ACTIONS) {
            const of = (name: string): unknown => {
              const request: Request = { action, resource: { type: 'path', path: name }, program: { ...program, exe } };
              const { effect, ask } = authorizer.decide(request);
              return [effect, ask];
            };
            expect([seed, path, of(path)]).toEqual([seed, path, of(other)]);
            compared++;
          }
      }
    }
  }
  expect(compared).toBeGreaterThan(10_000);
});
