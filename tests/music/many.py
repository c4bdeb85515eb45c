"""Makes many small songs, each another one: MP3, FLAC and WAV of one to two seconds, under tests/fixtures' sound.

    tests/music/many.py FOLDER [HOW MANY [HOW MANY IN A FOLDER]]

As people have them: with albums, guests, genres, numbers and years in their tags (WAV has none); a large picture of its own in
each folder, every tenth song with a small one of its own name, every third with its words beside it. What is there already is
left as it is.
"""

import pathlib
import random
import struct
import sys
import zlib

FIXTURES = pathlib.Path(__file__).parent.parent / "fixtures" / "audio"
GENRES = ["Ambient", "Rock", "Jazz", "Techno", "Folk"]

#: Pixels of an edge of a folder's picture.
EDGE = 800


def told(n):
    """What the tags of a song say, by the names of Vorbis comments; a name may have several values."""
    artist = n // 60
    return {
        "TITLE": [f"Song {n}"],
        "ARTIST": [f"Artist {artist}"] + [f"Guest {n % 500}"] * (n % 4 == 0),
        "ALBUMARTIST": [f"Artist {artist}"],
        "ALBUM": [f"Album {n // 12}"],
        "TRACKNUMBER": [str(n % 12 + 1)],
        "DISCNUMBER": [str(n // 12 % 2 + 1)],
        "DATE": [str(1960 + n % 60)],
        "GENRE": [GENRES[n // 12 % len(GENRES)]],
    }


ID3 = dict(zip(told(0), ["TIT2", "TPE1", "TPE2", "TALB", "TRCK", "TPOS", "TDRC", "TCON"], strict=True))


def synchsafe(size):
    return bytes(size >> by & 0x7F for by in (21, 14, 7, 0))


def mp3(n):
    frames = b""
    for name, values in told(n).items():
        body = b"\x03" + "\0".join(values).encode()
        frames += ID3[name].encode() + synchsafe(len(body)) + b"\0\0" + body
    sound = (FIXTURES / "vbr_no_xing.mp3").read_bytes()[161:]
    return b"ID3\x04\0\0" + synchsafe(len(frames)) + frames + sound


def flac(n):
    whole = (FIXTURES / "tone.flac").read_bytes()
    info, at, last = whole[8:42], 4, False
    while not last:
        last, size = whole[at] & 0x80, int.from_bytes(whole[at + 1 : at + 4], "big")
        at += 4 + size
    words = [f"{name}={value}".encode() for name, values in told(n).items() for value in values]
    comment = struct.pack("<II", 0, len(words)) + b"".join(struct.pack("<I", len(one)) + one for one in words)
    return b"fLaC" + b"\0\0\0\x22" + info + b"\x84" + len(comment).to_bytes(3, "big") + comment + whole[at:]


def wav(n):
    whole = (FIXTURES / "tone.wav").read_bytes()
    samples = bytearray(whole[-48_000:][:40_000])
    struct.pack_into("<I", samples, 0, n)
    form = whole[20:36]
    head = struct.pack("<4sI4s4sI", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16)
    return head + form + struct.pack("<4sI", b"data", len(samples)) + bytes(samples)


def png(seed):
    """A picture that no other folder has, of some hundred kilobytes."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    dice = random.Random(seed)
    rows = [b"\0" + (dice.randbytes(EDGE) + bytes(2 * EDGE) if y % 2 else bytes([y % 256]) * 3 * EDGE) for y in range(EDGE)]
    head = struct.pack(">IIBBBBB", EDGE, EDGE, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(rows), 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def main(folder, how_many="100000", together="100"):
    small = (FIXTURES.parent / "not_audio.jpg").read_bytes()
    for n in range(int(how_many)):
        make = (mp3, flac, wav)[n % 3]
        home = pathlib.Path(folder) / f"{n // int(together):05}"
        home.mkdir(parents=True, exist_ok=True)
        path = home / f"Artist {n // 60} - Song {n}.{make.__name__}"
        if path.exists():
            continue
        path.write_bytes(make(n))
        if n % 10 == 0:
            path.with_suffix(".jpg").write_bytes(small)
        if n % 3 == 1:
            path.with_suffix(".lrc").write_text(f"[00:00.50]Words of song {n}\n[00:01.00]And no more\n")
        if n % int(together) == 0:
            (home / "cover.png").write_bytes(png(n))


if __name__ == "__main__":
    main(*sys.argv[1:])
