// A server and a codec of states enter; tools that ask the client for input, by requests of their own (to 2025-11-25) and in results (2026-07-28), are on it.
import { randomUUID } from 'node:crypto';
import { acceptedContent, CLIENT_CAPABILITIES_META_KEY, inputRequired } from '@modelcontextprotocol/server';
import { schema, text } from './tools.mjs';

const asked = (properties, required = Object.keys(properties)) => ({ type: 'object', properties, required });
const string = { type: 'string' };
const elicit = (message, properties) => inputRequired.elicit({ message, requestedSchema: asked(properties) });
const sample = (words, maxTokens = 50) =>
  inputRequired.createMessage({ messages: [{ role: 'user', content: text(words) }], maxTokens });

const DEFAULTS = asked(
  {
    name: { type: 'string', default: 'John Doe' },
    age: { type: 'integer', default: 30 },
    score: { type: 'number', default: 95.5 },
    status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean', default: true },
  },
  [],
);
const options = ['option1', 'option2', 'option3'];
const titled = ['First', 'Second', 'Third'].map((title, i) => ({ const: `value${i + 1}`, title: `${title} Option` }));
const ENUMS = asked(
  {
    untitledSingle: { type: 'string', enum: options },
    titledSingle: { type: 'string', oneOf: titled },
    legacyEnum: { type: 'string', enum: ['opt1', 'opt2'], enumNames: ['Option One', 'Option Two'] },
    untitledMulti: { type: 'array', minItems: 1, maxItems: 3, items: { type: 'string', enum: options } },
    titledMulti: { type: 'array', minItems: 1, maxItems: 3, items: { anyOf: titled } },
  },
  [],
);

export function addInputs(mcp, codec) {
  const tool = (name, answer, inputSchema = schema()) =>
    mcp.registerTool(name, { description: `What the scenarios of ${name} call.`, inputSchema }, answer);
  const answered = (words) => ({ content: [text(words)] });

  tool(
    'test_sampling',
    async ({ prompt }, { mcpReq }) => {
      const params = { messages: [{ role: 'user', content: text(prompt) }], maxTokens: 100 };
      const { content } = await mcpReq.send({ method: 'sampling/createMessage', params });
      return answered(`LLM response: ${content.text}`);
    },
    schema({ prompt: string }),
  );
  const elicitation = (name, requestedSchema, inputSchema) =>
    tool(
      name,
      async ({ message = 'Please fill in the form.' }, { mcpReq }) => {
        const params = { message, requestedSchema };
        const { action, content } = await mcpReq.send({ method: 'elicitation/create', params });
        return answered(`Elicitation completed: action=${action}, content=${JSON.stringify(content ?? {})}`);
      },
      inputSchema,
    );
  elicitation('test_elicitation', asked({ response: string }), schema({ message: string }));
  elicitation('test_elicitation_sep1034_defaults', DEFAULTS);
  elicitation('test_elicitation_sep1330_enums', ENUMS);

  /** `answer` is given the responses and the state, and has an answer when they are complete; until then `ask` says what is needed. */
  const rounds = (name, answer, ask) =>
    tool(`test_input_required_result_${name}`, async (_given, { mcpReq }) => {
      const words = answer(mcpReq.inputResponses, mcpReq.requestState());
      return words === undefined ? inputRequired(await ask(mcpReq)) : answered(words);
    });
  const state = (more = {}) => codec.mint({ nonce: randomUUID(), ...more });
  const whoAreYou = { user_name: elicit('What is your name?', { name: string }) };
  const confirm = { confirm: elicit('Please confirm', { ok: { type: 'boolean' } }) };
  const nameOf = (responses) => acceptedContent(responses, 'user_name')?.name;

  rounds(
    'elicitation',
    (responses) => (typeof nameOf(responses) === 'string' ? `Hello, ${nameOf(responses)}!` : undefined),
    () => ({ inputRequests: whoAreYou }),
  );
  rounds(
    'sampling',
    (responses) => responses?.['capital_question']?.content?.text,
    () => ({ inputRequests: { capital_question: sample('What is the capital of France?', 100) } }),
  );
  rounds(
    'list_roots',
    (responses) => responses?.['client_roots']?.roots?.map(({ uri }) => uri).join(', '),
    () => ({ inputRequests: { client_roots: inputRequired.listRoots() } }),
  );
  const isConfirmed = (responses, given) => given !== undefined && acceptedContent(responses, 'confirm') !== undefined;
  for (const [name, words] of [
    ['request_state', 'state-ok'],
    ['tampered_state', 'integrity-ok'],
  ])
    rounds(
      name,
      (responses, given) => (isConfirmed(responses, given) ? words : undefined),
      async () => ({ inputRequests: confirm, requestState: await state() }),
    );
  rounds(
    'multiple_inputs',
    (responses) => {
      const [greeting, roots] = [responses?.['greeting']?.content?.text, responses?.['client_roots']?.roots];
      const isComplete = nameOf(responses) !== undefined && greeting !== undefined && roots !== undefined;
      return isComplete ? `${greeting} ${nameOf(responses)}: ${roots.length} roots` : undefined;
    },
    async () => ({
      inputRequests: {
        ...whoAreYou,
        greeting: sample('Generate a greeting'),
        client_roots: inputRequired.listRoots(),
      },
      requestState: await state(),
    }),
  );
  rounds(
    'multi_round',
    (responses, given) =>
      given?.round === 2 ? `${given.name} likes ${acceptedContent(responses, 'step2')?.color}` : undefined,
    async (mcpReq) => {
      const name = acceptedContent(mcpReq.inputResponses, 'step1')?.name;
      return mcpReq.requestState()?.round === 1
        ? {
            inputRequests: { step2: elicit('Step 2: what is your favorite color?', { color: string }) },
            requestState: await state({ round: 2, name }),
          }
        : {
            inputRequests: { step1: elicit('Step 1: what is your name?', { name: string }) },
            requestState: await state({ round: 1 }),
          };
    },
  );
  rounds(
    'capabilities',
    (responses) => (responses === undefined ? undefined : 'fulfilled'),
    ({ envelope }) => {
      const declared = envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? {};
      return {
        inputRequests: {
          ...(declared.elicitation && whoAreYou),
          ...(declared.sampling && { greeting: sample('Generate a greeting') }),
          ...(declared.roots && { client_roots: inputRequired.listRoots() }),
        },
      };
    },
  );
  tool('test_missing_capability', async (_given, { mcpReq }) =>
    mcpReq.inputResponses?.['llm_answer'] === undefined
      ? inputRequired({ inputRequests: { llm_answer: sample('Reply with the single word: pong', 16) } })
      : answered('done'),
  );
}
