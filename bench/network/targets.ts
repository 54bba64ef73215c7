// The origin's place enters, the proxies between which requests are compared leave: each pinned to one core, the origin to the other.
import { type ChildProcess, execFileSync, fork, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { type Endpoint, NAME, type Target } from './words.ts';

const PROXY_CORE = '1';
export const LOAD_CORE = '0';

/** What the bench started, to be ended with it. */
export class Targets {
  readonly #children: ChildProcess[] = [];
  readonly #folders: string[] = [];
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async origin(): Promise<Target> {
    const { endpoint } = await this.#fork('origin.ts', [], LOAD_CORE);
    return { ...endpoint, name: 'direct', pids: [] };
  }

  /**
   * A spliced connection shows the origin's own certificate.
   * @param secrets number of credentials put into each request, and looked for in each answer
   */
  async leash(origin: Endpoint, mode: 'inspect' | 'splice' = 'inspect', secrets: number = 0): Promise<Target> {
    const words = [String(origin.port), origin.ca, mode, String(secrets)];
    const { endpoint, pid, dir } = await this.#fork('leash.mjs', words, PROXY_CORE);
    if (dir !== undefined) this.#folders.push(dir);
    const { ca } = mode === 'splice' ? origin : endpoint;
    const name = mode === 'splice' ? 'leash, spliced' : secrets === 0 ? 'leash' : `leash, ${secrets} secrets`;
    return { ...endpoint, ca, name, pids: [pid] };
  }

  /** Undefined where the program is missing. */
  async mockttp(origin: Endpoint): Promise<Target | undefined> {
    try {
      const { endpoint, pid } = await this.#fork('mockttp.ts', [String(origin.port), origin.ca], PROXY_CORE);
      return { ...endpoint, name: 'mockttp', pids: [pid] };
    } catch {
      console.log('mockttp: skipped, not installed (npm install --no-save mockttp)');
      return undefined;
    }
  }

  /** nginx that terminates TLS and encrypts anew, as a proxy that is told the one name it serves. */
  async nginx(origin: Endpoint): Promise<Target | undefined> {
    if (!isInstalled('nginx', '-v')) return undefined;
    const port = await freePort();
    const at = (name: string): string => path.join(this.#folder, name);
    mkdirSync(at('logs'), { recursive: true });
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', at('key.pem')];
    const subject = ['-subj', `/CN=${NAME}`, '-addext', `subjectAltName=DNS:${NAME}`, '-days', '2'];
    execFileSync('openssl', ['req', '-x509', ...key, ...subject, '-out', at('cert.pem')], { stdio: 'ignore' });
    writeFileSync(at('origin.pem'), origin.ca);
    writeFileSync(at('nginx.conf'), nginxConfiguration(this.#folder, port, origin.port));
    const args = ['-c', PROXY_CORE, 'nginx', '-p', this.#folder, '-c', at('nginx.conf'), '-e', at('logs/error.log')];
    const child = spawn('taskset', args, { stdio: 'inherit' });
    this.#children.push(child);
    await answers(port);
    return { name: 'nginx', port, ca: readFileSync(at('cert.pem'), 'utf8'), pids: [child.pid ?? 0] };
  }

  async mitmdump(origin: Endpoint): Promise<Target | undefined> {
    if (!isInstalled('mitmdump', '--version')) return undefined;
    const file = path.join(this.#folder, 'mitmdump-origin.pem');
    writeFileSync(file, origin.ca);
    const port = await freePort();
    const settings = ['connection_strategy=lazy', 'keep_host_header=true', `confdir=${this.#folder}`];
    settings.push(`ssl_verify_upstream_trusted_ca=${file}`);
    const mode = ['-q', '--no-http2', '--mode', `reverse:https://${NAME}:${origin.port}`];
    const place = ['--listen-host', '127.0.0.1', '-p', String(port), ...settings.flatMap((each) => ['--set', each])];
    const child = spawn('taskset', ['-c', PROXY_CORE, 'mitmdump', ...mode, ...place], { stdio: 'inherit' });
    this.#children.push(child);
    await answers(port);
    const ca = readFileSync(path.join(this.#folder, 'mitmproxy-ca-cert.pem'), 'utf8');
    return { name: 'mitmdump', port, ca, pids: [child.pid ?? 0] };
  }

  end(): void {
    for (const child of this.#children) child.kill('SIGKILL');
    for (const folder of this.#folders) rmSync(folder, { recursive: true, force: true });
  }

  async #fork(
    file: string,
    args: readonly string[],
    core: string,
  ): Promise<{ endpoint: Endpoint; pid: number; dir?: string }> {
    const child = fork(path.join(import.meta.dirname, file), args, file.endsWith('.mjs') ? { execArgv: [] } : {});
    this.#children.push(child);
    const pid = child.pid ?? 0;
    execFileSync('taskset', ['-acp', core, String(pid)], { stdio: 'ignore' });
    return await new Promise((resolve, reject) => {
      child.once('message', (message: Endpoint & { dir?: string }) => {
        resolve({ endpoint: message, pid, ...(message.dir !== undefined && { dir: message.dir }) });
      });
      child.once('exit', () => reject(new Error(`${file} ended`)));
    });
  }
}

function nginxConfiguration(folder: string, port: number, origin: number): string {
  return `daemon off; master_process off; worker_processes 1; pid ${folder}/nginx.pid; error_log ${folder}/logs/error.log;
events { worker_connections 8192; }
http {
  access_log off; client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; keepalive_requests 10000000; keepalive_timeout 600s;
  fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  ssl_protocols TLSv1.3; ssl_session_cache shared:s:1m;
  upstream origin { server 127.0.0.1:${origin}; keepalive 64; keepalive_requests 10000000; }
  server {
    listen 127.0.0.1:${port} ssl; ssl_certificate ${folder}/cert.pem; ssl_certificate_key ${folder}/key.pem;
    location / {
      proxy_pass https://origin; proxy_http_version 1.1; proxy_set_header Connection ""; proxy_set_header Host ${NAME};
      proxy_ssl_verify on; proxy_ssl_trusted_certificate ${folder}/origin.pem; proxy_ssl_name ${NAME}; proxy_ssl_server_name on;
      proxy_buffering off;
    }
  }
}
`;
}

function isInstalled(program: string, option: string): boolean {
  try {
    execFileSync(program, [option], { stdio: 'ignore' });
    return true;
  } catch {
    console.log(`${program}: skipped, not installed`);
    return false;
  }
}

async function freePort(): Promise<number> {
  const probe = net.createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as net.AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function answers(port: number): Promise<void> {
  const isUp = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = net.connect({ host: '127.0.0.1', port }, () => resolve(true));
      socket.on('error', () => resolve(false)).once('connect', () => socket.destroy());
    });
  for (let tries = 0; !(await isUp()); tries++) {
    if (tries > 300) throw new Error(`nothing answers on port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
