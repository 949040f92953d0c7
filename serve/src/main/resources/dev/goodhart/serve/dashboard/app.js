// The page: hears of what is new, keeps it, and shows it. All that comes from runs and samples is
// hostile and only ever becomes text.
import { Curves } from './charts.js';
import { Samples } from './samples.js';

const $ = id => document.getElementById(id);
const KEY = 'goodhart-key';
const state = { run: named(), all: null, shown: null, points: [], alarms: new Map(), paused: false, move: false };
const curves = new Curves($('charts'));
const suspicious = new Samples($('suspicious'));
const latest = new Samples($('latest'));
let stream = null;

/** The run that the address names. */
function named() {
  const at = new URLSearchParams(location.hash.slice(1));
  return at.get('run');
}

export function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

export const figure = value =>
  value == null ? '–' : value !== 0 && (Math.abs(value) < 1e-3 || Math.abs(value) >= 1e6)
    ? value.toExponential(2) : String(+value.toPrecision(4));
const count = value => value.toLocaleString('en');
const percent = (some, of) => (of === 0 ? '–' : (100 * some / of).toFixed(1) + ' %');
const time = ms => new Date(ms).toLocaleTimeString([], { hour12: false });

// ---- the stream ----------------------------------------------------------------------------

/** Reads Server-sent events: fetch, not EventSource, because that cannot send a key. */
async function listen() {
  stream?.abort();
  const mine = stream = new AbortController();
  let wait = 1000;
  while (!mine.signal.aborted) {
    try {
      const asked = new URLSearchParams();
      if (state.run !== null) {
        asked.set('run', state.run);
        asked.set('from', state.points.length ? state.points.at(-1).window + 1 : 0);
      }
      const key = sessionStorage.getItem(KEY);
      const answer = await fetch('/dashboard/events?' + asked,
        { signal: mine.signal, headers: key ? { Authorization: 'Bearer ' + key } : {} });
      if (answer.status === 401 || answer.status === 403) return needKey(key !== null);
      if (!answer.ok) throw new Error('the server answers ' + answer.status);
      $('key').hidden = true;
      $('page').hidden = $('health').hidden = false;
      wait = 1000;
      say('Live');
      await events(answer.body);
      throw new Error('the stream ended');
    } catch (problem) {
      if (mine.signal.aborted) return;
      say('Not connected (' + problem.message + '); trying again');
      await new Promise(done => setTimeout(done, wait));
      wait = Math.min(2 * wait, 15000);
    }
  }
}

async function events(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop();
    for (const block of blocks) {
      const lines = block.split('\n');
      const name = lines.find(line => line.startsWith('event: '))?.slice(7);
      const data = lines.find(line => line.startsWith('data: '))?.slice(6);
      if (name && data) heard(name, JSON.parse(data));
    }
  }
}

function heard(name, news) {
  if (name === 'runs') {
    state.all = news;
    if (state.run === null && news.runs.length) return choose(news.runs[0].run, false);
  } else if (name === 'run' && news.run === state.run) {
    // A server that was started anew counts its windows from nought.
    const known = state.points.length ? state.points.at(-1).window : -1;
    if (news.windows <= known) return choose(state.run, false);
    if (news.from === 0) state.points = [];
    state.points.push(...news.points);
    if (state.points.length > 1500) state.points = thinned(state.points);
    // Alarms and suspicious samples come only when they have changed.
    state.shown = { raised: [], suspicious: [], ...state.shown, ...news };
  }
  if (!state.paused) show();
}

/** As the server does it: of the older half every second point goes. */
function thinned(points) {
  return points.filter((_, i) => i >= points.length / 2 || i % 2 === 0);
}

function needKey(wrong) {
  $('key').hidden = false;
  $('page').hidden = $('health').hidden = true;
  $('key-error').textContent = wrong ? 'This key is not one of them.' : '';
  sessionStorage.removeItem(KEY);
  say('A key is needed');
  $('key-text').focus();
}

function say(text) {
  const now = state.paused ? 'Paused' : text;
  if ($('status').textContent !== now) $('status').textContent = now;
}

function choose(run, move) {
  state.run = run;
  state.points = [];
  state.shown = null;
  state.alarms.clear();
  $('alarms').replaceChildren();
  suspicious.clear();
  latest.clear();
  curves.clear();
  history.replaceState(null, '', '#' + new URLSearchParams({ run }));
  state.move = move;
  show();
  listen();
}

// ---- what is shown -------------------------------------------------------------------------

function show() {
  if (state.all) {
    showRuns(state.all.runs);
    showSignals(state.all);
  }
  const run = state.shown;
  $('run').hidden = run === null;
  if (run === null) return;
  $('run-title').textContent = run.run;
  if (state.move) { // whoever chose a run wants to read it
    state.move = false;
    $('run').focus();
  }
  document.title = (run.alarms ? '(' + run.alarms + ') ' : '') + run.run + ' – Goodhart';
  const last = state.points.at(-1);
  definitions($('totals'), {
    'Step': run.step ?? '–',
    'Reward now': figure(last?.reward?.mean),
    'Samples': count(run.samples),
    'Unscored': percent(run.unscored, run.samples),
    'Alarms': count(run.alarms),
    ...(run.audited ? { 'Audited': count(run.audited) } : {}),
    ...(run.late ? { 'Too late for their step': count(run.late) } : {}),
    'Last heard': time(run.heard),
  });
  showAlarms(run.raised);
  $('no-curves').hidden = state.points.length > 0;
  curves.show(state.points, run.raised);
  $('no-suspicious').hidden = run.suspicious.length > 0;
  suspicious.show(run.suspicious);
  latest.show(run.latest);
  document.querySelectorAll('.more').forEach(more);
}

/** A long list shows its first eight until its button is pressed. */
function more(button) {
  const list = $(button.dataset.of);
  button.hidden = list.children.length <= 8;
  const all = list.classList.contains('few') ? 'Show all ' + list.children.length : 'Show eight';
  if (button.textContent !== all) button.textContent = all;
}

function showRuns(runs) {
  $('no-runs').hidden = runs.length > 0;
  const list = $('runs');
  const known = new Map([...list.children].map(item => [item.dataset.run, item]));
  const items = [...runs].sort((a, b) => a.run.localeCompare(b.run, 'en', { numeric: true })).map(run => {
    let item = known.get(run.run);
    if (!item) {
      item = element('li');
      item.dataset.run = run.run;
      const button = element('button', undefined, { type: 'button' });
      button.append(element('b', run.run), element('span', '', { class: 'count' }), element('small'));
      button.addEventListener('click', () => choose(run.run, true));
      item.append(button);
    }
    const button = item.firstChild;
    const [, alarms, about] = button.children;
    alarms.textContent = run.alarms === 0 ? '' : run.alarms === 1 ? '1 alarm' : run.alarms + ' alarms';
    about.textContent = (run.step === null ? '' : 'step ' + run.step + ', ') + count(run.samples) + ' samples';
    button.setAttribute('aria-current', String(run.run === state.run));
    return item;
  });
  // Moved only when the order has changed: a moved button would lose the focus.
  if (items.length !== list.children.length || items.some((item, i) => item !== list.children[i])) {
    list.replaceChildren(...items);
  }
}

function showAlarms(alarms) {
  $('no-alarms').hidden = alarms.length > 0;
  for (const alarm of alarms) {
    const key = alarm.at + alarm.name + alarm.says;
    if (state.alarms.has(key)) continue;
    const item = element('li');
    const when = (alarm.step === null ? '' : 'step ' + alarm.step + ', ') + time(alarm.at);
    item.append(element('b', alarm.name), ' (' + when + '): ' + alarm.says);
    state.alarms.set(key, item);
    $('alarms').prepend(item);
  }
}

function showSignals(all) {
  const rows = all.signals.map(signal => {
    const row = element('tr');
    const share = signal.samples ? signal.unscored / signal.samples : 0;
    row.append(
      element('th', signal.signal, { scope: 'row' }),
      element('td', share > 0.05 ? 'failing' : share > 0 ? 'some unscored' : 'fine',
        { class: share > 0.05 ? 'bad' : share > 0 ? '' : 'fine' }),
      element('td', count(signal.samples), { class: 'number' }),
      element('td', percent(signal.unscored, signal.samples), { class: 'number' }),
      element('td', percent(signal.cached, signal.samples), { class: 'number' }),
      element('td', milliseconds(signal.median), { class: 'number' }),
      element('td', milliseconds(signal.slowest), { class: 'number' }),
      element('td', signal.reason ?? ''));
    return row;
  });
  $('signals').replaceChildren(...rows);
  $('watching').textContent = count(all.heard) + ' samples scored since the server started'
    + (all.dropped ? '; ' + count(all.dropped) + ' of them were left out of the monitoring for want of time' : '')
    + (all.unaudited ? '; a trusted signal had no time for ' + count(all.unaudited) : '') + '.';
}

const milliseconds = value =>
  value == null ? '–' : value < 1 ? figure(+(value * 1000).toPrecision(2)) + ' µs' : value < 1000
    ? figure(+value.toPrecision(2)) + ' ms' : figure(+(value / 1000).toPrecision(2)) + ' s';

function definitions(list, entries) {
  const same = [...list.querySelectorAll('dt')].map(term => term.textContent).join() === Object.keys(entries).join();
  if (!same) {
    list.replaceChildren(...Object.keys(entries).map(term => {
      const pair = element('div');
      pair.append(element('dt', term), element('dd'));
      return pair;
    }));
  }
  Object.values(entries).forEach((value, i) => { list.children[i].lastChild.textContent = value; });
}

// ---- what is done --------------------------------------------------------------------------

$('pause').addEventListener('click', () => {
  state.paused = !state.paused;
  $('pause').setAttribute('aria-pressed', String(state.paused));
  say('Live');
  if (!state.paused) show();
});
document.querySelectorAll('.more').forEach(button => button.addEventListener('click', () => {
  $(button.dataset.of).classList.toggle('few');
  more(button);
}));
$('key').addEventListener('submit', event => {
  event.preventDefault();
  sessionStorage.setItem(KEY, $('key-text').value.trim());
  $('key-text').value = '';
  listen();
});
window.addEventListener('hashchange', () => {
  const run = named();
  if (run !== null && run !== state.run) choose(run, false);
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => curves.recolour());
listen();
