// A client of the stateless protocol, pinned to it: without it the connection fails.
import assert from 'node:assert/strict';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { play, server } from './scenario.mjs';

const client = new Client({ name: 'newer', version: '1.0.0' }, {
  enforceStrictCapabilities: true,
  versionNegotiation: { mode: { pin: '2026-07-28' } },
});
await client.connect(new StdioClientTransport(server));
assert.equal(client.getNegotiatedProtocolVersion(), '2026-07-28');
const report = await play(client,
  (name, args, onprogress) => client.callTool({ name, arguments: args }, { onprogress }));
await client.close();
console.log(`newer: ${report}`);
