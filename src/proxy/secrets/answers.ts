// Answers of servers that were sent credentials enter, the same without them leave, in head and body, whichever request they answer.
import type { BodyFilter, Outgoing, ResponseEdit, ResponseMessage } from '../exchange/passage.ts';
import { type Field, ProtocolError, parseField } from '../http/head.ts';
import { canDecode, decodedBody } from './decoded-body.ts';
import { setField } from './place.ts';
import { type Hidden, Scrubber } from './scrub.ts';
import { webSocketBody } from './web-socket.ts';

/** Values a server was sent and may send back: a credential that is renewed has several. */
const MOST_REMEMBERED = 32;
/** What would make an answer unreadable is not asked for. */
const CODINGS: ReadonlySet<string> = new Set(['accept-encoding', 'grpc-accept-encoding', 'sec-websocket-extensions']);

/** What one server was sent. */
class Known {
  #hidden: readonly Hidden[] = [];
  #scrubber: Scrubber | undefined;
  #keepingLength: Scrubber | undefined;

  add(hidden: Hidden): void {
    if (this.#hidden.some(({ value }) => value === hidden.value)) return;
    this.#hidden = [...this.#hidden, hidden].slice(-MOST_REMEMBERED);
    this.#scrubber = undefined;
    this.#keepingLength = undefined;
  }

  get scrubber(): Scrubber {
    this.#scrubber ??= new Scrubber(this.#hidden);
    return this.#scrubber;
  }

  get keepingLength(): Scrubber {
    this.#keepingLength ??= new Scrubber(this.#hidden, true);
    return this.#keepingLength;
  }
}

export class Answers {
  readonly #known = new Map<string, Known>();

  /** A credential goes to this server now. @param server name and port */
  sent(server: string, hidden: Hidden): void {
    const known = this.#known.get(server) ?? new Known();
    known.add(hidden);
    this.#known.set(server, known);
  }

  /** The request, asking for an answer that can be searched, and what becomes of that answer; undefined when there is nothing to hide. */
  searched(server: string, fields: readonly Field[]): Required<Pick<Outgoing, 'fields' | 'response'>> | undefined {
    const known = this.#known.get(server);
    if (known === undefined) return undefined;
    const plain = fields.filter(({ name }) => !CODINGS.has(name));
    return {
      fields: [...plain, setField('accept-encoding', 'identity')],
      response: (response) => searchedResponse(response, known),
    };
  }
}

function scrubbedField(field: Field, scrubber: Scrubber): Field {
  const line = scrubber.text(field.line);
  return line === field.line ? field : parseField(line);
}

function codingsOf(fields: readonly Field[]): readonly string[] {
  return fields
    .filter(({ name }) => name === 'content-encoding' || name === 'grpc-encoding')
    .flatMap(({ value }) => value.toLowerCase().split(','))
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity');
}

/** @throws ProtocolError when the answer cannot be searched */
function searchedResponse({ status, fields }: ResponseMessage, known: Known): ResponseEdit {
  const { scrubber } = known;
  const lines = fields.map(({ line }) => line).join('\n');
  const isClean = scrubber.text(lines) === lines;
  const shown = isClean ? fields : fields.map((field) => scrubbedField(field, scrubber));
  if (status === 101) {
    if (fields.some(({ name }) => name === 'sec-websocket-extensions'))
      throw new ProtocolError('the server compresses WebSocket messages though not asked to', 502);
    return { fields: shown, body: webSocketBody(known.keepingLength) };
  }
  const hasLength = fields.some(({ name }) => name === 'content-length') && codingsOf(fields).length === 0;
  const trailers = (sent: readonly Field[]): readonly Field[] => sent.map((field) => scrubbedField(field, scrubber));
  return { ...unpacked(shown, (hasLength ? known.keepingLength : scrubber).body()), trailers };
}

/** A response whose body goes through the filter without its coding. @throws ProtocolError when that is not one that can be read */
export function unpacked(
  fields: readonly Field[],
  filter: BodyFilter,
): Required<Pick<ResponseEdit, 'fields' | 'body'>> {
  const [coding, ...more] = codingsOf(fields);
  if (coding === undefined) return { fields, body: filter };
  if (more.length > 0 || !canDecode(coding))
    throw new ProtocolError('the answer is coded in a way that cannot be searched for credentials', 502);
  return {
    fields: fields.filter(({ name }) => name !== 'content-encoding'),
    body: decodedBody(coding, filter),
  };
}
