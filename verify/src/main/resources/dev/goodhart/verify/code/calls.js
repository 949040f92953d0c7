// Calls one function with each list of arguments; what it returned goes to descriptor 3, a frame a call.
// Stands after the candidate's own program, in the same file, so that it sees the same names.
;(() => {
  const fs = process.getBuiltinModule ? process.getBuiltinModule("fs") : require("fs");
  const { name, arguments: calls } = JSON.parse(__GOODHART_CALLS__);
  const encode = (x) => {
    if (x === undefined || x === null) return null;
    switch (typeof x) {
      case "bigint": return { i: (x < 0n ? "-" : "") + "0x" + (x < 0n ? -x : x).toString(16) };
      case "number":
        if (Number.isFinite(x)) return x;
        return { f: Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf" };
      case "boolean": case "string": return x;
      case "object": break;
      default: return { op: typeof x };
    }
    if (Array.isArray(x)) return x.map(encode);
    if (x instanceof Set) return { s: [...x].map(encode) };
    if (x instanceof Map) return { d: [...x].map(([k, v]) => [encode(k), encode(v)]) };
    if (ArrayBuffer.isView(x)) return [...x].map(encode);
    return { d: Object.entries(x).map(([k, v]) => [k, encode(v)]) };
  };
  const send = (message) => {
    const text = Buffer.from(JSON.stringify(message));
    const frame = Buffer.alloc(4 + text.length);
    frame.writeUInt32LE(text.length);
    text.copy(frame, 4);
    for (let at = 0; at < frame.length; ) at += fs.writeSync(3, frame, at);
  };
  const target = __GOODHART_TARGET__;
  (async () => {
    for (const list of calls) {
      let message;
      try {
        message = { value: encode(await target(...list)) };
      } catch (e) {
        message = { raised: String(e && e.message !== undefined ? `${e.name}: ${e.message}` : e).slice(0, 300) };
      }
      send(message);
    }
    process.exit(0);
  })();
})();
