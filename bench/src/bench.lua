-- SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
-- Work for the interpreter: calls, tables, closures, strings, patterns, sorting, arithmetic.
-- usage: lua bench.lua ROUNDS (0: start-up only)
local rounds = tonumber(arg[1])

local function ackermann(m, n)
  if m == 0 then return n + 1 end
  if n == 0 then return ackermann(m - 1, 1) end
  return ackermann(m - 1, ackermann(m, n - 1))
end

local function counter()
  local n = 0
  return function() n = n + 1 return n end
end

local function words(count)
  local list, seed = {}, 42
  for i = 1, count do
    seed = (seed * 1103515245 + 12345) % 2147483648
    list[i] = string.format("%s%d", string.rep("ab", seed % 5), seed % 1000)
  end
  return list
end

local total = 0
for _ = 1, rounds do
  total = total + ackermann(2, 30)
  local next_number = counter()
  for _ = 1, 5000 do total = total + next_number() end
  local list = words(2000)
  table.sort(list)
  local text = table.concat(list, " ")
  for digits in text:gmatch("%d+") do total = total + #digits end
  total = total + #text:gsub("ab", "c")
  local composite = {}
  for i = 2, 5000 do
    if not composite[i] then for j = i * i, 5000, i do composite[j] = true end end
  end
  for i = 1, 5000 do total = total + math.floor(math.sqrt(i)) end
end
print(total)
