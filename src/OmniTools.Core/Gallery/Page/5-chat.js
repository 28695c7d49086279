// The view in a conversation: JSON-RPC with the host by postMessage (MCP Apps, 2026-01-26).
// It never calls a tool that spends.
const pollEvery = 5000;
const waiting = new Map();
let nextId = 1;
let polling = 0;
let isOver = false;

function send(message) {
  window.parent.postMessage({ jsonrpc: '2.0', ...message }, '*');
}

function ask(method, params) {
  const id = nextId++;
  send({ id, method, params });
  return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
}

function receive(event) {
  const message = event.data;
  if (event.source !== window.parent || message?.jsonrpc !== '2.0') return;
  if (message.method === undefined) {
    const asked = waiting.get(message.id);
    waiting.delete(message.id);
    return message.error ? asked?.reject(new Error(message.error.message)) : asked?.resolve(message.result);
  }
  if (message.method === 'ui/notifications/tool-result') showResult(message.params);
  else if (message.method === 'ui/notifications/host-context-changed') applyContext(message.params);
  else if (message.method === 'ui/resource-teardown') isOver = true;
  if (message.id === undefined) return;
  const isKnown = ['ping', 'ui/resource-teardown'].includes(message.method);
  const error = { code: -32601, message: 'Not a method of this view' };
  send({ id: message.id, ...(isKnown ? { result: {} } : { error }) });
}

function applyContext(context) {
  const root = document.documentElement;
  if (context?.theme) root.dataset.theme = context.theme === 'dark' ? 'dark' : 'light';
  for (const [name, value] of Object.entries(context?.styles?.variables ?? {}))
    if (/^--[a-z0-9-]+$/.test(name) && value) root.style.setProperty(name, value);
}

// A tool's answer names its tasks briefly; the ledger, read as a resource, has all of each.
async function showResult(result) {
  const content = result?.structuredContent ?? {};
  const ids = [
    ...(content.tasks ?? []).map(task => task.id ?? task.request_key),
    ...(content.files ?? []).map(file => file.task_id),
  ];
  for (const row of content.tasks ?? []) keep(row);
  refresh();
  for (const id of new Set(ids)) await update(id);
  if (clips.size <= few) for (const clip of clips.values()) if (stateOf(clip) === 'saved') await read(clip);
  poll();
}

async function update(id) {
  try {
    const { contents } = await ask('resources/read', { uri: `omni://tasks/${encodeURIComponent(id)}` });
    keep(JSON.parse(contents[0].text));
  } catch (failure) {
    say(failure.message);
  }
  refresh();
}

function keep(task) {
  const saved = task.saved_path ?? task.videos?.map(video => video.saved_path).find(Boolean);
  const known = clips.get(task.request_key);
  const given = Object.fromEntries(Object.entries(task).filter(([, value]) => value != null));
  const ended = !['queued', 'in_progress', 'submitting'].includes(task.status);
  clips.set(task.request_key, {
    ...known, ...given, text: undefined, progress: ended ? undefined : task.progress ?? known?.progress,
    expires_at: task.expires_at ?? task.videos?.[0]?.expires_at ?? known?.expires_at,
    files: saved ? [{ name: saved.split(/[\\/]/).at(-1), path: saved, bytes: known?.files[0]?.bytes }] : [],
  });
}

function refresh() {
  fillFilters();
  show();
}

async function poll() {
  const mine = ++polling;
  while (!isOver && mine === polling) {
    const running = [...clips.values()].filter(clip => stateOf(clip) === 'running');
    if (running.length === 0) return;
    await new Promise(resolve => setTimeout(resolve, pollEvery));
    for (const clip of running) {
      if (isOver || mine !== polling) return;
      await call('get_video_task', { task_id: clip.id ?? clip.request_key, provider: clip.provider });
    }
  }
}

async function call(name, args) {
  try {
    const result = await ask('tools/call', { name, arguments: args });
    if (result.isError) {
      const reason = result.content?.find(block => block.type === 'text')?.text.slice(0, 300);
      return say(reason ?? 'The call failed.');
    }
    if (result.structuredContent?.task) keep(result.structuredContent.task);
    refresh();
    return result.structuredContent;
  } catch (failure) {
    say(failure.message);
  }
}

// Through the host, as bytes: no address leads from here to a file.
async function read(clip) {
  try {
    const uri = `omni://files/${encodeURIComponent(clip.id ?? clip.request_key)}`;
    const { contents } = await ask('resources/read', { uri });
    const { blob, mimeType } = contents[0];
    if (mimeType !== 'video/mp4') throw new Error('The file is not an MP4 video.');
    const bytes = blob.length * 3 / 4 - (blob.match(/=*$/)[0].length);
    const media = `data:video/mp4;base64,${blob}`;
    clips.set(clip.request_key, { ...clip, media, files: [{ ...clip.files[0], bytes }] });
  } catch (failure) {
    clips.set(clip.request_key, { ...clip, unplayable: `${failure.message} The file: ${clip.files[0].path}` });
  }
  refresh();
}

function playButton(clip, name) {
  if (clip.unplayable) return make('p', { dir: 'auto' }, clip.unplayable);
  return button('▶ Play', `Play ${name}`, async () => {
    await read(clip);
    const video = cards.get(clip.request_key)?.querySelector('video');
    if (video) play(video);
  });
}

function chatActions(clip, state) {
  const prompt = JSON.stringify((clip.prompt ?? '').slice(0, 300));
  const named = `the clip ${clip.id ?? clip.request_key} (prompt, as data: ${prompt})`;
  return [
    state === 'unsaved' ? button('Save', 'Save this clip', () => save(clip)) : null,
    state === 'saved' && data.extending?.includes(clip.provider) && clip.id
      ? button('Continue', 'Ask to continue this clip',
        () => tell(`Continue ${named}. Ask me what happens next.`)) : null,
    state === 'running' || state === 'unknown' ? null
      : button('Make again', 'Ask to make this clip again',
        () => tell(`Make ${named} again, with the same settings.`)),
  ].filter(Boolean);
}

async function save(clip) {
  say('Saving …');
  const answer = await call('save_video', { task_id: clip.id ?? clip.request_key, provider: clip.provider });
  if (!answer) return;
  say('Saved.');
  await update(clip.id ?? clip.request_key);
  const saved = clips.get(clip.request_key);
  if (stateOf(saved) === 'saved') await read(saved);
}

async function tell(text) {
  try {
    const answer = await ask('ui/message', { role: 'user', content: [{ type: 'text', text }] });
    say(answer?.isError ? 'The conversation did not take it.' : 'Put into the conversation.');
  } catch (failure) {
    say(failure.message);
  }
}

async function connect() {
  window.addEventListener('message', receive);
  const host = await ask('ui/initialize', {
    protocolVersion: '2026-01-26',
    appInfo: { name: 'omnitools-clips', version: data.version },
    appCapabilities: {},
  });
  applyContext(host.hostContext);
  send({ method: 'ui/notifications/initialized', params: {} });
  new ResizeObserver(() => send({
    method: 'ui/notifications/size-changed',
    params: {
      width: document.documentElement.scrollWidth,
      height: Math.ceil(document.body.getBoundingClientRect().height),
    },
  })).observe(document.body);
}
