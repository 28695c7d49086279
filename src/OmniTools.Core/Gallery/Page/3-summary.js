// What is shown, in figures.
const longestChart = 60;

function drawSummary(clips) {
  const count = state => clips.filter(clip => stateOf(clip) === state).length;
  const bytes = clips.flatMap(clip => clip.files).reduce((sum, file) => sum + (file.bytes ?? 0), 0);
  const bought = clips.filter(clip => !clip.is_sandbox && isBilled(clip));
  const spent = bought.reduce((sum, clip) => sum + (dollarsOf(clip) ?? 0), 0);
  const unknown = bought.filter(clip => dollarsOf(clip) == null).length;
  const figures = [
    [clips.length, clips.length === 1 ? 'clip' : 'clips'], [count('saved'), 'saved'], [count('failed'), 'failed'],
    [count('running'), 'running'], [count('unsaved'), 'not saved'], [count('unknown'), 'unknown'],
    [dollars(spent), unknown > 0 ? `spent, and ${unknown} of unknown price` : 'spent'],
    [(bytes / 1e6).toFixed(1), 'MB'],
  ].filter(([figure, name], i) => i < 3 || i > 5 || figure > 0);
  byId('summary').replaceChildren(
    ...figures.map(([figure, name]) =>
      make('div', {}, make('b', {}, figure.toLocaleString('en')), make('span', {}, name))),
    ...chart(bought));
}

function chart(bought) {
  const days = new Map();
  for (const clip of bought) {
    const day = clip.created_at?.slice(0, 10);
    if (day && dollarsOf(clip)) days.set(day, (days.get(day) ?? 0) + dollarsOf(clip));
  }
  if (days.size === 0) return [];
  const last = Date.parse([...days.keys()].sort().at(-1));
  const first = Math.max(Date.parse([...days.keys()].sort()[0]), last - (longestChart - 1) * 86400000);
  const all = [];
  for (let day = Math.min(first, last - 6 * 86400000); day <= last; day += 86400000)
    all.push(new Date(day).toISOString().slice(0, 10));
  const top = Math.max(...all.map(day => days.get(day) ?? 0));
  const wide = 320 / all.length;
  const summary = `Spending per day, at most ${dollars(top)}`;
  const picture = svg('svg', { viewBox: '0 0 320 52', role: 'img', 'aria-label': summary });
  all.forEach((day, i) => {
    const tall = 36 * (days.get(day) ?? 0) / top;
    const bar = svg('rect', { x: i * wide + wide * .1, y: 40 - tall, width: wide * .8, height: Math.max(tall, .5) });
    const title = svg('title', {});
    title.textContent = `${day}: ${dollars(days.get(day) ?? 0)}`;
    bar.append(title);
    picture.append(bar);
  });
  picture.append(label(0, 'start', all[0]), label(320, 'end', `${all.at(-1)} · ${dollars(top)} a day at most`));
  return [picture];
}

function label(x, anchor, text) {
  const element = svg('text', { x, y: 51, 'text-anchor': anchor });
  element.textContent = text;
  return element;
}

function svg(tag, attributes) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}
