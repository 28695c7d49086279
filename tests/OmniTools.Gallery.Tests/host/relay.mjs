// A host's other half: it starts the server, and passes on what the page of the host asks for. Prints its port.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';

const [command, ...args] = process.argv.slice(2);
const folder = path.dirname(fileURLToPath(import.meta.url));
const types = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.html': 'text/html' };

// The policy that the specification gives a view without domains.
const policy = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
  + "img-src data:; media-src data:; connect-src 'none'";

const mimeTypes = ['text/html;profile=mcp-app'];
const client = new Client({ name: 'host', version: '1.0.0' },
  { capabilities: { extensions: { 'io.modelcontextprotocol/ui': { mimeTypes } } } });
await client.connect(new StdioClientTransport({ command, args, env: process.env }));

const methods = {
  'tools/list': params => client.listTools(params),
  'tools/call': params => client.callTool(params),
  'resources/list': params => client.listResources(params),
  'resources/read': params => client.readResource(params),
};

async function body(request) {
  let text = '';
  for await (const part of request) text += part;
  return JSON.parse(text);
}

async function answer(request, response) {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (pathname === '/rpc') {
    const { method, params } = await body(request);
    return send(response, 'application/json', JSON.stringify(await methods[method](params)));
  }
  if (pathname === '/view') {
    const { contents } = await client.readResource({ uri: 'ui://omnitools/clips.html' });
    return send(response, 'text/html; charset=utf-8', contents[0].text, { 'Content-Security-Policy': policy });
  }
  const file = path.join(folder, pathname === '/' ? 'host.html' : pathname);
  send(response, types[path.extname(file)] ?? 'application/octet-stream', await readFile(file));
}

function send(response, type, content, headers = {}) {
  response.writeHead(200, { 'Content-Type': type, 'Cache-Control': 'no-store', ...headers }).end(content);
}

const web = createServer((request, response) => answer(request, response).catch(failure => {
  response.writeHead(500, { 'Content-Type': 'text/plain' }).end(String(failure?.message ?? failure));
}));
web.listen(0, '127.0.0.1', () => console.log(web.address().port));
process.stdin.resume().on('end', () => client.close().finally(() => process.exit(0)));
