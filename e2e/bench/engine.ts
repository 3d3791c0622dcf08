/** Speaks the worker's protocol directly, from a bare page of the same origin. Runs inside the page. */
export function connect(script: "/engine_start.js" | "/intake_start.js" | "/desk_start.js") {
  type Waiting = { resolve: (v: unknown) => void; reject: (e: unknown) => void };
  const worker = new Worker(script);
  const waiting = new Map<number, Waiting>();
  const variant = (name: string) => name.replace(/(^|_)([a-z])/g, (_all, _gap, letter) => letter.toUpperCase());
  let next = 1;
  const ready = new Promise<void>((resolve, reject) => {
    worker.onmessage = (event) => {
      const message = JSON.parse(event.data.json);
      if (message.ready) return resolve();
      if (message.crashed) {
        const problem = new Error(message.crashed.message);
        waiting.forEach((call) => call.reject(problem));
        return reject(problem);
      }
      const reply = message.reply;
      if (!reply) return;
      const call = waiting.get(reply.id);
      waiting.delete(reply.id);
      if (reply.result.Ok) {
        const [done] = Object.values<any>(reply.result.Ok);
        call?.resolve({ value: Object.values(done)[0], ms: reply.elapsed_ms, buffers: event.data.buffers });
      } else {
        call?.reject(new Error(JSON.stringify(reply.result.Err)));
      }
    };
  });
  return async (at: "engine" | "host", name: string, value: unknown, attachments: unknown[] = []) => {
    await ready;
    const id = next++;
    const json = JSON.stringify({ call: { id, work: { [at]: { [variant(name)]: value } } } });
    const transfer = attachments.filter((a): a is ArrayBuffer => a instanceof ArrayBuffer);
    return new Promise<{ value: any; ms: number; buffers: ArrayBuffer[] }>((resolve, reject) => {
      waiting.set(id, { resolve: resolve as (v: unknown) => void, reject });
      worker.postMessage({ json, buffers: attachments }, transfer);
    });
  };
}
