// One line of Cedar in, the kinds of its tokens out: what the editor colours. Text that is no Cedar has tokens, too.
import { StreamLanguage, type StringStream } from '@codemirror/language';

/** A string may go on over lines. */
interface CedarState {
  isInString: boolean;
}

const KEYWORDS = /^(permit|forbid|when|unless|if|then|else|in|is|has|like)$/;
const VARIABLES = /^(principal|action|resource|context)$/;

function string(stream: StringStream, state: CedarState): string {
  state.isInString = stream.match(/^(?:[^"\\]|\\.|\\$)*"/) === null;
  if (state.isInString) stream.skipToEnd();
  return 'string';
}

function word(stream: StringStream, name: string): string {
  if (KEYWORDS.test(name)) return 'keyword';
  if (/^(true|false)$/.test(name)) return 'atom';
  if (stream.string[stream.start - 1] === '.') return 'propertyName';
  if (VARIABLES.test(name)) return 'variableName';
  return /^[A-Z]/.test(name) || stream.match(/^\s*::/, false) !== null ? 'typeName' : 'propertyName';
}

function cedarToken(stream: StringStream, state: CedarState): string | null {
  if (state.isInString) return string(stream, state);
  if (stream.eatSpace()) return null;
  if (stream.match('//')) {
    stream.skipToEnd();
    return 'comment';
  }
  if (stream.eat('"')) return string(stream, state);
  if (stream.match(/^@[A-Za-z_]\w*/)) return 'meta';
  if (stream.match(/^\d+/)) return 'number';
  const name = stream.match(/^[A-Za-z_]\w*/);
  if (Array.isArray(name)) return word(stream, name[0]);
  if (stream.match(/^(::|==|!=|<=|>=|&&|\|\||[<>!+*-])/)) return 'operator';
  stream.next();
  return null;
}

export const cedar: StreamLanguage<CedarState> = StreamLanguage.define<CedarState>({
  name: 'cedar',
  startState: () => ({ isInString: false }),
  copyState: ({ isInString }) => ({ isInString }),
  token: cedarToken,
  languageData: { commentTokens: { line: '//' }, closeBrackets: { brackets: ['(', '[', '{', '"'] } },
});
