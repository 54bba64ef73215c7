// What a policy text may not exceed before the Cedar parser sees it: deeper input exhausts the stack of its WebAssembly instance.
import type { Diagnostic } from '../text/diagnostic.ts';
import type { Token } from '../text/lexer.ts';
import { bracketStep, type Piece, type Statement } from '../text/statements.ts';

/** The parser fails at about 129 levels and the authorizer at about 361 terms; measured with cedar-wasm 4.13. */
export const MAX_NESTING = 64;
export const MAX_OPERATORS = 256;
/** PATH_MAX: no longer string can name anything. */
export const MAX_STRING = 4096;
/** Bytes of UTF-8. */
export const MAX_TEXT = 4_194_304;
export const MAX_STATEMENTS = 20_000;
/** Of one statement: a set of about 1,000 entities. The table compiler takes a set element by element, and needs ten seconds for these. */
export const MAX_TOKENS = 4_096;

const OPERATORS: ReadonlySet<string> = new Set(['&&', '||', '+', '-', '*', '!', '==', '!=', '<', '<=', '>', '>=']);
const WORD_OPERATORS: ReadonlySet<string> = new Set(['if', 'has', 'like', 'is']);

function fault(token: Token, message: string, hint?: string): Diagnostic {
  return { start: token.start, length: token.text.length, message, ...(hint === undefined ? {} : { hint }) };
}

function isOperator(token: Token): boolean {
  return token.kind === 'punctuation'
    ? OPERATORS.has(token.text)
    : token.kind === 'name' && WORD_OPERATORS.has(token.text);
}

/** The first token at which a running count passes its limit. */
function firstBeyond(tokens: readonly Token[], limit: number, step: (token: Token) => number): Token | undefined {
  let count = 0;
  return tokens.find((token) => {
    count += step(token);
    return count > limit;
  });
}

/** Limits of one statement. Each kind is reported once, at the place where it is passed. */
export function limitFaults({ tokens }: Statement): readonly Diagnostic[] {
  const faults: Diagnostic[] = [];
  const deep = firstBeyond(tokens, MAX_NESTING, bracketStep);
  if (deep !== undefined) faults.push(fault(deep, `brackets are nested more than ${MAX_NESTING} deep`));
  const split = 'split the policy in two, or name several entities with `in [...]`';
  const many = firstBeyond(tokens, MAX_OPERATORS, (token) => Number(isOperator(token)));
  if (many !== undefined) faults.push(fault(many, `a policy holds at most ${MAX_OPERATORS} operators`, split));
  const dots = firstBeyond(tokens, MAX_OPERATORS, (token) => Number(token.text === '.'));
  if (dots !== undefined) faults.push(fault(dots, `a policy holds at most ${MAX_OPERATORS} attribute accesses`, split));
  const surplus = tokens[MAX_TOKENS];
  if (surplus !== undefined) {
    if (faults.length > 0) return faults;
    const message = `a policy holds at most ${MAX_TOKENS} words and signs`;
    return [fault(surplus, message, 'split the policy in two')];
  }
  for (const token of tokens) {
    if (token.kind === 'number' && !Number.isSafeInteger(Number(token.text))) {
      faults.push(fault(token, 'integers beyond 9007199254740991 are not supported'));
    }
    if (token.kind === 'string' && token.text.length > MAX_STRING) {
      faults.push(fault(token, `a string holds at most ${MAX_STRING} characters`));
    }
    if (token.text === '?') {
      faults.push(
        fault(
          token,
          'templates are not enforced by this version yet',
          'write the principal or resource in place of the slot',
        ),
      );
    }
  }
  return faults;
}

/** The limit on the number of policies. */
export function countFaults(statements: readonly Piece[]): readonly Diagnostic[] {
  const surplus = statements[MAX_STATEMENTS];
  if (surplus === undefined) return [];
  return [{ start: surplus.start, length: 1, message: `a policy text holds at most ${MAX_STATEMENTS} policies` }];
}

/** Limits of the whole text. */
export function textFaults(text: string): readonly Diagnostic[] {
  if (Buffer.byteLength(text) > MAX_TEXT)
    return [{ start: 0, length: 1, message: `a policy text holds at most ${MAX_TEXT} bytes` }];
  const broken = /[\p{Surrogate}\0]/u.exec(text);
  return broken === null ? [] : [{ start: broken.index, length: 1, message: 'the text is not well-formed Unicode' }];
}
