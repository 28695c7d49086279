// A client that opens with initialize: the 1.x line of the TypeScript SDK, which validates every answer against its
// schema.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { play, server } from './scenario.mjs';

const client = new Client({ name: 'older', version: '1.0.0' }, { enforceStrictCapabilities: true });
const transport = new StdioClientTransport(server);
await client.connect(transport);
const report = await play(client,
  (name, args, onprogress) => client.callTool({ name, arguments: args }, undefined, { onprogress }));
await client.close();
console.log(`older: ${report}`);
