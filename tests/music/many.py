"""Makes many small songs, each another one: MP3, FLAC and WAV of one to two seconds, under tests/fixtures' sound.

    tests/music/many.py FOLDER [HOW MANY [HOW MANY IN A FOLDER]]

Every tenth has a picture of its own name beside it, and each folder one for all. What is there already is left as it is.
"""

import pathlib
import struct
import sys

FIXTURES = pathlib.Path(__file__).parent.parent / "fixtures" / "audio"


def id3(texts):
    """An ID3v2.3 block of text frames."""
    frames = b""
    for frame, text in texts.items():
        body = b"\x03" + text.encode()
        frames += frame.encode() + struct.pack(">IH", len(body), 0) + body
    size = bytes(len(frames) >> by & 0x7F for by in (21, 14, 7, 0))
    return b"ID3\x04\0\0" + size + frames


def mp3(n, title, artist, album):
    frames = (FIXTURES / "vbr_no_xing.mp3").read_bytes()[161:]
    return id3({"TIT2": title, "TPE1": artist, "TALB": album, "TRCK": str(n % 12 + 1)}) + frames


def flac(n, title, artist, album):
    whole = (FIXTURES / "tone.flac").read_bytes()
    info, at, last = whole[8:42], 4, False
    while not last:
        last, size = whole[at] & 0x80, int.from_bytes(whole[at + 1 : at + 4], "big")
        at += 4 + size
    told = {"TITLE": title, "ARTIST": artist, "ALBUM": album, "TRACKNUMBER": str(n % 12 + 1)}
    told = [f"{key}={value}".encode() for key, value in told.items()]
    comment = struct.pack("<II", 0, len(told)) + b"".join(struct.pack("<I", len(one)) + one for one in told)
    return b"fLaC" + b"\0\0\0\x22" + info + b"\x84" + len(comment).to_bytes(3, "big") + comment + whole[at:]


def wav(n, _title, _artist, _album):
    whole = (FIXTURES / "tone.wav").read_bytes()
    samples = bytearray(whole[-48_000:][:40_000])
    struct.pack_into("<I", samples, 0, n)
    form = whole[20:36]
    head = struct.pack("<4sI4s4sI", b"RIFF", 36 + len(samples), b"WAVE", b"fmt ", 16)
    return head + form + struct.pack("<4sI", b"data", len(samples)) + bytes(samples)


def main(folder, how_many="100000", together="100"):
    picture = (FIXTURES.parent / "not_audio.jpg").read_bytes()
    for n in range(int(how_many)):
        make, end = ((mp3, "mp3"), (flac, "flac"), (wav, "wav"))[n % 3]
        album, artist = n // 12, n // 60
        home = pathlib.Path(folder) / f"{n // int(together):05}"
        home.mkdir(parents=True, exist_ok=True)
        path = home / f"Artist {artist} - Song {n}.{end}"
        if path.exists():
            continue
        path.write_bytes(make(n, f"Song {n}", f"Artist {artist}", f"Album {album}"))
        if n % 10 == 0:
            path.with_suffix(".jpg").write_bytes(picture)
        if n % int(together) == 0:
            (home / "cover.jpg").write_bytes(picture)


if __name__ == "__main__":
    main(*sys.argv[1:])
