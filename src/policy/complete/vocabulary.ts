// The Cedar schema in, the words that a policy can be written with out.
import type { PolicyWord } from '../../schema/api.ts';
import type { SchemaJson } from '../check/cedar.ts';

export interface Vocabulary {
  readonly actions: readonly PolicyWord[];
  readonly entityTypes: readonly PolicyWord[];
  /** By action. */
  readonly context: ReadonlyMap<string, readonly PolicyWord[]>;
  /** By entity type, or type of a record. */
  readonly attributes: ReadonlyMap<string, readonly PolicyWord[]>;
}

interface Documented {
  readonly annotations?: Readonly<Record<string, unknown>>;
}

interface Shape {
  /** `Record`, or the name of a common type. */
  readonly type?: string;
  readonly attributes?: Readonly<Record<string, Documented>>;
}

function wordsOf(documented: Readonly<Record<string, Documented>>, prefix = ''): readonly PolicyWord[] {
  return Object.entries(documented).map(([name, { annotations }]) => ({
    name: `${prefix}${name}`,
    doc: typeof annotations?.['doc'] === 'string' ? annotations['doc'] : '',
  }));
}

export function vocabularyOf(schema: SchemaJson<string>): Vocabulary {
  const actions: PolicyWord[] = [];
  const entityTypes: PolicyWord[] = [];
  const context = new Map<string, readonly PolicyWord[]>();
  const attributes = new Map<string, readonly PolicyWord[]>();
  for (const [namespace, { actions: acts, entityTypes: types, commonTypes = {} }] of Object.entries(schema)) {
    const prefix = namespace === '' ? '' : `${namespace}::`;
    actions.push(...wordsOf(acts as Readonly<Record<string, Documented>>));
    entityTypes.push(...wordsOf(types as Readonly<Record<string, Documented>>, prefix));
    for (const [name, action] of Object.entries(acts)) {
      const shape = (action as { readonly appliesTo?: { readonly context?: Shape } | null }).appliesTo?.context;
      const named = (commonTypes as Readonly<Record<string, Shape>>)[shape?.type ?? ''];
      context.set(name, wordsOf(shape?.attributes ?? named?.attributes ?? {}));
    }
    for (const [name, type] of Object.entries(types))
      attributes.set(`${prefix}${name}`, wordsOf((type as { readonly shape?: Shape }).shape?.attributes ?? {}));
    for (const [name, { attributes: fields = {} }] of Object.entries(commonTypes as Readonly<Record<string, Shape>>))
      attributes.set(`${prefix}${name}`, wordsOf(fields));
  }
  return { actions, entityTypes, context, attributes };
}
