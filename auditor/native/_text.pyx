# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
"""The compiled half of what is counted in every line: letters, scripts, frequent words."""

from cpython.unicode cimport PyUnicode_DATA, PyUnicode_KIND, PyUnicode_New, PyUnicode_READ, PyUnicode_WRITE
from libc.stdlib cimport calloc, free
from libc.string cimport memset

cdef extern from "Python.h":
    bint Py_UNICODE_ISALPHA(Py_UCS4 char)
    bint Py_UNICODE_ISALNUM(Py_UCS4 char)
    bint Py_UNICODE_ISDECIMAL(Py_UCS4 char)
    bint Py_UNICODE_ISSPACE(Py_UCS4 char)

ctypedef unsigned long long Hash

cdef Hash _SEED = 0xCBF29CE484222325ULL
cdef Hash _PRIME = 0x100000001B3ULL

cdef enum:
    OWN = 1
    STRANGE = 2
    ALONE = 4
    # Room for the distinct words of one stretch: a power of two, and twice what a stretch can hold.
    SEEN = 2048


def letters(str text not None):
    """Number of letters in the text: what is a letter or a number sign, but no decimal digit."""
    cdef Py_ssize_t at, size = len(text), count = 0
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_UCS4 char
    for at in range(size):
        char = PyUnicode_READ(kind, data, at)
        if char < 128:
            count += (65 <= char <= 90) or (97 <= char <= 122)
        else:
            count += Py_UNICODE_ISALNUM(char) and not Py_UNICODE_ISDECIMAL(char)
    return count


def script_counts(str text not None, const unsigned char[::1] table, int names):
    """How many letters a text has of each script, by the numbers in ``table`` (0: none)."""
    cdef Py_ssize_t at, size = len(text)
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_UCS4 char
    cdef long counts[64]
    memset(counts, 0, sizeof(counts))
    for at in range(size):
        char = PyUnicode_READ(kind, data, at)
        if char < 0x10000:
            counts[table[char]] += 1
    return [counts[at] for at in range(names)]


def main_script(str text not None, const unsigned char[::1] table, int names):
    """The number of the script that most letters are of, the last of equals; 0 for a text without letters."""
    cdef Py_ssize_t at, size = len(text)
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_UCS4 char
    cdef long counts[64]
    cdef int best = 0
    memset(counts, 0, sizeof(counts))
    for at in range(size):
        char = PyUnicode_READ(kind, data, at)
        if char < 0x10000:
            counts[table[char]] += 1
    counts[0] = 0
    for at in range(1, names):
        if counts[at] and counts[at] >= counts[best]:
            best = <int>at
    return best


def is_one_sentence(str text not None, Py_ssize_t start, Py_ssize_t end, const unsigned char[::1] quiet):
    """Whether nothing but the last sign of a stretch can end a sentence; ``quiet`` marks signs that never do."""
    cdef Py_ssize_t at
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_UCS4 char
    if start < 0 or end > len(text):
        raise ValueError("no such stretch")
    for at in range(start, end - 1):
        char = PyUnicode_READ(kind, data, at)
        if not (char < 0x10000 and quiet[char]) and not Py_UNICODE_ISALNUM(char):
            return False
    return True


cdef inline Hash _next(Hash state, Py_UCS4 char) noexcept nogil:
    state = (state ^ <Hash>char) * _PRIME
    return state ^ (state >> 29)


cdef class Evidence:
    """Frequent words and letters of one language, and the frequent words of others; see ``auditor.familiar``."""

    cdef Hash* keys
    cdef unsigned char* marks
    cdef Hash mask
    cdef unsigned char[0x10000] chars
    cdef Hash[SEEN] seen
    cdef int fewest, short, one_in, for_each, most_peculiar, few, few_in, most_odd, sure

    def __cinit__(self, own, strange, alone, characters, peculiar, str separators, tuple limits):
        cdef Py_ssize_t size = 64
        while size < 4 * (len(own) + len(strange)):
            size *= 2
        self.mask = <Hash>(size - 1)
        self.keys = <Hash*>calloc(size, sizeof(Hash))
        self.marks = <unsigned char*>calloc(size, 1)
        if not self.keys or not self.marks:
            raise MemoryError
        self.fewest, self.short, self.one_in, self.for_each, self.most_peculiar = limits[:5]
        self.few, self.few_in, self.most_odd, self.sure = limits[5:]
        for word in own:
            self._put(word, OWN)
        for word in strange:
            self._put(word, STRANGE)
        for word in alone:
            self._put(word, ALONE)
        memset(self.chars, 0, sizeof(self.chars))
        for char in separators:
            if ord(char) < 0x10000:
                self.chars[ord(char)] |= 4
        for char in characters:
            if ord(char) < 0x10000:
                self.chars[ord(char)] |= 1
        for char in peculiar:
            if ord(char) < 0x10000:
                self.chars[ord(char)] |= 2

    def __dealloc__(self):
        free(self.keys)
        free(self.marks)

    cdef void _put(self, str word, unsigned char mark):
        cdef Hash state = _SEED
        for char in word:
            state = _next(state, <Py_UCS4>ord(char))
        cdef Hash place = state & self.mask
        while self.marks[place] and self.keys[place] != state:
            place = (place + 1) & self.mask
        self.keys[place] = state
        self.marks[place] |= mark

    cdef unsigned char _mark(self, Hash state) noexcept nogil:
        cdef Hash place = state & self.mask
        while self.marks[place]:
            if self.keys[place] == state:
                return self.marks[place]
            place = (place + 1) & self.mask
        return 0

    def agrees(self, str folded not None, Py_ssize_t start, Py_ssize_t end):
        """Whether ``folded[start:end]`` (at most 1,500 code points) shows plainly that it is in the language."""
        cdef int kind = PyUnicode_KIND(folded)
        cdef void* data = PyUnicode_DATA(folded)
        cdef Py_ssize_t at, words = 0, hits = 0, strange = 0, alone = 0, odd = 0, length = end - start
        cdef Py_UCS4 char
        cdef Hash state = _SEED, place, room = 32
        cdef unsigned char mark, sign
        cdef bint inside = False
        cdef int needed = self.fewest
        if start < 0 or end > len(folded) or end - start > 1500:
            raise ValueError("no such stretch")
        # Room for twice the words that so many signs can be.
        while room < length and room < SEEN:
            room *= 2
        memset(self.seen, 0, room * sizeof(Hash))
        for at in range(start, end + 1):
            char = PyUnicode_READ(kind, data, at) if at < end else 32
            sign = self.chars[char] if char < 0x10000 else 0
            if not (sign & 4 or Py_UNICODE_ISSPACE(char)):
                state = _next(state, char)
                inside = True
                if not sign & 1 and Py_UNICODE_ISALPHA(char):
                    odd += 1
                    if odd > self.most_odd:
                        return False
                continue
            if inside:
                inside = False
                # Zero stands for an empty place of the set of words seen.
                place = state & (room - 1)
                while self.seen[place] and self.seen[place] != state:
                    place = (place + 1) & (room - 1)
                if not self.seen[place]:
                    self.seen[place] = state
                    words += 1
                    mark = self._mark(state)
                    hits += mark & OWN
                    strange += (mark & STRANGE) >> 1
                    alone += (mark & ALONE) >> 2
                state = _SEED
        if odd and (strange or hits < self.sure):
            return False
        if hits >= self.few and alone and not strange and hits * self.few_in >= words:
            return True
        if hits < needed and self._peculiar(kind, data, start, end) >= self.most_peculiar:
            return not strange
        if hits < needed or hits * self.one_in < words:
            return False
        return strange * (self.for_each if length > self.short else hits + 1) <= hits

    cdef int _peculiar(self, int kind, void* data, Py_ssize_t start, Py_ssize_t end) noexcept:
        """How many different letters of the language that others hardly use stand in a stretch; two are enough."""
        cdef Py_ssize_t at
        cdef Py_UCS4 char, first = 0
        for at in range(start, end):
            char = PyUnicode_READ(kind, data, at)
            if char < 0x10000 and self.chars[char] & 2 and char != first:
                if first:
                    return 2
                first = char
        return 1 if first else 0


cdef class Glance:
    """Tells which stretches cannot be known interface phrases: by their letters alone, whatever stands between them.

    ``lines``: phrases that are whole lines; ``heads``: beginnings. A stretch that may be one of these, or that signs
    such as ``|`` cut into parts, is worth a closer look.
    """

    cdef set lines
    cdef set heads
    cdef unsigned char[0x10000] signs
    cdef int longest, most

    def __init__(self, lines, heads, str cutting, str cutting_apart, int longest, int most):
        self.lines = {self._letters(one, 0, len(one), 1 << 30) for one in lines}
        self.heads = {self._letters(one, 0, len(one), most) for one in heads}
        self.longest, self.most = longest, most
        memset(self.signs, 0, sizeof(self.signs))
        for char in cutting:
            self.signs[ord(char)] |= 1
        for char in cutting_apart:
            self.signs[ord(char)] |= 2

    cdef Hash _letters(self, str text, Py_ssize_t start, Py_ssize_t end, Py_ssize_t most) except? 0:
        cdef int kind = PyUnicode_KIND(text)
        cdef void* data = PyUnicode_DATA(text)
        cdef Py_ssize_t at
        cdef Py_UCS4 char
        cdef Hash state = _SEED
        for at in range(start, end):
            char = PyUnicode_READ(kind, data, at)
            if Py_UNICODE_ISALPHA(char):
                state = _next(state, char)
                most -= 1
                if not most:
                    break
        return state

    def may_be(self, str folded not None, Py_ssize_t start, Py_ssize_t end, Py_ssize_t longest):
        """Whether a stretch of a folded text may be, or begin with, a known phrase, or may be cut into parts."""
        cdef int kind = PyUnicode_KIND(folded)
        cdef void* data = PyUnicode_DATA(folded)
        cdef Py_ssize_t at, found = 0
        cdef Py_UCS4 char, before = 32
        cdef Hash state = _SEED
        cdef unsigned char sign
        if start < 0 or end > len(folded):
            raise ValueError("no such stretch")
        if end - start > longest:
            return False
        for at in range(start, end):
            char = PyUnicode_READ(kind, data, at)
            if Py_UNICODE_ISALPHA(char):
                state = _next(state, char)
                found += 1
                if found <= self.most and state in self.heads:
                    return True
            elif char < 0x10000 and self.signs[char]:
                sign = self.signs[char]
                if sign & 1 or Py_UNICODE_ISSPACE(before):
                    return True
            before = char
        return state in self.lines

    def closer(self, str folded not None, list starts, list ends):
        """The numbers of the stretches that are worth a closer look."""
        cdef Py_ssize_t at
        return [at for at in range(len(starts)) if self.may_be(folded, starts[at], ends[at], self.longest)]


def fold(str text not None, const unsigned short[::1] table):
    """Each code point by its entry in ``table`` (those beyond it stay); None where lower case is no matter of one."""
    cdef Py_ssize_t at, size = len(text)
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_UCS4 char, most = 0
    cdef object made
    cdef int made_kind
    cdef void* made_data
    for at in range(size):
        char = PyUnicode_READ(kind, data, at)
        if char >= 0x10000 or char == 0x3A3 or char == 0x130:
            return None
        char = table[char]
        if char > most:
            most = char
    made = PyUnicode_New(size, most)
    made_kind = PyUnicode_KIND(made)
    made_data = PyUnicode_DATA(made)
    for at in range(size):
        PyUnicode_WRITE(made_kind, made_data, at, table[<int>PyUnicode_READ(kind, data, at)])
    return made


def line_spans(str text not None):
    """Start and end of each line that holds more than blanks, without the blanks at its ends."""
    cdef Py_ssize_t at, start = -1, end = 0, size = len(text)
    cdef int kind = PyUnicode_KIND(text)
    cdef void* data = PyUnicode_DATA(text)
    cdef Py_UCS4 char
    cdef list found = []
    for at in range(size):
        char = PyUnicode_READ(kind, data, at)
        if 10 <= char <= 13 or char == 0x2028 or char == 0x2029:
            if start >= 0:
                found.append((start, end))
                start = -1
        elif not Py_UNICODE_ISSPACE(char):
            if start < 0:
                start = at
            end = at + 1
    if start >= 0:
        found.append((start, end))
    return found


def reweigh(
    tuple tags, dict given, double share, list strange_letters, double weight, double penalty, int most, double named
):
    """The languages ``tags`` with their probabilities, best first, equal ones in the order given; see ``language``.

    ``strange_letters``: for each letter how often it stands in the text, and the numbers of the languages that use it.
    """
    cdef double[128] values
    cdef int[128] used, order
    cdef double[16] factors
    cdef Py_ssize_t at, place, size = len(tags)
    cdef int every = 0, number, strange
    cdef double total = 0.0, value, last = -1.0
    cdef object rounded = None
    cdef list out = []
    if size > 128 or most > 15:
        raise ValueError("more languages or letters than there is room for")
    memset(used, 0, sizeof(used))
    for at in range(most + 1):
        factors[at] = penalty ** (at * weight)
    for number, users in strange_letters:
        every += number
        for place in users:
            used[place] += number
    for at in range(size):
        found = given.get(tags[at])
        value = share if found is None or <double>found < share else <double>found
        if every:
            strange = every - used[at] if every - used[at] < most else most
            value = value * factors[strange]
        values[at] = value
        total += value
        place = at
        while place and values[order[place - 1]] < value:
            order[place] = order[place - 1]
            place -= 1
        order[place] = <int>at
    if total == 0.0:
        return out
    for at in range(size):
        value = values[order[at]]
        if value != last:
            rounded, last = round(value / total * named, 6), value
        out.append((tags[order[at]], rounded))
    return out
