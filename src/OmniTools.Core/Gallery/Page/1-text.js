// Clips in words: states, money, sizes, ages, and the commands that are copied.
const data = JSON.parse(document.getElementById('clips').textContent);
const inChat = data.view === 'chat';
const byId = id => document.getElementById(id);

function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {}))
    if (value != null) element.setAttribute(name, value);
  element.append(...children.filter(child => child != null && child !== ''));
  return element;
}

function stateOf(clip) {
  if (clip.status === 'completed') return clip.files.length > 0 ? 'saved' : 'unsaved';
  if (clip.status === 'failed' || clip.status === 'cancelled') return 'failed';
  return clip.status === 'unknown' ? 'unknown' : 'running';
}

function isBilled(clip) {
  return clip.status === 'completed' || (clip.error?.charged ?? 'unknown') !== 'no';
}

function dollarsOf(clip) {
  if (clip.cost != null) return clip.cost;
  return clip.credits != null ? clip.credits / data.credits_per_dollar : null;
}

const dollars = amount => '$' + amount.toFixed(2);

function priceText(clip) {
  if (clip.is_sandbox) return 'sandbox, no money';
  if (clip.credits != null) return `${clip.credits} credits, about ${dollars(dollarsOf(clip))}`;
  if (clip.cost != null) return dollars(clip.cost);
  return clip.status === 'completed' ? 'unknown price' : null;
}

function sizeText(bytes) {
  if (bytes == null) return null;
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function spanText(milliseconds) {
  const minutes = Math.round(milliseconds / 60000);
  if (minutes < 1) return 'less than a minute';
  if (minutes < 90) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} h` : `${Math.round(minutes / 1440)} days`;
}

function stateText(clip) {
  switch (stateOf(clip)) {
    case 'saved': return null;
    case 'running': return clip.progress == null ? words(clip) : `${words(clip)}, ${clip.progress} %`;
    case 'unsaved': return `Not saved. ${expiryText(clip)}`;
    case 'unknown': return `Outcome unknown: it may have been accepted and billed. ${clip.error?.message ?? ''}`;
    default: {
      const reason = clip.error?.message ?? 'the provider gives no reason';
      return `${words(clip)}: ${sentence(reason)} ${billingText(clip)}`;
    }
  }
}

const sentence = text => /[.!?…]$/.test(text) ? text : `${text}.`;

const ageText = milliseconds => milliseconds < 60000 ? 'just now' : `${spanText(milliseconds)} ago`;

function words(clip) {
  const text = (clip.label ?? clip.status).replaceAll('_', ' ');
  return text[0].toUpperCase() + text.slice(1);
}

function expiryText(clip) {
  if (clip.expires_at == null) return 'The provider does not say when its URL expires.';
  const left = Date.parse(clip.expires_at) - Date.now();
  return left > 0 ? `Its URL expires in ${spanText(left)}.` : `Its URL expired ${spanText(-left)} ago.`;
}

function billingText(clip) {
  const charged = clip.error?.charged;
  return charged === 'no' ? 'Not billed.' : charged === 'yes' ? 'Billed.' : 'It may have been billed.';
}

// Characters that cannot be seen can end a paste in a terminal or reorder a line. PowerShell reads them escaped.
const hidden = /[\p{C}\p{Zl}\p{Zp}]/u;

function quote(text) {
  if (!hidden.test(text)) return `'${text.replace(/['‘’‚‛]/g, '$&$&')}'`;
  const escaped = Array.from(text, each =>
    hidden.test(each) ? `\`u{${each.codePointAt(0).toString(16)}}` : /[`$"“”„]/.test(each) ? '`' + each : each);
  return `"${escaped.join('')}"`;
}

const word = value => /^[A-Za-z0-9][\w.:-]*$/.test(value) ? String(value) : quote(String(value));

function makeAgainCommand(clip) {
  const given = [
    ['Prompt', clip.prompt && quote(clip.prompt)],
    ['Provider', word(clip.provider)], ['Model', clip.model && word(clip.model)],
    ['AspectRatio', clip.aspect_ratio && word(clip.aspect_ratio)], ['Duration', clip.duration],
    ['Resolution', clip.resolution && word(clip.resolution)], ['Image', clip.images?.map(quote).join(',')],
    ['Video', clip.video && quote(clip.video)], ['ExtendFrom', clip.extend_from && word(clip.extend_from)],
  ];
  return 'New-OmniVideo' + given.filter(([, value]) => value).map(([name, value]) => ` -${name} ${value}`).join('');
}

// It ends where the next prompt begins: run as it is, it buys nothing.
const continueCommand = clip => `New-OmniVideo -ExtendFrom ${word(clip.id)} -Provider ${word(clip.provider)} -Prompt `;

const onTask = (cmdlet, clip) => `${cmdlet} -Id ${word(clip.id ?? clip.request_key)} -Provider ${word(clip.provider)}`;
