// An open file in, a new private one with the same bytes out; in pieces, whatever its size. On the disk once it is synced.
import fs from 'node:fs';

const CHUNK = 1 << 20;
const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = fs.constants;
const ZEROS = Buffer.alloc(CHUNK);

/** Mode 0600: what it may become, its owner decides when all is in it. Holes stay holes. @throws the system's error */
export function copyInto(from: number, file: Buffer | string, finish: (fd: number) => void = () => undefined): void {
  const to = fs.openSync(file, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    const buffer = Buffer.allocUnsafe(CHUNK);
    let at = 0;
    for (;;) {
      const n = fs.readSync(from, buffer, 0, CHUNK, at);
      if (n === 0) break;
      if (buffer.compare(ZEROS, 0, n, 0, n) !== 0)
        for (let done = 0; done < n; ) done += fs.writeSync(to, buffer, done, n - done, at + done);
      at += n;
    }
    fs.ftruncateSync(to, at);
    finish(to);
  } finally {
    fs.closeSync(to);
  }
}

/** Returns when the bytes are on the disk. Nothing for a link, which is on the disk with its folder. */
export function syncFile(file: Buffer | string): void {
  if (!fs.lstatSync(file).isFile()) return;
  const fd = fs.openSync(file, fs.constants.O_RDONLY | O_NOFOLLOW);
  try {
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
}
