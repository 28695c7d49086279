// The reference client of the tasks extension: a clip ordered as a task, the server gone in between, the result
// fetched from the next one.
import assert from 'node:assert/strict';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { createTaskSessionFromClient } from '@modelcontextprotocol/ext-tasks/client';
import { server } from './scenario.mjs';

const protocolVersion = '2026-07-28';
const clientInfo = { name: 'tasks', version: '1.0.0' };
const capabilities = { extensions: { 'io.modelcontextprotocol/tasks': {} } };

async function connect() {
  const client = new Client(clientInfo, { capabilities, versionNegotiation: { mode: { pin: protocolVersion } } });
  const transport = new StdioClientTransport(server);
  await client.connect(transport);
  const waiting = new Map();
  const others = transport.onmessage;
  transport.onmessage = (message, extra) => (waiting.get(message.id) ?? others)(message, extra);
  let count = 0;
  // The SDK's own request path takes no result of the kind "task".
  const rawDispatch = request => new Promise((resolve, reject) => {
    const id = `raw-${++count}`;
    waiting.set(id, message => (waiting.delete(id), resolve(message)));
    transport.send({ jsonrpc: '2.0', ...request, id }).catch(reject);
  });
  const session = createTaskSessionFromClient(client, {
    endpointId: 'omnitools',
    rawDispatch,
    v2RequestFraming: { protocolVersion, clientInfo, clientCapabilities: capabilities },
  });
  return { client, session };
}

const order = ['generate_video', { prompt: 'a fox in the snow', request_key: 'scene-1' }];
const first = await connect();
const execution = await first.session.callTool(...order);
assert.equal(execution.kind, 'task');
assert.equal(execution.handle.taskId, 'scene-1');
let reference;
await execution.handoff(given => { reference = given; });
await first.session.close();
await first.client.close();

const second = await connect();
const { outcome } = await (await second.session.resumeTask(reference)).settle();
assert.equal(outcome.status, 'completed');
assert.equal(outcome.result.structuredContent.request_key, 'scene-1');
assert.equal(outcome.result.structuredContent.status, 'completed');

const again = await second.session.callTool(...order);
assert.equal(again.handle.taskId, 'scene-1');
assert.equal((await again.settle()).outcome.result.structuredContent.task.id, outcome.result.structuredContent.task.id);

const slow = await second.session.callTool('generate_video', { prompt: 'a [slow] snail', request_key: 'scene-2' });
await slow.cancel();
const view = await second.session.task('scene-2').snapshot();
assert.equal(view.status, 'working');
assert.match(view.statusMessage, /is not cancelled/);
await second.session.close();
await second.client.close();
console.log('tasks: found again after a restart');
