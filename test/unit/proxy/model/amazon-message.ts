// A payload enters, the message of an AWS event stream that carries it leaves: prelude, one header, payload, checksums.
import { Buffer } from 'node:buffer';

/** CRC-32 (ISO 3309); Node 20 has none. */
function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) * 0xedb88320);
  }
  return ~crc >>> 0;
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}

export function amazonMessage(payload: object): Buffer {
  const body = Buffer.from(JSON.stringify(payload));
  const [name, value] = [Buffer.from(':event-type'), Buffer.from('chunk')];
  const header = Buffer.concat([Buffer.from([name.length]), name, Buffer.from([7, 0, value.length]), value]);
  const lengths = Buffer.concat([word(16 + header.length + body.length), word(header.length)]);
  const message = Buffer.concat([lengths, word(crc32(lengths)), header, body]);
  return Buffer.concat([message, word(crc32(message))]);
}
