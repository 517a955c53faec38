-- Sends the requests of a file in turn, and begins anew at its end. A line has, between tabs, the
-- method, the path, the body and the headers.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "wrk.lua")

local requests, position = {}, 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local method, path, body, rest = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)\t?(.*)$")
    local headers = {}
    for name, value in rest:gmatch("([^\t:]+): ([^\t]*)") do headers[name] = value end
    requests[#requests + 1] = wrk.format(method, path, headers, body ~= "" and body or nil)
  end
end

function request()
  position = position % #requests + 1
  return requests[position]
end
