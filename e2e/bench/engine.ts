/** Speaks the worker's protocol directly, from a bare page of the same origin. Runs inside the page. */
export function connect() {
  type Waiting = { resolve: (v: unknown) => void; reject: (e: unknown) => void };
  const worker = new Worker("/engine_loader.js");
  const waiting = new Map<number, Waiting>();
  let next = 1;
  const ready = new Promise<void>((resolve, reject) => {
    worker.onmessage = (event) => {
      const message = JSON.parse(event.data.json);
      if (message.type === "ready") return resolve();
      if (message.type === "crashed") return reject(new Error(message.message));
      if (message.type !== "reply") return;
      const call = waiting.get(message.id);
      waiting.delete(message.id);
      if (message.result.Ok) {
        call?.resolve({ value: message.result.Ok.reply.value, ms: message.elapsed_ms, buffers: event.data.buffers });
      } else {
        call?.reject(new Error(JSON.stringify(message.result.Err)));
      }
    };
  });
  return async (at: "engine" | "host", name: string, value: unknown, attachments: unknown[] = []) => {
    await ready;
    const id = next++;
    const json = JSON.stringify({ type: "call", id, work: { at, ask: { name, with: value } } });
    const transfer = attachments.filter((a): a is ArrayBuffer => a instanceof ArrayBuffer);
    return new Promise<{ value: any; ms: number; buffers: ArrayBuffer[] }>((resolve, reject) => {
      waiting.set(id, { resolve: resolve as (v: unknown) => void, reject });
      worker.postMessage({ json, buffers: attachments }, transfer);
    });
  };
}
