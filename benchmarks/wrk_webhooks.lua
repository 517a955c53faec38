-- Posts each signed event of a file once: a line is the signature, a tab, and the body.
-- With "again" as the second argument it begins anew at the end.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "wrk.lua")

local events, position, again = {}, 0, false

function init(arguments)
  again = arguments[2] == "again"
  for line in io.lines(arguments[1]) do
    local signature, body = line:match("^(%S+)\t(.*)$")
    local headers = {["Content-Type"] = "application/json", ["lean-signature"] = signature}
    events[#events + 1] = wrk.format("POST", nil, headers, body)
  end
end

function request()
  position = position + 1
  if again and position > #events then position = 1 end
  return events[position] or error("no more events")
end
