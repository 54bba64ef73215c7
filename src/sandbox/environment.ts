// The environment of leash in, the agent's out: what names the host's own services or holds credentials stays behind.
import { AGENT_KEYS, BASE_URLS } from './agents/providers.ts';
import { DENIALS } from './own-folder.ts';
import { contradictsTrust, trustVariables } from './trust.ts';

/** Point at sockets, services and folders that do not exist inside. */
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
  'TMPDIR',
  'TMP',
  'TEMP',
  'NODE_CHANNEL_FD',
  'NODE_CHANNEL_SERIALIZATION_MODE',
]);

/** The way out of the host's network is Leash's; inside it leads nowhere, and it may hold a password. */
const PROXY =
  /^(?:(?:[a-z]+_)*(?:https?|all|no|ftp|rsync|wss?|socks5?)_proxy|(?:npm_config|pip|grpc)_(?:no)?proxy|npm_config_noproxy|cloudsdk_proxy_\w+)$/i;

const CREDENTIAL =
  /(SECRET|TOKEN|PASSWORD|PASSWD|PASSPHRASE|CREDENTIAL|PRIVATE_?KEY|ACCESS_KEY|API_?KEY|_PAT$|_AUTH_CONTENT$|^PGPASS|^AWS_|^OTEL_EXPORTER_OTLP_(\w+_)?HEADERS$)/i;

function isLeftOut(name: string): boolean {
  return HOST_SERVICES.has(name) || PROXY.test(name) || name.startsWith('LEASH_') || contradictsTrust(name);
}

/** What a person's terminal and language are, in an image too. */
const PERSONAL = /^(TERM|COLORTERM|LANG|LANGUAGE|LC_[A-Z]+|TZ|NO_COLOR|FORCE_COLOR|CI)$/;
const OF_AGENTS: ReadonlySet<string> = new Set([...AGENT_KEYS, ...BASE_URLS]);
const IMAGE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * Of an agent in an image: the image's own, and of the host's only what concerns the person, the agents' keys, and where they go.
 * @param image the image's variables
 * @param env the environment of leash
 * @param extra variables named with -e, passed on as they are
 */
export function imageEnvironment(
  image: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string | undefined>>,
  extra: Readonly<Record<string, string>>,
  home: string,
): Readonly<Record<string, string>> {
  const own = Object.entries(image).filter(([name]) => !isLeftOut(name));
  const personal = Object.entries(env).filter(([name]) => PERSONAL.test(name) || OF_AGENTS.has(name));
  const given = agentEnvironment(Object.fromEntries(personal), extra).env;
  return { PATH: IMAGE_PATH, ...Object.fromEntries(own), HOME: home, ...given };
}

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
    if (value === undefined || isLeftOut(name)) continue;
    if (CREDENTIAL.test(name) && !AGENT_KEYS.includes(name)) withheld.push(name);
    else kept[name] = value;
  }
  return { env: { ...kept, ...trustVariables(env), ...extra, LEASH: '1', LEASH_DENIALS: DENIALS }, withheld };
}
