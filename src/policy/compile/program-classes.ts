// Atoms over the path of an executable in; an automaton over its bytes out, whose label is the program class: programs no policy tells apart share one.
import { type Atom, TooComplex } from './atoms.ts';
import { type Automaton, buildAutomaton } from './automaton.ts';
import { Bdd, type Node } from './bdd.ts';

/** Far above what policies tell apart. Each class is one more word in every row. */
export const MAX_PROGRAMS = 1024;

export interface ProgramClasses {
  readonly automaton: Automaton;
  /** Variables of the atoms whose truth a class tells. */
  readonly known: ReadonlySet<number>;
  /** For each class, those that hold. Never empty. */
  readonly classes: readonly ReadonlySet<number>[];
}

/**
 * Each atom gets a tag, a variable that nothing decides. Where the automaton stands, the disjunction of all `atom ∧ tag` is left with
 * the tags of the atoms that hold: one diagram for each set of atoms, so equal diagrams are equal classes.
 */
function classify(atoms: readonly Atom[]): ProgramClasses {
  const bdd = new Bdd();
  // A tag next to its atom in the order of variables keeps the disjunction linear in size.
  const tagged = atoms.map((atom) => ({ atom: { ...atom, variable: bdd.newVariable() }, tag: bdd.newVariable() }));
  const guards = tagged.map(({ atom, tag }) => bdd.and(bdd.literal(atom.variable), bdd.literal(tag)));
  const variableOf = new Map(tagged.map(({ tag }, index) => [tag, atoms[index]!.variable]));
  const numbers = new Map<Node, number>();
  const classes: ReadonlySet<number>[] = [];
  const labelOf = (residuals: readonly Node[]): number => {
    const residual = residuals[0]!;
    const known = numbers.get(residual);
    if (known !== undefined) return known;
    if (classes.length >= MAX_PROGRAMS) throw new TooComplex(`more than ${MAX_PROGRAMS} classes of programs`);
    numbers.set(residual, classes.length);
    return classes.push(new Set(bdd.support(residual).map((tag) => variableOf.get(tag)!))) - 1;
  };
  const goal = { permits: guards, forbids: [] };
  const automaton = buildAutomaton(
    bdd,
    tagged.map(({ atom }) => atom),
    [goal],
    labelOf,
  );
  return { automaton, known: new Set(atoms.map(({ variable }) => variable)), classes };
}

/**
 * The classes by all atoms; by as many literal ones as there is room for when that makes too many classes or states. An atom that is
 * left out stays unknown to the table, and the manager is asked where a verdict depends on it.
 */
export function classifyPrograms(atoms: readonly Atom[]): ProgramClasses {
  try {
    return classify(atoms);
  } catch (error) {
    if (!(error instanceof TooComplex)) throw error;
    // N literals make at most N + 1 classes: a string begins with a chain of prefixes, and equals at most one text.
    return classify(atoms.filter(({ kind }) => kind !== 'pattern').slice(0, MAX_PROGRAMS - 1));
  }
}
