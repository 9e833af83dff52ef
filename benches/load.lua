-- wrk's side of a measurement: sends the requests of a file in turn, and holds every answer against those that were checked.
-- FROM is where counting begins. PLAN names a Lua file with `requests`, and `answers` (whole bodies) or `part` (what each body has in it).
local plan = dofile(os.getenv("PLAN"))
local threads = {}
bad, first, sent = 0, "", tonumber(os.getenv("FROM"))

function setup(thread) table.insert(threads, thread) end

function request()
  sent = sent + 1
  local text = plan.requests[(sent - 1) % #plan.requests + 1]
  -- What is written must differ each time.
  return plan.part and text:gsub("@@@@@@@@", string.format("%08d", sent)) or text
end

function response(status, headers, body)
  local known = plan.answers and plan.answers[body] or plan.part and body:find(plan.part, 1, true)
  if status ~= 200 or not known then
    bad = bad + 1
    if bad == 1 then first = status .. " " .. body:sub(1, 200) end
  end
end

function done(summary, latency, requests)
  local faults, example = 0, ""
  for _, thread in ipairs(threads) do
    faults = faults + thread:get("bad")
    if example == "" then example = thread:get("first") end
  end
  local errors = summary.errors
  io.write(string.format("RESULT\t%d\t%d\t%d\t%d\t%d\t%d\t%s\n", summary.requests, summary.duration, latency:percentile(50),
    latency:percentile(99), faults, errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    example:gsub("[\r\n\t]", " ")))
end
