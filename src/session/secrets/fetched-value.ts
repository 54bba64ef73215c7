// A command that prints a credential in, the credential out when it is needed: run once at a time, and again when its output is too old.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { SecretValue, valueObjection } from '../../proxy/secrets/secret-value.ts';
import { findTool, isInWorkspace, type Surroundings, toolEnvironment } from '../registries/surroundings.ts';

const TIMEOUT = 60_000;
const MOST_OUTPUT = 65_536;
/** What password managers and their agents are reached by. Code of the workspace is not: see `toolEnvironment`. */
const BELONGS =
  /^(?:USER|LOGNAME|LANG|TERM|DISPLAY|WAYLAND_DISPLAY|DBUS_SESSION_BUS_ADDRESS|XDG_\w+|SSH_AUTH_SOCK|GPG_TTY|GNUPGHOME|PASSWORD_STORE_\w+|(?:OP|BW|VAULT|GH|GLAB|AWS|GOOGLE|CLOUDSDK|AZURE|KRB5)_?\w*)$/;

export interface FetchOptions {
  readonly name: string;
  readonly argv: readonly string[];
  /** Seconds. */
  readonly ttl?: number;
  readonly surroundings: Surroundings;
  /** Called with each new value, before it is used. */
  readonly learned: (value: SecretValue) => void;
}

/** A program by its path, unless the agent could have written it. */
function ownProgram(file: string, surroundings: Surroundings): string | undefined {
  return existsSync(file) && !isInWorkspace(file, surroundings) ? file : undefined;
}

export class FetchedValue {
  readonly #options: FetchOptions;
  #current: { readonly value: SecretValue; readonly until: number } | undefined;
  #running: Promise<SecretValue> | undefined;

  constructor(options: FetchOptions) {
    this.#options = options;
  }

  /** Rejects with a message for a person, which holds nothing that the command printed. */
  get(): SecretValue | Promise<SecretValue> {
    if (this.#current !== undefined && performance.now() < this.#current.until) return this.#current.value;
    this.#running ??= this.#fetch().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #fetch(): Promise<SecretValue> {
    const { name, ttl, learned } = this.#options;
    const text = await this.#output();
    const objection = valueObjection(text);
    if (objection !== undefined) throw new Error(`the secret ${name} cannot be used: ${objection}`);
    const value = this.#current?.value.reveal() === text ? this.#current.value : new SecretValue(name, text);
    learned(value);
    this.#current = { value, until: ttl === undefined ? Number.POSITIVE_INFINITY : performance.now() + ttl * 1000 };
    return value;
  }

  #output(): Promise<string> {
    const { name, argv, surroundings } = this.#options;
    const [word = '', ...rest] = argv;
    const program = path.isAbsolute(word) ? ownProgram(word, surroundings) : findTool(word, surroundings);
    if (program === undefined)
      return Promise.reject(
        new Error(`the secret ${name} cannot be had: there is no command ${word} outside the workspace`),
      );
    const options = { cwd: '/', env: toolEnvironment(surroundings, BELONGS), timeout: TIMEOUT, maxBuffer: MOST_OUTPUT };
    return new Promise((resolve, reject) => {
      const child = execFile(program, rest, options, (error, stdout) => {
        if (error === null) return resolve(stdout.replace(/[\r\n]+$/, ''));
        const why =
          error.killed === true ? `did not end in ${TIMEOUT / 1000} s` : `failed (status ${String(error.code)})`;
        reject(new Error(`the secret ${name} cannot be had: the command ${word} ${why}`));
      });
      child.stdin?.end();
    });
  }
}
