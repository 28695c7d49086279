// What every client does with the server that its arguments name: list, generate, wait with progress, save.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';

export const server = {
  command: process.argv[2],
  args: process.argv.slice(3),
  env: process.env,
  stderr: 'inherit',
};

/**
 * Plays the story; `call(name, args, onprogress)` is the client's own way to call a tool, its checks of the answer
 * included.
 */
export async function play(client, call) {
  const { tools } = await client.listTools();
  assert.equal(tools.length, 7);
  assert.deepEqual((await client.listPrompts()).prompts.map(prompt => prompt.name),
    ['shape_clip', 'plan_sequence', 'review_clips']);
  assert.equal((await client.listResources()).resources[0].uri, 'omni://providers');

  const { structuredContent: made } =
    await call('generate_video', { prompt: 'a fox in the snow', request_key: 'scene-1' });
  assert.equal(made.request_key, 'scene-1');

  const told = [];
  const { structuredContent: waited } = await call('wait_video_task',
    { task_ids: [made.task.id], timeout_seconds: 60 }, value => told.push(value));
  assert.equal(waited.all_ended, true);
  assert.equal(waited.tasks[0].status, 'completed');
  assert.ok(told.length > 0, 'a wait tells progress');
  told.reduce((before, each) => (assert.ok(each.progress > before, 'progress only grows'), each.progress), -1);
  assert.match(told[0].message, /of 1 done/);

  const saved = await call('save_video', { task_id: made.task.id });
  const file = saved.structuredContent.files[0];
  assert.equal(statSync(file.path).size, file.bytes);
  assert.equal(saved.content.find(block => block.type === 'resource_link').size, file.bytes);

  const refused = await call('generate_video', { prompt: 5 });
  assert.equal(refused.isError, true);
  assert.match(refused.content[0].text, /Nothing was sent or billed/);
  return `${told.length} times progress, ${file.bytes} bytes saved`;
}
