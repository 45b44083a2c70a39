"""The rules of bench/columns.c as vectorised formulas, in the manner of OpenFisca: an array per
variable and per intermediate result.  Called by columns_peers.mjs: FOLDER ROUNDS; prints JSON."""
import json
import sys
import time

import numpy as np

folder, rounds = sys.argv[1], int(sys.argv[2])


def column(name, kind):
    return np.fromfile(f"{folder}/{name}", dtype=kind)


age, months, income = column("age", np.int8), column("months", np.int16), column("income", np.int32)
work, had = column("work", np.bool_), column("had", np.bool_)
education, skill = column("education", np.int8), column("skill", np.int8)


def rule():
    guards = [(age >= 18) & (age <= 45), months >= 12, work, ~had, income <= 1500000]
    last = [(education == 4, 5, 30000), (education == 3, 5, 20000), (skill == 5, 6, 15000), (skill == 4, 6, 10000)]
    return [(amount, list(enumerate(guards)) + [(place, test)]) for test, place, amount in last]


def twenty():
    return [(k + 1, list(enumerate([age >= 16 + k, age <= 60 - k, months >= 30 - k,
                                    income <= (18000 - 700 * k) * 100, work, education >= 4 - k // 6])))
            for k in range(20)]


def amounts(rows):
    met = [np.logical_and.reduce([test for _, test in tests]) for _, tests in rows]
    return int(np.select(met, [np.int32(amount) for amount, _ in rows], np.int32(0)).sum(dtype=np.int64))


def failed(rows):
    total = 0
    for _, tests in rows:
        bits = np.zeros(len(age), np.uint8)
        for place, test in tests:
            bits |= (~test).astype(np.uint8) << np.uint8(place)
        total += int(bits.sum(dtype=np.int64))
    return total


results = []
for name, conditions in (("rule", rule), ("twenty", twenty)):
    for reasons in (False, True):
        times = []
        for _ in range(rounds):
            start = time.perf_counter_ns()
            rows = conditions()
            sums = [amounts(rows)] + ([failed(rows)] if reasons else [])
            times.append(time.perf_counter_ns() - start)
        results.append({"name": name, "reasons": reasons, "times": times, "sums": sums})
print(json.dumps(results))
