// Samples, each folded away behind its reward; what is open stays open while others arrive.
import { element, figure } from './app.js';

export class Samples {
  #place;
  #known = new Map();

  constructor(place) {
    this.#place = place;
  }

  clear() {
    this.#known.clear();
    this.#place.replaceChildren();
  }

  show(samples) {
    const now = new Map();
    for (const sample of samples) {
      const key = sample.digest + ' ' + sample.at + ' ' + sample.id;
      now.set(key, this.#known.get(key) ?? now.get(key) ?? made(sample));
    }
    // Who reads a sample keeps it, also when it is not among the latest any more.
    for (const [key, item] of this.#known) {
      if (!now.has(key) && item.open) now.set(key, item);
    }
    this.#known = now;
    const items = [...now.values()];
    const shown = this.#place.children;
    items.forEach((item, i) => {
      if (shown[i] !== item) this.#place.insertBefore(item, shown[i] ?? null);
    });
    while (shown.length > items.length) shown[items.length].remove();
  }
}

const short = value => figure(+value.toPrecision(3));

function made(sample) {
  const item = element('details', undefined, { class: 'sample' });
  const summary = element('summary');
  const reward = sample.reward === null ? 'unscored' : short(sample.reward);
  summary.append(
    element('span', reward + (sample.deviation == null ? '' : ' ± ' + short(sample.deviation)), { class: 'reward' }),
    element('span', sample.response.slice(0, 200), { class: 'excerpt', dir: 'auto' }));
  if (sample.why.length) summary.append(element('span', sample.why.join('; '), { class: 'why' }));
  item.append(summary);
  // Filled when it is opened: most never are.
  item.addEventListener('toggle', () => { if (item.open && item.children.length === 1) fill(item, sample); });
  return item;
}

function fill(item, sample) {
  const about = [
    sample.step === null ? null : 'step ' + sample.step,
    new Date(sample.at).toLocaleTimeString([], { hour12: false }),
    sample.length.toLocaleString('en') + ' characters',
    sample.id === '' ? null : 'id ' + sample.id,
    'digest ' + sample.digest.slice(0, 12),
  ];
  item.append(element('p', about.filter(each => each !== null).join(', '), { class: 'note' }));
  if (sample.reason) item.append(element('p', 'Not scored: ' + sample.reason));
  const names = Object.keys(sample.parts);
  if (names.length) {
    const table = element('table');
    table.append(element('caption', 'Parts of the reward'));
    const body = element('tbody');
    for (const name of names) {
      const part = sample.parts[name];
      const row = element('tr');
      row.append(element('th', name, { scope: 'row' }),
        element('td', part.reward === null ? 'unscored' : short(part.reward)
          + (part.deviation == null ? '' : ' ± ' + short(part.deviation)), { class: 'number' }),
        element('td', part.reason ?? ''));
      body.append(row);
    }
    table.append(body);
    item.append(table);
  }
  text(item, 'Prompt', sample.prompt);
  text(item, 'Response', sample.response);
  if (sample.reference !== null) text(item, 'Reference', sample.reference);
}

function text(item, title, content) {
  item.append(element('h4', title), element('pre', content, { dir: 'auto', tabindex: '0' }));
}
