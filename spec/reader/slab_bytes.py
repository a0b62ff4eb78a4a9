"""Building blocks of the slab format: errors, checksums, cursors, packing, zstd, roaring.

Written from spec/slab-file.md (sections 6 and 8) with the Python standard library alone.
"""

import math
import shutil
import struct
import subprocess
import tempfile

MAX_BLOCK = 8 << 20


class SlabError(Exception):
    """Base of the errors that a reader reports; `kind` is corrupt, unsupported, missing or usage."""

    kind = "error"

    def __init__(self, where, message, rule=None):
        super().__init__(f"{self.kind}: {where}: {message}" + (f" [{rule}]" if rule else ""))
        self.rule = rule


class Corrupt(SlabError):
    kind = "corrupt"


class Unsupported(SlabError):
    kind = "unsupported"


class Missing(SlabError):
    kind = "missing"


class Usage(SlabError):
    kind = "usage"


def need(condition, where, message, rule=None):
    if not condition:
        raise Corrupt(where, message, rule)


# ---------------------------------------------------------------- checksums


def _crc_table():
    table = []
    for byte in range(256):
        value = byte
        for _ in range(8):
            value = (value >> 1) ^ (0x82F63B78 if value & 1 else 0)
        table.append(value)
    return table


def _crc_tables16():
    """Tables that advance the checksum by two bytes at once."""
    one = _crc_table()
    low = [0] * 65536
    for pair in range(65536):
        value = pair
        value = (value >> 8) ^ one[value & 0xFF]
        low[pair] = (value >> 8) ^ one[value & 0xFF]
    return one, low


_CRC, _CRC16 = _crc_tables16()


def crc32c(data, value=0):
    """CRC-32C of bytes, continuing from the checksum `value` of what came before."""
    crc = value ^ 0xFFFFFFFF
    view = memoryview(data)
    even = len(view) & ~1
    table = _CRC16
    for pair in struct.unpack(f"<{even // 2}H", view[:even]):
        crc = (crc >> 16) ^ table[(crc ^ pair) & 0xFFFF]
    if len(view) & 1:
        crc = (crc >> 8) ^ _CRC[(crc ^ view[-1]) & 0xFF]
    return crc ^ 0xFFFFFFFF


def crc_context(ident, position, number, data):
    """CRC-32C with context: id, position and number come before the bytes."""
    return crc32c(data, crc32c(ident + struct.pack("<QI", position, number)))


_P1, _P2, _P3 = 0x9E3779B185EBCA87, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9
_P4, _P5 = 0x85EBCA77C2B2AE63, 0x27D4EB2F165667C5
_M64 = (1 << 64) - 1


def _rotl(x, n):
    return ((x << n) | (x >> (64 - n))) & _M64


def _round(acc, lane):
    return _rotl((acc + lane * _P2) & _M64, 31) * _P1 & _M64


def xxh64(data, seed=0):
    """The 64-bit xxHash."""
    return xxh64_each(data, (seed,))[0]


def xxh64_each(data, seeds):
    """The 64-bit xxHash under each of several seeds; what depends on the data alone is worked out once."""
    n = len(data)
    at = n & ~31
    stripes = list(struct.iter_unpack("<4Q", data[:at]))
    words = [word * _P2 & _M64 for word in struct.unpack_from(f"<{(n - at) // 8}Q", data, at)]
    words = [((word << 31 | word >> 33) & _M64) * _P1 & _M64 for word in words]
    at += len(words) * 8
    four = None
    if at + 4 <= n:
        four = struct.unpack_from("<I", data, at)[0] * _P1 & _M64
        at += 4
    last = [byte * _P5 & _M64 for byte in data[at:]]
    return [_xxh64(n, stripes, words, four, last, seed) for seed in seeds]


def _xxh64(n, stripes, words, four, last, seed):
    h = (_stripes(stripes, seed) if stripes else seed + _P5) + n & _M64
    for word in words:
        h ^= word
        h = ((h << 27 | h >> 37) & _M64) * _P1 + _P4 & _M64
    if four is not None:
        h ^= four
        h = ((h << 23 | h >> 41) & _M64) * _P2 + _P3 & _M64
    for byte in last:
        h ^= byte
        h = ((h << 11 | h >> 53) & _M64) * _P1 & _M64
    h = (h ^ h >> 33) * _P2 & _M64
    h = (h ^ h >> 29) * _P3 & _M64
    return h ^ h >> 32


def _stripes(stripes, seed):
    lanes = [(seed + _P1 + _P2) & _M64, (seed + _P2) & _M64, seed, (seed - _P1) & _M64]
    for stripe in stripes:
        for i, word in enumerate(stripe):
            lanes[i] = _round(lanes[i], word)
    h = sum(_rotl(lane, turn) for lane, turn in zip(lanes, (1, 7, 12, 18))) & _M64
    for lane in lanes:
        h = ((h ^ _round(0, lane)) * _P1 + _P4) & _M64
    return h


# ---------------------------------------------------------------- identifiers and text

_BASE32 = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid_text(raw):
    number = int.from_bytes(raw, "big")
    return "".join(_BASE32[(number >> shift) & 31] for shift in range(125, -1, -5))


def ulid_bytes(text, where):
    need(isinstance(text, str) and len(text) == 26 and text[0] <= "7", where, f"{text!r} is no ULID")
    number = 0
    for char in text:
        digit = _BASE32.find(char)
        need(digit >= 0, where, f"{text!r} is no ULID")
        number = number << 5 | digit
    return number.to_bytes(16, "big")


def utf8(raw, where):
    try:
        return bytes(raw).decode("utf-8", "strict")
    except UnicodeDecodeError as error:
        raise Corrupt(where, "malformed UTF-8") from error


# ---------------------------------------------------------------- reading


class Cursor:
    """Reads little-endian numbers and never past the end."""

    def __init__(self, data, where, at=0, end=None):
        self.data = data
        self.where = where
        self.at = at
        self.end = len(data) if end is None else end

    def left(self):
        return self.end - self.at

    def take(self, count):
        need(0 <= count <= self.left(), self.where, f"{count} bytes wanted at {self.at}, {self.left()} left")
        self.at += count
        return self.data[self.at - count : self.at]

    def unpack(self, form):
        return struct.unpack("<" + form, self.take(struct.calcsize("<" + form)))

    def u8(self):
        return self.take(1)[0]

    def u16(self):
        return self.unpack("H")[0]

    def u32(self):
        return self.unpack("I")[0]

    def u64(self):
        return self.unpack("Q")[0]

    def f64(self):
        return self.unpack("d")[0]

    def zeros(self, count):
        need(not any(self.take(count)), self.where, f"reserved bytes before {self.at} are not zero")

    def uvarint(self):
        value = shift = 0
        while True:
            byte = self.u8()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                need(value <= _M64, self.where, "a uvarint over 64 bits")
                return value
            need(shift < 70, self.where, "a uvarint over ten bytes")

    def count(self):
        """A uvarint that counts things of at least one byte each."""
        value = self.uvarint()
        need(value <= self.left(), self.where, f"a count of {value} with {self.left()} bytes left")
        return value

    def text(self):
        return utf8(self.take(self.count()), self.where)

    def finish(self):
        need(self.left() == 0, self.where, f"{self.left()} bytes left over")


def packed_bytes(count, width):
    return (count * width + 63) // 64 * 8


def unpack_bits(data, count, width, where):
    """Bit-packed numbers, least significant bit first; the length must be exact and spare bits zero."""
    need(0 <= width <= 64, where, f"a width of {width} bits")
    need(len(data) == packed_bytes(count, width), where, f"{len(data)} bytes for {count} x {width} bits")
    if width == 0:
        return [0] * count
    mask = (1 << width) - 1
    numbers = []
    # 64 numbers take exactly `width` words, so each group starts on a word.
    for first in range(0, count, 64):
        group = int.from_bytes(data[first // 64 * width * 8 : (first // 64 + 1) * width * 8], "little")
        size = min(64, count - first)
        numbers.extend((group >> (i * width)) & mask for i in range(size))
        need(group >> (size * width) == 0, where, "spare bits are not zero")
    return numbers


# ---------------------------------------------------------------- zstd


def _zstd_frame(data, raw, where):
    """Checks a frame's header: content size present and as expected, window at most 8 MiB."""
    cursor = Cursor(data, where)
    need(cursor.u32() == 0xFD2FB528, where, "not a zstd frame")
    flags = cursor.u8()
    single = flags >> 5 & 1
    need(flags & 8 == 0, where, "reserved bit in a zstd frame")
    window = None
    if not single:
        byte = cursor.u8()
        base = 1 << (10 + (byte >> 3))
        window = base + base // 8 * (byte & 7)
    need(flags & 3 == 0, where, "a zstd frame with a dictionary")
    size = (1 if single else 0, 2, 4, 8)[flags >> 6]
    need(size > 0, where, "a zstd frame without its content size")
    content = int.from_bytes(cursor.take(size), "little") + (256 if size == 2 else 0)
    need(content == raw, where, f"a zstd frame of {content} bytes, {raw} expected")
    window = content if single else window
    need(window <= MAX_BLOCK, where, f"a zstd window of {window} bytes")
    last = 0
    while not last:
        block = int.from_bytes(cursor.take(3), "little")
        last, kind = block & 1, block >> 1 & 3
        need(kind < 3, where, "a zstd block of the reserved type")
        cursor.take(1 if kind == 1 else block >> 3)
    cursor.take(4 if flags & 4 else 0)
    cursor.finish()


def _zstd_module():
    try:
        from compression import zstd  # Python 3.14 and later

        return zstd
    except ImportError:
        return None


def zstd_available():
    return _zstd_module() is not None or shutil.which("zstd") is not None


def zstd_block(data, raw, where):
    """One block: raw bytes when the lengths agree, else one zstd frame."""
    need(raw <= MAX_BLOCK, where, f"a block of {raw} bytes, at most {MAX_BLOCK}")
    need(len(data) <= raw, where, f"a block stored in {len(data)} bytes of {raw}")
    if len(data) == raw:
        return bytes(data)
    _zstd_frame(data, raw, where)
    module = _zstd_module()
    if module:
        try:
            out = module.ZstdDecompressor().decompress(bytes(data), max_length=raw + 1)
        except module.ZstdError as error:
            raise Corrupt(where, f"a damaged zstd frame: {error}") from error
    else:
        out = _zstd_command(data, raw, where)
    need(len(out) == raw, where, f"a zstd frame of {len(out)} bytes or more, {raw} expected")
    return out


def _zstd_command(data, raw, where):
    if shutil.which("zstd") is None:
        raise Usage(where, "the block is compressed: install the zstd command, or use Python 3.14 or later")
    # A damaged frame may yield far more than it promises: never read more than one byte too many.
    with tempfile.TemporaryFile() as stored:
        stored.write(data)
        stored.seek(0)
        process = subprocess.Popen(
            ["zstd", "-d", "-c", "-q", "--memory=16MB"],
            stdin=stored,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        out = process.stdout.read(raw + 1)
        process.stdout.close()
        if len(out) > raw:
            process.kill()
        status = process.wait()
    need(status == 0 and len(out) == raw, where, "a damaged zstd frame")
    return out


# ---------------------------------------------------------------- roaring


def roaring(data, where, limit, cardinality=None):
    """The members of a portable 32-bit roaring bitmap, ascending; every rule of the spec is checked."""
    cursor = Cursor(data, where)
    cookie = cursor.u32()
    if cookie == 12346:
        containers = cursor.u32()
        runs = b""
    else:
        need(cookie & 0xFFFF == 12347, where, f"roaring cookie {cookie}")
        containers = (cookie >> 16) + 1
        runs = cursor.take((containers + 7) // 8)
        if containers & 7:
            need(runs[-1] >> (containers & 7) == 0, where, "spare run flags are not zero")
    need(containers <= 65536, where, f"{containers} containers")
    heads = struct.unpack(f"<{2 * containers}H", cursor.take(4 * containers))
    keys, sizes = heads[::2], [size + 1 for size in heads[1::2]]
    need(all(a < b for a, b in zip(keys, keys[1:])), where, "container keys do not ascend")
    offsets = None
    if cookie == 12346 or containers >= 4:
        offsets = struct.unpack(f"<{containers}I", cursor.take(4 * containers))
    members = []
    for i in range(containers):
        if offsets:
            need(offsets[i] == cursor.at, where, f"container {i} at {cursor.at}, not {offsets[i]}")
        is_run = bool(runs) and runs[i >> 3] >> (i & 7) & 1
        values = _container(cursor, is_run, sizes[i])
        base = keys[i] << 16
        members.extend(base | value for value in values)
    cursor.finish()
    need(not members or members[-1] < limit, where, f"row {members[-1] if members else 0} of {limit}")
    if cardinality is not None:
        need(len(members) == cardinality, where, f"{len(members)} rows, {cardinality} expected")
    return members


def _container(cursor, is_run, size):
    where = cursor.where
    if is_run:
        count = cursor.u16()
        numbers = struct.unpack(f"<{2 * count}H", cursor.take(4 * count))
        values = []
        previous = -2
        for start, length in zip(numbers[::2], numbers[1::2]):
            need(start > previous + 1, where, "runs overlap, touch or descend")
            previous = start + length
            need(previous <= 65535, where, "a run past the container")
            values.extend(range(start, previous + 1))
        need(len(values) == size, where, f"runs of {len(values)} values, {size} expected")
        return values
    if size <= 4096:
        values = struct.unpack(f"<{size}H", cursor.take(2 * size))
        need(all(a < b for a, b in zip(values, values[1:])), where, "array values do not ascend")
        return values
    raw = cursor.take(8192)
    values = [8 * i + bit for i, byte in enumerate(raw) if byte for bit in range(8) if byte >> bit & 1]
    need(len(values) == size, where, f"a bitmap of {len(values)} values, {size} expected")
    return values


def f32(value):
    """The double rounded to a 32-bit float, as Java's (float): overflow gives an infinity."""
    try:
        return struct.unpack("<f", struct.pack("<f", value))[0]
    except OverflowError:
        return math.copysign(math.inf, value)


def counts(value):
    """False for what no writer lets in any more and filters and columns do not know (semantics.md, 1.1)."""
    if isinstance(value, float):
        return math.isfinite(value)
    texts = value if isinstance(value, list) else [value]
    return all(len(text.encode()) <= 40_960 for text in texts if isinstance(text, str))
