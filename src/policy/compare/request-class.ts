// What a class of requests consists of: the terms policies meet, the dimensions that vary, and how a request is put together from values.
import { type Action, FILE_ACTIONS, type Program, type Request } from '../../schema/request.ts';
import { Atoms } from '../compile/atoms.ts';
import { NumberSubject } from '../compile/number-subject.ts';
import { PathSubject } from '../compile/path-subject.ts';
import { SetSubject } from '../compile/set-subject.ts';
import type { Term } from '../compile/term.ts';
import { TextSubject } from '../compile/text-subject.ts';
import type { Value } from '../evaluate/value.ts';
import { isCanonicalPath, type SessionFacts } from '../facts.ts';
import type { Dimension, Values } from './dimension.ts';
import type { Subjects } from './domain.ts';
import { anyPath, filePath, filePathOrNone, joinedArguments, serverMark, sha256Text } from './languages.ts';
import { NumberDimension } from './number-dimension.ts';
import { OptionalDimension } from './optional-dimension.ts';
import { elementsOf, SetDimension } from './set-dimension.ts';
import { TextDimension } from './text-dimension.ts';
import { Unknowns } from './unknowns.ts';

export interface RequestClass {
  readonly actions: readonly Action[];
  readonly subjects: Subjects;
  /** The text with most literals, walked for all actions at once; undefined where no text is. */
  readonly main: TextDimension | undefined;
  /** The others, in the order in which their values are chosen. */
  readonly dimensions: readonly Dimension[];
  /** Dimensions that are independent of the others only as long as a difference depends on none of those: `[one, [others]]`. */
  readonly coupled?: readonly (readonly [string, readonly string[]])[];
  build(action: Action, values: Values): Request;
}

const UNUSUAL_HASH = '0'.repeat(64);

/** SHA-256 of a file's content, absent where nobody computed it. */
function contentHash(name: string, atoms: Atoms): { field: Term; text: TextSubject; dimension: Dimension } {
  const { bdd } = atoms;
  const presence = bdd.newVariable();
  const text = new TextSubject(name, atoms);
  const inner = new TextDimension(atoms, { name, language: sha256Text, usual: UNUSUAL_HASH });
  return {
    field: { kind: 'optional', isPresent: bdd.literal(presence), value: text.term },
    text,
    dimension: new OptionalDimension(bdd, presence, inner),
  };
}

export interface ProgramParts {
  readonly exe: PathSubject;
  readonly texts: readonly TextSubject[];
  /** `context.proc`. */
  readonly term: Term;
  readonly dimensions: readonly Dimension[];
}

const ANCESTORS = 'context.proc.ancestors';
const VIA = 'context.proc.via';
const MAX_UID = 4_294_967_295n;

/** The text of the element that a set of texts contains when it contains `value`. */
export function textElement(value: Value): string | undefined {
  return value.kind === 'string' && !value.value.includes('\0') ? value.value : undefined;
}

/** The path of the executable, which is a file. */
function fileElement(value: Value): string | undefined {
  if (value.kind !== 'entity' || value.type !== 'File') return undefined;
  return isCanonicalPath(value.id) && !value.id.endsWith('/') ? value.id : undefined;
}

export function programParts(atoms: Atoms, facts: SessionFacts): ProgramParts {
  const exe = new PathSubject('context.proc.exe', 'files or unknown', atoms, facts);
  const uid = new NumberSubject('context.proc.uid', { low: 0n, high: MAX_UID }, atoms.bdd);
  const hash = contentHash('context.proc.sha256', atoms);
  const ancestors = new SetSubject(atoms.bdd, { name: ANCESTORS, textOf: fileElement, mayBeEmpty: true });
  const via = new TextSubject(VIA, atoms);
  const fields = new Map<string, Term>([
    ['exe', exe.entity],
    ['uid', uid.term],
    ['ancestors', ancestors.term],
    ['via', via.term],
    ['sha256', hash.field],
  ]);
  const exeText = new TextDimension(atoms, { name: exe.name, language: filePathOrNone, usual: '/usr/bin/agent' });
  return {
    exe,
    texts: [hash.text, via],
    term: { kind: 'record', fields },
    dimensions: [
      exeText,
      new NumberDimension(atoms.bdd, uid, 1000n),
      hash.dimension,
      new TextDimension(atoms, { name: VIA, language: serverMark, usual: '' }),
      new SetDimension(atoms.bdd, ancestors, '/usr/bin/a'),
    ],
  };
}

export function programOf(values: Values): Program {
  const sha256 = values.get('context.proc.sha256');
  const ancestors = values.get(ANCESTORS);
  const via = values.get(VIA) ?? '';
  return {
    exe: values.get('context.proc.exe') ?? '',
    uid: Number(values.get('context.proc.uid')),
    ...(ancestors === undefined ? {} : { ancestors: elementsOf(ancestors) }),
    ...(sha256 === undefined ? {} : { sha256 }),
    ...(via === '' ? {} : { via }),
  };
}

export function fileClass(facts: SessionFacts): RequestClass {
  const atoms = new Atoms();
  const path = new PathSubject('resource', 'files and directories', atoms, facts);
  const program = programParts(atoms, facts);
  return {
    actions: FILE_ACTIONS,
    subjects: {
      atoms,
      unknowns: new Unknowns(atoms),
      entities: [path, program.exe],
      texts: program.texts,
      resource: path.entity,
      context: new Map([['proc', program.term]]),
    },
    main: new TextDimension(atoms, { name: path.name, language: anyPath, usual: '/file' }),
    dimensions: program.dimensions,
    build: (action, values) => ({
      action: action as (typeof FILE_ACTIONS)[number],
      resource: { type: 'path', path: values.get('resource') ?? '' },
      program: programOf(values),
    }),
  };
}

/** No kernel passes more: each takes a byte and a pointer of the 6 MiB that execve(2) allows. */
const ARGUMENTS = { low: 1n, high: 699_050n };

const ARGV = 'context.argv';
const ARGS = 'context.args';
const ARGC = 'context.argc';

/** Arguments that, joined by spaces, are the text. Of a given count, the first ones are words and the last is the rest. */
function splitArguments(text: string, count: string | undefined): readonly string[] {
  const parts = text.split(' ');
  if (count === undefined) return parts;
  const last = Number(count) - 1;
  return [...parts.slice(0, last), parts.slice(last).join(' ')];
}

const USUAL_ARGUMENT = 'a';

/** As text and count say, and then the arguments that must be among them. `first` takes the place of a text that nobody asks for. */
function argumentsOf(values: Values, first: string): readonly string[] {
  const text = values.get(ARGS) ?? USUAL_ARGUMENT;
  const required = values.get(ARGV);
  const words = required !== undefined && text === USUAL_ARGUMENT ? [first] : splitArguments(text, values.get(ARGC));
  return [...words, ...(required === undefined ? [] : elementsOf(required))];
}

export function execClass(facts: SessionFacts): RequestClass {
  const atoms = new Atoms();
  const path = new PathSubject('resource', 'files and directories', atoms, facts);
  const program = programParts(atoms, facts);
  const args = new TextSubject(ARGS, atoms);
  const argc = new NumberSubject(ARGC, ARGUMENTS, atoms.bdd);
  const argv = new SetSubject(atoms.bdd, { name: ARGV, textOf: textElement, mayBeEmpty: false });
  const argvDimension = new SetDimension(atoms.bdd, argv, USUAL_ARGUMENT);
  const hash = contentHash('context.sha256', atoms);
  const argumentText = new TextDimension(atoms, {
    name: args.name,
    language: (chosen) => joinedArguments(Number(chosen.get(argc.name) ?? 1) - 1),
    usual: USUAL_ARGUMENT,
  });
  return {
    actions: ['ProcessExec'],
    subjects: {
      atoms,
      unknowns: new Unknowns(atoms),
      entities: [path, program.exe],
      texts: [...program.texts, args, hash.text],
      resource: path.entity,
      context: new Map<string, Term>([
        ['proc', program.term],
        ['args', args.term],
        ['argv', argv.term],
        ['argc', argc.term],
        ['sha256', hash.field],
      ]),
    },
    // A directory cannot be executed.
    main: new TextDimension(atoms, { name: path.name, language: filePath, usual: '/program' }),
    // The count comes first: a text of arguments needs room for it.
    dimensions: [
      argvDimension,
      new NumberDimension(atoms.bdd, argc, undefined),
      argumentText,
      hash.dimension,
      ...program.dimensions,
    ],
    // The three are one list of arguments; where several of them are asked for, no automaton says which lists there are.
    coupled: [[ARGV, [ARGS, ARGC]]],
    build(_, values) {
      const sha256 = values.get('context.sha256');
      return {
        action: 'ProcessExec',
        resource: { type: 'path', path: values.get('resource') ?? '' },
        program: programOf(values),
        argv: argumentsOf(values, argvDimension.unnamed),
        ...(sha256 === undefined ? {} : { sha256 }),
      };
    },
  };
}
