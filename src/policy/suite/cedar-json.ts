// A request as Leash evaluates it in; the same question in Cedar's own JSON, with every entity it can touch, out.
import type { AuthorizerQuestion } from '../check/cedar.ts';
import type { World } from '../evaluate/closure.ts';
import { formatIp } from '../evaluate/ip.ts';
import { type Entity, entity, type Value } from '../evaluate/value.ts';

type EntityJson = AuthorizerQuestion['entities'][number];
type ValueJson = EntityJson['attrs'][string];

function identifier({ type, id }: Entity): { type: string; id: string } {
  return { type, id };
}

/** Source: docs.cedarpolicy.com, "Entities JSON format". Throws for a value that no request holds. */
function valueJson(value: Value): ValueJson {
  switch (value.kind) {
    case 'bool':
    case 'string':
      return value.value;
    case 'long':
      return Number(value.value);
    case 'entity':
      return { __entity: identifier(value) };
    case 'ip':
      return { __extn: { fn: 'ip', arg: formatIp(value) } };
    case 'set':
      return value.elements.map(valueJson);
    case 'record':
      return Object.fromEntries([...value.fields].map(([name, field]) => [name, valueJson(field)]));
    default:
      throw new TypeError(`no request holds a ${value.kind}`);
  }
}

function entitiesIn(value: Value): readonly Entity[] {
  if (value.kind === 'entity') return [value];
  if (value.kind === 'set') return value.elements.flatMap(entitiesIn);
  return value.kind === 'record' ? [...value.fields.values()].flatMap(entitiesIn) : [];
}

/** Keys are made by `entityKey`: type and id around a NUL. */
function entityOf(key: string): Entity {
  const at = key.indexOf('\0');
  return entity(key.slice(0, at), key.slice(at + 1));
}

/** Entities that exist only as parents are not listed: Cedar takes a parent without an entry as one without attributes. */
function entitiesOf(world: World): EntityJson[] {
  const found = new Map<string, EntityJson>();
  const visit = (value: Entity): void => {
    const key = JSON.stringify([value.type, value.id]);
    const data = found.has(key) ? undefined : world.entity(value.type, value.id);
    // Action entities come with the schema.
    if (data === undefined || value.type === 'Action') return;
    const tags = Object.fromEntries([...data.tags].map(([name, tag]) => [name, valueJson(tag)]));
    found.set(key, {
      uid: identifier(value),
      attrs: Object.fromEntries([...data.attributes].map(([name, attribute]) => [name, valueJson(attribute)])),
      parents: [...data.ancestors].map((ancestor) => identifier(entityOf(ancestor))),
      ...(data.tags.size === 0 ? {} : { tags }),
    });
    for (const attribute of data.attributes.values()) for (const inner of entitiesIn(attribute)) visit(inner);
  };
  for (const value of [world.principal, world.resource, world.context])
    for (const inner of entitiesIn(value)) visit(inner);
  return [...found.values()];
}

function uidOf(value: Value): { type: string; id: string } {
  if (value.kind !== 'entity') throw new TypeError('a principal, action or resource is an entity');
  return identifier(value);
}

/** The question whose answer by the official authorizer must be that of the evaluator. */
export function questionOf(world: World): AuthorizerQuestion {
  const context = valueJson(world.context);
  return {
    principal: uidOf(world.principal),
    action: uidOf(world.action),
    resource: uidOf(world.resource),
    context: context as AuthorizerQuestion['context'],
    entities: entitiesOf(world),
  };
}
