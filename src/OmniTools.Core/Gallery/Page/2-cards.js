// One card a clip. Text is only ever set as text, never as HTML.
const cards = new Map();
const reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');

const seen = new IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries) isIntersecting ? load(target) : unload(target);
}, { rootMargin: '300px' });

function cardOf(clip) {
  let card = cards.get(clip.request_key);
  if (card?.clip !== clip) {
    card?.querySelectorAll('video').forEach(video => seen.unobserve(video));
    card = makeCard(clip);
    cards.set(clip.request_key, card);
  }
  return card;
}

function makeCard(clip) {
  const state = stateOf(clip);
  const prompt = clip.prompt || '(no prompt)';
  const created = Date.parse(clip.created_at);
  const facts = [
    clip.provider, clip.model, clip.duration && `${clip.duration} s`, clip.resolution, clip.aspect_ratio,
    priceText(clip), created && ageText(Date.now() - created), clip.batch,
  ].filter(Boolean).join(' · ');
  const name = `${prompt.slice(0, 120)}, ${state === 'saved' ? 'saved' : words(clip)}`;
  const card = make('article', { class: `card ${state}`, role: 'listitem', tabindex: '-1', 'aria-label': name },
    ...framesOf(clip, state, name).map(content => make('div', { class: 'frame' }, content)),
    make('div', { class: 'text' },
      make('p', { class: 'prompt', dir: 'auto', title: 'Show all of it' }, prompt),
      make('p', { class: 'facts' }, facts),
      ...clip.files.map(fileLine),
      state === 'saved' ? null : make('p', { class: 'state', dir: 'auto' }, stateText(clip))),
    make('div', { class: 'actions' }, ...(inChat ? chatActions(clip, state) : fileActions(clip, state))));
  card.querySelector('.prompt').addEventListener('click', () => card.classList.toggle('open'));
  card.clip = clip;
  return card;
}

function fileLine(file) {
  const size = sizeText(file.bytes);
  const link = file.src ? make('a', { href: file.src }, file.name) : file.name;
  return make('p', { class: 'file', dir: 'auto' }, link, size && ` (${size})`);
}

function framesOf(clip, state, name) {
  if (state === 'saved')
    return clip.files.map(file => {
      const source = file.src ?? clip.media;
      return source ? videoOf(source, name) : playButton(clip, name);
    });
  if (state === 'running') {
    const percent = clip.progress == null ? {} : { value: clip.progress };
    return [make('progress', { max: '100', ...percent, 'aria-label': 'Progress' })];
  }
  return [make('p', {}, state === 'unsaved' ? 'No file yet' : words(clip))];
}

function videoOf(source, name) {
  const video = make('video', { playsinline: '', preload: 'metadata', 'aria-label': name });
  video.muted = video.loop = true;
  video.source = source;
  video.addEventListener('pointerenter', event => {
    if (event.pointerType === 'mouse' && !reducedMotion.matches) play(video);
  });
  video.addEventListener('pointerleave', () => video.controls || video.pause());
  video.addEventListener('click', () => {
    if (video.controls) return;
    video.controls = true;
    play(video);
  });
  video.addEventListener('error', () => {
    if (video.hasAttribute('src')) video.replaceWith(make('p', {}, 'The file is not there, or cannot be played.'));
  });
  seen.observe(video);
  return video;
}

function load(video) {
  if (!video.hasAttribute('src')) video.src = video.source;
}

function unload(video) {
  if (!video.hasAttribute('src')) return;
  video.pause();
  video.removeAttribute('src');
  video.load();
}

function play(video) {
  load(video);
  video.play().catch(() => { });
}

function toggle(card) {
  const video = card.querySelector('video');
  if (!video) return card.querySelector('.frame button')?.click();
  video.paused ? play(video) : video.pause();
}

function button(text, label, act) {
  const element = make('button', { type: 'button', 'aria-label': label }, text);
  element.addEventListener('click', act);
  return element;
}

// A clip that may be on its way is never offered again: another one would be bought beside it.
function fileActions(clip, state) {
  const credits = clip.estimate ?? clip.credits;
  const price = clip.is_sandbox ? ''
    : credits == null ? ' (price unknown)' : ` (about ${dollars(credits / data.credits_per_dollar)})`;
  const isOver = state !== 'running' && state !== 'unknown';
  const command = (name, what, text) => button(name, `Copy the command that ${what}`, () => copy(text, 'command'));
  return [
    clip.prompt ? button('Copy prompt', null, () => copy(clip.prompt, 'prompt')) : null,
    isOver ? command(`Make again${price}`, `makes it again${price}`, makeAgainCommand(clip)) : null,
    clip.can_extend ? command('Continue', 'continues it', continueCommand(clip)) : null,
    state === 'unsaved' ? command('Save', 'saves it', onTask('Save-OmniVideo', clip)) : null,
    isOver ? null : command('Ask', 'asks for it', onTask('Get-OmniVideoTask', clip)),
  ].filter(Boolean);
}

async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make('textarea', { 'aria-hidden': 'true' });
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  say(`Copied the ${what}.`);
}

let quiet;
function say(text) {
  byId('said').textContent = text;
  clearTimeout(quiet);
  quiet = setTimeout(() => byId('said').textContent = '', 4000);
}
