// A request to a session's door in, by the path of its socket; the reply out.
import http from 'node:http';

const PATIENCE = 5_000;
/** Sixty-four questions of the longest command lines. */
const REPLY_MAX = 8 << 20;

export interface Asking {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: string;
  /** Milliseconds. */
  readonly timeout?: number;
}

export interface Reply {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** @throws the system's error; Error for a reply that is late, too long or no JSON */
export function exchange(socketPath: string, asking: Asking): Promise<Reply> {
  const { method, path, headers = {}, body = '', timeout = PATIENCE } = asking;
  return new Promise((resolve, reject) => {
    const request = http.request({ method, path, headers, socketPath, timeout }, (response) => {
      const chunks: Buffer[] = [];
      let length = 0;
      response.on('data', (chunk: Buffer) => {
        length += chunk.length;
        if (length > REPLY_MAX) request.destroy(new Error('the reply is too long'));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        try {
          const value = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Reply['body'];
          resolve({ status: response.statusCode ?? 0, body: value });
        } catch (error) {
          reject(error);
        }
      });
    });
    request.on('timeout', () => request.destroy(new Error('no reply in time')));
    request.on('error', reject);
    request.end(body);
  });
}
