// The curves. Each has its legend, its figures in words, and a table beside the picture.
import { element, figure } from './app.js';

const DASHES = [[], [8, 4], [2, 3], [10, 3, 2, 3]];
const CHARTS = [
  { id: 'reward', title: 'Reward', lines: points => band(points, 'mean', point => point.reward) },
  { id: 'parts', title: 'Parts of the reward', lines: points => parts(points) },
  { id: 'length', title: 'Length of responses (characters)', lines: points => band(points, 'mean', point => point.length) },
  {
    id: 'shares', title: 'Shares (%)', zero: true, lines: points => [
      line('unscored', points, point => 100 * point.unscored / point.samples),
      line('duplicates', points, point => hundred(point.duplicates)),
      line('repetition', points, point => hundred(point.repetition)),
    ],
  },
  { id: 'deviation', title: 'Deviation of the reward (uncertainty)', lines: points => [line('mean', points, point => point.deviation)] },
  { id: 'samples', title: 'Samples', zero: true, lines: points => [line('samples', points, point => point.samples)] },
];

const hundred = value => value == null ? null : 100 * value;
const line = (name, points, of) => ({ name, values: points.map(point => of(point) ?? null) });

function band(points, name, of) {
  return [
    line(name, points, point => of(point)?.mean),
    { ...line('10th to 90th percentile', points, point => of(point)?.low), band: true },
    { ...line('', points, point => of(point)?.high), band: true, upper: true },
  ];
}

function parts(points) {
  const names = new Set(points.flatMap(point => Object.keys(point.parts)));
  return [...names].map(name => line(name, points, point => point.parts[name]?.mean));
}

const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Upright lines where alarms were raised, each with a mark at the top. */
const alarmLines = {
  id: 'alarmLines',
  afterDatasetsDraw(chart, _, options) {
    const { ctx, chartArea, scales } = chart;
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = colour('--alarm');
    ctx.lineWidth = 1.5;
    ctx.setLineDash([4, 3]);
    for (const at of options.at ?? []) {
      const x = scales.x.getPixelForValue(at);
      if (x < chartArea.left - 1 || x > chartArea.right + 1) continue;
      ctx.beginPath();
      ctx.moveTo(x, chartArea.top);
      ctx.lineTo(x, chartArea.bottom);
      ctx.stroke();
      ctx.beginPath();
      ctx.moveTo(x - 5, chartArea.top);
      ctx.lineTo(x + 5, chartArea.top);
      ctx.lineTo(x, chartArea.top + 8);
      ctx.fill();
    }
    ctx.restore();
  },
};

export class Curves {
  #place;
  #charts = new Map();

  constructor(place) {
    this.#place = place;
  }

  clear() {
    for (const { chart } of this.#charts.values()) chart.destroy();
    this.#charts.clear();
    this.#place.replaceChildren();
  }

  recolour() {
    for (const each of this.#charts.values()) {
      style(each);
      each.chart.update('none');
    }
  }

  /** Draws what is known; a chart without a value is left out. */
  show(points, alarms) {
    // By step where every point has one, else by time.
    const stepped = points.length > 0 && points.every(point => point.step !== null);
    const x = points.map(point => stepped ? point.step : point.at);
    const at = alarms.map(alarm => place(alarm, points, stepped)).filter(each => each !== null);
    for (const kind of CHARTS) {
      const lines = kind.lines(points).filter(each => each.values.some(value => value !== null));
      if (lines.length === 0) continue;
      let each = this.#charts.get(kind.id);
      const names = lines.map(one => one.name).join('\n');
      if (each && (each.names !== names || each.stepped !== stepped)) {
        each.chart.destroy();
        each.figure.remove();
        this.#charts.delete(kind.id);
        each = undefined;
      }
      if (!each) {
        each = this.#make(kind, lines, stepped, names);
        this.#charts.set(kind.id, each);
        this.#order();
      }
      lines.forEach((one, i) => { each.chart.data.datasets[i].data = one.values.map((y, k) => ({ x: x[k], y })); });
      each.chart.options.plugins.alarmLines = { at };
      each.chart.update('none');
      describe(each, lines, at.length);
      each.tell = () => table(each, points, lines, stepped);
      if (each.details.open) each.tell();
    }
  }

  #order() {
    for (const kind of CHARTS) {
      const each = this.#charts.get(kind.id);
      if (each && this.#place.lastChild !== each.figure) this.#place.append(each.figure);
    }
  }

  #make(kind, lines, stepped, names) {
    const figure = element('figure');
    const caption = element('figcaption');
    const now = element('span');
    caption.append(element('h4', kind.title), now);
    const holder = element('div', undefined, { class: 'canvas' });
    const canvas = element('canvas', undefined, { role: 'img' });
    holder.append(canvas);
    const legend = element('ul', undefined, { class: 'legend' });
    const details = element('details');
    details.append(element('summary', 'As a table'));
    const body = element('div', undefined, { class: 'wide', tabindex: '0', role: 'region', 'aria-label': kind.title + ' as a table' });
    details.append(body);
    figure.append(caption, holder, legend, details);
    const chart = new Chart(canvas, {
      type: 'line',
      data: {
        datasets: lines.map(one => ({
          label: one.name, data: [], borderWidth: one.band ? 0 : 2, pointRadius: 0, pointHitRadius: 6,
          spanGaps: false, tension: 0, fill: one.upper ? '-1' : false,
        })),
      },
      options: {
        animation: false, responsive: true, maintainAspectRatio: false, normalized: true, parsing: false,
        interaction: { mode: 'nearest', axis: 'x', intersect: false },
        plugins: { legend: { display: false }, alarmLines: { at: [] }, tooltip: { filter: item => item.dataset.label !== '' } },
        scales: {
          x: { type: 'linear', ticks: { maxTicksLimit: 6, callback: value => stepped ? (Number.isInteger(value) ? value : '') : clock(value) } },
          y: { beginAtZero: kind.zero === true, ticks: { maxTicksLimit: 6 } },
        },
      },
      plugins: [alarmLines],
    });
    chart.options.plugins.tooltip.callbacks = {
      title: items => stepped ? 'step ' + items[0].parsed.x : clock(items[0].parsed.x),
    };
    const each = { figure, canvas, chart, now, details, body, legend, lines, names, stepped, title: kind.title, tell: () => {} };
    details.addEventListener('toggle', () => { if (details.open) each.tell(); });
    style(each);
    return each;
  }
}

const clock = ms => new Date(ms).toLocaleTimeString([], { hour12: false });

/** Where on the axis an alarm stands: where the window ended that it was raised after. */
function place(alarm, points, stepped) {
  if (stepped && alarm.step !== null) return alarm.step;
  const point = points.find(each => each.window >= alarm.window);
  return point ? (stepped ? point.step : point.at) : null;
}

function style(each) {
  const { chart, lines, legend } = each;
  let number = 0;
  const shown = [];
  chart.data.datasets.forEach((set, i) => {
    const one = lines[i];
    const index = one.band ? 0 : number++;
    const name = '--c' + index % 8;
    set.borderColor = colour(name);
    set.borderDash = DASHES[Math.floor(index / 2) % 4];
    set.backgroundColor = one.band ? colour(name) + '33' : colour(name);
    if (one.name !== '') shown.push(key(one, set));
  });
  legend.replaceChildren(...(shown.length > 1 ? shown : []));
  for (const axis of [chart.options.scales.x, chart.options.scales.y]) {
    axis.ticks.color = colour('--quiet');
    axis.grid = { color: colour('--grid') };
    axis.border = { color: colour('--line') };
  }
  Object.assign(chart.options.plugins.tooltip, {
    backgroundColor: colour('--ink'), titleColor: colour('--paper'), bodyColor: colour('--paper'),
  });
}

function key(one, set) {
  const item = element('li');
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 32 10');
  svg.setAttribute('aria-hidden', 'true');
  const mark = document.createElementNS('http://www.w3.org/2000/svg', one.band ? 'rect' : 'line');
  const attributes = one.band
    ? { width: 32, height: 10, fill: set.backgroundColor }
    : { x1: 0, x2: 32, y1: 5, y2: 5, stroke: set.borderColor, 'stroke-width': 3, 'stroke-dasharray': set.borderDash.join(' ') };
  for (const [name, value] of Object.entries(attributes)) mark.setAttribute(name, value);
  svg.append(mark);
  item.append(svg, one.name);
  return item;
}

/** What the picture says, for who does not see it. */
function describe(each, lines, alarms) {
  const told = lines.filter(one => one.name !== '' && !one.band).map(one => {
    const known = one.values.filter(value => value !== null);
    return one.name + ': ' + figure(known.at(0)) + ' at first, ' + figure(known.at(-1)) + ' now, between '
      + figure(known.reduce((a, b) => Math.min(a, b))) + ' and ' + figure(known.reduce((a, b) => Math.max(a, b)));
  });
  each.canvas.setAttribute('aria-label', each.title + ', line chart of ' + lines[0].values.length + ' points. '
    + told.join('; ') + (alarms ? '. Alarms marked: ' + alarms : '') + '.');
  const first = lines[0].values.findLast(value => value !== null);
  each.now.textContent = lines.filter(one => !one.band).length === 1 ? 'now ' + figure(first) : '';
}

function table(each, points, lines, stepped) {
  const made = element('table');
  const head = element('tr');
  head.append(element('th', stepped ? 'Step' : 'Time', { scope: 'col' }));
  const columns = lines.map(one => one.name === '' ? '90th percentile' : one.band ? '10th percentile' : one.name);
  for (const name of columns) head.append(element('th', name, { scope: 'col', class: 'number' }));
  const top = element('thead');
  top.append(head);
  const body = element('tbody');
  // The last hundred, newest first: more is for the JSON interface.
  for (let i = points.length - 1; i >= Math.max(0, points.length - 100); i--) {
    const row = element('tr');
    row.append(element('th', stepped ? points[i].step : clock(points[i].at), { scope: 'row' }));
    for (const one of lines) row.append(element('td', figure(one.values[i]), { class: 'number' }));
    body.append(row);
  }
  made.append(top, body);
  each.body.replaceChildren(made);
}
