// A credential with characters that every coding spells differently, and servers behind a proxy that brokers it.
import { Buffer } from 'node:buffer';
import type http from 'node:http';
import type { Binding } from '../../src/proxy/secrets/binding.ts';
import { SecretBroker } from '../../src/proxy/secrets/broker.ts';
import { makePlaceholder } from '../../src/proxy/secrets/placeholder.ts';
import { SecretValue } from '../../src/proxy/secrets/secret-value.ts';
import { Lab, type LabOptions } from './proxy-lab.ts';

export const VALUE = 'ghp_q/Z+8=w"k&7 vN2xR%tY5uI0oP3aS6dF9g>H';
export const PLACEHOLDER: string = makePlaceholder(VALUE);

export function binding(changes: Partial<Binding> = {}): Binding {
  const value = new SecretValue('token', VALUE);
  return {
    name: 'token',
    hosts: [{ name: 'api.test', port: 443 }],
    places: [{ kind: 'header', name: 'authorization', format: 'Bearer {}' }],
    mode: 'replace',
    placeholder: PLACEHOLDER,
    value: () => value,
    ...changes,
  };
}

/** What the servers received, and the proxy between. */
export class Site {
  readonly lab: Lab;
  readonly received: http.IncomingMessage[] = [];
  readonly bodies: string[] = [];
  readonly alerts: string[] = [];

  constructor(bindings: readonly ReturnType<typeof binding>[], options: LabOptions = {}) {
    const broker = new SecretBroker({
      bindings,
      decide: (request) => this.lab.decide(request),
      alert: (text) => this.alerts.push(text),
    });
    this.lab = new Lab({ ...options, brokers: [broker] });
  }

  async https(
    name: string,
    answer: http.RequestListener = (_request, response) => response.end('ok'),
    port = 443,
  ): Promise<number> {
    await this.lab.httpsOrigin(name, this.#keeping(answer), port);
    return await this.lab.dialledName(name, port);
  }

  async http(name: string, answer: http.RequestListener = (_request, response) => response.end('ok')): Promise<number> {
    await this.lab.httpOrigin(name, this.#keeping(answer), 80);
    return await this.lab.dialledName(name, 80);
  }

  #keeping(answer: http.RequestListener): http.RequestListener {
    return (request, response) => {
      this.received.push(request);
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => this.bodies.push(Buffer.concat(parts).toString()));
      answer(request, response);
    };
  }

  /** Everything the journal holds. */
  get journal(): string {
    return JSON.stringify(this.lab.events);
  }
}

export const auth = (text: string): string[] => ['-H', `Authorization: ${text}`];
