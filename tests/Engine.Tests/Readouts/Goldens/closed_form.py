"""Prints the scores of ClosedFormGoldens.cs: the formulas as they are written, with D x D matrices, in plain Python."""


def features(n, width):  # 16ths, exact in float32
    return [[((i * 37 + j * 101 + i * j * 13) % 64) / 16 + (i % 3) * (j % 2) / 4 for j in range(width)] for i in range(n)]


def solve(a, b):  # a x = b by elimination with pivots
    n, m = len(a), [row[:] + [v] for row, v in zip(a, b)]
    for c in range(n):
        p = max(range(c, n), key=lambda r: abs(m[r][c]))
        m[c], m[p] = m[p], m[c]
        for r in range(c + 1, n):
            f = m[r][c] / m[c][c]
            m[r] = [x - f * y for x, y in zip(m[r], m[c])]
    x = [0.0] * n
    for c in reversed(range(n)):
        x[c] = (m[c][n] - sum(m[c][k] * x[k] for k in range(c + 1, n))) / m[c][c]
    return x


def mean(rows):
    return [sum(c) / len(rows) for c in zip(*rows)]


def dot(a, b):
    return sum(x * y for x, y in zip(a, b))


def standardised(x):
    m = mean(x)
    variance = [sum((r[j] - m[j]) ** 2 for r in x) / len(x) for j in range(len(m))]
    floor = 1e-3 * (sum(variance) / len(variance)) ** 0.5
    return [[(v - c) / (s ** 0.5 + floor) for v, c, s in zip(r, m, variance)] for r in x]


def covariance(r, freedom):  # Ledoit and Wolf's shrinkage, of residuals r
    n, d = len(r), len(r[0])
    m = sum(dot(v, v) for v in r) / n / d
    gram = [[dot(a, b) / n for b in r] for a in r]
    square = sum(v * v for row in gram for v in row)
    spread = square / d - m * m
    noise = (sum(dot(v, v) ** 2 for v in r) / n ** 2 - square / n) / d
    rho = min(1, max(0.02, noise / max(spread, 1e-12)))
    return [[(1 - rho) / freedom * sum(v[i] * v[j] for v in r) + (rho * m if i == j else 0) for j in range(d)] for i in range(d)]


def lda(z, y, k):
    means = [mean([r for r, c in zip(z, y) if c == q]) for q in range(k)]
    within = [[v - m for v, m in zip(r, means[c])] for r, c in zip(z, y)]
    s = covariance(within, len(z) - k)
    w = [solve(s, m) for m in means]
    return [[dot(v, r) - 0.5 * dot(v, m) for v, m in zip(w, means)] for r in z]


def ridge(z, y, k):
    n, d = len(z), len(z[0])
    m = mean(z)
    c = [[v - q for v, q in zip(r, m)] for r in z]
    s = [[sum(r[i] * r[j] for r in c) + (0.3 * n if i == j else 0) for j in range(d)] for i in range(d)]
    out = []
    for q in range(k):
        share = sum(t == q for t in y) / n
        w = solve(s, [sum(r[j] * ((t == q) - share) for r, t in zip(c, y)) for j in range(d)])
        out.append([dot(w, r) + share for r in c])
    return [list(r) for r in zip(*out)]


def attribute(z, y):  # the covariance is shrunk about the mean of all, then that within the two sides is taken
    n, m = len(z), mean(z)
    sides = [mean([r for r, c in zip(z, y) if c == q]) for q in range(2)]
    s = covariance([[v - c for v, c in zip(r, m)] for r in z], n - 2)
    d = [a - b for a, b in zip(sides[1], sides[0])]
    total = [[v - c for v, c in zip(r, m)] for r in z]
    i, j = max(((i, j) for i in range(len(m)) for j in range(i)), key=lambda p: abs(sum(r[p[0]] * r[p[1]] for r in total)))
    factor = s[i][j] / sum(r[i] * r[j] for r in total)
    n1 = sum(y)
    w = solve([[s[a][b] - factor * n1 * (n - n1) / n * d[a] * d[b] for b in range(len(d))] for a in range(len(d))], d)
    return [dot(w, r) - 0.5 * dot(w, [a + b for a, b in zip(*sides)]) for r in z]


def centred(scores):
    return [[v - sum(r) / len(r) for v in r] for r in scores]


def show(name, rows):
    print(f"    public static double[] {name} {{ get; }} =\n    [\n        " + ",\n        ".join(repr(v) for r in rows[:3] for v in r) + ",\n    ];\n")


for name, n, width in (("Narrow", 18, 7), ("Tall", 600, 5), ("Wide", 12, 40)):
    z = standardised(features(n, width))
    y = [i % 3 for i in range(n - 1)] + [0]
    show(f"{name}Discriminants", centred(lda(z, y, 3)))
    show(f"{name}Squares", centred(ridge(z, y, 3)))
    a, b = [i % 2 for i in range(n)], [int(i % 5 == 0) for i in range(n)]
    show(f"{name}Attributes", list(map(list, zip(attribute(z, a), attribute(z, b)))))
