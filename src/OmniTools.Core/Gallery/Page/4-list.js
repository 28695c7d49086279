// Searching, filtering, sorting and the keyboard.
const clips = new Map(data.clips.map(clip => [clip.request_key, clip]));
const grid = byId('grid');
const atOnce = 48;
const few = 3;
const lists = {
  status: stateOf, provider: clip => clip.provider, model: clip => clip.model, batch: clip => clip.batch,
};
const stateNames = { saved: 'Saved', unsaved: 'Not saved', running: 'Running', failed: 'Failed', unknown: 'Unknown' };
const orders = {
  newest: (a, b) => Date.parse(b.created_at) - Date.parse(a.created_at),
  cost: (a, b) => (dollarsOf(b) ?? -1) - (dollarsOf(a) ?? -1),
  prompt: (a, b) => (a.prompt ?? '').localeCompare(b.prompt ?? ''),
};
let turn = 0;

function fillFilters() {
  for (const [id, read] of Object.entries(lists)) {
    const select = byId(id);
    const values = [...new Set([...clips.values()].map(read).filter(Boolean))].sort();
    const chosen = values.includes(select.value) ? select.value : '';
    const all = `All ${select.getAttribute('aria-label').toLowerCase().replace(/s$/, 'se').replace(/ch$/, 'che')}s`;
    select.replaceChildren(make('option', { value: '' }, all),
      ...values.map(value => make('option', { value }, id === 'status' ? stateNames[value] : value.slice(0, 80))));
    select.value = chosen;
    select.hidden = values.length < 2;
  }
}

const textOf = clip => clip.text ??= [
  clip.prompt, clip.id, clip.request_key, clip.provider, clip.model, clip.batch, clip.error?.message,
  ...clip.files.map(file => file.name),
].filter(Boolean).join('\n').toLowerCase();

function found() {
  const wanted = byId('search').value.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = Object.entries(lists).map(([id, read]) => [byId(id).value, read]).filter(([value]) => value);
  return [...clips.values()]
    .filter(clip => chosen.every(([value, read]) => read(clip) === value))
    .filter(clip => wanted.every(part => textOf(clip).includes(part)))
    .sort(orders[byId('order').value] ?? orders.newest);
}

// Draws the first cards at once and the others later, so that the page answers keys also with a thousand clips.
// A card that stays where it is is not touched, so its video plays on.
function show() {
  const list = found();
  const mine = ++turn;
  let next = 0;
  document.querySelector('header').hidden = inChat && clips.size <= few;
  drawSummary(list);
  grid.setAttribute('aria-busy', 'true');
  const staying = new Set(list.map(clip => cards.get(clip.request_key))
    .filter(card => card && card.clip === clips.get(card.clip.request_key)));
  for (const card of [...grid.children]) if (!staying.has(card)) card.remove();
  byId('none').hidden = list.length > 0;
  byId('none').textContent = clips.size > 0 ? 'No clip matches.' : inChat ? 'No clips yet.' : 'There are no clips yet.';
  const more = () => {
    if (mine !== turn) return;
    for (const end = Math.min(list.length, next + atOnce); next < end; next++) {
      const card = cardOf(list[next]);
      if (grid.children[next] !== card) grid.insertBefore(card, grid.children[next] ?? null);
    }
    if (next < list.length) setTimeout(more);
    else grid.setAttribute('aria-busy', 'false');
  };
  more();
  selectable();
}

// One card takes part in the tab order: the one selected last, else the first.
function selectable(card = grid.querySelector('.card[tabindex="0"]') ?? grid.firstElementChild) {
  grid.querySelectorAll('.card[tabindex="0"]').forEach(each => each.tabIndex = -1);
  if (card) card.tabIndex = 0;
}

function select(card) {
  if (!card) return;
  selectable(card);
  card.focus();
  card.scrollIntoView({ block: 'nearest' });
}

function columns() {
  return getComputedStyle(grid).gridTemplateColumns.split(' ').length;
}

function move(step) {
  const all = [...grid.children];
  const at = all.indexOf(document.activeElement?.closest('.card'));
  select(at < 0 ? grid.querySelector('.card[tabindex="0"]') : all[at + step]);
}

document.addEventListener('keydown', event => {
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  const target = event.target;
  const isTyping = target.matches?.('input, select, textarea');
  if (event.key === 'Escape' && isTyping) return move(0);
  if (isTyping) return;
  const card = target.closest?.('.card');
  const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns(), ArrowDown: columns() };
  if (event.key === '/') byId('search').focus();
  else if (event.key in steps && !(target.matches?.('video') && target.controls)) move(steps[event.key]);
  else if (event.key === 'Home') select(grid.firstElementChild);
  else if (event.key === 'End') select(grid.lastElementChild);
  else if (event.key === ' ' && card && target === card) toggle(card);
  else if (event.key === 'Enter' && card && target === card) card.classList.toggle('open');
  else return;
  event.preventDefault();
});

grid.addEventListener('focusin', event => selectable(event.target.closest('.card')));
byId('filters').addEventListener('submit', event => event.preventDefault());
byId('filters').addEventListener('input', show);
