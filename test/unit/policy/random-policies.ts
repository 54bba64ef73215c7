// Random policies over a small vocabulary: with random requests, the input of the differential test.

import { foreignEntity, httpTest, otherTest, repositoryId, VOCABULARY } from './random-families.ts';

import { programTest } from './random-programs.ts';
import { RequestGenerator } from './random-requests.ts';
import { CONSTANT_TESTS, FAILING_TESTS } from './random-tests.ts';
import { ADDRESSES, COMPONENTS, HOSTS, PIECES, PORTS, quote, RANGES } from './random-words.ts';

export class Generator extends RequestGenerator {
  #directoryId(): string {
    if (this.random.chance(0.15))
      return this.random.pick(['@workspace/', '@workspace', '@home/', '@home', '@tmp/', '@tmp']);
    if (this.random.chance(0.03)) return this.random.pick(['', 'a/', '/a//b/', '//', '/a/.']);
    const path = this.path(true, 3);
    return this.random.chance(0.2) && path !== '/' ? path.slice(0, -1) : path;
  }

  #hostId(): string {
    if (this.random.chance(0.12)) return `@registry/${this.random.pick(['npm', 'pip', 'cargo', 'none'])}`;
    const host = this.random.pick(HOSTS);
    const name = this.random.pick([host, host, '*', `*.${host}`, '*.com', '*.', this.random.pick(ADDRESSES)]);
    if (!this.random.chance(0.3)) return name;
    return `${name.includes(':') ? `[${name}]` : name}:${this.random.pick(PORTS)}`;
  }

  #entity(): string {
    if (this.random.chance(this.isOfAgent ? 0.01 : this.family === 'rewrite' ? 0.05 : 0.6))
      return foreignEntity(this.random);
    if (!this.onPaths) return `Host::${quote(this.#hostId())}`;
    if (this.random.chance(0.6)) return `Dir::${quote(this.#directoryId())}`;
    return `File::${quote(this.random.chance(0.1) ? this.#directoryId() : this.filePath())}`;
  }

  #pattern(): string {
    // The same piece twice: they must not be matched by the same place.
    const piece = this.random.pick(PIECES);
    if (this.random.chance(0.1)) return quote(`*${piece}*${piece}`);
    return quote(Array.from({ length: 1 + this.random.below(4) }, () => this.random.pick(PIECES)).join(''));
  }

  #textTerm(depth: number): string {
    if (depth > 0 && this.random.chance(0.1)) {
      const other = this.random.chance(0.5) ? quote(this.random.pick(COMPONENTS)) : this.#textTerm(0);
      return `(if ${this.#test(depth - 1)} then ${this.#textTerm(0)} else ${other})`;
    }
    if (this.random.chance(0.05)) return this.random.pick(['principal.project', 'principal.session']);
    if (this.family === 'exec' && this.random.chance(0.06)) return 'context.args';
    return this.random.pick(VOCABULARY[this.family].texts);
  }

  #textConstant(): string {
    if (!this.onPaths) return quote(this.random.pick(VOCABULARY[this.family].constants));
    if (this.random.chance(0.5)) return quote(this.random.pick(COMPONENTS));
    return quote(this.random.chance(0.5) ? this.random.pick(['env', 'pem', '', 'b', 'git']) : this.path());
  }

  #entityTerm(): string {
    return this.random.pick(VOCABULARY[this.family].entities);
  }

  /** Errors that occur only where some other test holds, inside operators that may skip them. */
  #conditionalError(): string {
    const [guard, other] = [this.#test(0), this.#test(0)];
    const error = 'context.nope == 1';
    return this.random.pick([
      `((${guard} && ${error}) || ${other})`,
      `(${other} || (${guard} && ${error}))`,
      `((${guard} && ${error}) && ${other})`,
      `(${other} && (${guard} && ${error}))`,
      `!(${guard} && ${error})`,
      `((${guard} || ${error}) && ${other})`,
      `((if ${guard} then ${error} else ${other}) || ${this.#test(0)})`,
      `((if ${guard} then ${error} else true) == (${other}))`,
    ]);
  }

  /** What an index could look up, before, after or beside an error: whether the error is reached decides. */
  #besideAnError(): string {
    const { random } = this;
    const [one, two] = [this.#comparison(0), this.#comparison(0)];
    const error = random.pick(FAILING_TESTS);
    return random.pick(
      [
        `${error} && ${one}`,
        `${one} && ${error}`,
        `${one} || ${error}`,
        `!(!(${one}) || ${error})`,
        `!(${error} || !(${one}))`,
        `(${one} || ${two}) && ${error}`,
        `(${one} || ${error}) && ${two}`,
        `(${this.#textTerm(0)} like ${this.#pattern()} && ${one}) && ${error}`,
        `(${this.#textTerm(0)} like ${this.#pattern()} && ${error}) && ${one}`,
        `context has nope && context.nope == 1 && ${one}`,
        `${one} && context has nope && context.nope == 1`,
        'context has nope || context.nope != 1',
        '!(context has nope || context.nope != 1)',
        `(if ${one} then ${two} else ${error})`,
      ].map((test) => `(${test})`),
    );
  }

  #onValues(): string {
    const { random } = this;
    const range = (): string => `ip(${quote(random.pick(RANGES))})`;
    return random.pick([
      `${range()}.isInRange(${range()})`,
      `${range()} == ${range()}`,
      `${range()}.isLoopback()`,
      `decimal("1.5").lessThan(decimal("${random.below(4)}.0"))`,
      `datetime("2024-0${1 + random.below(9)}-01") < datetime("2024-05-01")`,
      `datetime("2024-05-01T12:00:00Z").toDate() == datetime("2024-05-0${1 + random.below(2)}")`,
      `duration("${random.below(90)}m") <= duration("1h")`,
      '{a: 1, b: "x"} == {b: "x", a: 1}',
      '{a: resource}.a == resource',
      '[resource].contains(resource)',
      `resource in [resource, ${this.#entity()}]`,
    ]);
  }

  #onNetwork(): string {
    const { random } = this;
    const comparison = random.pick(['==', '!=', '<', '<=', '>', '>=']);
    const port = random.pick([80, 443, 444, 0, 65535, 5432]);
    if (!this.isOfAgent) return otherTest(random);
    if (this.family === 'http') {
      return random.chance(0.2) ? `context.port ${comparison} ${port}` : httpTest(random);
    }
    return random.pick([
      `context.port ${comparison} ${port}`,
      `${port} ${comparison} context.port`,
      `[${random.pick(PORTS)}, ${random.pick(PORTS)}].contains(context.port)`,
      `context.ip.isInRange(ip(${quote(random.pick(RANGES))}))`,
      `context.ip == ip(${quote(random.pick(RANGES))})`,
      `context.ip.${random.pick(['isIpv4', 'isIpv6', 'isLoopback', 'isMulticast'])}()`,
      `context.proc.exe.name == ${quote(random.pick(COMPONENTS))}`,
    ]);
  }

  #onArguments(): string {
    return this.random.pick([
      'context.args like "*push*"',
      'context.argv.contains("-f")',
      'context.argc > 2',
      'context.args == "x"',
      'context.argv.containsAny(["-f", "-r"])',
    ]);
  }

  #onSets(): string {
    const texts = (): readonly string[] => [this.#textConstant(), this.#textTerm(0)];
    const entities = (): readonly string[] => [this.#entity(), this.#entityTerm()];
    const operator = this.random.pick(['containsAll', 'containsAny', '==']);
    const [[one, two], other] = this.random.chance(0.5) ? [texts(), texts()] : [entities(), entities()];
    const [left, right] = [`[${one}, ${two}]`, `[${other.join(', ')}]`];
    // Neither order nor number matters to a set; two that are equal by chance would be too rare.
    return operator === '=='
      ? `([${one}, ${two}, ${one}] == [${two}, ${one}] && ${left} != ${right})`
      : `${left}.${operator}(${right})`;
  }

  #comparison(depth: number): string {
    const entity = this.#entityTerm();
    return this.random.pick([
      () => `${entity} in ${this.#entity()}`,
      () => `${entity} in [${this.#entity()}, ${this.#entity()}]`,
      () => `${entity} == ${this.#entity()}`,
      () => `${entity} != ${this.#entity()}`,
      () => `[${this.#entity()}, ${this.#entity()}].contains(${entity})`,
      () => `${this.#textTerm(depth)} like ${this.#pattern()}`,
      () => `${this.#textTerm(depth)} like ${this.#pattern()}`,
      () => `${this.#textTerm(depth)} == ${this.#textConstant()}`,
      () => `${this.#textTerm(depth)} != ${this.#textConstant()}`,
      () => `${this.#textTerm(depth)} == ${this.#textTerm(0)}`,
      () => `[${this.#textConstant()}, ${this.#textConstant()}].contains(${this.#textTerm(depth)})`,
      () => this.#onSets(),
      () =>
        `${entity} is ${this.random.pick(VOCABULARY[this.family].types)}${this.random.chance(0.3) ? ` in ${this.#entity()}` : ''}`,
    ])();
  }

  /** Names, extensions and suffixes that paths of the vocabulary often have. */
  #onNames(): string {
    const { random } = this;
    return random.pick([
      `resource.ext == ${quote(random.pick(['env', 'pem', '', 'b']))}`,
      `resource.name == ${quote(random.pick(COMPONENTS))}`,
      `resource.path like ${quote(`*${random.pick(COMPONENTS)}`)}`,
      `resource.dir.path like ${quote(`*${random.pick(COMPONENTS)}/`)}`,
      `resource.dir == Dir::${quote(this.path(true, 2))}`,
      `resource in Dir::${quote(random.pick(['@workspace', '@home', '@tmp/', '@home/']))}`,
    ]);
  }

  #test(depth: number): string {
    if (depth > 0) {
      const [a, b] = [this.#test(depth - 1), this.#test(depth - 1)];
      const compound = this.random.pick([
        `(${a} && ${b})`,
        `(${a} || ${b})`,
        `!(${a})`,
        `(if ${a} then ${b} else ${this.#test(depth - 1)})`,
        undefined,
        undefined,
      ]);
      if (compound !== undefined) return compound;
    }
    const choice = this.random.next();
    if (choice < 0.55) return this.#comparison(depth);
    if (choice < 0.65) return this.random.pick(CONSTANT_TESTS);
    if (choice < 0.72) return this.#conditionalError();
    if (choice < 0.78) return this.#onValues();
    if (choice < 0.82) return this.random.pick(FAILING_TESTS);
    if (choice < 0.84 && this.isOfAgent) return programTest(this, this.#test(0));
    if (choice < 0.86) return this.#besideAnError();
    if (!this.onPaths) return this.#onNetwork();
    if (choice > 0.9) return this.#onNames();
    return this.family === 'exec' && choice < 0.9 ? this.#onArguments() : this.#comparison(depth);
  }

  #actionScope(): string {
    const { actions, group } = VOCABULARY[this.family];
    const action = this.random.pick(actions);
    const wider = group === 'FileOpen' ? this.random.pick([group, 'FileOpenReadWrite']) : group;
    return this.random.pick([
      'action',
      `action == Action::"${action}"`,
      `action in Action::"${wider}"`,
      `action in [Action::"${action}", Action::"${wider}"]`,
    ]);
  }

  #resourceScope(): string {
    if (this.random.chance(0.6)) return 'resource';
    const type = this.random.pick(VOCABULARY[this.family].types);
    return this.random.pick([
      () => `resource in ${this.#entity()}`,
      () => `resource == ${this.#entity()}`,
      () => `resource is ${type}`,
      () => `resource is ${type} in ${this.#entity()}`,
      ...(this.family === 'http' ? [() => `resource in Repository::${quote(repositoryId(this.random))}`] : []),
    ])();
  }

  policy(): string {
    const { random } = this;
    const effect = random.chance(0.66) ? 'permit' : 'forbid';
    const principal = random.chance(0.75)
      ? 'principal'
      : random.pick([
          'principal == Agent::"claude"',
          'principal == User::"alice"',
          'principal in User::"alice"',
          'principal is Agent',
          'principal == Agent::"codex"',
          'principal is Agent in User::"alice"',
          'principal in Group::"staff"',
          'principal in Profile::"strict"',
          'principal is Agent in Profile::"coder"',
        ]);
    const resource = this.#resourceScope();
    const count = random.chance(resource === 'resource' ? 0.05 : 0.5) ? 0 : random.chance(0.8) ? 1 : 2;
    const conditions = Array.from(
      { length: count },
      () => ` ${random.chance(0.75) ? 'when' : 'unless'} { ${this.#test(random.below(4))} }`,
    );
    // A forbid that matches nearly everything would leave nothing to compare.
    if (effect === 'forbid' && random.chance(0.7)) conditions.push(` when { ${this.#comparison(0)} }`);
    return `${effect}(${principal}, ${this.#actionScope()}, ${resource})${conditions.join('')};`;
  }
}
