// A request's head, a place and a credential enter, the head with the credential in that place leaves, or nothing when it has no part there.
import { Buffer } from 'node:buffer';
import type { Outgoing } from '../exchange/passage.ts';
import type { Field } from '../http/head.ts';
import type { Place } from './binding.ts';

type Head = Pick<Outgoing, 'path' | 'fields'>;
type Change = (text: string) => string;

const BASIC = /^(basic +)([\w+/]+=*)$/i;
/** A field as RFC 9112, section 5, writes it. */
const FIELD_NAME = /^[^:]*/;

export function setField(name: string, value: string): Field {
  return { name, value, line: `${name}: ${value}` };
}

function changed(field: Field, value: string): Field {
  return { ...field, value, line: `${FIELD_NAME.exec(field.line)?.[0] ?? field.name}: ${value}` };
}

/** The user and password of Basic credentials, decoded; undefined of anything else. */
export function basicText(value: string): string | undefined {
  const coded = BASIC.exec(value)?.[2];
  return coded === undefined ? undefined : Buffer.from(coded, 'base64').toString('latin1');
}

function changeBasic(value: string, change: Change): string {
  const [, scheme = '', coded = ''] = BASIC.exec(value) ?? [];
  const text = Buffer.from(coded, 'base64').toString('latin1');
  const after = change(text);
  return after === text ? value : scheme + Buffer.from(after, 'latin1').toString('base64');
}

/** Credentials in `Authorization` may be coded, so a token serves as Bearer and as password alike: git sends it as the latter. */
function changeHeader(value: string, change: Change): string {
  return BASIC.test(value) ? changeBasic(value, change) : change(value);
}

function changeCookie(value: string, name: string, change: Change): string {
  return value
    .split(';')
    .map((pair) => {
      const [key = '', ...rest] = pair.split('=');
      return key.trim() === name ? `${key}=${change(rest.join('='))}` : pair;
    })
    .join(';');
}

function changeQuery(path: string, name: string, change: Change): string {
  const [before = '', ...query] = path.split('?');
  if (query.length === 0) return path;
  const pairs = query.join('?').split('&');
  const after = pairs.map((pair) => {
    const [key = '', ...rest] = pair.split('=');
    return key === name ? `${key}=${change(rest.join('='))}` : pair;
  });
  return `${before}?${after.join('&')}`;
}

function changeFields({ path, fields }: Head, name: string, change: Change): Head {
  return {
    path,
    fields: fields.map((field) => {
      if (field.name !== name) return field;
      const value = change(field.value);
      return value === field.value ? field : changed(field, value);
    }),
  };
}

/** Puts `value` where `placeholder` stands in that place, and nowhere else. */
export function replaceIn(head: Head, place: Place, placeholder: string, value: string): Head {
  const change: Change = (text) => text.replaceAll(placeholder, () => value);
  switch (place.kind) {
    case 'header':
      return changeFields(head, place.name, (text) => changeHeader(text, change));
    case 'basic':
      return changeFields(head, 'authorization', (text) => changeBasic(text, change));
    case 'cookie':
      return changeFields(head, 'cookie', (text) => changeCookie(text, place.name, change));
    case 'query':
      return {
        ...head,
        path: changeQuery(head.path, place.name, (text) =>
          text.replaceAll(placeholder, () => encodeURIComponent(value)),
        ),
      };
  }
}

/** Sets the place to `value`, whatever was there. */
export function injectInto(head: Head, place: Place, value: string): Head {
  const without = (name: string): readonly Field[] => head.fields.filter((field) => field.name !== name);
  switch (place.kind) {
    case 'header':
      return {
        ...head,
        fields: [
          ...without(place.name),
          setField(
            place.name,
            place.format.replace('{}', () => value),
          ),
        ],
      };
    case 'basic': {
      const coded = Buffer.from(`${place.user}:${value}`, 'latin1').toString('base64');
      return { ...head, fields: [...without('authorization'), setField('authorization', `Basic ${coded}`)] };
    }
    case 'cookie': {
      const others = head.fields
        .filter(({ name }) => name === 'cookie')
        .flatMap((field) => field.value.split(';').map((pair) => pair.trim()))
        .filter((pair) => pair !== '' && pair.split('=')[0] !== place.name);
      const cookies = [...others, `${place.name}=${value}`].join('; ');
      return { ...head, fields: [...without('cookie'), setField('cookie', cookies)] };
    }
    case 'query': {
      const [before = '', ...query] = head.path.split('?');
      const others = query
        .join('?')
        .split('&')
        .filter((pair) => pair !== '' && pair.split('=')[0] !== place.name);
      return { ...head, path: `${before}?${[...others, `${place.name}=${encodeURIComponent(value)}`].join('&')}` };
    }
  }
}
