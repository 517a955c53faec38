-- Launches each flow of a file: a line is the session's cookie, a tab, and the body.
-- It begins anew at the end.
dofile(debug.getinfo(1, "S").source:match("^@(.*/)") .. "wrk.lua")

local launches, position = {}, 0

function init(arguments)
  for line in io.lines(arguments[1]) do
    local cookie, body = line:match("^([^\t]*)\t(.*)$")
    local headers = {["Content-Type"] = "application/json", ["Cookie"] = cookie}
    launches[#launches + 1] = wrk.format("POST", nil, headers, body)
  end
end

function request()
  position = position % #launches + 1
  return launches[position]
end
