#!/usr/bin/env python3
"""Print decimal.tsv: operations on decimal128 with the results of Python's decimal
module (libmpdec, an implementation of its own), as an oracle for src/base/decimal.c.

    python3 tests/base/data/decimal_vectors.py > tests/base/data/decimal.tsv
"""
import decimal as d
import random

random.seed(20210081)
context = d.Context(prec=34, Emin=-6143, Emax=6144, clamp=1, rounding=d.ROUND_HALF_EVEN, traps=[])
wide = d.Context(prec=120, Emin=-99999, Emax=99999, traps=[])
d.setcontext(context)
MODES = [d.ROUND_HALF_EVEN, d.ROUND_HALF_UP, d.ROUND_HALF_DOWN, d.ROUND_UP, d.ROUND_DOWN, d.ROUND_FLOOR, d.ROUND_CEILING]


def number(digits, low, high):
    coefficient = random.randrange(10 ** random.randint(1, digits))
    return d.Decimal((random.randrange(2), tuple(map(int, str(coefficient))), random.randint(low, high)))


def show(value):
    if not value.is_finite():
        return "NaN"
    return format(abs(value) if value == 0 else value, "E")


def row(operation, a, b, result):
    print(operation, show(a), show(b) if isinstance(b, d.Decimal) else b, show(result), sep="\t")


def modulo(a, b):
    rest = context.remainder(a, b)
    return rest + b if rest and (rest < 0) != (b < 0) else rest


def arithmetic(pairs):
    for a, b in pairs:
        row("add", a, b, context.add(a, b))
        row("sub", a, b, context.subtract(a, b))
        row("mul", a, b, context.multiply(a, b))
        row("div", a, b, context.divide(a, b))
        row("compare", a, b, context.compare(a, b))


arithmetic((number(34, -20, 20), number(34, -20, 20)) for _ in range(60))
arithmetic((number(6, -2, 0), number(6, -2, 0)) for _ in range(20))
arithmetic((number(34, -6176, 6111), number(34, -6176, 6111)) for _ in range(40))

for _ in range(60):
    a, b = number(20, -6, 2), number(6, -2, 0)
    if b:
        row("modulo", a, b, modulo(a, b))
for _ in range(40):
    a = abs(number(34, -30, 30))
    row("sqrt", a, "-", context.sqrt(a))
    if a:
        row("log", a, "-", context.ln(a))
    b = number(8, -7, -5)
    row("exp", b, "-", context.exp(b))
for _ in range(60):
    a, n = number(6, -5, 0), random.randint(-40, 60)
    if a:
        row("pow", a, d.Decimal(n), context.plus(wide.power(a, n)))
for _ in range(20):
    a = 1 + abs(number(3, -4, -3))
    n = random.randint(300, 3000)
    row("pow", a, d.Decimal(n), context.plus(wide.power(a, n)))
for mode, rounding in enumerate(MODES):
    for _ in range(25):
        a, scale = number(12, -8, 0), random.randint(-4, 6)
        row(f"round{mode}", a, str(scale), a.quantize(d.Decimal((0, (1,), -scale)), rounding=rounding))
    for text in ("2.5", "-2.5", "3.5", "0.5", "-0.5", "0.4999", "-0.5001", "0", "99.95", "5E+2", "-0.05"):
        for scale in (-3, -1, 0, 1):
            a = d.Decimal(text)
            row(f"round{mode}", a, str(scale), a.quantize(d.Decimal((0, (1,), -scale)), rounding=rounding))
