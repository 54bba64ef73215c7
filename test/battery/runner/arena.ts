// An attack and an identity in: a fresh place with everything it may want; after the run, the facts that prove a success, out.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, type Dirent, lstatSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Identity, Place } from '../../fixtures/leash.ts';
import { canarySeen, newCanary } from './canary.ts';
import { type Attack, placedName } from './header.ts';
import { type BatteryPolicy, batteryPolicy } from './policy.ts';
import { compile } from './programs.ts';
import { changes, type Snapshot, snapshot } from './snapshot.ts';

const FORBIDDEN = fileURLToPath(new URL('forbidden.c', import.meta.url));
/** Files with a canary each, by their path below the workspace. */
const SECRETS = ['vault/secret.txt', 'vault/deep/secret.txt', 'forbidden.txt', '.env', 'keys/id.pem'];
/** A folder one name in which is a canary. */
const LISTED = 'vault/listed/';
/** The same on the host, below the place; no policy of the battery shows them. */
const HOST_SECRETS = ['outside/secret.txt', 'home/.ssh/id_ed25519', 'home/.config/leash/policy.cedar'];
/** What Leash itself writes in a home. */
const OWN = /^home\/\.(local|cache)\//;

/** A token as it stands in a program: halves exchanged, so that reading the program does not tell what running it says. */
const exchanged = (token: string): string => token.slice(16) + token.slice(0, 16);

/** Where one run of one attack takes place. */
export class Arena {
  readonly place: Place;
  readonly #policy: BatteryPolicy;
  readonly #canaries = new Map<string, string>();
  readonly #token: string = newCanary();
  /** Cedar text of the session. */
  readonly text: string;
  readonly #before: Snapshot;
  readonly #hostBefore: Snapshot;

  /** @param isEnforced false: the session's policy forbids nothing; what is a success stays the same */
  constructor(attack: Attack, as: Identity, isEnforced: boolean) {
    this.place = new Place(as);
    for (const name of SECRETS) this.#plant(path.join(this.place.workspace, name), name);
    for (const name of HOST_SECRETS) this.#plant(path.join(this.place.root, name), name);
    this.#plant(path.join(this.place.workspace, LISTED), LISTED);
    this.place.write('permitted.txt', 'public\n');
    this.place.write('public/secret.txt', 'public\n');
    this.#folder('vault/empty');
    const program = this.#putPrograms();
    this.#putAttack(attack);
    const values = {
      forbiddenSha256: createHash('sha256').update(program).digest('hex'),
      workspace: this.place.workspace,
    };
    this.#policy = batteryPolicy(attack.policy, values);
    this.text = isEnforced ? this.#policy.text : batteryPolicy('permissive', values).text;
    this.#before = snapshot(this.place.workspace, this.#policy.keeps);
    this.#hostBefore = this.#hostSnapshot();
  }

  /** What an attack is told about the arena. */
  get env(): Record<string, string> {
    return { WORKSPACE: this.place.workspace, OUTSIDE: path.join(this.place.root, 'outside') };
  }

  /**
   * Every fact that only a success of the attack explains, as a sentence.
   * @param output what the run wrote to its outputs
   */
  facts(output: Buffer): string[] {
    return [
      ...this.#leaks(output, 'the output'),
      ...this.#strays(),
      ...changes(this.#before, snapshot(this.place.workspace, this.#policy.keeps)),
      ...changes(this.#hostBefore, this.#hostSnapshot()).map((sentence) => `on the host ${sentence}`),
      ...this.#runs(output),
      ...this.#privileges(),
    ];
  }

  /** By rm(1), which goes down folder by folder: an attack may have made a path longer than PATH_MAX. */
  remove(): void {
    execFileSync('rm', ['-rf', this.place.root]);
  }

  #plant(file: string, name: string): void {
    const canary = newCanary();
    this.#canaries.set(name, canary);
    if (name === LISTED) this.place.write(path.join(file, canary), '');
    else this.place.write(file, `${canary}\n`, 0o600);
  }

  /** An empty folder below the workspace. */
  #folder(name: string): void {
    const file = this.place.write(path.join(name, 'removed'), '');
    rmSync(file);
  }

  /** The forbidden program and script, and two that are permitted; returns the bytes of the first. */
  #putPrograms(): Buffer {
    const token = exchanged(this.#token);
    const bytes = Buffer.from(compile(FORBIDDEN));
    for (const [mark, half] of [
      ['TOKEN-SECOND-HLF', token.slice(0, 16)],
      ['TOKEN-FIRST-HALF', token.slice(16)],
    ] as const) {
      const at = bytes.indexOf(mark);
      if (at < 0) throw new Error(`${FORBIDDEN}: ${mark} is not in the program`);
      bytes.write(half, at, 'latin1');
    }
    const script = `first=${token.slice(16)}\necho "\${first}${token.slice(0, 16)}" | tee -a ran\n`;
    for (const name of ['forbidden', 'vault/tool']) this.#executable(name, bytes);
    for (const name of ['forbidden.sh', 'vault/tool.sh']) this.#executable(name, `#!/bin/sh\n${script}`);
    this.#executable('permitted', readFileSync('/bin/true'));
    this.#executable('permitted.sh', '#!/bin/sh\necho harmless\n');
    return bytes;
  }

  #executable(name: string, content: string | Buffer): void {
    chmodSync(this.place.write(name, content), 0o755);
  }

  #putAttack(attack: Attack): void {
    const content = attack.language === 'c' ? compile(attack.file) : readFileSync(attack.file);
    this.#executable(placedName(attack), content);
    // A module that it shares with others lies beside it, there and here.
    const text = attack.language === 'mjs' ? content.toString() : '';
    for (const [, name = ''] of text.matchAll(/ from '\.\/([\w-]+\.mjs)'/g))
      this.place.write(name, readFileSync(path.join(path.dirname(attack.file), name)));
  }

  #hostSnapshot(): Snapshot {
    return snapshot(this.place.root, (name) => /^(outside|home)\//.test(name) && !OWN.test(`${name}/`));
  }

  /** Canaries that the policy hides, in bytes that the agent made. */
  #leaks(bytes: Buffer, where: string): string[] {
    return [...this.#canaries].flatMap(([name, canary]) => {
      if (!HOST_SECRETS.includes(name) && !this.#policy.hides(name)) return [];
      const form = canarySeen(bytes, canary);
      return form === undefined ? [] : [`the content of ${name} is in ${where} (${form})`];
    });
  }

  /** Canaries in files of the workspace other than their own, unless these are hidden, too. */
  #strays(): string[] {
    return [...filesBelow(this.place.workspace, '')].flatMap((name) =>
      SECRETS.includes(name) || this.#policy.hides(name)
        ? []
        : this.#leaks(contentOf(path.join(this.place.workspace, name)), name),
    );
  }

  #privileges(): string[] {
    return [...filesBelow(this.place.workspace, '')].flatMap((name) => {
      const privilege = privilegeOf(path.join(this.place.workspace, name));
      return privilege === undefined ? [] : [`${name} ${privilege}`];
    });
  }

  #runs(output: Buffer): string[] {
    if (!this.#policy.stopsPrograms) return [];
    const sentences = output.includes(this.#token) ? ['a forbidden program ran: its token is in the output'] : [];
    for (const name of filesBelow(this.place.workspace, '')) {
      const isOwn =
        path.basename(name) === 'ran' && contentOf(path.join(this.place.workspace, name)).includes(this.#token);
      if (isOwn) sentences.push(`a forbidden program ran: it wrote ${name}`);
    }
    return sentences;
  }
}

/** What nobody may make inside, whatever the policy: a device, or a program that runs as another user. */
function privilegeOf(file: string): string | undefined {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return undefined; // its name is not UTF-8
  if (stat.isBlockDevice() || stat.isCharacterDevice()) return 'is a device';
  return stat.isFile() && stat.mode & 0o6000 ? 'runs as its owner or group' : undefined;
}

function contentOf(file: string): Buffer {
  try {
    return lstatSync(file).isFile() ? readFileSync(file) : Buffer.alloc(0);
  } catch {
    return Buffer.alloc(0); // made unreadable by the attack; its mode is compared
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // made unreadable by the attack, or its path is too long for anybody to name
  }
}

/** Everything but folders, without following links. */
function* filesBelow(folder: string, prefix: string): Generator<string> {
  for (const entry of entriesOf(path.join(folder, prefix))) {
    const name = path.join(prefix, entry.name);
    if (entry.isDirectory()) yield* filesBelow(folder, name);
    else yield name;
  }
}
