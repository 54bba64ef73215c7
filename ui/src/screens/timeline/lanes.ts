// Events in; the lanes of a timeline that they belong to, and how many of each fall into each stretch of time, out.
import type { EventEntry } from '../../../../src/schema/api.ts';
import type { Event } from '../../../../src/schema/event.ts';

export const LANES = ['commands', 'files', 'network', 'model', 'denials'] as const;
export type Lane = (typeof LANES)[number];

export const LANE_TITLES: Readonly<Record<Lane, string>> = {
  commands: 'Commands',
  files: 'Files',
  network: 'Network',
  model: 'MCP and model',
  denials: 'Denials',
};

function ownLane({ action, detail }: Event): Lane {
  switch (action) {
    case 'McpCall':
    case 'McpToolNotice':
      return 'model';
    case 'HttpRequest':
      return detail?.['model_provider'] === undefined ? 'network' : 'model';
    case 'NetConnect':
    case 'DnsResolve':
    case 'HttpRewrite':
    case 'SecretUse':
    case 'PortPublish':
    case 'PortConnect':
      return 'network';
    case 'FileOpenReadOnly':
    case 'FileWrite':
    case 'FileCreate':
    case 'FileDelete':
    case 'FileRename':
    case 'FileLink':
    case 'FileSetAttr':
      return 'files';
    default:
      return 'commands';
  }
}

/** A denial stands in its own lane as well. */
export function lanesOf(event: Event): readonly Lane[] {
  return event.effect === 'deny' ? [ownLane(event), 'denials'] : [ownLane(event)];
}

export type Density = Readonly<Record<Lane, readonly number[]>>;

/** Counts of `columns` stretches of equal length between two times, both inclusive. */
export function densityOf(entries: readonly EventEntry[], start: number, end: number, columns: number): Density {
  const counts = Object.fromEntries(LANES.map((lane) => [lane, new Array<number>(columns).fill(0)]));
  const scale = columns / Math.max(end - start, 1e-9);
  for (const { event } of entries) {
    if (event.time < start || event.time > end) continue;
    const column = Math.min(columns - 1, Math.floor((event.time - start) * scale));
    for (const lane of lanesOf(event)) {
      const lanes = counts[lane];
      if (lanes !== undefined) lanes[column] = (lanes[column] ?? 0) + 1;
    }
  }
  return counts as Record<Lane, number[]>;
}

/** An SVG path of one bar a column, from the floor of a lane; few are seen beside many, since heights grow with the root. */
export function barsOf(counts: readonly number[], height: number): string {
  const most = Math.max(1, ...counts);
  return counts
    .flatMap((count, column) => {
      if (count === 0) return [];
      const top = Math.max(1.5, Math.sqrt(count / most) * height);
      return [`M${column} ${height}v${-top.toFixed(2)}h0.85V${height}z`];
    })
    .join('');
}
