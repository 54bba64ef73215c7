// Two filters or edits enter, one that does both in turn leaves.
import { Buffer } from 'node:buffer';
import type { BodyFilter, ResponseEdit, ResponseMessage } from './passage.ts';

const NOTHING = Buffer.alloc(0);

type EditResponse = (response: ResponseMessage) => ResponseEdit;

/** `second` sees what `first` makes of the body. */
export function bodyThrough(first: BodyFilter | undefined, second: BodyFilter | undefined): BodyFilter | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return {
    changes: first.changes || second.changes,
    keepsLength: [first, second].every(({ changes, keepsLength }) => !changes || keepsLength === true),
    push: (content) => passed(second, passed(first, content)),
    wakes: (wake) => {
      first.wakes?.(wake);
      second.wakes?.(wake);
    },
    end: () => {
      const held = ended(first);
      const last = held.length === 0 ? held : passed(second, held);
      return Buffer.concat([last, ended(second)]);
    },
  };
}

function passed(filter: BodyFilter, content: Buffer): Buffer {
  const changed = filter.push(content);
  return filter.changes ? changed : content;
}

function ended(filter: BodyFilter): Buffer {
  const held = filter.end();
  return filter.changes ? held : NOTHING;
}

/** Who changes the body and says nothing of the trailers wants none of them sent on. */
function trailersThrough(first: ResponseEdit, second: ResponseEdit): ResponseEdit['trailers'] {
  const speaksFor = (edit: ResponseEdit): boolean => edit.trailers !== undefined || edit.body?.changes !== true;
  const [one, two] = [first.trailers, second.trailers];
  if (!speaksFor(first) || !speaksFor(second)) return undefined;
  return one === undefined || two === undefined ? (one ?? two) : (fields) => two(one(fields));
}

/** `second` sees the response that `first` leaves: the broker that saw the request last sees its response first. */
export function responseThrough(first: EditResponse, second: EditResponse | undefined): EditResponse {
  if (second === undefined) return first;
  return (response) => {
    const one = first(response);
    const two = second({ status: response.status, fields: one.fields });
    const body = bodyThrough(one.body, two.body);
    const trailers = trailersThrough(one, two);
    // One broker reads tunnels.
    const tunnel = one.tunnel ?? two.tunnel;
    return { fields: two.fields, ...(body && { body }), ...(trailers && { trailers }), ...(tunnel && { tunnel }) };
  };
}
