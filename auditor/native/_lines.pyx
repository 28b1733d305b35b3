# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The compiled half of the line classifier: sums over hashed n-grams, and the features of a page's lines.

Every number equals that of the plain version bit for bit: sums of half-precision weights are exact in double
precision whatever their order, logarithms come from tables or the C library, and the rest is one operation after the other
in the same order.
"""

from cpython.unicode cimport PyUnicode_DATA, PyUnicode_KIND, PyUnicode_READ
from libc.math cimport log1p, sqrt
from libc.stdlib cimport free, malloc

cdef enum:
    LONGEST = 200
    ROOM = 202
    ORDERS = 5
    WINDOW = 40
    FAR = 40

cdef unsigned int _BASE = 0x01000193
cdef unsigned int _MIX = 0x9E3779B1


cdef int _codes(str line, unsigned int* codes) noexcept:
    """The first code points of a line between two blanks, digits alike; returns how many they are."""
    cdef Py_ssize_t at, size = len(line)
    cdef int kind = PyUnicode_KIND(line)
    cdef void* data = PyUnicode_DATA(line)
    cdef Py_UCS4 char
    if size > LONGEST:
        size = LONGEST
    codes[0] = 32
    for at in range(size):
        char = PyUnicode_READ(kind, data, at)
        if 48 <= char <= 57:
            char = 48
        elif 0xD800 <= char < 0xE000:
            char = 63
        codes[at + 1] = char
    codes[size + 1] = 32
    return <int>size + 2


cdef double _line_sums(
    unsigned int* codes, int size, const float[:, ::1] weights, int bits, double* totals, int columns
) noexcept nogil:
    """Add up the weights of one line's n-grams; returns the highest sum over a window for the first column."""
    cdef double running[ROOM + 1]
    cdef double here, mean, highest = 0.0
    cdef unsigned int hashed, bucket
    cdef int at, order, column, start, end, longest
    cdef int shift = 32 - bits
    running[0] = 0.0
    for column in range(columns):
        totals[column] = 0.0
    for at in range(size):
        hashed = 0
        here = 0.0
        longest = size - at
        if longest > ORDERS:
            longest = ORDERS
        for order in range(1, longest + 1):
            hashed = hashed * _BASE + codes[at + order - 1] + <unsigned int>order
            bucket = ((hashed ^ (hashed >> 15)) * _MIX) >> shift
            here += weights[bucket, 0]
            for column in range(1, columns):
                totals[column] += weights[bucket, column]
        running[at + 1] = running[at] + here
    totals[0] = running[size]
    for at in range(size):
        end = at + WINDOW
        if end > size:
            end = size
        start = end - WINDOW
        if start < 0:
            start = 0
        mean = (running[end] - running[start]) / sqrt(<double>((end - start) * ORDERS))
        if at == 0 or mean > highest:
            highest = mean
    return highest


cdef int _count(int size) noexcept nogil:
    cdef int order, total = 0
    for order in range(1, ORDERS + 1):
        if size >= order:
            total += size - order + 1
    return total


def gram_sums(list lines, const float[:, ::1] weights, int bits, double[:, ::1] totals, double[::1] peaks):
    """For each line and column of weights the sum over its n-grams over the root of their number; see ``Grams.sums``."""
    cdef unsigned int codes[ROOM]
    cdef int size, column, columns = <int>weights.shape[1]
    cdef Py_ssize_t at
    cdef double root
    for at in range(len(lines)):
        size = _codes(lines[at], codes)
        peaks[at] = _line_sums(codes, size, weights, bits, &totals[at, 0], columns)
        root = sqrt(<double>_count(size))
        for column in range(columns):
            totals[at, column] = totals[at, column] / root


def page_values(
    double[:, ::1] out,
    tuple texts,
    tuple folded,
    const double[::1] links,
    tuple flags,
    tuple roles,
    tuple tables,
    tuple model,
    tuple limits,
):
    """Fill the features of a page's lines into ``out`` (all zero); see ``auditor.lines._features``.

    ``flags``: foreign, in another script, borrowed, and the logarithms of copies (None without any). ``roles``: the
    number of each line's role from 1, 0 for none; empty on a page without. ``tables``: the class of each character,
    which end a line (1) or a sentence (2), log(n), log1p(n). ``model``: weights, bits, the two biases, and what is
    taken for said of lines that are not looked at. ``limits``: signs of running text, the share of other lines, lines
    at the beginning and the end, how many roles, reaches of neighbours, of densities. Returns 1 for a page with markup.
    """
    cdef const unsigned char[::1] classes = tables[0]
    cdef const unsigned char[::1] ends = tables[1]
    cdef const double[::1] logs = tables[2]
    cdef const double[::1] log1ps = tables[3]
    cdef int need = limits[0], first = limits[2], last = limits[3], kinds = limits[4]
    cdef double mixed = limits[1]
    cdef Py_ssize_t at, count = out.shape[0], size, every = 0, other = 0
    cdef int column, role, base = 14 + kinds
    cdef double markup = 1.0 if roles else 0.0
    cdef str line
    cdef unsigned char end
    cdef tuple foreign = flags[0], apart = flags[1], borrowed = flags[2]
    copies = flags[3]
    for at in range(count):
        if links[at] != 0.0:
            markup = 1.0
    for at in range(count):
        line = texts[at]
        size = len(line)
        end = ends[line[size - 1]] if size and line[size - 1] < 0x10000 else 0
        out[at, 3] = 1.0 if end & 1 else 0.0
        out[at, base] = 1.0 if foreign[at] else 0.0
        out[at, base + 1] = 1.0 if apart[at] else 0.0
        out[at, base + 2] = 1.0 if borrowed[at] else 0.0
        out[at, 5] = links[at]
        if size >= need and not foreign[at] and links[at] < 0.5 and (end & 2 or size >= LONGEST):
            out[at, 4] = 1.0
        else:
            other += size
        every += size
        if copies is not None:
            out[at, 6] = copies[at]
        out[at, 7] = markup
        _look(line, classes, logs, &out[at, 8])
        if roles:
            role = roles[at]
            if role:
                out[at, 13 + role] = 1.0
    _told(out, folded, model, other > mixed * every, first, last)
    _places(out, log1ps, base + 3)
    column = _neighbours(out, base, limits[5], base + 11)
    _density(out, texts, limits[6], column)
    return markup


cdef int _told(double[:, ::1] out, tuple folded, tuple model, bint all_lines, int first, int last) except -1:
    """What the n-grams say of each line; on a page of running text only those of other lines and both ends are asked."""
    cdef const float[:, ::1] weights = model[0]
    cdef int size, bits = model[1]
    cdef double interface = model[2], block = model[3], root
    cdef tuple plain = model[4]
    cdef unsigned int codes[ROOM]
    cdef double totals[2]
    cdef Py_ssize_t at, count = out.shape[0]
    for at in range(count):
        if all_lines or out[at, 4] == 0.0 or at < first or at >= count - last:
            size = _codes(folded[at], codes)
            out[at, 2] = _line_sums(codes, size, weights, bits, totals, 2)
            root = sqrt(<double>_count(size))
            out[at, 0] = totals[0] / root + interface
            out[at, 1] = totals[1] / root + block
        else:
            out[at, 0] = plain[0]
            out[at, 1] = plain[1]
            out[at, 2] = plain[2]
    return 0


def standardise(
    const double[:, ::1] values, const double[::1] mean, const double[::1] spread, double cut, float[:, ::1] out
):
    """Each column in standard deviations from its mean, cut off so many from it."""
    cdef Py_ssize_t at, column
    cdef double value
    for at in range(values.shape[0]):
        for column in range(values.shape[1]):
            value = (values[at, column] - mean[column]) / spread[column]
            value = cut if value > cut else (-cut if value < -cut else value)
            out[at, column] = <float>value


cdef void _look(str line, const unsigned char[::1] classes, const double[::1] logs, double* out) noexcept:
    """Log length, log words, shares of capitals, digits, punctuation, and quotation marks of a line."""
    cdef Py_ssize_t place, size = len(line), length
    cdef int kind = PyUnicode_KIND(line)
    cdef void* data = PyUnicode_DATA(line)
    cdef Py_UCS4 char
    cdef long counts[7]
    for place in range(7):
        counts[place] = 0
    for place in range(size):
        char = PyUnicode_READ(kind, data, place)
        if 0xD800 <= char < 0xE000:
            char = 63
        counts[classes[char if char < 0xFFFF else 0xFFFF]] += 1
    length = size if size > 0 else 1
    out[0] = logs[length]
    out[1] = logs[counts[6] + 1]
    out[2] = <double>counts[1] / <double>(counts[6] + 1)
    out[3] = <double>counts[2] / <double>length
    out[4] = <double>counts[3] / <double>length
    out[5] = <double>(counts[4] if counts[4] < 2 else 2)


cdef void _places(double[:, ::1] out, const double[::1] log1ps, int first) noexcept:
    """Where each line stands: how far from running text and from the page's ends; eight columns from ``first``."""
    cdef Py_ssize_t at, last = -1, count = out.shape[0]
    cdef Py_ssize_t far
    cdef double total = 0.0
    for at in range(count):
        if out[at, 4] != 0.0:
            last = at
            total += 1.0
        far = at - last if last >= 0 and at - last < FAR else FAR
        out[at, first] = log1ps[far]
        out[at, first + 2] = log1ps[at if at < FAR else FAR]
        out[at, first + 3] = log1ps[count - 1 - at if count - 1 - at < FAR else FAR]
        out[at, first + 4] = 1.0 if far >= FAR else 0.0
    last = -1
    for at in range(count - 1, -1, -1):
        if out[at, 4] != 0.0:
            last = at
        far = last - at if last >= 0 and last - at < FAR else FAR
        out[at, first + 1] = log1ps[far]
        out[at, first + 5] = 1.0 if far >= FAR else 0.0
        out[at, first + 6] = total / <double>count
        out[at, first + 7] = log1p(<double>count)


cdef int _neighbours(double[:, ::1] out, int foreign, tuple reaches, int first) except -1:
    """Means over the lines before and after for each reach; returns the next free column."""
    cdef Py_ssize_t at, low, high, reach, count = out.shape[0]
    cdef int column
    cdef double* running = <double*>malloc((count + 1) * 6 * sizeof(double))
    if not running:
        raise MemoryError
    for column in range(6):
        running[column] = 0.0
    for at in range(count):
        running[6 * at + 6] = running[6 * at] + out[at, 0]
        running[6 * at + 7] = running[6 * at + 1] + out[at, 1]
        running[6 * at + 8] = running[6 * at + 2] + out[at, 8] / 5
        running[6 * at + 9] = running[6 * at + 3] + out[at, 4]
        running[6 * at + 10] = running[6 * at + 4] + out[at, 5]
        running[6 * at + 11] = running[6 * at + 5] + out[at, foreign]
    for reach in reaches:
        for at in range(count):
            low = at - reach if at > reach else 0
            high = at + 1 + reach if at + 1 + reach < count else count
            for column in range(6):
                out[at, first + column] = (running[6 * at + column] - running[6 * low + column]) / <double>(
                    at - low if at > low else 1
                )
                out[at, first + 6 + column] = (
                    running[6 * high + column] - running[6 * at + 6 + column]
                ) / <double>(high - at - 1 if high - at > 2 else 1)
        first += 12
    free(running)
    return first


cdef int _density(double[:, ::1] out, tuple texts, tuple reaches, int first) except -1:
    """How much running text stands around each line, over that around the fullest one, and log1p of all of it."""
    cdef Py_ssize_t at, low, high, reach, count = out.shape[0]
    cdef double around, most
    cdef double* running = <double*>malloc((count + 1) * sizeof(double))
    if not running:
        raise MemoryError
    running[0] = 0.0
    for at in range(count):
        running[at + 1] = running[at] + out[at, 4] * len(<str>texts[at]) * (1 - out[at, 5])
    for reach in reaches:
        most = 1.0
        for at in range(count):
            low = at - reach if at > reach else 0
            high = at + reach + 1 if at + reach + 1 < count else count
            around = running[high] - running[low]
            if around > most:
                most = around
            out[at, first] = around
        for at in range(count):
            out[at, first] = out[at, first] / most
        first += 1
    for at in range(count):
        out[at, first] = log1p(running[count])
    free(running)
    return 0
