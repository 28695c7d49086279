// The host's page: it calls a tool as an assistant does, and shows the view of its answer.
import {
  AppBridge, PostMessageTransport, getToolUiResourceUri,
} from '/node_modules/@modelcontextprotocol/ext-apps/dist/src/app-bridge.js';

const host = window.host = { messages: [], calls: [], reads: [], sizes: [], refusesMessages: false };

async function rpc(method, params) {
  const response = await fetch('/rpc', { method: 'POST', body: JSON.stringify({ method, params }) });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text);
}

host.call = (name, args) => rpc('tools/call', { name, arguments: args });

host.show = async (name, args, theme) => {
  const { tools } = await rpc('tools/list', {});
  const uri = getToolUiResourceUri(tools.find(tool => tool.name === name));
  if (uri !== 'ui://omnitools/clips.html') throw new Error(`${name} has the view ${uri}`);
  document.querySelector('iframe')?.remove();
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  document.body.append(frame);
  const background = theme === 'dark' ? 'rgb(1, 2, 3)' : 'rgb(254, 253, 252)';
  const bridge = host.bridge = new AppBridge(null, { name: 'test host', version: '1.0.0' },
    { serverTools: {}, serverResources: {}, message: { text: {} } },
    { hostContext: { theme, styles: { variables: { '--color-background-primary': background } } } });
  bridge.oncalltool = params => {
    host.calls.push(params);
    return rpc('tools/call', params);
  };
  bridge.onreadresource = params => {
    host.reads.push(params.uri);
    return rpc('resources/read', params);
  };
  bridge.onmessage = async params => {
    host.messages.push(params);
    return host.refusesMessages ? { isError: true } : {};
  };
  bridge.onsizechange = size => host.sizes.push(size);
  const ready = new Promise(resolve => bridge.oninitialized = resolve);
  await bridge.connect(new PostMessageTransport(frame.contentWindow, frame.contentWindow));
  frame.src = '/view';
  await ready;
  await bridge.sendToolInput({ arguments: args });
  await bridge.sendToolResult(await host.call(name, args));
};

document.body.dataset.ready = 'yes';
