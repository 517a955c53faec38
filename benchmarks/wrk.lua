-- Prints what a run of wrk came to, as JSON; times in microseconds.
function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "failed": %d, "lasted": %d, "median": %d, "p99": %d, "slowest": %d}\n',
    summary.requests,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    summary.duration,
    latency:percentile(50),
    latency:percentile(99),
    latency.max
  ))
end
