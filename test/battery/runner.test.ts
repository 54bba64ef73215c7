// The judge of the battery is judged: what succeeds, what cannot, what hangs and what goes unseen must each be called by its name.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { canarySeen, newCanary } from './runner/canary.ts';
import { attacksMatching } from './runner/catalogue.ts';
import { GROUNDS, type Ground } from './runner/grounds.ts';
import { parseAttack } from './runner/header.ts';
import { batteryPolicy } from './runner/policy.ts';
import { sumLine } from './runner/report.ts';
import { type Options, type Outcome, runAttack } from './runner/run.ts';
import { changes, snapshot } from './runner/snapshot.ts';

const HEADER = '# technique: t\n# source: s\n# success: x\n';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'leash-runner-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a header', () => {
  const parse = (text: string) => parseAttack('/battery/attacks/files/example.sh', text);

  it('gives its fields, over several lines, to the first line of code', () => {
    const text = `${HEADER}# control: none: it would harm\n#   the machine\n# needs: root, python3\n# races: 3\n\n# policy: not this\n`;
    expect(parse(text)).toMatchObject({
      area: 'files',
      name: 'example',
      policy: 'vault',
      control: { kind: 'none', reason: 'it would harm the machine' },
      needs: ['root', 'python3'],
      seconds: 3,
    });
  });

  it.each([
    ['# technique: t\n', /example\.sh: the field source is missing/],
    [`${HEADER}# control: elsewhere\n`, /control is permissive, outside, or none: REASON/],
    [`${HEADER}# control: none\n`, /control is/],
    [`${HEADER}# control: outside\n# colour: red\n`, /there is no field colour/],
    [`${HEADER}# control: outside\n# control: outside\n`, /comes twice/],
    [`${HEADER}# control: outside\n# races: soon\n`, /number of seconds/],
    [`${HEADER}# control: outside\n# beside: nobody\n`, /beside names/],
  ])('is refused: %j', (text, message) => {
    expect(() => parse(text)).toThrow(message);
  });

  it('every attack of the battery has one, and at least 120 do', () => {
    expect(attacksMatching(/^/).length).toBeGreaterThanOrEqual(120);
  });
});

it.each([
  ['as it is', (text: string) => `x${text}y`],
  ['hexadecimal', (text: string) => Buffer.from(text).toString('hex')],
  ['reversed', (text: string) => [...text].reverse().join('')],
  ['base64', (text: string) => Buffer.from(`x${text}yy`).toString('base64')],
  ['base64', (text: string) => Buffer.from(`xy${text}`).toString('base64')],
  ['base64', (text: string) => Buffer.from(`xyz${text}`).toString('base64')],
  ['a byte a line', (text: string) => [...text].join('\n')],
])('a canary is seen %s', (form, encode) => {
  const canary = newCanary();
  expect(canarySeen(Buffer.from(encode(canary)), canary)).toContain(form);
  expect(canarySeen(Buffer.from(encode(newCanary())), canary)).toBeUndefined();
});

it('a change of a name, its content, its kind or its times is noticed', () => {
  writeFileSync(path.join(folder, 'kept'), 'a');
  writeFileSync(path.join(folder, 'changed'), 'a');
  writeFileSync(path.join(folder, 'gone'), 'a');
  const before = snapshot(folder, () => true);
  expect(
    changes(
      before,
      snapshot(folder, () => true),
    ),
  ).toEqual([]);
  rmSync(path.join(folder, 'gone'));
  writeFileSync(path.join(folder, 'changed'), 'b');
  writeFileSync(path.join(folder, 'made'), 'a');
  const sentences = changes(
    before,
    snapshot(folder, () => true),
  ).join('\n');
  expect(sentences).toMatch(/^changed has another time of writing, time of change, content$/m);
  expect(sentences).toMatch(/^gone is gone$/m);
  expect(sentences).toMatch(/^made was made$/m);
  expect(sentences).not.toContain('kept');
});

it('a policy says what it protects', () => {
  const { hides, keeps, stopsPrograms } = batteryPolicy('vault', {});
  for (const name of ['vault/', 'vault/a', 'x/vault/y/z', 'forbidden', 'x/forbidden.sh']) {
    expect([name, hides(name), keeps(name)]).toEqual([name, true, true]);
  }
  for (const name of ['vault', 'vaults/a', 'my-forbidden', 'x/']) expect([name, keeps(name)]).toEqual([name, false]);
  expect(stopsPrograms).toBe(true);
  expect(() => batteryPolicy('content', {})).toThrow('there is no {{forbiddenSha256}}');
});

describe('an attack', { timeout: 240_000 }, () => {
  const [ground] = GROUNDS as readonly [Ground];
  /** Runs a shell script as an attack. */
  const judge = async (
    script: string,
    fields: string,
    on: Ground = ground,
    options: Options = {},
  ): Promise<Outcome> => {
    const file = path.join(folder, 'example.sh');
    const text = `${HEADER}${fields}${script}\n`;
    writeFileSync(file, text);
    return runAttack(parseAttack(file, text), 'self', on, options);
  };
  const READ = 'cat vault/secret.txt';

  it('that is stopped, and seen, is stopped', async () => {
    const outcome = await judge(READ, '# control: permissive\n# event: FileOpenReadOnly\n');
    expect(outcome).toMatchObject({ verdict: 'stopped', control: expect.stringContaining('vault/secret.txt') });
  });

  it.each([
    ['reads', READ, 'the content of vault/secret.txt is in the output'],
    ['copies', 'base64 vault/secret.txt >copy', 'the content of vault/secret.txt is in copy (base64'],
    ['makes', 'echo x >.env.local', '.env.local was made'],
    ['removes', 'rm .env', '.env is gone'],
    ['links', 'ln vault/secret.txt second', 'vault/secret.txt has another number of links'],
    ['changes a mode', 'chmod 777 vault/secret.txt', 'vault/secret.txt has another mode'],
    ['runs', './forbidden', 'its token is in the output'],
    ['runs unheard', 'vault/tool >/dev/null', 'it wrote ran'],
    ['runs a script', 'sh forbidden.sh >/dev/null', 'it wrote ran'],
  ])('that %s where it must not has succeeded', async (_, script, fact) => {
    const outcome = await judge(script, '# control: permissive\n# policy: leaky\n');
    expect(outcome).toMatchObject({ verdict: 'succeeded', detail: expect.stringContaining(fact) });
  });

  it('that does what is permitted has not succeeded', async () => {
    const script = 'cat vault/secret.txt; cp forbidden copy; ./copy >/dev/null; echo x >new';
    expect(await judge(script, '# control: none: it is harmless\n# policy: kept\n')).toMatchObject({
      verdict: 'stopped',
    });
  });

  it('that does not work where nothing stops it proves nothing', async () => {
    for (const control of ['permissive', 'outside']) {
      expect(await judge('cat vault/secret', `# control: ${control}\n`)).toMatchObject({ verdict: 'control failed' });
    }
  });

  it('that is stopped without a trace is a fault of ours', async () => {
    const outcome = await judge(READ, '# control: permissive\n# event: FileRename\n');
    expect(outcome).toMatchObject({ verdict: 'faulty', detail: expect.stringContaining('no denied FileRename') });
  });

  it('that never ends is a fault', async () => {
    const outcome = await judge('sleep 1000', '# control: none: it does nothing\n', ground, { patience: 10 });
    expect(outcome).toMatchObject({ verdict: 'faulty', detail: expect.stringContaining('it did not end') });
  });

  it('on an engine that the session did not have is not judged', async () => {
    const outcome = await judge('true', '# control: none: it does nothing\n', { ...ground, engine: 'magic' });
    expect(outcome).toMatchObject({ verdict: 'faulty', detail: expect.stringContaining('the session ran on seccomp') });
  });

  it('that needs what is not here is skipped, with the reason', async () => {
    const outcome = await judge('true', '# control: outside\n# needs: no-such-program\n');
    expect(outcome).toMatchObject({ verdict: 'skipped', detail: 'no-such-program is not installed' });
    const attack = parseAttack('/a/b/c.sh', `${HEADER}# control: outside\n`);
    expect(sumLine([{ attack, as: 'self', ground, outcome }])).toBe(
      '1 attacks, 0 stopped, 0 succeeded, 0 controls failed, 1 skipped',
    );
  });
});
