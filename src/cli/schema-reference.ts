// The Cedar schema with its `@doc` annotations in, the page docs/reference/schema.md out.
import type { SchemaJson } from '../policy/check/cedar.ts';

interface TypeJson {
  readonly type: string;
  readonly name?: string;
  readonly element?: TypeJson;
  readonly attributes?: Readonly<Record<string, AttributeJson>>;
}

type AttributeJson = TypeJson & { readonly required?: boolean; readonly annotations?: Annotations };
type Annotations = Readonly<Record<string, unknown>>;

function doc(annotations: Annotations | undefined, of: string): string {
  const text = annotations?.['doc'];
  if (typeof text !== 'string') throw new Error(`the schema has no @doc for ${of}`);
  return text;
}

function typeName(type: TypeJson): string {
  if (type.type === 'Set' && type.element !== undefined) return `Set<${typeName(type.element)}>`;
  return type.name ?? type.type;
}

function attributeTable(attributes: Readonly<Record<string, AttributeJson>>, of: string): string[] {
  const rows = Object.entries(attributes).map(([name, attribute]) => {
    const text = doc(attribute.annotations, `${of}.${name}`).replaceAll('|', '\\|');
    return `| \`${name}\` | \`${typeName(attribute)}\`${attribute.required === false ? ', optional' : ''} | ${text} |`;
  });
  return rows.length === 0 ? [] : ['', '| attribute | type | |', '|---|---|---|', ...rows];
}

function listed(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}

function section(title: string, annotations: Annotations | undefined, lines: readonly string[]): string[] {
  return ['', `### ${title}`, '', doc(annotations, title), ...lines];
}

type Namespace = SchemaJson<string>[string];

function entitySections(prefix: string, { entityTypes }: Namespace): string[] {
  return Object.entries(entityTypes).flatMap(([name, type]) => {
    if (!('shape' in type) && 'enum' in type) return section(`${prefix}${name}`, type.annotations, []);
    const {
      memberOfTypes = [],
      shape,
      tags,
    } = type as {
      readonly memberOfTypes?: readonly string[];
      readonly shape?: TypeJson;
      readonly tags?: TypeJson;
    };
    return section(`${prefix}${name}`, type.annotations, [
      ...(memberOfTypes.length === 0 ? [] : ['', `In: ${listed(memberOfTypes)}`]),
      ...(tags === undefined ? [] : ['', `Tags: ${typeName(tags)}`]),
      ...attributeTable(shape?.attributes ?? {}, name),
    ]);
  });
}

function actionSections({ actions }: Namespace): string[] {
  return Object.entries(actions).flatMap(([name, action]) => {
    const groups = (action.memberOf ?? []).map(({ id }) => id);
    const context = action.appliesTo?.context as TypeJson | undefined;
    const resources = action.appliesTo?.resourceTypes ?? [];
    return section(`Action::"${name}"`, action.annotations, [
      ...(groups.length === 0 ? [] : ['', `In: ${listed(groups)}`]),
      ...(resources.length === 0 ? [] : ['', `Resource: ${listed(resources)}`]),
      ...(context === undefined || context.type === 'Record' ? [] : ['', `Context: \`${context.type}\``]),
      ...attributeTable(context?.attributes ?? {}, name),
    ]);
  });
}

function typeSections({ commonTypes = {} }: Namespace): string[] {
  return Object.entries(commonTypes).flatMap(([name, type]) =>
    section(name, type.annotations, attributeTable((type as TypeJson).attributes ?? {}, name)),
  );
}

/** Throws Error when something in the schema has no `@doc`. */
export function schemaReference(schema: SchemaJson<string>): string {
  const spaces = Object.entries(schema);
  return [
    '# What policies can speak of',
    '',
    'Made from `src/schema/leash.cedarschema` by `npm run docs`. The principal of every request is an `Agent`.',
    '',
    '## Actions',
    ...spaces.flatMap(([, space]) => actionSections(space)),
    '',
    '## Entities',
    ...spaces.flatMap(([name, space]) => entitySections(name === '' ? '' : `${name}::`, space)),
    '',
    '## Records',
    ...spaces.flatMap(([, space]) => typeSections(space)),
    '',
  ].join('\n');
}
