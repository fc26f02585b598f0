-- What wrk sends: the requests of the file named first, one after the other; with "once" behind it,
-- each one time, and it ends when all are sent.
-- Every "{unique}" in a body becomes an identifier of its own. Ends with one line of JSON.
local requests, place, made, series, once

function init(args)
    requests = dofile(args[1])
    place = 0
    once = args[2] == "once"
    math.randomseed(os.time())
    series = math.random(0, 0xffff)
    made = 0
end

function request()
    if once and place + 1 >= #requests then wrk.thread:stop() end
    local wanted = requests[place % #requests + 1]
    place = place + 1
    local body = wanted.body
    if body and wanted.unique then
        made = made + 1
        body = body:gsub("{unique}", string.format(
            "0190%04x-%04x-7000-8000-%012x", series, made % 0x10000, made), 1)
    end
    return wrk.format(wanted.method, wanted.path, wanted.headers, body)
end

function done(summary, latency, _)
    local errors = summary.errors
    local failed = errors.connect + errors.read + errors.write + errors.timeout
    io.write(string.format(
        '\n{"requests": %d, "microseconds": %d, "refused": %d, "failed": %d, ' ..
        '"p50": %d, "p95": %d, "p99": %d}\n',
        summary.requests, summary.duration, errors.status, failed, latency:percentile(50),
        latency:percentile(95), latency:percentile(99)))
end
