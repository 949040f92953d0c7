-- Posts the bodies of a file (one a line), one after the other, each thread from another place.
local bodies = {}
for line in io.lines(os.getenv("BODIES")) do bodies[#bodies + 1] = line end
local threads = 0
function setup(thread)
  thread:set("at", threads * 997)
  threads = threads + 1
end
-- Formatted once: what the client computes is taken from the servers.
function init()
  for i = 1, #bodies do bodies[i] = wrk.format("POST", nil, { ["Content-Type"] = "application/json" }, bodies[i]) end
end
function request()
  at = at + 1
  return bodies[at % #bodies + 1]
end
-- Whatever is not a 200 makes a run worthless.
function done(summary, latency)
  io.write(string.format("RESULT %d %d %d %.0f %.0f %.0f\n", summary.requests, summary.duration,
    summary.errors.status + summary.errors.read + summary.errors.write + summary.errors.timeout + summary.errors.connect,
    latency:percentile(50), latency:percentile(99), latency.max))
end
