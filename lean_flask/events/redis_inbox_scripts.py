"""The scripts of an inbox in Redis: each is one operation, done whole or not at all.

``KEYS[1]`` begins all names: ``event:ID``, a hash per event; ``queue:SUBJECT``, its waiting events
by number; ``due``, subjects by when their first event is due or their claim ends; ``owner``, who
holds a subject; ``all`` and one set per state, events by number; ``ended``, events by when they
ended; ``known``, ids by when they are forgotten. Only the scripts know the names behind the first,
which a cluster allows, as all are on one node.
"""

#: The fields of ``KeptEvent`` behind the id.
FIELDS = (
    *("type", "subject", "state", "received_at", "waiting_since", "due_at", "attempts"),
    *("ended_at", "received_by", "error", "body"),
)
_LISTED = ", ".join(f'"{field}"' for field in FIELDS[:-1])  # without the body
_FIELDS = f'{_LISTED}, "{FIELDS[-1]}"'

_PRELUDE = """
local function key(name) return KEYS[1] .. ":" .. name end

-- The first event that waits. One that Redis has lost, as it was told to evict, holds up no other.
local function head_of(subject)
    local queue = key("queue:" .. subject)
    while true do
        local id = redis.call("ZRANGE", queue, 0, 0)[1]
        if not id or redis.call("EXISTS", key("event:" .. id)) == 1 then return id end
        for _, set in ipairs({queue, key("waiting"), key("all")}) do
            redis.call("ZREM", set, id)
        end
    end
end

-- Lets the subject wait for its first event, unless somebody holds it.
local function requeue(subject)
    local id = head_of(subject)
    if not id then
        redis.call("ZREM", key("due"), subject)
    elseif redis.call("HEXISTS", key("owner"), subject) == 0 then
        redis.call("ZADD", key("due"), redis.call("HGET", key("event:" .. id), "due_at"), subject)
    end
end

-- Ends the claim, and returns whether it was still held.
local function give_back(subject, owner)
    if redis.call("HGET", key("owner"), subject) ~= owner then return false end
    redis.call("HDEL", key("owner"), subject)
    return true
end
"""

ADD = f"""{_PRELUDE}
local id, type, subject, body, now, expires = unpack(ARGV)
local event = key("event:" .. id)
local known = redis.call("ZSCORE", key("known"), id)
if redis.call("EXISTS", event) == 1 or (known and tonumber(known) > tonumber(now)) then return 0 end
local number = redis.call("INCR", key("number"))
redis.call("HSET", event, "number", number, "type", type, "subject", subject, "body", body,
    "state", "waiting", "received_at", now, "waiting_since", now, "due_at", now, "attempts", 0,
    "ended_at", "", "received_by", "[]", "error", "")
for _, set in ipairs({{"all", "waiting", "queue:" .. subject}}) do
    redis.call("ZADD", key(set), number, id)
end
local old = redis.call("ZRANGEBYSCORE", key("known"), "-inf", now, "LIMIT", 0, 100)
if #old > 0 then redis.call("ZREM", key("known"), unpack(old)) end
redis.call("ZADD", key("known"), expires, id)
requeue(subject)
return 1
"""

CLAIM = f"""{_PRELUDE}
local now, until_, owner, wanted = unpack(ARGV)
local function claimable()
    if not wanted then
        return redis.call("ZRANGEBYSCORE", key("due"), "-inf", now, "LIMIT", 0, 1)[1]
    end
    local due = redis.call("ZSCORE", key("due"), wanted)
    local is_held = redis.call("HEXISTS", key("owner"), wanted) == 1
    return due and (not is_held or tonumber(due) <= tonumber(now)) and wanted
end
while true do
    local subject = claimable()
    if not subject then return false end
    local id = head_of(subject)
    if id then
        redis.call("ZADD", key("due"), until_, subject)
        redis.call("HSET", key("owner"), subject, owner)
        redis.call("HINCRBY", key("event:" .. id), "attempts", 1)
        return {{id, unpack(redis.call("HMGET", key("event:" .. id), {_FIELDS}))}}
    end
    redis.call("ZREM", key("due"), subject)
    redis.call("HDEL", key("owner"), subject)
end
"""

RENEW = """
local subject, owner, until_ = unpack(ARGV)
if redis.call("HGET", KEYS[1] .. ":owner", subject) ~= owner then return 0 end
redis.call("ZADD", KEYS[1] .. ":due", until_, subject)
return 1
"""

RELEASE = f"""{_PRELUDE}
local id, subject, owner = unpack(ARGV)
if not give_back(subject, owner) then return end
local event = key("event:" .. id)
if tonumber(redis.call("HGET", event, "attempts") or 0) > 0 then
    redis.call("HINCRBY", event, "attempts", -1)
end
requeue(subject)
"""

POSTPONE = f"""{_PRELUDE}
local id, subject, owner, due, received_by, error = unpack(ARGV)
if not give_back(subject, owner) then return end
local event = key("event:" .. id)
if redis.call("EXISTS", event) == 1 then
    redis.call("HSET", event, "due_at", due, "received_by", received_by, "error", error)
end
requeue(subject)
"""

END = f"""{_PRELUDE}
local id, subject, owner, state, now, error, received_by = unpack(ARGV)
if not give_back(subject, owner) then return end
local event = key("event:" .. id)
local number = redis.call("HGET", event, "number")
if number then
    redis.call("HSET", event, "state", state, "ended_at", now, "error", error,
        "received_by", received_by)
    for _, set in ipairs({{"waiting", "queue:" .. subject}}) do
        redis.call("ZREM", key(set), id)
    end
    redis.call("ZADD", key(state), number, id)
    redis.call("ZADD", key("ended"), now, id)
end
requeue(subject)
"""

_PUT_BACK = f"""{_PRELUDE}
local now = ARGV[1]
local function put_back(id)
    local event = key("event:" .. id)
    local number, subject = unpack(redis.call("HMGET", event, "number", "subject"))
    for _, set in ipairs({{"dead", "delivered", "ended"}}) do redis.call("ZREM", key(set), id) end
    if not number then return 0 end
    redis.call("HSET", event, "state", "waiting", "waiting_since", now, "due_at", now,
        "attempts", 0, "ended_at", "", "received_by", "[]", "error", "")
    for _, set in ipairs({{"waiting", "queue:" .. subject}}) do
        redis.call("ZADD", key(set), number, id)
    end
    requeue(subject)
    return 1
end
"""
RETRY = f"{_PUT_BACK} return put_back(ARGV[2])"
RETRY_DEAD = f"""{_PUT_BACK}
local put = 0
local ids = redis.call("ZRANGE", key("dead"), 0, ARGV[2] - 1)
for _, id in ipairs(ids) do put = put + put_back(id) end
return {{put, #ids}}
"""

LIST = f"""
local events = {{}}
for _, id in ipairs(redis.call("ZREVRANGE", KEYS[1] .. ":" .. ARGV[1], 0, ARGV[2] - 1)) do
    local fields = redis.call("HMGET", KEYS[1] .. ":event:" .. id, {_LISTED})
    if fields[1] then table.insert(events, {{id, unpack(fields)}}) end
end
return events
"""

COUNTS = """
local counts = {}
for i, state in ipairs(ARGV) do counts[i] = redis.call("ZCARD", KEYS[1] .. ":" .. state) end
return counts
"""

PURGE = f"""{_PRELUDE}
local now, before, limit = unpack(ARGV)
local ids = redis.call("ZRANGEBYSCORE", key("ended"), "-inf", "(" .. before, "LIMIT", 0, limit)
for _, id in ipairs(ids) do
    redis.call("DEL", key("event:" .. id))
    for _, set in ipairs({{"all", "dead", "delivered", "ended"}}) do
        redis.call("ZREM", key(set), id)
    end
end
local old = redis.call("ZRANGEBYSCORE", key("known"), "-inf", now, "LIMIT", 0, limit)
if #old > 0 then redis.call("ZREM", key("known"), unpack(old)) end
return math.max(#ids, #old)
"""
