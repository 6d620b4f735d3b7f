import './language-tag';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import type { PastDecision } from './bindings/PastDecision';
import { inClock, inShortDay, inWhole } from './format';

/** Draws the score at each decision as steps: between two decisions nothing is known but the first. */
export function scoreChart(into: HTMLElement, decisions: PastDecision[]): () => void {
  const sorted = [...decisions].sort((a, b) => a.unix_ms - b.unix_ms);
  const data: uPlot.AlignedData = [sorted.map((d) => d.unix_ms / 1000), sorted.map((d) => d.score)];
  const tone = (name: string) => getComputedStyle(into).getPropertyValue(name).trim();
  const axis = () => ({
    stroke: tone('--ink-soft'),
    font: `12px ${tone('--body')}`,
    grid: { stroke: tone('--line'), width: 1 },
    ticks: { show: false },
  });
  const draw = () =>
    new uPlot(
      {
        width: into.clientWidth,
        height: 150,
        legend: { show: false },
        cursor: { show: false },
        scales: { y: { range: [0, 100] } },
        axes: [
          { ...axis(), space: 110, values: (_, at) => at.map((s) => inTick(s * 1000)) },
          { ...axis(), size: 44, values: (_, at) => at.map(inWhole) },
        ],
        series: [
          {},
          {
            stroke: tone('--accent'),
            fill: tone('--accent-wash'),
            width: 2,
            paths: uPlot.paths.stepped?.({ align: 1 }),
            points: { show: true, size: 6, fill: tone('--accent') },
          },
        ],
      },
      data,
      into,
    );

  let plot = draw();
  const redraw = () => {
    plot.destroy();
    plot = draw();
  };
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const size = new ResizeObserver(() => plot.setSize({ width: into.clientWidth, height: 150 }));
  dark.addEventListener('change', redraw);
  size.observe(into);
  return () => {
    dark.removeEventListener('change', redraw);
    size.disconnect();
    plot.destroy();
  };
}

/** A clock time, or the day where one begins. */
function inTick(unixMs: number): string {
  return new Date(unixMs).getHours() === 0 ? inShortDay(unixMs) : inClock(unixMs);
}
