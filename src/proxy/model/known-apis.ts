// The APIs of language models as data: a host and a path enter, which API and whose it is leave.

export interface KnownApi {
  /** As the event calls it. */
  readonly api: string;
  /** Who answers where the host does not say it: the name of the API's maker. */
  readonly provider: string;
  /** On the path as `comparablePath` gives it. A group `name` is the model. */
  readonly path: RegExp;
  /** The path alone says that it is a model's API; otherwise the body must look like it. */
  readonly isTelling: boolean;
  /** Streams unless the body says `stream: false`. */
  readonly streamsByDefault?: boolean;
}

/** The first that matches counts. */
export const KNOWN_APIS: readonly KnownApi[] = [
  // Azure and gateways name a deployment in the path, Bedrock a model or the ARN of an inference profile.
  {
    api: 'bedrock-converse',
    provider: 'bedrock',
    path: /\/model\/(?<name>[^/]+(?:\/[^/]+)?)\/converse(?:-stream)?$/,
    isTelling: true,
  },
  {
    api: 'bedrock-invoke',
    provider: 'bedrock',
    path: /\/model\/(?<name>[^/]+(?:\/[^/]+)?)\/invoke(?:-with-response-stream)?$/,
    isTelling: true,
  },
  {
    api: 'gemini',
    provider: 'google',
    path: /\/(?:models|endpoints|tunedmodels)\/(?<name>[^/:]+):(?:streamgeneratecontent|generatecontent|counttokens|computetokens|embedcontent|batchembedcontents|batchgeneratecontent|asyncbatchembedcontent|predict|predictlongrunning|generateanswer)$/,
    isTelling: true,
  },
  // Models of other makers on Vertex: the body is in the maker's form.
  {
    api: 'vertex-raw',
    provider: 'vertex',
    path: /\/models\/(?<name>[^/:]+):(?:raw|streamraw)predict$/,
    isTelling: true,
  },
  {
    api: 'gemini',
    provider: 'google',
    path: /\/v1internal:(?:streamgeneratecontent|generatecontent|counttokens)$/,
    isTelling: true,
  },
  { api: 'gemini-interactions', provider: 'google', path: /\/v1(?:alpha|beta)?\/interactions$/, isTelling: true },
  {
    api: 'openai-chat',
    provider: 'openai',
    path: /\/deployments\/(?<name>[^/]+)(?:\/v1)?\/chat\/completions$/,
    isTelling: true,
  },
  {
    api: 'openai-completions',
    provider: 'openai',
    path: /\/deployments\/(?<name>[^/]+)\/completions$/,
    isTelling: true,
  },
  { api: 'openai-embeddings', provider: 'openai', path: /\/deployments\/(?<name>[^/]+)\/embeddings$/, isTelling: true },
  { api: 'openai-chat', provider: 'openai', path: /\/chat\/completions$/, isTelling: true },
  { api: 'openai-responses', provider: 'openai', path: /\/responses(?:\/compact|\/input_tokens)?$/, isTelling: false },
  {
    api: 'openai-realtime',
    provider: 'openai',
    path: /\/realtime(?:\/(?:sessions|client_secrets|calls|transcription_sessions))?$/,
    isTelling: false,
  },
  { api: 'openai-batches', provider: 'openai', path: /\/v1\/batches$/, isTelling: false },
  {
    api: 'openai-assistants',
    provider: 'openai',
    path: /\/v1\/(?:assistants|threads\/runs|threads\/[^/]+\/runs)(?:\/[^/]+)?$/,
    isTelling: false,
  },
  {
    api: 'anthropic-messages',
    provider: 'anthropic',
    path: /\/v1\/messages(?:\/count_tokens|\/batches)?$/,
    isTelling: true,
  },
  {
    api: 'anthropic-messages',
    provider: 'anthropic',
    path: /\/messages(?:\/count_tokens|\/batches)?$/,
    isTelling: false,
  },
  { api: 'anthropic-completions', provider: 'anthropic', path: /\/v1\/complete$/, isTelling: false },
  {
    api: 'mistral-conversations',
    provider: 'mistral',
    path: /\/v1\/(?:conversations|agents\/completions|fim\/completions)(?:\/[^/]+)?$/,
    isTelling: false,
  },
  { api: 'openai-completions', provider: 'openai', path: /\/completions$/, isTelling: false },
  { api: 'openai-embeddings', provider: 'openai', path: /\/embeddings$/, isTelling: false },
  { api: 'dashscope', provider: 'qwen', path: /\/services\/aigc\/[^/]+\/generation$/, isTelling: true },
  { api: 'ollama', provider: 'ollama', path: /\/api\/(?:chat|generate)$/, isTelling: false, streamsByDefault: true },
  { api: 'ollama', provider: 'ollama', path: /\/api\/(?:embed|embeddings)$/, isTelling: false },
];

/** Whose API a host serves. `*.` stands for any labels. */
const HOSTS: readonly (readonly [host: RegExp, provider: string])[] = [
  [/^api\.anthropic\.com$/, 'anthropic'],
  [/^(?:[\w-]+\.)?api\.openai\.com$/, 'openai'],
  [/^chatgpt\.com$/, 'openai'],
  [/^(?:generativelanguage|cloudcode-pa)\.googleapis\.com$/, 'google'],
  [/^(?:[\w-]+-)?aiplatform\.(?:[\w-]+\.rep\.)?googleapis\.com$/, 'vertex'],
  [/^dashscope(?:-[\w]+)?\.aliyuncs\.com$/, 'qwen'],
  [/^portal\.qwen\.ai$/, 'qwen'],
  [/^openrouter\.ai$/, 'openrouter'],
  [/^(?:api|codestral)\.mistral\.ai$/, 'mistral'],
  [/^api\.groq\.com$/, 'groq'],
  [/^(?:[\w-]+\.)?api\.x\.ai$/, 'xai'],
  [/^api\.deepseek\.com$/, 'deepseek'],
  [/^api(?:\.[\w-]+)?\.githubcopilot\.com$/, 'copilot'],
  [/\.openai\.azure\.com$|\.services\.ai\.azure\.com$|\.cognitiveservices\.azure\.com$/, 'azure'],
  [/^bedrock-(?:mantle|runtime(?:-fips)?)\.[\w-]+\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/, 'bedrock'],
];

const knownHosts = new Map<string, string | undefined>();
const MAX_HOSTS = 256;

/** The provider whose API is at this canonical name; undefined when it is not known as one. */
export function providerAt(host: string): string | undefined {
  if (knownHosts.has(host)) return knownHosts.get(host);
  const provider = HOSTS.find(([pattern]) => pattern.test(host))?.[1];
  if (knownHosts.size >= MAX_HOSTS) knownHosts.clear();
  knownHosts.set(host, provider);
  return provider;
}

/** A path as servers may read it: without query, in lower case, decoded once, without empty segments and final slashes. */
export function comparablePath(path: string): string {
  const [plain = ''] = path.split(/[?;]/, 1);
  const decoded = plain.replaceAll(/%([2-7][\da-f])/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  );
  return decoded
    .toLowerCase()
    .replaceAll(/\/{2,}/g, '/')
    .replace(/(?<=.)\/$/, '');
}

export interface ApiAtPath {
  readonly known: KnownApi;
  /** The model that the path names, in its own spelling. */
  readonly name: string | undefined;
}

export function apiAtPath(path: string): ApiAtPath | undefined {
  const comparable = comparablePath(path);
  for (const known of KNOWN_APIS) {
    const match = known.path.exec(comparable);
    if (match === null) continue;
    const name = match.groups?.['name'];
    return { known, name: name === undefined ? undefined : spelled(path, name) };
  }
  return undefined;
}

/** `name` was lowered for the comparison: here it is as the path has it. */
function spelled(path: string, name: string): string {
  const [plain = ''] = path.split(/[?;]/, 1);
  let decoded: string;
  try {
    decoded = decodeURIComponent(plain);
  } catch {
    return name;
  }
  const at = decoded.toLowerCase().indexOf(name);
  return at < 0 ? name : decoded.slice(at, at + name.length);
}

/** Where requests to a model are messages of a WebSocket, which nobody here reads. */
const SOCKET = /\/(?:realtime|responses)$|bidigeneratecontent$/;
/** Where they are Protocol Buffers. */
const GRPC = /^\/google\.(?:ai\.generativelanguage|cloud\.aiplatform)\./;

/** What a model may be asked here that cannot be looked at; undefined: nothing known. */
export function unreadableAt(path: string, isUpgrade: boolean, isGrpc: boolean): string | undefined {
  if (!isUpgrade && !isGrpc) return undefined;
  const comparable = comparablePath(path);
  if (isUpgrade && SOCKET.test(comparable)) return 'messages to a model through a WebSocket cannot be looked at';
  if (isGrpc && GRPC.test(comparable)) return 'messages to a model through gRPC cannot be looked at';
  return undefined;
}
