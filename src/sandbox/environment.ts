// The environment of leash in, the agent's out: what names the host's own services or holds credentials stays behind.
import { trustVariables } from './trust.ts';

/** Point at sockets and services that do not exist inside. */
const HOST_SERVICES = new Set([
  'SSH_AUTH_SOCK',
  'SSH_AGENT_PID',
  'GPG_AGENT_INFO',
  'DBUS_SESSION_BUS_ADDRESS',
  'DBUS_SYSTEM_BUS_ADDRESS',
  'XDG_RUNTIME_DIR',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
  'DOCKER_HOST',
  'CONTAINER_HOST',
  'KUBECONFIG',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
  'NODE_CHANNEL_FD',
  'NODE_CHANNEL_SERIALIZATION_MODE',
  'SSL_CERT_DIR',
]);

/** The agents' own keys: without them the agent cannot work at all. */
const AGENT_KEYS = new Set([
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'OPENAI_API_KEY',
  'CODEX_API_KEY',
  'GEMINI_API_KEY',
  'GOOGLE_API_KEY',
  'DASHSCOPE_API_KEY',
]);

const CREDENTIAL =
  /(SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|PRIVATE_?KEY|ACCESS_KEY|API_?KEY|_PAT$|^PGPASS|^AWS_)/i;

export interface AgentEnvironment {
  readonly env: Readonly<Record<string, string>>;
  /** Names of variables that look like credentials and were left out. */
  readonly withheld: readonly string[];
}

/**
 * @param env the environment of leash
 * @param extra variables named with -e, passed on as they are
 */
export function agentEnvironment(
  env: Readonly<Record<string, string | undefined>>,
  extra: Readonly<Record<string, string>>,
): AgentEnvironment {
  const kept: Record<string, string> = {};
  const withheld: string[] = [];
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined || HOST_SERVICES.has(name) || name.startsWith('LEASH_')) continue;
    if (CREDENTIAL.test(name) && !AGENT_KEYS.has(name)) withheld.push(name);
    else kept[name] = value;
  }
  return { env: { ...kept, ...trustVariables(), ...extra, LEASH: '1' }, withheld };
}
