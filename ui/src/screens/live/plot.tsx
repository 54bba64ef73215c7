// Rows of seconds in, uPlot's canvas out; the words beside it say the same. A part of its own, loaded when it is drawn.
import { type ReactNode, useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { Second } from './digest.ts';

const HEIGHT = 90;
const COMPACT = new Intl.NumberFormat(undefined, { notation: 'compact' });

function colour(name: string): string {
  // A custom property holds `light-dark(…)` as it is written; a colour of an element is what it came to.
  const probe = document.createElement('span');
  probe.className = name;
  document.body.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

function dataOf(rows: readonly Second[]): uPlot.AlignedData {
  return [rows.map(({ at }) => at), rows.map(({ events }) => events), rows.map(({ denied }) => denied)];
}

function draw(box: HTMLElement, rows: readonly Second[]): uPlot {
  const quiet = colour('quiet');
  const axis = { stroke: quiet, grid: { show: false }, ticks: { show: false }, font: '11px system-ui' };
  return new uPlot(
    {
      width: Math.max(box.clientWidth, 100),
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      series: [{}, { stroke: quiet, width: 1 }, { stroke: colour('bad'), width: 2 }],
      axes: [
        { ...axis, size: 22 },
        { ...axis, size: 44, space: 20, values: (_self, splits) => splits.map((split) => COMPACT.format(split)) },
      ],
      scales: { y: { range: (_self, _least, most) => [0, Math.max(most, 4)] } },
    },
    dataOf(rows),
    box,
  );
}

export function Plot({ rows }: { readonly rows: readonly Second[] }): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef(rows);
  latest.current = rows;
  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const scheme = window.matchMedia('(prefers-color-scheme: dark)');
    const again = (): void => {
      plot.current?.destroy();
      plot.current = draw(element, latest.current);
    };
    again();
    scheme.addEventListener('change', again);
    const sized = new ResizeObserver(() => plot.current?.setSize({ width: element.clientWidth, height: HEIGHT }));
    sized.observe(element);
    return () => {
      scheme.removeEventListener('change', again);
      sized.disconnect();
      plot.current?.destroy();
    };
  }, []);
  useEffect(() => plot.current?.setData(dataOf(rows)), [rows]);
  return <div ref={box} aria-hidden="true" className="live-plot" />;
}
