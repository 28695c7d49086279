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
 * Makes the calls; `call(name, args, onprogress)` calls a tool in the way of the client, with its checks of the answer.
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

  const progress = [];
  const { structuredContent: waited } = await call('wait_video_task',
    { task_ids: [made.task.id], timeout_seconds: 60 }, value => progress.push(value));
  assert.equal(waited.all_ended, true);
  assert.equal(waited.tasks[0].status, 'completed');
  assert.ok(progress.length > 0, 'a wait reports progress');
  progress.reduce((before, each) => (assert.ok(each.progress > before, 'progress only grows'), each.progress), -1);
  assert.match(progress[0].message, /of 1 done/);

  const saved = await call('save_video', { task_id: made.task.id });
  const file = saved.structuredContent.files[0];
  assert.equal(statSync(file.path).size, file.bytes);
  assert.equal(saved.content.find(block => block.type === 'resource_link').size, file.bytes);

  const refused = await call('generate_video', { prompt: 5 });
  assert.equal(refused.isError, true);
  assert.match(refused.content[0].text, /Nothing was sent or billed/);
  return `${progress.length} times progress, ${file.bytes} bytes saved`;
}
